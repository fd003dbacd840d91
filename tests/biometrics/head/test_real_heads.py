"""What real talking heads do, from which the least turn and the simulated heads' habits are taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.evaluation.rppg_clips import clip_files, clip_frames
from biometrics.face.perception import FacePerception
from biometrics.head.track import RATE_HZ
from models.hub import ModelHub

LATER_S = 0.2


def angles(file: Path, hub: ModelHub) -> NDArray[np.float64]:
    """Yaw and pitch (n, 2) of a clip, at `RATE_HZ`."""
    with FacePerception(hub) as perception:
        views = [perception.observe(frame) for frame in clip_frames(file)]
    rows = [
        (view.t, view.face.pose.yaw_deg, view.face.pose.pitch_deg) for view in views if view.face is not None
    ]
    t, yaw, pitch = np.array(rows).T
    grid = np.arange(t[0], t[-1], 1.0 / RATE_HZ)
    return np.stack([np.interp(grid, t, yaw), np.interp(grid, t, pitch)], axis=1)


def lasting(moves: Sequence[NDArray[np.float64]]) -> float:
    """Mean correlation of a movement with itself a little later."""
    lag = round(LATER_S * RATE_HZ)
    return float(
        np.mean([np.corrcoef(one[:-lag, axis], one[lag:, axis])[0, 1] for one in moves for axis in (0, 1)])
    )


@pytest.mark.shared
@pytest.mark.models
@pytest.mark.slow
def test_heads_that_talk_sway_as_the_simulated_ones_are_taken_to(shared: Path, hub: ModelHub) -> None:
    moves = [angles(file, hub) for file in clip_files(shared / "data")]
    yaw, pitch = np.array([one.std(axis=0) for one in moves]).T
    assert len(moves) == 8
    assert (yaw.min(), yaw.max()) == pytest.approx((0.9, 8.0), abs=0.2)
    assert (pitch.min(), pitch.max()) == pytest.approx((1.4, 6.8), abs=0.2)
    assert lasting(moves) == pytest.approx(0.64, abs=0.03)
