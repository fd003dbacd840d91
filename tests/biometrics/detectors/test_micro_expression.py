from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from biometrics.detector import DetectorContext
from biometrics.detectors.micro_expression import DETECTOR, MicroExpression, build
from biometrics.micro.movement import BRIEF_S
from biometrics.micro.told import KIND, told
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, Span
from models.hub import ModelId, Rows
from tests.biometrics.micro import faces

MOVES = [(19.0, 19.13, 19.33), (22.0, 22.1, 22.3)]


class LikeSurprise:
    """A network that takes everything for the third class."""

    id = ModelId("micro_expression", "1", "f" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        (maps,) = inputs
        assert maps.shape[1:] == (3, 28, 28)
        return np.tile(np.array([0.1, 0.2, 0.7], np.float32), (len(maps), 1)), np.zeros(
            (len(maps), 30), np.float32
        )


def play(
    views: Sequence[FaceView], facts: Sequence[Fact] = (), detector: MicroExpression | None = None
) -> list[Reading]:
    detector = detector or MicroExpression()
    waiting = list(facts)
    readings: list[Reading] = []
    for view in views:
        while waiting and waiting[0].t <= view.t:
            readings += detector.learn(waiting.pop(0))
        readings += detector.observe(view)
    return [*readings, *detector.finish()]


@cache
def twitching() -> tuple[Reading, ...]:
    detector = build(DetectorContext({"micro_expression": LikeSurprise()}))
    return tuple(play(faces.views(45.0, MOVES), detector=detector))


def movements(readings: Sequence[Reading]) -> list[Observation]:
    return [each for each in readings if isinstance(each, Observation) and each.covariates["movement"]]


def test_each_planted_movement_is_one_observation_with_its_times() -> None:
    found = movements(twitching())
    assert [(each.span.start, each.covariates["apex_s"], each.span.end) for each in found] == [
        pytest.approx(each, abs=0.05) for each in MOVES
    ]
    for each in found:
        assert (
            each.covariates["brief"]
            == each.covariates["upper"]
            == each.covariates["region_inner_brow_left"]
            == 1.0
        )
        assert 0.008 < each.covariates["amplitude"] < 0.02
        assert each.covariates["asymmetry"] > 0.5
        assert each.score > 9.0
        assert BRIEF_S[0] <= each.span.duration_s <= BRIEF_S[1]
        assert each.evidence == (EvidenceRef("video", each.span, each.evidence[0].box),)


def test_what_a_brief_movement_looks_like_is_asked_of_the_network() -> None:
    for each in movements(twitching()):
        assert [each.covariates[name] for name in ("negative", "positive", "surprise")] == pytest.approx(
            [0.1, 0.2, 0.7]
        )
        assert each.model == str(LikeSurprise.id)


class Unknowing(LikeSurprise):
    """A network that gives no number."""

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        return tuple(np.full_like(each, np.nan) for each in super().__call__(*inputs))


def test_a_network_that_gives_no_number_fails_loudly() -> None:
    detector = build(DetectorContext({"micro_expression": Unknowing()}))
    with pytest.raises(ValueError, match="no number"):
        play(faces.views(23.0, MOVES[:1]), detector=detector)


def test_ten_seconds_without_one_are_an_observation_of_nought() -> None:
    rest = [each for each in twitching() if isinstance(each, Observation) and not each.covariates["movement"]]
    assert [each.span for each in rest] == [Span(30.0, 40.0)]
    assert rest[0].score == 0.0
    assert [each.span for each in rest[0].evidence] == [Span(30.0, 40.0)]
    assert {each.model for each in twitching() if isinstance(each, Observation)} == {rest[0].model}
    assert rest[0].model.startswith("micro_expression@")
    assert rest[0].covariates["seen"] == pytest.approx(1.0)
    assert 0.0 < rest[0].covariates["least_amplitude"] < 0.02


HIDDEN = [(31.0, 31.13, 31.33), (33.0, 33.13, 33.33), (36.0, 36.13, 36.33), (38.5, 38.63, 38.83)]


def window_from_30(views: Sequence[FaceView]) -> Reading:
    """What is said of the window from 30 to 40 s; nothing may have been found in it."""
    readings = play(views)
    assert not movements(readings)
    (found,) = [each for each in readings if each.span.start == 30.0]
    return found


def test_what_breaks_again_and_again_was_never_searched() -> None:
    """A run of 58 frames ends before its first moments have been looked at."""
    views = [
        replace(each, face=None, reason=Reason.NO_FACE) if k > 870 and k % 58 == 0 else each
        for k, each in enumerate(faces.views(44.0, HIDDEN, amplitude=0.04))
    ]
    found = window_from_30(views)
    assert isinstance(found, Abstention)
    assert (found.reason, found.detail) == (
        Reason.NO_FACE, "unbroken 0 % of the time; 30 % are needed"
    )  # fmt: skip


def test_freezes_that_nothing_refuses_break_it_too() -> None:
    views = [
        each for k, each in enumerate(faces.views(44.0, HIDDEN, amplitude=0.04)) if k < 870 or k % 60 >= 7
    ]
    found = window_from_30(views)
    assert isinstance(found, Abstention)
    assert (found.reason, found.detail) == (
        Reason.MEDIA_LOST, "unbroken 0 % of the time; 30 % are needed"
    )  # fmt: skip


def test_frames_that_never_came_were_not_seen() -> None:
    """2.5 s of a window's video say nothing of its ten seconds."""
    views = [each for each in faces.views(44.0) if not 31.0 <= each.t < 38.5]
    found = window_from_30(views)
    assert isinstance(found, Abstention)
    assert found.detail.endswith("30 % are needed")


def test_a_window_that_was_searched_in_part_tells_which_part() -> None:
    """One lost frame: the moments that its break keeps from being looked at are not watched."""
    views = [
        replace(each, face=None, reason=Reason.NO_FACE) if k == 1050 else each
        for k, each in enumerate(faces.views(44.0))
    ]
    found = window_from_30(views)
    assert isinstance(found, Observation)
    watched = [(each.values["watched_from_s"], each.values["watched_to_s"]) for each in told(found)]
    (first, last_before), (after, last) = watched
    assert (first, last) == (30.0, 40.0)
    assert 33.7 <= last_before <= 34.2
    assert after == pytest.approx(35.8, abs=0.05)
    assert found.covariates["seen"] == pytest.approx((last - after + last_before - first) / 10.0)


def test_before_rest_is_known_it_is_too_early() -> None:
    first, *_ = twitching()
    assert isinstance(first, Abstention)
    assert (first.reason, first.span) == (Reason.NOT_YET, Span(0.0, 10.0))
    assert "15 are needed" in first.detail
    assert not movements(play(faces.views(14.0, [(9.0, 9.1, 9.3)])))


def reasons(views: Sequence[FaceView]) -> set[tuple[Reason, str]]:
    readings = play(views)
    assert all(isinstance(each, Abstention) for each in readings)
    return {(each.reason, each.detail) for each in readings if isinstance(each, Abstention)}


def test_15_frames_a_second_abstain() -> None:
    assert reasons(faces.views(24.0, [(19.0, 19.13, 19.33)], fps=15.0)) == {
        (Reason.LOW_FRAME_RATE, "15.0 frames a second; 24 are needed")
    }


def test_300_kbps_abstain() -> None:
    views = [
        replace(v, frame=replace(v.frame, coded_bytes=1250))
        for v in faces.views(24.0, [(19.0, 19.13, 19.33)])
    ]
    ((reason, detail),) = reasons(views)
    assert reason is Reason.LOW_BITRATE
    assert detail == "300 kbit/s; 500 are needed for this face in this picture"


def test_a_blink_at_the_same_time_hides_it() -> None:
    """What changes the eyes at once is painted white: lids that landmarks do not see."""
    views = faces.views(24.0, [(19.0, 19.13, 19.33)])
    eyes = [
        faces.landmarks()[list(ids), :2].mean(axis=0) for ids in ((159, 145, 33, 133), (386, 374, 362, 263))
    ]
    for k in range(573, 576):
        image = views[k].frame.image.copy()
        for x, y in eyes:
            image[int(y) - 12 : int(y) + 12, int(x) - 20 : int(x) + 20] = 250
        views[k] = replace(views[k], frame=replace(views[k].frame, image=image))
    assert not movements(play(views))


def test_the_same_views_give_the_same_readings() -> None:
    views = faces.views(24.0, MOVES[:1])
    assert play(views) == play(views)


def test_what_others_are_told_of_a_movement() -> None:
    facts = [each for reading in twitching() for each in told(reading)]
    assert {each.topic for each in facts} == {"movement"}
    moved = [each for each in facts if "onset_s" in each.values]
    watched = [each for each in facts if "watched_from_s" in each.values]
    assert len(moved) == 2
    assert len(moved) + len(watched) == len(facts)
    values = dict(moved[0].values)
    assert values.pop("regions") == [
        name.removeprefix("region_")
        for name in movements(twitching())[0].covariates
        if name.startswith("region_")
    ]
    assert (values["brief"], values["upper"]) == (True, True)
    assert values["onset_s"] < values["apex_s"] < values["offset_s"] == moved[0].t


def test_it_runs_with_consent_to_behaviour_and_face() -> None:
    assert (DETECTOR.kind, DETECTOR.consent, DETECTOR.also, DETECTOR.topics) == (
        KIND,
        "behaviour",
        ("face",),
        ("speech",),
    )
