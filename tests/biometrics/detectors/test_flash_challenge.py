from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache

import cv2
import numpy as np
import pytest

from biometrics.challenges.flash import FlashPlan, flash_plan
from biometrics.detectors.flash_challenge import DETECTOR
from biometrics.evaluation.flash_scene import Conditions, flash_views, shown_times
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.detectors import playing
from tests.biometrics.detectors.playing import the_one

SEED = b"the session's secret"
START_S = 0.5
LATE_S = 0.4
"""How long after the display a fact is told: out of step with the frames."""

FOLLOWED = -3.0
UNSTEADY = 0.1
"""Drift at which a face with the ratios of these tests is lit far more strongly than a screen's glass."""
STEADY = 0.015

Change = Callable[[FaceView], FaceView]


def plan_of(chips: int = 32, seed: bytes = SEED) -> FlashPlan:
    return flash_plan(seed, chips)


@cache
def session(
    snr_db: float | None,
    chips: int = 32,
    seed: bytes = SEED,
    fps: float = 25.0,
    flat: bool = False,
    drift: float | None = None,
) -> tuple[FaceView, ...]:
    """Views of a face that follows the code of ``seed``, whatever the facts will say."""
    plan = plan_of(chips, seed)
    usual = STEADY if snr_db is None else UNSTEADY
    conditions = Conditions(snr_db, drift=drift or usual, fps=fps, flat=flat)
    return tuple(flash_views(plan, shown_times(plan, START_S), conditions, np.random.default_rng(8)))


def begin(chips: object = 32, **other: object) -> Fact:
    values = {"event": "begin", "challenge": "c", "seed": SEED.hex(), "chips": chips}
    return Fact(START_S, "flash", values | other)


def shows(chips: int = 32, upto: int | None = None) -> list[Fact]:
    times = shown_times(plan_of(chips), START_S)
    told = [
        Fact(t, "flash", {"event": "show", "challenge": "c", "k": k, "shown_s": t})
        for k, t in enumerate(times, start=-1)
    ]
    return told if upto is None else told[: upto + 2]


def end(how: str = "done", t: float = 18.5, detail: str = "") -> Fact:
    return Fact(t, "flash", {"event": "end", "challenge": "c", "how": how, "detail": detail})


def challenge(chips: int = 32) -> list[Fact]:
    return [begin(chips), *shows(chips), end(t=shown_times(plan_of(chips), START_S)[-1] + 1.0)]


def play(
    views: Iterable[FaceView], facts: Sequence[Fact], late_s: float = LATE_S
) -> list[tuple[float, Reading]]:
    return playing.play(DETECTOR, views, facts, late_s)


def observed(given: list[tuple[float, Reading]]) -> Observation:
    reading = the_one(given)
    assert isinstance(reading, Observation), reading
    return reading


def abstained(given: list[tuple[float, Reading]]) -> Abstention:
    reading = the_one(given)
    assert isinstance(reading, Abstention), reading
    return reading


def test_a_face_that_follows_is_believed_at_the_first_look_that_can_tell() -> None:
    given = play(session(5.0), challenge())
    reading = observed(given)
    assert reading.score < FOLLOWED
    assert reading.covariates["decided"] == 1.0
    assert reading.covariates["chips"] in (16.0, 20.0)
    assert reading.covariates["p_value"] < 2e-4
    assert reading.covariates["lag_s"] == pytest.approx(0.25, abs=0.06)
    assert given[0][0] < START_S + 1.0 + 20 * 0.5 + LATE_S + 0.1
    assert reading.evidence[0].box is not None
    assert reading.quality > 0.9


def test_a_weak_response_is_believed_at_a_later_look() -> None:
    reading = observed(play(session(-7.0), challenge()))
    assert reading.covariates["decided"] == 1.0
    assert reading.covariates["chips"] > 16.0
    assert reading.score < -1.0


@pytest.mark.parametrize("snr_db", [-5.0, 5.0])
def test_a_face_that_follows_as_weakly_as_glass_is_no_evidence(snr_db: float) -> None:
    given = play(session(snr_db, drift=STEADY), challenge())
    assert abstained(given).reason is Reason.AMBIENT_LIGHT
    assert given[0][0] == pytest.approx(18.5 + LATE_S, abs=0.1)


def test_a_face_that_no_screen_lights_is_not_believed() -> None:
    given = play(session(None), challenge())
    reading = observed(given)
    assert reading.covariates["decided"] == 0.0
    assert reading.covariates["other_light"] == 0.0
    assert 0.0 < reading.score < 1.4
    assert reading.covariates["chips"] == 32.0
    assert given[0][0] == pytest.approx(18.5 + LATE_S, abs=0.1)


