from __future__ import annotations

import numpy as np

from biometrics.micro.observable import Refusal
from biometrics.micro.regions import IS_UPPER
from biometrics.micro.windows import WINDOW_S, Window, Windows
from fraudmodel.signals import Reason

NONE = np.zeros(len(IS_UPPER), bool)


def window(refused: int = 0, unknown: int = 0, disturbed: int = 0, seen: int = 0) -> Window:
    found = Window(0.0, WINDOW_S)
    for _ in range(refused):
        found.refuse(Refusal(Reason.LOW_BITRATE, "300 kbit/s"))
    for _ in range(unknown):
        found.count(NONE, False, 7.4)
    for _ in range(disturbed):
        found.count(IS_UPPER, True, 0.0)
    for _ in range(seen):
        found.count(NONE, True, 0.0)
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
