from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from biometrics.challenges.pose import pose_plan
from biometrics.detectors.pose_challenge import DETECTOR
from biometrics.evaluation.pose_tracks import Habits, pose_facts, pose_track, pose_views, shown_times
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.detectors import playing
from tests.biometrics.detectors.playing import the_one

SEED = b"the session's secret"
SHOWN_S = shown_times(pose_plan(SEED))
LATE_S = 0.4
"""How long after the arrow a fact is told."""


def session(seed: bytes | None = SEED, **habits: Any) -> list[FaceView]:  # noqa: ANN401 - any of Habits' fields
    """Views of a head that follows the order of ``seed``, whatever the facts will say; None sways only."""
    head = Habits(**habits)
    order = None if seed is None else [step.direction for step in pose_plan(seed).steps]
    t, angles = pose_track(order, SHOWN_S, head, np.random.default_rng(4))
    return list(pose_views(t, angles, head.fps))


def facts(**end: str) -> list[Fact]:
    *told, last = pose_facts(SEED, SHOWN_S)
    return [*told, replace(last, values=dict(last.values) | end)]


def play(
    views: Iterable[FaceView], told: Sequence[Fact], late_s: float = LATE_S
) -> list[tuple[float, Reading]]:
    return playing.play(DETECTOR, views, told, late_s)


def observed(views: Iterable[FaceView], told: Sequence[Fact], late_s: float = LATE_S) -> Observation:
    reading = the_one(play(views, told, late_s))
    assert isinstance(reading, Observation), reading
    return reading


def abstained(views: Iterable[FaceView], told: Sequence[Fact]) -> Abstention:
    reading = the_one(play(views, told))
    assert isinstance(reading, Abstention), reading
    return reading


def without(views: Iterable[FaceView], hidden: Callable[[float], bool], reason: Reason) -> list[FaceView]:
    return [replace(view, face=None, reason=reason) if hidden(view.t) else view for view in views]


@pytest.mark.parametrize("late_s", [0.0, 0.4, 3.0])
def test_a_head_that_follows_is_believed_however_late_the_facts_come(late_s: float) -> None:
    reading = observed(session(), facts(), late_s)
    assert reading.score < -5.0
    told = reading.covariates
    assert (told["hits"], told["steps"], told["followed"], told["too_fast"]) == (6.0, 6.0, 1.0, 0.0)
    assert told["p_value"] == pytest.approx(1 / 968)
    assert 0.35 < told["reaction_s"] < 0.65
    assert told["yaw_deg"] > told["pitch_deg"] > 8.0


def test_the_reading_points_at_the_challenge() -> None:
    reading = observed(session(), facts())
    (where,) = reading.evidence
    assert (where.media, where.span.start) == ("video", SHOWN_S[0])
    assert where.span.end == pytest.approx(SHOWN_S[-1])
    assert where.box is not None


@pytest.mark.parametrize("seed", [None, b"another session's secret", b"a third"])
def test_a_head_that_does_something_else_is_not_believed(seed: bytes | None) -> None:
    reading = observed(session(seed), facts())
    assert reading.score > 0.0
    assert reading.covariates["followed"] == 0.0


def test_a_talking_head_is_not_believed() -> None:
    reading = observed(session(None, sway_deg=(8.0, 6.6)), facts())
    assert reading.score > 0.0


def test_a_head_that_turns_as_soon_as_the_arrow_is_there_is_not_believed() -> None:
    reading = observed(session(reaction_s=0.0, reaction_spread=0.0), facts())
    assert reading.covariates["too_fast"] == 1.0
    assert reading.covariates["turned"] == 6.0
    assert reading.score == pytest.approx(2.303, abs=0.01)


def test_nobody_is_too_fast_for_an_arrow_that_is_timed_by_its_report() -> None:
    """The page's clock is not known yet, and reports take 0.45 s: reactions look that much faster than they were."""
    told = [
        replace(fact, values={**fact.values, "shown_s": fact.values["shown_s"] + 0.45, "clock": "arrival"})
        if fact.values["event"] == "show"
        else fact
        for fact in facts()
    ]
    reading = observed(session(), told)
    assert (reading.covariates["timed"], reading.covariates["too_fast"]) == (0.0, 0.0)
    assert reading.score <= 0.0
    by_page = [replace(fact, values={**fact.values, "clock": "sender"}) for fact in told]
    assert observed(session(), by_page).covariates["too_fast"] == 1.0


def test_one_slip_is_forgiven_by_the_score_and_not_by_the_decision() -> None:
    reading = observed(session(slips=2), facts())
    assert reading.covariates["hits"] == 5.0
    assert reading.score < -2.0


def test_turning_less_than_a_talking_head_sways_is_no_turn() -> None:
    assert observed(session(far_deg=(6.0, 4.0)), facts()).covariates["hits"] == 0.0


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("refused", Reason.CHALLENGE_REFUSED),
        ("spared", Reason.CHALLENGE_SPARED),
        ("unseen", Reason.CHALLENGE_UNSEEN),
        ("expired", Reason.CHALLENGE_UNSEEN),
        ("cancelled", Reason.NOT_CHALLENGED),
    ],
)
def test_a_challenge_that_was_not_done_is_not_judged(how: str, reason: Reason) -> None:
    assert abstained(session(), facts(how=how)).reason is reason
    only_end = [facts(how=how)[-1]]
    assert abstained(session(), only_end).reason is reason, "a refusal comes before anything begins"


