from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from biometrics.face.skin import roi_means
from biometrics.media import Frame
from biometrics.rppg.skin_run import KEPT_S, RATE_HZ, Skin, SkinRun
from biometrics.views import FaceView, HeadPose
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import a_face

IMAGE = np.full((480, 640, 3), 120, np.uint8)


def view(t: float, *, track: int = 1, yaw_deg: float = 0.0, coded_bytes: int = 0) -> FaceView:
    frame = Frame(t, round(30 * t), IMAGE, coded_bytes=coded_bytes)
    return FaceView(frame, a_face(track=track, pose=HeadPose(yaw_deg, 0.0, 0.0)), None, 0, 30.0)


def run_of(seconds: float, change: Callable[[FaceView], FaceView | None] = lambda each: each) -> SkinRun:
    run = SkinRun()
    for k in range(round(30 * seconds)):
        changed = change(view(k / 30.0, coded_bytes=5000))
        if changed is not None:
            run.push(changed)
    return run


def skin_of(run: SkinRun) -> Skin:
    skin = run.skin()
    assert skin is not None
    return skin


def test_a_steady_face_is_one_run() -> None:
    skin = skin_of(run_of(5.0))
    assert skin.duration_s == pytest.approx(5.0, abs=0.1)
    assert skin.fps == pytest.approx(30.0)
    assert np.diff(skin.t) == pytest.approx(1 / RATE_HZ)
    assert skin.kbps == pytest.approx(5000 * 30 * 8 / 1000, rel=0.01)
    means = roi_means(view(0.0))
    assert means is not None
    np.testing.assert_allclose(skin.regions[50], means.linear[:9], atol=1e-6)
    np.testing.assert_allclose(skin.background[50], means.linear[9], atol=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        lambda each: None if 2.0 < each.t < 2.3 else each,
        lambda each: replace(each, face=a_face(track=2)) if each.t > 2.3 else each,
        lambda each: replace(each, face=None, reason=Reason.NO_FACE) if 2.0 < each.t < 2.3 else each,
        lambda each: view(each.t, yaw_deg=40.0) if 2.0 < each.t < 2.3 else each,
    ],
    ids=["a gap", "another track", "no face", "turned away"],
)
def test_a_break_begins_another_run(change: Callable[[FaceView], FaceView | None]) -> None:
    skin = skin_of(run_of(5.0, change))
    assert skin.t[0] == pytest.approx(2.33, abs=0.05)


def test_a_dropped_frame_or_two_is_no_break() -> None:
    skin = skin_of(run_of(5.0, lambda each: None if round(30 * each.t) % 10 in (3, 4) else each))
    assert skin.duration_s == pytest.approx(5.0, abs=0.1)


def test_it_says_why_there_are_breaks() -> None:
    run = run_of(5.0, lambda each: view(each.t, yaw_deg=40.0) if 2.0 < each.t < 2.3 else each)
    assert run.why_broken(0.0) is Reason.FACE_TURNED
    assert run.why_broken(3.0) is None


def test_it_forgets_what_is_old() -> None:
    skin = skin_of(run_of(KEPT_S + 8.0))
    assert skin.duration_s == pytest.approx(KEPT_S, abs=0.1)


def test_nobody_knows_what_uncoded_frames_took() -> None:
    run = SkinRun()
    for k in range(60):
        run.push(view(k / 30.0))
    assert skin_of(run).kbps is None


def test_nothing_comes_from_nothing() -> None:
    assert SkinRun().skin() is None
    assert run_of(0.1).skin() is None


def test_a_region_that_was_hidden_for_a_while_is_left_out() -> None:
    """The picture ends below the eyes for a moment: samples outside it are not known."""

    def cut(each: FaceView) -> FaceView:
        image = IMAGE[:240] if 1.0 < each.t < 1.2 else IMAGE
        return replace(each, frame=replace(each.frame, image=image))

    means = roi_means(cut(view(1.1)))
    assert means is not None
    hidden = np.isnan(means.linear[:9, 0])
    assert 0 < hidden.sum() < 9
    skin = skin_of(run_of(3.0, cut))
    assert np.isnan(skin.regions[:, hidden]).all()
    assert np.isfinite(skin.regions[:, ~hidden]).all()


def test_regions_out_of_sight_do_not_make_a_face_less_overexposed() -> None:
    """Everything is at the sensor's end, and the lower half of the face outside of the picture."""
    white = np.full((240, 640, 3), 255, np.uint8)
    skin = skin_of(run_of(2.0, lambda each: replace(each, frame=replace(each.frame, image=white))))
    assert np.isnan(skin.regions).any()
    assert skin.clipped == pytest.approx(1.0)
