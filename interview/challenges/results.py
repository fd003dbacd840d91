"""Which reading is a challenge's result."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fraudmodel.signals import Abstention, Observation, Reason
from interview.challenges.records import Challenge
from interview.store.records import StoredReading

_LATE_S: Final = 3.0
"""A detector that could not measure says so where the media are by then: so long after the end at most."""


def detector_of(challenge: Challenge) -> str:
    """The signal that scores this kind of challenge."""
    return f"{challenge.kind}_challenge"


def is_of(challenge: Challenge, stored: StoredReading) -> bool:
    """Whether this reading measures this challenge: its detector's, over its span."""
    reading = stored.reading
    if challenge.started_s is None or reading.kind != detector_of(challenge):
        return False
    if isinstance(reading, Abstention) and reading.reason is Reason.NOT_CHALLENGED:
        return False
    if challenge.ended_s is None:
        return challenge.started_s <= reading.span.end
    # A measurement begins with what was displayed; one that begins later is the next challenge's.
    until_s = challenge.ended_s + (_LATE_S if isinstance(reading, Abstention) else 0.0)
    return reading.span.start <= until_s and challenge.started_s <= reading.span.end


def better(before: StoredReading | None, after: StoredReading) -> StoredReading:
    """The one to show of two in order: a measurement before an abstention, else the later."""
    if before is not None and isinstance(before.reading, Observation) > isinstance(
        after.reading, Observation
    ):
        return before
    return after


def result_of(challenge: Challenge, readings: Iterable[StoredReading]) -> StoredReading | None:
    """The result of a challenge among all readings of its interview, in order; None where there is none (yet)."""
    result: StoredReading | None = None
    for stored in readings:
        if is_of(challenge, stored):
            result = better(result, stored)
    return result
