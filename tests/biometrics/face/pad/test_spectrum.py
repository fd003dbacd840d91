from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.face.pad.spectrum import PEAK, SIDE_PX, SpectrumAnalyser, face_patch

ANALYSE = SpectrumAnalyser()
Y, X = np.mgrid[:SIDE_PX, :SIDE_PX].astype(np.float64)


def natural(seed: int = 0, exponent: float = 1.0) -> NDArray[np.float64]:
    """A picture whose amplitude falls as 1 / f^exponent, as natural ones' does (Field 1987), mean 120, deviation 30."""
    rng = np.random.default_rng(seed)
    down, across = np.fft.fftfreq(SIDE_PX)[:, None], np.fft.rfftfreq(SIDE_PX)[None]
    radius = np.hypot(down, across)
    radius[0, 0] = 1.0
    noise = np.fft.rfft2(rng.normal(size=(SIDE_PX, SIDE_PX)))
    picture = np.fft.irfft2(noise / radius**exponent, s=(SIDE_PX, SIDE_PX))
    return np.asarray(120 + 30 * (picture - picture.mean()) / picture.std())


def codes(picture: NDArray[Any]) -> NDArray[np.uint8]:
    return np.clip(np.round(picture), 0, 255).astype(np.uint8)


def grid(frequency: float, angle_deg: float, depth: float) -> NDArray[np.float64]:
    angle = np.radians(angle_deg)
    phase = 2 * np.pi * frequency * (X * np.cos(angle) + Y * np.sin(angle))
    return np.asarray(depth * np.sin(phase))


@pytest.mark.parametrize("angle_deg", [8.0, 40.0, 97.0, 151.0])
def test_a_grid_of_a_fifth_of_a_cycle_is_a_peak(angle_deg: float) -> None:
    found = ANALYSE(codes(natural() + grid(0.2, angle_deg, 3.0)))
    assert found.moire > np.log(2 * PEAK)


@pytest.mark.parametrize("seed", range(8))
def test_a_picture_without_a_grid_is_none(seed: int) -> None:
    assert ANALYSE(codes(natural(seed))).moire < np.log(PEAK)


def test_a_blurred_grid_is_none() -> None:
    picture = natural() + grid(0.2, 40.0, 3.0)
    assert ANALYSE(codes(cv2.GaussianBlur(picture, (0, 0), 3.0))).moire < np.log(PEAK)


def test_a_grid_too_fine_or_too_coarse_is_not_looked_for() -> None:
    plain = ANALYSE(codes(natural())).moire
    assert ANALYSE(codes(natural() + grid(0.05, 40.0, 6.0))).moire == pytest.approx(plain, abs=0.7)


def test_a_codecs_blocks_are_no_grid() -> None:
    levels = np.kron(np.random.default_rng(2).normal(0, 3, (32, 32)), np.ones((8, 8)))
    blocks = levels + 3.0 * (X % 8 == 0) + 3.0 * (Y % 8 == 0)
    assert ANALYSE(codes(natural(1) + blocks)).moire < np.log(PEAK)


def test_stripes_have_a_harmonic_and_a_sine_has_none() -> None:
    sine = grid(0.15, 30.0, 4.0)
    sawtooth = sine + grid(0.3, 30.0, 3.0)
    assert ANALYSE(codes(natural() + sine)).harmonics == 0
    assert ANALYSE(codes(natural() + sawtooth)).harmonics >= 1


@pytest.mark.parametrize("exponent", [0.7, 1.0, 1.4])
def test_the_slope_is_twice_the_amplitudes(exponent: float) -> None:
    found = ANALYSE(codes(natural(3, exponent)))
    assert found.slope == pytest.approx(-2 * exponent, abs=0.2)
    assert found.unevenness < 0.25


def test_recapture_steepens_the_slope() -> None:
    picture = natural(4)
    assert ANALYSE(codes(cv2.GaussianBlur(picture, (0, 0), 1.0))).slope < ANALYSE(codes(picture)).slope - 1


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_picture_has_finite_numbers(level: int) -> None:
    found = ANALYSE(np.full((SIDE_PX, SIDE_PX), level, np.uint8))
    assert np.isfinite([found.moire, found.slope, found.unevenness]).all()
    assert found.harmonics == 0


def test_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="256"):
        ANALYSE(np.zeros((128, 128), np.uint8))


def test_the_patch_is_cut_unscaled_about_the_face_and_stays_in_the_frame() -> None:
    image = np.random.default_rng(0).integers(0, 256, (300, 400, 3), np.uint8)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    patch = face_patch(image, (150.0, 100.0, 100.0, 100.0))
    assert patch is not None
    assert np.array_equal(patch, grey[22:278, 72:328])
    corner = face_patch(image, (-20.0, -20.0, 60.0, 60.0))
    assert corner is not None
    assert np.array_equal(corner, grey[:256, :256])
    assert face_patch(image[:255], (150.0, 100.0, 100.0, 100.0)) is None