def test_a_head_that_leaves_is_not_judged() -> None:
    gone = without(session(), lambda t: t > SHOWN_S[2], Reason.NO_FACE)
    reading = abstained(gone, facts())
    assert reading.reason is Reason.NO_FACE
    assert "2 of 6" in reading.detail


def test_a_head_out_of_sight_for_one_arrow_is_judged_by_the_others() -> None:
    views = without(session(), lambda t: SHOWN_S[1] < t < SHOWN_S[2], Reason.SEVERAL_FACES)
    reading = observed(views, facts())
    assert reading.covariates["steps"] == 5.0
    assert reading.score < -4.0


def visibility(t: float, hidden: bool) -> Fact:
    return Fact(t, "page", {"event": "visibility", "hidden": hidden})


@pytest.mark.parametrize("seed", [SEED, None])
def test_arrows_on_a_page_that_was_hidden_for_long_are_not_judged(seed: bytes | None) -> None:
    told = [*facts(), visibility(SHOWN_S[1], True), visibility(SHOWN_S[5], False)]
    reading = abstained(session(seed), sorted(told, key=lambda fact: fact.t))
    assert reading.reason is Reason.CHALLENGE_UNSEEN
    assert "hidden" in reading.detail


def test_a_page_that_is_still_hidden_at_the_end_showed_nothing() -> None:
    told = sorted([*facts(), visibility(SHOWN_S[2], True)], key=lambda fact: fact.t)
    assert abstained(session(), told).reason is Reason.CHALLENGE_UNSEEN


def test_a_page_that_was_hidden_for_one_arrow_is_judged_by_the_others() -> None:
    told = [*facts(), visibility(SHOWN_S[1], True), visibility(SHOWN_S[2], False)]
    reading = observed(session(), sorted(told, key=lambda fact: fact.t))
    assert reading.covariates["steps"] == 5.0
    assert reading.score < -4.0


def test_a_page_that_was_hidden_before_the_challenge_and_what_else_it_says_change_nothing() -> None:
    before = [visibility(0.2, True), visibility(0.6, False), Fact(0.7, "page", {"event": "stats"})]
    with_page, without_page = observed(session(), [*before, *facts()]), observed(session(), facts())
    assert with_page.score == pytest.approx(without_page.score, abs=0.05)
    assert with_page.covariates["hits"] == without_page.covariates["hits"] == 6.0


def test_too_few_frames_tell_nothing_about_reactions() -> None:
    assert abstained(session(fps=5.0), facts()).reason is Reason.LOW_FRAME_RATE


def test_without_any_frame_of_it_there_is_nothing_to_judge() -> None:
    early = [view for view in session() if view.t < 1.0]
    assert abstained(early, facts()).reason is Reason.NO_VIDEO


def test_times_that_were_not_reported_are_as_the_plan_has_them() -> None:
    told = [fact for fact in facts() if fact.values.get("k") not in (1, 3)]
    assert observed(session(), told).covariates["hits"] == 6.0


def test_arrows_that_stuck_are_judged_by_when_they_appeared() -> None:
    """The page shows everything from the third arrow on 1.5 s late, and the head follows what it sees."""
    late = tuple(at + (1.5 if k >= 2 else 0.0) for k, at in enumerate(SHOWN_S))
    order = [step.direction for step in pose_plan(SEED).steps]
    t, angles = pose_track(order, late, Habits(), np.random.default_rng(4))
    reading = observed(pose_views(t, angles, 25.0), pose_facts(SEED, late))
    assert reading.covariates["hits"] == 6.0


def test_the_end_of_media_cuts_a_challenge_short() -> None:
    upto = [view for view in session() if view.t < SHOWN_S[4] + 0.2]
    told = [fact for fact in facts()[:-1] if fact.t < SHOWN_S[4] + 0.2 - LATE_S]
    reading = observed(upto, told)
    assert reading.covariates["steps"] == 4.0
    assert reading.score < -3.0


def test_three_arrows_are_not_enough() -> None:
    told = [*facts()[:4], replace(facts()[-1], t=SHOWN_S[3])]
    reading = abstained(session(), told)
    assert reading.reason is Reason.CHALLENGE_UNSEEN
    assert reading.detail == "3 arrows were shown"


def test_an_end_without_a_beginning_is_said_so_and_once() -> None:
    reading = abstained(session(), [facts()[-1], facts()[-1]])
    assert reading.reason is Reason.CHALLENGE_UNSEEN


def test_two_challenges_make_two_readings() -> None:
    again = [replace(fact, values=dict(fact.values) | {"challenge": "d"}) for fact in facts()]
    given = play(session(), [*facts(), *again], late_s=0.0)
    assert len(given) == 2


@pytest.mark.parametrize(
    "odd",
    [
        {"seed": "not hex"},
        {"seed": None},
        {"seed": ""},
    ],
)
def test_a_beginning_that_makes_no_plan_ends_unseen(odd: dict[str, Any]) -> None:
    begin, *rest = facts()
    told = [replace(begin, values=dict(begin.values) | odd), *rest]
    assert abstained(session(), told).reason is Reason.CHALLENGE_UNSEEN


@pytest.mark.parametrize(
    "odd", [{"k": "1"}, {"k": 99}, {"k": -1}, {"shown_s": None}, {"shown_s": float("nan")}]
)
def test_a_step_that_says_nothing_usable_is_passed_over(odd: dict[str, Any]) -> None:
    begin, first, second, *rest = facts()
    told = [begin, first, replace(second, values=dict(second.values) | odd), *rest]
    assert observed(session(), told).covariates["hits"] == 6.0