@pytest.mark.parametrize("other", [b"another", b"yet another", b"a third"])
def test_another_challenge_replayed_is_not_believed(other: bytes) -> None:
    reading = observed(play(session(10.0, seed=other), challenge()))
    assert reading.covariates["decided"] == 0.0
    assert reading.covariates["other_light"] == 1.0
    assert 1.4 < reading.score < 3.0


def test_relief_shows_and_a_flat_picture_lacks_it() -> None:
    relief = observed(play(session(5.0), challenge())).covariates["shading"]
    flat = observed(play(session(5.0, flat=True), challenge())).covariates["shading"]
    assert relief > 0.6
    assert flat < 0.4


def test_what_could_not_be_seen_is_no_covariate_rather_than_zero() -> None:
    """Both cheeks and the middle of the face lie outside of the picture."""
    views = []
    for view in session(5.0):
        assert view.face is not None
        image = np.ascontiguousarray(view.frame.image[:85])
        views.append(replace(view, frame=replace(view.frame, image=image)))
    told = observed(play(views, challenge())).covariates
    assert "shading" not in told
    assert "ita_deg" not in told


def test_pictures_between_short_gaps_are_media_that_were_lost() -> None:
    views = [view for view in session(5.0) if view.t % 0.4 < 0.2]
    assert abstained(play(views, challenge())).reason is Reason.MEDIA_LOST


@pytest.mark.parametrize("late_s", [0.0, 0.1, 2.0])
def test_when_facts_arrive_does_not_change_what_they_say(late_s: float) -> None:
    usual = observed(play(session(-5.0), challenge()))
    reading = observed(play(session(-5.0), challenge(), late_s))
    assert reading.covariates["p_value"] == usual.covariates["p_value"]
    assert reading.score == usual.score


def test_the_same_session_reads_the_same() -> None:
    assert play(session(-5.0), challenge()) == play(session(-5.0), challenge())


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
@pytest.mark.parametrize("begun", [True, False])
def test_a_challenge_that_was_not_done_is_no_evidence(how: str, reason: Reason, begun: bool) -> None:
    facts = [*([begin(), *shows(upto=3)] if begun else []), end(how, 4.0, "why")]
    reading = abstained(play(session(None)[:200], facts))
    assert reading.reason is reason
    assert reading.detail == "why"


def test_no_challenge_no_reading_but_the_first() -> None:
    assert play(session(None)[:100], []) == []


def away(start: float, end_s: float, reason: Reason) -> Change:
    return lambda view: replace(view, face=None, reason=reason) if start <= view.t < end_s else view


def test_a_face_that_leaves_for_a_part_is_judged_on_the_rest() -> None:
    views = [away(4.0, 7.0, Reason.NO_FACE)(view) for view in session(5.0)]
    reading = observed(play(views, challenge()))
    assert reading.score < FOLLOWED
    assert reading.covariates["chips_seen"] < reading.covariates["chips"]


@pytest.mark.parametrize("reason", [Reason.NO_FACE, Reason.SEVERAL_FACES])
def test_a_face_that_is_gone_for_most_of_it_is_not_judged(reason: Reason) -> None:
    views = [away(4.0, 14.0, reason)(view) for view in session(5.0)]
    reading = abstained(play(views, challenge()))
    assert reading.reason is reason


def test_a_challenge_without_any_face_says_why() -> None:
    views = [away(0.0, 99.0, Reason.SEVERAL_FACES)(view) for view in session(5.0)]
    assert abstained(play(views, challenge())).reason is Reason.SEVERAL_FACES


def test_somebody_in_the_background_does_not_disturb() -> None:
    views = [replace(view, others=1) for view in session(5.0)]
    assert observed(play(views, challenge())).score < FOLLOWED


