from __future__ import annotations

import numpy as np
import pytest

from biometrics.face.skin import BACKGROUND
from biometrics.flash.trace import KEPT_S, MOST_FRAMES, RATE_HZ, SkinTrace
from biometrics.media import Frame
from biometrics.views import FaceView
from fraudmodel.signals import Reason, Span
from tests.biometrics.face.fakes import a_face

_SMALL = np.zeros((4, 4, 3), np.uint8)


def a_view(t: float, bgr: tuple[float, float, float] = (90, 110, 140), track: int = 1) -> FaceView:
    """A plain picture with a face in it."""
    image = np.full((480, 640, 3), bgr, np.uint8)
    return FaceView(Frame(t, round(t * 1000), image), a_face(track=track), None, 0, 25.0)


def gone(t: float, reason: Reason = Reason.NO_FACE) -> FaceView:
    return FaceView(Frame(t, round(t * 1000), _SMALL), None, reason, 0, 25.0)


def traced(views: list[FaceView]) -> SkinTrace:
    trace = SkinTrace()
    for view in views:
        trace.push(view)
    return trace


def test_opponent_signals_are_log_ratios_of_linear_light() -> None:
    """From sRGB (140, 110, 90) to (140, 110, 100): linear 0.1022 to 0.1274 of blue, nothing else."""
    views = [a_view(k / 25) for k in range(50)] + [a_view(2 + k / 25, (100, 110, 140)) for k in range(50)]
    series = traced(views).series(Span(0.0, 3.96))
    assert series is not None
    assert series.seen.all()
    step = series.face[-10] - series.face[10]
    np.testing.assert_allclose(step, [0.0, np.log(0.12744 / 0.10224)], atol=1e-4)
    np.testing.assert_allclose(series.background, series.face, atol=1e-6)


@pytest.mark.parametrize("fps", [12.0, 17.0, 30.0])
def test_the_grid_is_even_whatever_the_camera_does(fps: float) -> None:
    rng = np.random.default_rng(1)
    times = np.arange(int(4 * fps)) / fps + rng.uniform(0, 0.3 / fps, int(4 * fps))
    series = traced([a_view(float(t)) for t in times]).series(Span(0.5, 3.5))
    assert series is not None
    np.testing.assert_allclose(np.diff(series.t), 1 / RATE_HZ)
    assert series.seen[3:-3].all()


def test_where_the_face_is_gone_nothing_is_known() -> None:
    views = [a_view(k / 25) if not 25 <= k < 50 else gone(k / 25) for k in range(100)]
    trace = traced(views)
    series = trace.series(Span(0.0, 3.96))
    assert series is not None
    assert not series.seen[25:50].any()
    assert series.seen[:24].all()
    assert series.seen[51:].all()
    assert trace.why_unseen(Span(0.0, 3.96)) is Reason.NO_FACE
    assert trace.why_unseen(Span(2.1, 3.96)) is None
    assert trace.why_unseen(Span(50.0, 60.0)) is Reason.NO_VIDEO


def test_the_commonest_reason_is_told() -> None:
    views = [gone(k / 25, Reason.SEVERAL_FACES if k % 3 else Reason.NO_FACE) for k in range(30)]
    trace = traced(views)
    assert trace.why_unseen(Span(0.0, 2.0)) is Reason.SEVERAL_FACES
    assert trace.series(Span(0.0, 2.0)) is None


def test_nothing_is_drawn_from_one_face_to_the_next() -> None:
    views = [a_view(k / 20, track=1 + k // 40) for k in range(80)]
    series = traced(views).series(Span(0.0, 3.9))
    assert series is not None
    between = (series.t > 1.95 + 1e-9) & (series.t < 2.0 - 1e-9)
    assert between.any()
    assert not series.seen[between].any()


def test_hidden_parts_are_not_seen() -> None:
    series = traced([a_view(k / 25) for k in range(100)]).series(Span(0.0, 3.96), [Span(1.0, 2.0)])
    assert series is not None
    assert not series.seen[(series.t >= 1.0) & (series.t <= 2.0)].any()
    assert series.seen.sum() == 100 - 26


def test_a_region_that_is_clipped_is_left_out() -> None:
    series = traced([a_view(k / 25, (90, 110, 255)) for k in range(50)]).series(Span(0.0, 1.9))
    assert series is not None
    assert not series.seen.any()
    assert series.clipped > 0.9


def test_memory_is_bounded_in_time_and_in_frames() -> None:
    trace = traced([gone(t) for t in np.arange(0.0, 300.0, 0.5)])
    assert trace.why_unseen(Span(0.0, 299.0 - KEPT_S)) is Reason.NO_VIDEO
    assert trace.why_unseen(Span(299.0 - KEPT_S, 299.5)) is Reason.NO_FACE
    crowded = traced([gone(k * 1e-3) for k in range(2 * MOST_FRAMES)])
    assert crowded.why_unseen(Span(0.0, 1e-3 * (MOST_FRAMES - 2))) is Reason.NO_VIDEO


def test_the_rate_is_that_of_the_frames_not_of_the_gaps() -> None:
    views = [a_view(k / 20) for k in range(100) if not 40 <= k < 60]
    assert traced(views).fps(Span(0.0, 5.0)) == pytest.approx(20.0)
    assert traced(views[:2]).fps(Span(0.0, 5.0)) == 0.0


def test_regions_have_their_light_and_their_slant() -> None:
    series = traced([a_view(k / 25) for k in range(50)]).series(Span(0.0, 1.9))
    assert series is not None
    assert series.light.shape == (BACKGROUND, 3)
    assert series.facing.shape == (BACKGROUND,)
    assert ((series.facing >= 0.0) & (series.facing <= 1.0)).all()
