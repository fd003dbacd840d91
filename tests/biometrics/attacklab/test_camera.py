"""The honest camera against what its physics says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.attacklab.camera import ISPS, Camera, draw_camera

QUIET = Camera(1.0, 30.0, 0.006, 0.02, 1.0, 0.001, 0.0, 0.0, 0.3, 0.0, 100.0, (1.0, 1.0, 1.0), ISPS[0], 0.0)


def flat(level: float, count: int, size: tuple[int, int] = (64, 48)) -> list[np.ndarray]:
    return [np.full((*size, 3), level, np.float32) for _ in range(count)]


def linear(codes: np.ndarray) -> np.ndarray:
    v = codes / 255.0
    return np.where(v <= 0.04045, v / 12.92, ((v + 0.055) / 1.055) ** 2.4)


@given(st.integers(0, 2**32 - 1), st.floats(0.005, 1.0), st.sampled_from([15.0, 20.0, 25.0, 30.0]))
def test_frame_times_rise_from_zero_and_fill_the_duration(seed: int, light: float, fps: float) -> None:
    rng = np.random.default_rng(seed)
    camera = draw_camera(rng, fps, light)
    t = camera.times(3.0, rng)
    assert t[0] == 0.0
    assert (np.diff(t) > 0).all()
    assert 3.0 - 2.0 / camera.fps < t[-1] < 3.0 + 1.0 / camera.fps


def test_the_frame_rate_halves_in_the_dark_and_the_picture_is_amplified() -> None:
    rng = np.random.default_rng(0)
    bright, dim, dark = (draw_camera(rng, 30.0, light) for light in (1.0, 0.05, 0.02))
    assert (bright.fps, bright.gain) == (30.0, 1.0)
    assert dim.fps == dark.fps == 15.0
    assert 1.0 < dim.gain < dark.gain
    assert all(camera.exposure_s <= 1 / camera.fps for camera in (bright, dim, dark))


@pytest.mark.parametrize("level", [0.05, 0.2, 0.6])
def test_without_noise_a_grey_comes_out_as_srgb_says(level: float) -> None:
    seen = QUIET.capture(flat(level, 1), np.zeros(1), np.random.default_rng(0))
    assert linear(seen).mean() == pytest.approx(level, rel=0.03)


@pytest.mark.parametrize("level", [0.1, 0.3])
def test_noise_has_the_variance_of_shot_and_read_noise(level: float) -> None:
    camera = replace(QUIET, shot=0.0005, read=1e-5)
    seen = camera.capture(flat(level, 1, (240, 320)), np.zeros(1), np.random.default_rng(1))
    assert linear(seen).var() == pytest.approx(0.0005 * level + 1e-5, rel=0.1)


def test_lamp_hum_moves_down_the_rows_at_the_lamps_frequency() -> None:
    camera = replace(QUIET, hum=0.3, exposure_s=0.001, readout_s=0.020)
    seen = camera.capture(flat(0.3, 1, (200, 16)), np.zeros(1), np.random.default_rng(2))
    rows = linear(seen[0]).mean(axis=(1, 2))
    spectrum = abs(np.fft.rfft(rows - rows.mean()))
    assert int(spectrum.argmax()) == round(camera.hum_hz * camera.readout_s)


def test_an_exposure_of_a_whole_flicker_period_hides_it() -> None:
    camera = replace(QUIET, hum=0.3, exposure_s=0.010)
    seen = camera.capture(flat(0.3, 1, (200, 16)), np.zeros(1), np.random.default_rng(2))
    assert np.ptp(seen[0].mean(axis=(1, 2))) < 1.0


def test_the_denoising_pipeline_calms_what_stands_still() -> None:
    t = np.arange(12) / 30
    noisy = replace(QUIET, shot=0.0005, strength=0.8)
    plain, calm = (
        replace(noisy, isp=isp).capture(flat(0.3, 12), t, np.random.default_rng(3)).astype(float)
        for isp in ISPS
    )
    assert calm[2:].std(axis=0).mean() < 0.8 * plain[2:].std(axis=0).mean()


def test_the_same_chance_gives_the_same_pictures() -> None:
    def taken() -> np.ndarray:
        rng = np.random.default_rng(5)
        camera = draw_camera(rng)
        t = camera.times(0.3, rng)
        return camera.capture(flat(0.4, len(t)), t, rng)

    assert (taken() == taken()).all()
