from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.face.pad.colour import Colours
from biometrics.face.pad.frames import FrameAnalyser, FrameCues
from biometrics.face.pad.motion import Movement
from biometrics.face.pad.spectrum import Spectrum
from biometrics.face.pad.texture import LENGTH
from biometrics.face.pad.window import CUES, high, trimmed_mean, window_cues

NOTHING = FrameCues(None, None, None, 0.0)
STILL = Movement(None, None)


def frame(k: int) -> FrameCues:
    return FrameCues(
        Spectrum(float(k), k, -2.0 - k, 0.1 * k),
        Colours(0.04 * k**2, np.array([1.0 * k, 2.0, 3.0]), 0.5 * k),
        np.full(LENGTH, 0.01 * k, np.float32),
        0.1 * k,
    )


def test_a_windows_numbers_are_those_of_its_frames() -> None:
    found = window_cues([-1.0, 0.0, 4.0], [frame(k) for k in range(3)], Movement(0.3, 0.9), -4.5, -5.5)
    values = dict(zip(CUES, found.cues[0].tolist(), strict=True))
    assert values == pytest.approx(
        {
            "network": 1.0,
            "moire": 1.8,
            "harmonics": 0.8 * np.log(3) + 0.2 * np.log(2),
            "slope": -3.0,
            "unevenness": 0.1,
            "specular": 0.2,
            "specular_change": np.std([0.0, 0.2, 0.4]),
            "compression": 0.5,
            "bezel": 0.1,
            "planarity": 0.3,
            "comotion": 0.9,
            "mouth": -4.5,
            "bands": -5.5,
        },
        abs=1e-6,
    )
    assert found.known.all()
    assert found.gamut.tolist() == [[1.0, 2.0, 3.0]]
    np.testing.assert_allclose(found.texture, 0.01)
    assert found.seen.tolist() == [[1.0, 1.0]]
    assert all(row.dtype == np.float32 and len(row) == 1 for row in found.rows)


def test_what_was_not_measured_is_not_known() -> None:
    found = window_cues([0.5], [NOTHING], STILL, None, None)
    assert [name for name, known in zip(CUES, found.known[0], strict=True) if known] == ["network", "bezel"]
    assert found.seen.tolist() == [[0.0, 0.0]]
    assert window_cues([], [], STILL, None, None).known.sum() == 0


@given(st.lists(st.floats(-8, 8), min_size=1, max_size=40))
def test_means_and_quantiles_stay_among_their_values(values: list[float]) -> None:
    for statistic in (trimmed_mean, high):
        assert min(values) - 1e-9 <= statistic(values) <= max(values) + 1e-9


def test_one_outlier_in_ten_does_not_move_the_trimmed_mean() -> None:
    assert trimmed_mean([0.0] * 9 + [1000.0]) == 0.0


@pytest.mark.parametrize("size", [(1, 1), (3, 3), (40, 30), (480, 640)])
@pytest.mark.parametrize(
    "box", [(0.0, 0.0, 1.0, 1.0), (-60.0, -40.0, 900.0, 700.0), (200.0, 150.0, 160.0, 200.0)]
)
def test_no_picture_and_no_box_breaks_it(
    size: tuple[int, int], box: tuple[float, float, float, float]
) -> None:
    analyse = FrameAnalyser()
    for level in (0, 255):
        found = window_cues([0.0], [analyse(np.full((*size, 3), level, np.uint8), box)], STILL, None, None)
        assert all(np.isfinite(row).all() for row in found.rows)
