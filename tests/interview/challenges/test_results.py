"""Which reading is which challenge's result."""

from __future__ import annotations

from dataclasses import replace

from fraudmodel.signals import Abstention, Observation, Reading, Reason, SignalKind, Span
from interview.challenges.records import ChallengeState
from interview.challenges.results import result_of
from interview.store.records import StoredReading
from tests.interview.challenges.fakes import challenge

KIND = SignalKind("flash_challenge")


def stored(reading: Reading) -> StoredReading:
    return StoredReading(1, reading)


def test_the_next_challenge_s_measurement_is_not_that_of_one_that_was_refused() -> None:
    first = replace(challenge(), state=ChallengeState.REFUSED, started_s=50.0, ended_s=52.0)
    second = replace(challenge(), id="c2", state=ChallengeState.DONE, started_s=54.4, ended_s=70.0)
    said = stored(Abstention(KIND, Span(53.0, 53.0), Reason.CHALLENGE_REFUSED))
    measured = stored(Observation(KIND, Span(54.6, 69.0), 2.0, 1.0, "m@1"))
    assert result_of(first, [said, measured]) == said
    assert result_of(second, [said, measured]) == measured


def test_an_abstention_may_come_a_little_after_the_end() -> None:
    over = replace(challenge(), state=ChallengeState.DONE, started_s=50.0, ended_s=52.0)
    late, other = (stored(Abstention(KIND, Span(t, t), Reason.CHALLENGE_UNSEEN)) for t in (54.0, 56.0))
    assert result_of(over, [late]) == late
    assert result_of(over, [other]) is None
