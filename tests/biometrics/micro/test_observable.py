from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biometrics.micro.observable import LEAST_KBPS, Observability, Refusal, needed_kbps
from biometrics.views import FaceView, HeadPose
from fraudmodel.signals import Reason
from tests.biometrics.micro import faces

SECONDS = 3.0


def last(views: list[FaceView]) -> Refusal | None:
    gate = Observability()
    refusal = None
    for view in views:
        refusal = gate.push(view)
    return refusal


def changed(**face: object) -> list[FaceView]:
    views = faces.views(SECONDS)
    return [replace(view, face=replace(faces.face(), **face)) for view in views]  # type: ignore[arg-type]


def quality(**values: float) -> list[FaceView]:
    return changed(quality=replace(faces.face().quality, **values))


def sent(kbps: float) -> list[FaceView]:
    views = faces.views(SECONDS)
    size = round(kbps * 1000 / 8 / 30)
    return [replace(view, frame=replace(view.frame, coded_bytes=size)) for view in views]


def test_a_good_face_at_30_frames_and_1500_kbps_is_observable() -> None:
    assert last(sent(1500.0)) is None


def test_where_nobody_knows_the_bit_rate_it_is_not_held_against_a_face() -> None:
    assert last(sent(0.0)) is None


@pytest.mark.parametrize(
    ("views", "reason", "figure"),
    [
        (
            lambda: faces.views(SECONDS, fps=15.0),
            Reason.LOW_FRAME_RATE,
            "15.0 frames a second; 24 are needed",
        ),
        (lambda: faces.views(SECONDS, fps=20.0), Reason.LOW_FRAME_RATE, "20.0 frames a second"),
        (lambda: sent(300.0), Reason.LOW_BITRATE, "300 kbit/s; 500 are needed"),
        (lambda: quality(sharpness=8.0), Reason.BLURRED, "sharpness 8; 20"),
        (lambda: quality(luma=20.0), Reason.TOO_DARK, "20 of 255"),
        (lambda: quality(luma=240.0), Reason.TOO_BRIGHT, "240 of 255"),
        (lambda: quality(inside=0.5), Reason.FACE_CUT_OFF, ""),
        (lambda: changed(pose=HeadPose(31.0, 2.0, 0.0)), Reason.FACE_TURNED, "31 degrees aside"),
        (lambda: changed(pose=HeadPose(1.0, -23.0, 0.0)), Reason.FACE_TURNED, "23 up or down"),
    ],
)
def test_what_cannot_be_observed_is_refused_with_its_figure(
    views: Callable[[], list[FaceView]], reason: Reason, figure: str
) -> None:
    refusal = last(views())
    assert refusal is not None
    assert refusal.reason is reason
    assert figure in refusal.detail


def test_25_frames_a_second_are_enough_and_film_is_too() -> None:
    assert last(faces.views(SECONDS, fps=25.0)) is None
    assert last(faces.views(SECONDS, fps=23.976)) is None


def test_a_small_face_is_refused_as_small_where_bits_are_plenty() -> None:
    views = [replace(v, frame=replace(v.frame, coded_bytes=20_000)) for v in quality(inter_ocular_px=60.0)]
    refusal = last(views)
    assert refusal == Refusal(Reason.FACE_TOO_SMALL, "eyes 60 px apart; 80 are needed")


def test_frames_that_repeat_are_noticed_and_counted_out() -> None:
    views = faces.views(SECONDS)
    doubled = [
        replace(view, frame=replace(view.frame, image=views[k - k % 10 // 9].frame.image))
        for k, view in enumerate(views)
    ]
    gate = Observability()
    refusals = [gate.push(view) for view in doubled]
    assert refusals[-1] is not None
    assert refusals[-1].reason is Reason.LOW_FRAME_RATE
    assert "repeat the one before" in refusals[-1].detail


def test_without_a_face_it_says_why() -> None:
    views = [replace(view, face=None, reason=Reason.SEVERAL_FACES) for view in faces.views(SECONDS)]
    assert last(views) == Refusal(Reason.SEVERAL_FACES, "")


def test_the_first_second_is_too_early() -> None:
    assert last(faces.views(0.5)) == Refusal(Reason.NOT_YET, "")


def test_a_face_that_fills_less_of_the_picture_needs_more_bits() -> None:
    view = faces.views(0.1)[0]
    assert needed_kbps(view, faces.face()) == LEAST_KBPS
    wide = replace(view, frame=replace(view.frame, image=np.zeros((720, 1280, 3), np.uint8)))
    assert needed_kbps(wide, faces.face()) == pytest.approx(LEAST_KBPS * (88 / 96) ** 2 * 3.0)
