"""Readings of questions, as a chart shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fraudmodel.behaviour import LATEST_BY
from fraudmodel.latest import standing
from fraudmodel.signals import Observation, Reading


def last_of_each_question(readings: Sequence[Reading]) -> list[Reading]:
    """Of one signal's readings, those whose place no later one took; those of a question over the span of its answer.

    An answer is read again when later ones are compared with it, and its span then reaches to those.
    """
    by = LATEST_BY.get(readings[0].kind) if readings else None
    if by is None:
        return list(readings)
    return [_at_its_answer(readings[place], by) for place in standing(readings, by)]


def _at_its_answer(reading: Reading, by: str) -> Reading:
    if not isinstance(reading, Observation) or by not in reading.covariates or not reading.evidence:
        return reading
    return replace(reading, span=reading.evidence[0].span)
