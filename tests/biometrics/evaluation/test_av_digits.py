"""Runs of bursts, with mouths whose opening is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from biometrics.digits.bursts import Burst
from biometrics.digits.mouth import MouthMoved
from biometrics.evaluation.av_digits import BurstFigures, _called_still, _moved, _runs
from biometrics.media import Frame
from biometrics.views import FaceView
from fraudmodel.signals import Reason

FPS = 25.0
IMAGE = np.zeros((2, 2, 3), np.uint8)
ENDLESS = 40.0
BURSTS = [Burst(1.0 + 2.0 * k, 1.3 + 2.0 * k) for k in range(11)]


def mouth(opening: Callable[[float], float], until_s: float = ENDLESS) -> list[FaceView]:
    """Views of one mouth, in sight until then; ``opening`` in eye distances."""
    views = []
    for k in range(round(ENDLESS * FPS)):
        view = FaceView(Frame(k / FPS, k, IMAGE), None, Reason.NO_FACE, 0, FPS)
        if view.t < until_s:
            view.derived["mouth"] = np.array([opening(view.t), 90.0])
        views.append(view)
    return views


def talks(t: float) -> float:
    return float(0.5 + 0.3 * np.sin(20.0 * t))


def test_a_run_is_eight_bursts_and_the_last_what_is_left() -> None:
    assert _runs(mouth(talks), BURSTS) == [MouthMoved(8, 8), MouthMoved(3, 3)]
    assert _runs(mouth(lambda t: 0.5), BURSTS) == [MouthMoved(8, 0), MouthMoved(3, 0)]
    assert _runs(mouth(talks), []) == []


def test_bursts_without_the_mouth_in_sight_do_not_count() -> None:
    assert _runs(mouth(talks, until_s=8.0), BURSTS) == [MouthMoved(4, 4), MouthMoved(0, 0)]


def test_only_runs_with_four_bursts_in_sight_are_called_anything() -> None:
    moved = _moved([MouthMoved(8, 6), MouthMoved(3, 0)])
    called = _called_still([MouthMoved(8, 3), MouthMoved(4, 4), MouthMoved(3, 0)])
    assert moved is not None
    assert (moved.value, moved.n) == (6 / 11, 11)
    assert called is not None
    assert (called.value, called.n) == (0.5, 2)


def test_where_no_mouth_was_in_sight_there_is_no_figure() -> None:
    unseen = [MouthMoved(0, 0), MouthMoved(0, 0)]
    assert (_moved(unseen), _called_still(unseen), _called_still([MouthMoved(3, 3)])) == (None, None, None)
    assert set(BurstFigures(None, None, None, None).as_json().values()) == {None}
