"""Grain of a face against its surroundings: known noise, smoothing, and what cannot be measured."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.injection.noise import FLOOR, Grain, grain_of

FACE = (0.3, 0.2, 0.4, 0.6)
SIZE = (360, 480)
Picture = NDArray[np.uint8]


def _picture(around: float, face: float, level: float = 120.0, seed: int = 3) -> Picture:
    """A ramp of light with white noise of these standard deviations outside and inside the face."""
    rng = np.random.default_rng(seed)
    ramp = level + np.linspace(-20, 20, SIZE[1])[np.newaxis] + np.linspace(-10, 10, SIZE[0])[:, np.newaxis]
    strength = np.full(SIZE, around)
    top, left = round(FACE[1] * SIZE[0]), round(FACE[0] * SIZE[1])
    strength[top : top + round(FACE[3] * SIZE[0]), left : left + round(FACE[2] * SIZE[1])] = face
    return np.clip(np.round(ramp + strength * rng.standard_normal(SIZE)), 0, 255).astype(np.uint8)


def _grain(picture: Picture) -> Grain:
    found = grain_of(picture, FACE)
    assert found is not None
    return found


@pytest.mark.parametrize(("around", "face"), [(3.0, 3.0), (4.0, 2.0), (2.0, 5.0)])
def test_white_noise_is_found_again(around: float, face: float) -> None:
    """The quiet blocks lie below the mean: the 30 % quantile of a deviation over 64 values that hang together is 0.89 of it."""
    found = _grain(_picture(around, face))
    assert found.around == pytest.approx(0.89 * around, rel=0.03)
    assert found.face == pytest.approx(0.89 * face, rel=0.03)
    assert found.ratio == pytest.approx(np.log(face / around), abs=0.06)


def test_a_face_that_was_enlarged_is_smoother() -> None:
    picture = _picture(3.0, 3.0)
    top, left = round(FACE[1] * SIZE[0]), round(FACE[0] * SIZE[1])
    part = picture[top : top + 216, left : left + 192]
    small = cv2.resize(part, (96, 108), interpolation=cv2.INTER_AREA)
    picture[top : top + 216, left : left + 192] = cv2.resize(small, (192, 216), interpolation=cv2.INTER_CUBIC)
    assert _grain(picture).ratio < -1.0


@given(level=st.floats(60, 190), seed=st.integers(0, 99))
def test_light_does_not_matter(level: float, seed: int) -> None:
    assert _grain(_picture(3.0, 3.0, level, seed)).ratio == pytest.approx(0.0, abs=0.08)


@pytest.mark.parametrize("level", [0.0, 255.0])
def test_darkness_and_glare_say_nothing(level: float) -> None:
    assert grain_of(np.full(SIZE, level, np.uint8), FACE) is None


def test_where_the_codec_took_the_grain_nothing_is_said() -> None:
    assert grain_of(_picture(0.0, 3.0), FACE) is None
    assert _grain(_picture(3 * FLOOR, 3.0)).around >= FLOOR


@pytest.mark.parametrize("size", [(1, 1), (7, 7), (40, 30), (120, 160)])
@pytest.mark.parametrize(
    "face", [FACE, (0.0, 0.0, 1.0, 1.0), (0.5, 0.5, 0.0, 0.0), (-1.0, -1.0, 0.2, 0.2), (0.9, 0.9, 5.0, 5.0)]
)
def test_no_picture_and_no_box_breaks_it(
    size: tuple[int, int], face: tuple[float, float, float, float]
) -> None:
    found = grain_of(np.random.default_rng(1).integers(80, 160, size).astype(np.uint8), face)
    assert found is None or np.isfinite(found.ratio)
    if size[0] < 50 or face[2] in (0.0, 1.0):
        assert found is None
