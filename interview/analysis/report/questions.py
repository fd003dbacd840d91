"""Readings of questions, as a chart shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fraudmodel.signals import Observation, Reading

NUMBER = "question_number"
"""The covariate that says which question a reading is about."""


def last_of_each_question(readings: Sequence[Reading]) -> list[Reading]:
    """Of each question only the last reading, over the span of its answer; everything else as it is.

    An answer is read again when later ones are compared with it, and its span then reaches to those.
    """
    last = {_number(each): place for place, each in enumerate(readings)}
    return [
        _at_its_answer(each)
        for place, each in enumerate(readings)
        if _number(each) is None or last[_number(each)] == place
    ]


def _number(reading: Reading) -> float | None:
    return reading.covariates.get(NUMBER) if isinstance(reading, Observation) else None


def _at_its_answer(reading: Reading) -> Reading:
    if not isinstance(reading, Observation) or NUMBER not in reading.covariates or not reading.evidence:
        return reading
    return replace(reading, span=reading.evidence[0].span)
