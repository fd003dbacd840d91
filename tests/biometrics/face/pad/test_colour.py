from __future__ import annotations

import cv2
import numpy as np
import pytest
from scipy.linalg import logm

from biometrics.face.boxes import Image
from biometrics.face.pad.colour import measure_colours, specular_share, spread_of

BOX = (100.0, 100.0, 120.0, 120.0)


def skin(deviation: tuple[float, float], seed: int = 0, tint: tuple[int, int] = (150, 112)) -> Image:
    """A frame whose (Cr, Cb) lie about ``tint`` with these deviations."""
    rng = np.random.default_rng(seed)
    ycc = np.empty((320, 320, 3))
    ycc[..., 0] = rng.normal(130, 15, (320, 320))
    ycc[..., 1] = rng.normal(tint[0], deviation[0], (320, 320))
    ycc[..., 2] = rng.normal(tint[1], deviation[1], (320, 320))
    return np.asarray(cv2.cvtColor(np.clip(ycc, 0, 255).astype(np.uint8), cv2.COLOR_YCrCb2BGR), np.uint8)


def test_the_spread_is_the_logarithm_of_the_covariance() -> None:
    rng = np.random.default_rng(1)
    colours = rng.normal(size=(5000, 2)) @ np.array([[3.0, 0.0], [1.5, 2.0]])
    expected = logm(np.cov(colours, rowvar=False) + 0.05 * np.eye(2))
    np.testing.assert_allclose(
        spread_of(colours), [expected[0, 0], expected[1, 1], expected[0, 1]], rtol=1e-6
    )


def test_a_narrow_gamut_shows_in_spread_and_compression() -> None:
    wide, narrow = measure_colours(skin((6.0, 6.0)), BOX), measure_colours(skin((6.0, 1.5)), BOX)
    assert wide is not None
    assert narrow is not None
    assert narrow.spread[0] < wide.spread[0] - 1.5
    assert narrow.compression > wide.compression + 1.5


def test_skin_of_any_colour_spreads_the_same() -> None:
    """The mean colour, and so the tone of skin, is no cue."""
    one, other = (
        measure_colours(skin((4.0, 4.0)), BOX),
        measure_colours(skin((4.0, 4.0), tint=(138, 122)), BOX),
    )
    assert one is not None
    assert other is not None
    np.testing.assert_allclose(one.spread, other.spread, atol=0.15)


def test_only_white_highlights_are_specular() -> None:
    image = np.full((100, 100, 3), 128, np.uint8)
    image[:20] = 255
    image[20:40] = (0, 255, 255)
    assert specular_share(image) == pytest.approx(0.2)


def test_a_highlight_on_the_face_is_measured_in_its_share() -> None:
    image = skin((4.0, 4.0))
    image[82:160, 82:238] = 255
    found = measure_colours(image, BOX)
    assert found is not None
    assert found.specular == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("level", [0, 255])
def test_a_black_or_burnt_out_face_has_no_colours(level: int) -> None:
    assert measure_colours(np.full((320, 320, 3), level, np.uint8), BOX) is None


def test_a_box_outside_has_no_colours() -> None:
    assert measure_colours(skin((4.0, 4.0)), (-300.0, 10.0, 100.0, 100.0)) is None
