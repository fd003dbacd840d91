"""Which steps were displayed when, for any kind of challenge."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.challenges.displays import Displays
from biometrics.views import Fact

PLANNED_S = np.array([0.0, 0.9, 1.8, 2.7, 3.6])


def displays(*shown: tuple[Any, Any], clock: str = "sender") -> Displays:
    made = Displays(0, len(PLANNED_S) - 1)
    for k, shown_s in shown:
        made.show(Fact(1.0, "digits", {"k": k, "shown_s": shown_s, "clock": clock}))
    return made


def test_times_that_were_not_reported_lie_between_those_that_were() -> None:
    """Step 1 came 10.0 s after its plan, step 3 10.4 s: between them half of the delay, outside them the nearest."""
    at_s = displays((1, 10.9), (3, 13.1)).laid(PLANNED_S)
    assert at_s == pytest.approx([10.0, 10.9, 12.0, 13.1, 14.0])


@given(st.dictionaries(st.integers(0, 4), st.floats(0.0, 100.0), min_size=1))
def test_they_never_go_back(shown: dict[int, float]) -> None:
    at_s = displays(*shown.items()).laid(PLANNED_S)
    assert np.all(np.diff(at_s) >= 0.0)
    if all(shown[a] <= shown[b] - (PLANNED_S[b] - PLANNED_S[a]) for a in shown for b in shown if a < b):
        assert [at_s[k] for k in sorted(shown)] == pytest.approx([shown[k] for k in sorted(shown)])


def test_what_says_nothing_usable_is_passed_over() -> None:
    made = displays(
        (-1, 1.0), (5, 1.0), ("2", 1.0), (2, None), (2, -1.0), (2, float("inf")), (2, float("nan"))
    )
    assert made.shown_s == {}
    with pytest.raises(ValueError, match="no display"):
        made.laid(PLANNED_S)


def test_the_first_report_of_a_step_counts() -> None:
    assert displays((2, 5.0), (2, 6.0)).shown_s == {2: 5.0}


def test_one_that_is_timed_by_its_arrival_spoils_the_timing_of_all() -> None:
    made = displays((0, 1.0))
    assert made.timed
    made.show(Fact(2.0, "digits", {"k": 1, "shown_s": 2.0, "clock": "arrival"}))
    assert not made.timed
