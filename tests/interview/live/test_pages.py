"""What pages report: the latest of each kind, within bounds."""

from __future__ import annotations

from interview.live.pages import PageReports


def test_latest_of_each_kind_in_the_order_in_which_they_first_came() -> None:
    pages = PageReports()
    pages.keep("s", [{"event": "camera", "label": "a"}, {"event": "stats", "frames": 1}])
    pages.keep("s", [{"event": "stats", "frames": 2}, {"event": "camera", "label": "b"}])
    assert pages.of("s") == ({"event": "camera", "label": "b"}, {"event": "stats", "frames": 2})
    assert pages.of("other") == ()
    pages.forget("s")
    pages.forget("s")
    assert pages.of("s") == ()


def test_memory_is_bounded() -> None:
    pages = PageReports()
    for number in range(1001):
        pages.keep(f"s{number}", [{"event": "stats", "frames": number}])
        pages.keep("s0", [{"event": "stats", "frames": number}])
    assert pages.of("s0") != ()
    assert (pages.of("s1"), pages.of("s1000")) == ((), ({"event": "stats", "frames": 1000},))
