"""The cumulative sum: by hand, and its laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.voices.change import ALARM, MOST, SHARE, Change, Step, drift
from biometrics.voices.own import BOUNDARY

OWN, OTHER = 0.25, 0.9
distances = st.lists(st.floats(0.0, 2.0), max_size=60)


def after(*away: float) -> Step:
    change = Change()
    return [change.push(each) for each in away][-1]


def test_drift_is_0_at_the_boundary_and_bounded() -> None:
    assert drift(BOUNDARY) == 0.0
    assert drift(BOUNDARY + 0.1) == pytest.approx(1.6)
    assert (drift(0.0), drift(2.0)) == (-MOST, MOST)


def test_four_clear_windows_are_a_change_that_began_with_the_first() -> None:
    assert after(OWN, OTHER) == Step(SHARE * MOST, None, 0)
    assert after(OWN, OTHER, OTHER, OTHER).turn is None
    assert after(OWN, OTHER, OTHER, OTHER, OTHER) == Step(ALARM, "changed", 3)
    assert after(OWN, OTHER, OTHER, OTHER, OTHER, OTHER) == Step(ALARM, None, 0)


def test_four_own_windows_later_the_voice_is_back() -> None:
    step = after(*[OTHER] * 6, *[OWN] * 4)
    assert step == Step(0.0, "back", 3)
    assert after(*[OTHER] * 6, *[OWN] * 3).turn is None


def test_a_prompter_between_own_windows_is_no_change() -> None:
    assert after(*[OTHER, OTHER, OWN, OWN] * 20).score == 0.0
    assert after(*[OWN, OTHER, OTHER, OTHER] * 2).turn is None


@given(distances)
def test_it_stays_within_its_limits_and_turns_alternate(away: list[float]) -> None:
    change = Change()
    turns = []
    for each in away:
        step = change.push(each)
        assert 0.0 <= step.score <= ALARM
        assert step.ago >= 0
        turns += [step.turn] if step.turn else []
    assert turns == (["changed", "back"] * len(turns))[: len(turns)]


@given(distances, st.integers(0, 59), st.floats(0.0, 1.0))
def test_a_window_further_away_never_lowers_the_score(away: list[float], at: int, by: float) -> None:
    further = [each + by * (k == at) for k, each in enumerate(away)]
    change, other = Change(), Change()
    for one, two in zip(away, further, strict=True):
        assert change.push(one).score <= other.push(two).score