def test_two_people_who_take_turns_are_not_one_response() -> None:
    """The colours of another face are a step that is not the light's: nothing is compared across the change."""
    faces = [view.face for view in session(5.0)]
    assert all(faces)
    views = [
        replace(view, face=replace(view.face, track=int(view.t // 3))) if view.face else view
        for view in session(5.0)
    ]
    assert observed(play(views, challenge())).score < FOLLOWED


def test_ten_frames_a_second_are_too_few() -> None:
    reading = abstained(play(session(5.0, fps=10.0), challenge()))
    assert reading.reason is Reason.LOW_FRAME_RATE
    assert reading.detail == "10 frames a second"


def test_fifteen_are_enough() -> None:
    assert observed(play(session(5.0, fps=15.0), challenge())).score < FOLLOWED


def visibility(t: float, hidden: bool) -> Fact:
    return Fact(t, "page", {"event": "visibility", "hidden": hidden})


def test_a_page_that_was_hidden_for_long_showed_nothing() -> None:
    reading = abstained(play(session(5.0), [*challenge(), visibility(4.0, True), visibility(15.0, False)]))
    assert reading.reason is Reason.CHALLENGE_UNSEEN


def test_a_page_that_was_hidden_for_a_moment_is_judged_on_the_rest() -> None:
    reading = observed(play(session(5.0), [*challenge(), visibility(4.0, True), visibility(5.0, False)]))
    assert reading.score < FOLLOWED


def test_other_page_facts_are_none_of_its_business() -> None:
    page = Fact(4.0, "page", {"event": "stats", "frames_per_second": 25})
    assert observed(play(session(5.0), [*challenge(), page])).score < FOLLOWED


def test_displays_that_were_not_reported_lie_between_those_that_were() -> None:
    facts = [fact for fact in challenge() if fact.values.get("k") not in (3, 4, 11, 16)]
    assert observed(play(session(5.0), facts)).score < FOLLOWED


def test_a_challenge_that_stops_early_is_too_short() -> None:
    reading = abstained(play(session(5.0)[:250], [begin(), *shows(upto=9), end(t=6.8)]))
    assert reading.reason is Reason.CHALLENGE_UNSEEN
    assert reading.detail == "10 chips were shown"


def test_media_that_ends_in_the_middle_leave_what_there_was() -> None:
    reading = observed(play(session(None)[: 25 * 13], [begin(), *shows(upto=22)]))
    assert reading.covariates["chips"] in (22.0, 23.0)


def test_an_analysis_that_began_in_the_middle_says_so() -> None:
    reading = abstained(play(session(5.0)[200:], challenge()[15:], late_s=0.0))
    assert reading.reason is Reason.CHALLENGE_UNSEEN


@pytest.mark.parametrize("wrong", [{"seed": "no hex"}, {"seed": ""}, {"chips": 1}, {"chips": None}])
def test_a_beginning_that_makes_no_plan_is_no_beginning(wrong: dict[str, object]) -> None:
    facts = [begin(**wrong), *shows(), end()]
    assert abstained(play(session(5.0), facts)).reason is Reason.CHALLENGE_UNSEEN


def test_a_second_challenge_is_judged_on_its_own() -> None:
    first = [begin(), end("refused", 1.0)]
    second = [Fact(fact.t, fact.topic, dict(fact.values) | {"challenge": "d"}) for fact in [*challenge()[1:]]]
    again = Fact(1.2, "flash", dict(begin().values) | {"challenge": "d"})
    readings = [reading for _, reading in play(session(5.0), [*first, again, *second], late_s=0.0)]
    assert [type(reading) for reading in readings] == [Abstention, Observation]


def test_darkness_with_noise_as_large_as_the_light_abstains() -> None:
    """Skin that comes and goes by a third from frame to frame: no screen would show."""
    rng = np.random.default_rng(2)
    views = []
    for view in session(None, 16):
        image = np.clip(view.frame.image * rng.uniform(0.2, 1.8, 3), 0, 255).astype(np.uint8)
        views.append(replace(view, frame=replace(view.frame, image=image)))
    assert abstained(play(views, challenge(16))).reason is Reason.UNSTEADY


def smaller(view: FaceView, share: float) -> FaceView:
    """The same view by a camera of fewer pixels; the painted face's eyes are 43 px apart."""
    height, width = view.frame.image.shape[:2]
    size = (round(width * share), round(height * share))
    image = np.asarray(cv2.resize(view.frame.image, size, interpolation=cv2.INTER_AREA), np.uint8)
    assert view.face is not None
    quality = replace(view.face.quality, inter_ocular_px=share * view.face.quality.inter_ocular_px)
    face = replace(view.face, landmarks=view.face.landmarks * np.float32(share), quality=quality)
    return replace(view, frame=replace(view.frame, image=image), face=face)


def test_a_face_of_few_pixels_is_not_judged() -> None:
    reading = abstained(play([smaller(view, 0.5) for view in session(None, 16)], challenge(16)))
    assert reading.reason is Reason.FACE_TOO_SMALL


def test_a_small_face_that_has_enough_pixels_is_judged_as_a_large_one() -> None:
    large = observed(play(session(5.0), challenge()))
    reading = observed(play([smaller(view, 0.6) for view in session(5.0)], challenge()))
    assert reading.score < FOLLOWED
    assert reading.covariates["inter_ocular_px"] == pytest.approx(0.6 * large.covariates["inter_ocular_px"])


def test_a_face_in_glaring_light_abstains() -> None:
    views = [
        replace(view, frame=replace(view.frame, image=np.full_like(view.frame.image, 255)))
        for view in session(None, 16)
    ]
    assert abstained(play(views, challenge(16))).reason is Reason.AMBIENT_LIGHT
