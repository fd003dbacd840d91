from __future__ import annotations

import pytest

from biometrics.challenges.flash import LOOKS, flash_plan
from biometrics.flash.run import SPENT, FlashRun
from biometrics.views import Fact

SEED = b"seed"


def a_run(chips: int = 32, shown: dict[int, float] | None = None) -> FlashRun:
    return FlashRun("c", SEED, flash_plan(SEED, chips), dict(shown or {}))


def on_time(chips: int) -> dict[int, float]:
    return {k: 1.0 + (k + 1 if k < 0 else 1.0 + 0.5 * k) for k in range(-1, chips + 1)}


@pytest.mark.parametrize("shown_s", [float("nan"), float("inf"), -1.0, "2", None])
def test_a_time_that_is_none_is_passed_over(shown_s: object) -> None:
    run = a_run()
    run.show(Fact(1.0, "flash", {"event": "show", "k": 3, "shown_s": shown_s}))
    assert run.shown_s == {}


def test_all_looks_together_spend_no_more_than_one_in_a_thousand() -> None:
    assert sum(SPENT) <= 1e-3 + 1e-12
    assert len(SPENT) == len(LOOKS) + 1


def test_each_look_is_due_once_when_its_last_chip_has_been_shown() -> None:
    run = a_run(shown={k: t for k, t in on_time(32).items() if k <= 16})
    assert run.next_look(9.9) is None
    shown = run.next_look(10.0)
    assert shown is not None
    assert shown.code == run.plan.chips[:16]
    assert shown.at_s == tuple(2.0 + 0.5 * k for k in range(17))
    assert (shown.start, shown.end) == (1.0, 10.0)
    assert run.level == SPENT[0]
    assert run.next_look(10.1) is None


def test_a_late_analysis_takes_the_last_look_that_is_due() -> None:
    run = a_run(shown=on_time(32))
    shown = run.next_look(99.0)
    assert shown is not None
    assert len(shown.code) == LOOKS[-1]
    assert run.level == SPENT[len(LOOKS) - 1]


def test_a_short_challenge_is_only_looked_at_in_the_end() -> None:
    run = a_run(16, on_time(16))
    assert run.next_look(99.0) is None
    whole = run.whole()
    assert whole is not None
    assert len(whole.code) == 16
    assert whole.end == pytest.approx(11.0)


def test_times_that_were_not_told_lie_between() -> None:
    shown = on_time(32)
    for k in (-1, 0, 5, 6, 32):
        del shown[k]
    run = a_run(shown=shown)
    run.ended_s = 99.0
    whole = run.whole()
    assert whole is not None
    assert whole.at_s == pytest.approx([2.0 + 0.5 * k for k in range(33)])
    assert whole.start == pytest.approx(1.0)


def test_a_chip_that_the_end_cut_short_does_not_count() -> None:
    run = a_run(shown={k: t for k, t in on_time(32).items() if k <= 20})
    run.ended_s = 12.2
    whole = run.whole()
    assert whole is not None
    assert len(whole.code) == 20
    run.ended_s = 12.6
    whole = run.whole()
    assert whole is not None
    assert len(whole.code) == 21


def test_the_grey_afterwards_lasts_until_the_end() -> None:
    run = a_run(shown=on_time(32))
    run.ended_s = 18.3
    whole = run.whole()
    assert whole is not None
    assert whole.end == pytest.approx(18.3)


def test_nothing_shown_is_nothing() -> None:
    assert a_run().whole() is None
    assert a_run(shown={-1: 1.0}).whole() is None


@pytest.mark.parametrize(
    "values", [{"k": "1", "shown_s": 2.0}, {"k": 1}, {"k": 99, "shown_s": 2.0}, {"k": 1, "shown_s": None}]
)
def test_reports_that_make_no_sense_are_passed_over(values: dict[str, object]) -> None:
    run = a_run()
    run.show(Fact(2.0, "flash", {"event": "show", "challenge": "c"} | values))
    assert run.shown_s == {}


def test_the_first_report_of_a_display_counts() -> None:
    run = a_run()
    for t in (2.0, 7.0):
        run.show(Fact(t, "flash", {"event": "show", "challenge": "c", "k": 0, "shown_s": t}))
    assert run.shown_s == {0: 2.0}
