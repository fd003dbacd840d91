from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.micro.observable import Refusal
from biometrics.micro.spotting import Moment
from biometrics.micro.windows import WINDOW_S, Window, Windows
from fraudmodel.signals import Reason

RATE = 30


def window(
    refused: int = 0, unknown: int = 0, disturbed: int = 0, seen: int = 0, start: float = 0.0
) -> Window:
    """Frames of a thirtieth of a second each, one after another, in a window from 0 to 10 s."""
    found = Window(start, start + WINDOW_S)
    for _ in range(refused):
        found.refuse(Refusal(Reason.LOW_BITRATE, "300 kbit/s"))
    for _ in range(unknown):
        found.count(False, 7.4)
    for k in range(disturbed + seen):
        found.count(True, 0.0)
        found.search(Moment(start + k / RATE, k >= disturbed))
    return found


def test_a_window_that_was_seen_has_nothing_to_excuse() -> None:
    assert window(seen=300).verdict() is None
    assert window(refused=100, disturbed=90, seen=110).verdict() is None


def test_a_window_that_was_not_says_why() -> None:
    assert window(refused=200, seen=100).verdict() == Refusal(Reason.LOW_BITRATE, "300 kbit/s")
    assert window(unknown=200, seen=100).verdict() == Refusal(
        Reason.NOT_YET, "7 s of this face at rest; 15 are needed"
    )
    assert window(disturbed=240, seen=60).verdict() == Refusal(
        Reason.UNSTEADY, "undisturbed 20 % of the time; 30 % are needed"
    )
    late = window().verdict()
    assert late is not None
    assert late.reason is Reason.NOT_YET


def test_it_is_the_windows_time_that_counts_not_what_came_of_it() -> None:
    """Frames that did not come, and moments that a break kept from being looked at, were not seen."""
    assert window(seen=75).verdict() == Refusal(
        Reason.MEDIA_LOST, "unbroken 25 % of the time; 30 % are needed"
    )
    unsearched = window(seen=60)
    for _ in range(240):
        unsearched.count(True, 0.0)
    unsearched.refuse(Refusal(Reason.NO_FACE, ""))
    assert unsearched.verdict() == Refusal(Reason.NO_FACE, "unbroken 20 % of the time; 30 % are needed")


@given(st.lists(st.booleans(), max_size=300), st.floats(0.0, 7000.0))
def test_what_was_searched_is_the_undisturbed_moments_and_no_more(
    undisturbed: list[bool], start: float
) -> None:
    found = Window(start, start + WINDOW_S)
    for k, each in enumerate(undisturbed):
        found.search(Moment(start + k / RATE, each))
    runs = sum(now and not before for before, now in pairwise([False, *undisturbed]))
    assert len(found.searched) == runs
    assert all(one.end < other.start for one, other in pairwise(found.searched))
    assert all(start <= each.start < each.end <= found.end for each in found.searched)
    assert found.seen == pytest.approx(sum(undisturbed) / 300, abs=1e-6)


def test_windows_follow_each_other_from_the_first_frame_on() -> None:
    windows = Windows()
    first = windows.at(3.0)
    assert (first.start, first.end) == (3.0, 13.0)
    assert windows.at(13.0).start == 13.0
    assert windows.at(12.9) is first
    assert windows.at(55.0).start == 53.0
    assert [each.start for each in windows.ended(30.0)] == [3.0, 13.0]
    assert windows.ended(30.0) == []
    assert [each.start for each in windows.rest()] == [53.0]
    assert windows.rest() == []
