"""Against slow transcriptions of the papers' formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import signal

from biometrics.rppg.pulse import BAND_HZ, chrom, lgi, pos
from tests.biometrics.rppg.signals import SKIN, coloured, times

RATE_HZ = 30.0


def beating(noise: float = 0.004) -> NDArray[np.float64]:
    return coloured(times(8.0), SKIN, 0.01, 72.0, noise, 3)


def pos_as_published(rgb: NDArray[np.float64], fps: float) -> NDArray[np.float64]:
    """Wang, den Brinker, Stuijk, de Haan 2017, algorithm 1, a window at a time."""
    length = round(1.6 * fps)
    h = [0.0] * len(rgb)
    for n in range(length, len(rgb) + 1):
        m = n - length
        window = rgb[m:n].T
        normal = np.diag(1.0 / window.mean(axis=1)) @ window
        projected = np.array([[0.0, 1.0, -1.0], [-2.0, 1.0, 1.0]]) @ normal
        tuned = projected[0] + projected[0].std() / projected[1].std() * projected[1]
        for k in range(length):
            h[m + k] += tuned[k] - tuned.mean()
    return np.array(h)


def chrom_as_published(rgb: NDArray[np.float64], fps: float) -> NDArray[np.float64]:
    """De Haan & Jeanne 2013, equations 11 to 15: chrominance, alpha tuning, Hann overlap-add."""
    normal = rgb / rgb.mean(axis=0)
    x = 3.0 * normal[:, 0] - 2.0 * normal[:, 1]
    y = 1.5 * normal[:, 0] + normal[:, 1] - 1.5 * normal[:, 2]
    sos = signal.butter(2, [BAND_HZ[0] / (fps / 2), BAND_HZ[1] / (fps / 2)], "band", output="sos")
    xf, yf = signal.sosfiltfilt(sos, x), signal.sosfiltfilt(sos, y)
    length = 2 * round(0.8 * fps)
    window = signal.windows.hann(length, sym=False)
    out = np.zeros(len(rgb))
    start = 0
    while start + length <= len(rgb):
        xs, ys = xf[start : start + length], yf[start : start + length]
        out[start : start + length] += (xs - np.std(xs) / np.std(ys) * ys) * window
        start += length // 2
    return out


def lgi_as_published(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pilz et al. 2018: project out the first eigenvector of the colours' second moments, keep green."""
    x = rgb.T
    values, vectors = np.linalg.eigh(x @ x.T)
    main = vectors[:, int(np.argmax(values))][:, np.newaxis]
    return np.asarray(((np.eye(3) - main @ main.T) @ x)[1])


def test_pos_is_the_published_one() -> None:
    np.testing.assert_allclose(pos(beating(), RATE_HZ), pos_as_published(beating(), RATE_HZ), atol=1e-10)


def test_pos_of_several_regions_is_each_region_s() -> None:
    both = np.stack([beating(), beating(0.01)], axis=1)
    apart = np.stack([pos(beating(), RATE_HZ), pos(beating(0.01), RATE_HZ)], axis=1)
    np.testing.assert_allclose(pos(both, RATE_HZ), apart, atol=1e-12)


def test_chrom_is_the_published_one() -> None:
    np.testing.assert_allclose(chrom(beating(), RATE_HZ), chrom_as_published(beating(), RATE_HZ), atol=1e-10)


def test_lgi_is_the_published_one() -> None:
    np.testing.assert_allclose(lgi(beating()), lgi_as_published(beating()), atol=1e-10)


@settings(max_examples=20)
@given(st.floats(0.2, 5.0), st.floats(0.001, 0.2))
def test_brightness_makes_no_pulse(scale: float, flicker: float) -> None:
    """What changes all colours alike is not blood: POS is blind to it, and to how bright the skin is."""
    rgb = beating(0.0)
    light = 1.0 + flicker * np.sin(2 * np.pi * 1.7 * times(8.0))[:, np.newaxis]
    steady = np.tile(SKIN, (len(rgb), 1))
    assert np.abs(pos(steady * light, RATE_HZ)).max() < 1e-9
    np.testing.assert_allclose(pos(scale * rgb, RATE_HZ), pos(rgb, RATE_HZ), atol=1e-9)


@pytest.mark.parametrize("shape", [(20, 3), (100, 2)])
def test_too_little_is_refused(shape: tuple[int, int]) -> None:
    for method in (pos, chrom):
        with pytest.raises(ValueError, match="at least 48 samples"):
            method(np.ones(shape), RATE_HZ)
    with pytest.raises(ValueError, match="at least 3 samples"):
        lgi(np.ones((2, 3)))
