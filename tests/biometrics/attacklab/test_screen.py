from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.attacklab.optics import to_srgb
from biometrics.attacklab.screen import (
    LAYOUTS,
    TEXELS,
    Display,
    Recapture,
    Sensor,
    integrated,
    panel,
    pwm_gain,
    refresh_share,
    scan_gain,
)

FLAT = np.full((256, 256, 3), 0.4, np.float32)


def _seen(pitch_px: float, sensor: Sensor, layout: str = "rgb_stripe") -> NDArray[np.float32]:
    return Recapture(layout, sensor, pitch_px, 1 / pitch_px).see(FLAT, np.eye(3), (256, 256))


@pytest.mark.parametrize("pitch_px", [0.9, 1.1, 1.25, 1.45])
@pytest.mark.parametrize("channel", [0, 2])
def test_moire_lies_at_the_alias_of_the_pixel_pitch(pitch_px: float, channel: int) -> None:
    """Red and blue sites lie 2 px apart: the panel's frequency folds about multiples of half a cycle per px."""
    line = _seen(pitch_px, Sensor(1.0, 0.7, 0.2))[16:-16, 16:-16, channel].mean(axis=0)
    power = np.abs(np.fft.rfft((line - line.mean()) * np.hanning(len(line))))
    alias = abs(1 / pitch_px - round(2 / pitch_px) / 2)
    assert np.fft.rfftfreq(len(line))[power.argmax()] == pytest.approx(alias, abs=1 / len(line))


def test_moire_is_coloured_and_a_blurred_lens_takes_it_away() -> None:
    sharp, soft = (_seen(1.1, Sensor(1.0, 0.9, blur))[16:-16, 16:-16] for blur in (0.2, 1.5))
    assert (sharp[..., 2] - sharp[..., 0]).std() > 0.02
    assert soft.std() < 0.002


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("sensor", [Sensor(1.0, 0.95, 0.4), Sensor(1.25, 0.85, 0.7, edge_aware=True)])
def test_a_screen_shows_its_mean_light_whatever_its_subpixels(layout: str, sensor: Sensor) -> None:
    seen = _seen(0.83, sensor, layout)
    assert seen.shape == FLAT.shape
    assert seen[8:-8, 8:-8].mean(axis=(0, 1)) == pytest.approx((0.4, 0.4, 0.4), rel=0.04)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_panel_has_three_colours_of_mean_one_and_dark_between(layout: str) -> None:
    cell = panel(layout)
    assert cell.mean(axis=(0, 1)) == pytest.approx((1, 1, 1), abs=1e-4)
    assert (cell.max(axis=2) == 0).any()


def test_an_unknown_panel_is_refused() -> None:
    with pytest.raises(KeyError):
        panel("plasma")


@given(st.floats(0.5, 2), st.floats(0.1, 1.5), st.floats(0, 0.6))
def test_a_cosine_is_integrated_as_theory_says(pitch: float, aperture: float, blur: float) -> None:
    """One cycle per screen px over a square aperture: sinc(a / p); through a Gaussian lens: exp(-2 (pi s / p)^2)."""
    wave = np.cos(2 * np.pi * np.arange(TEXELS) / TEXELS)
    mask = np.broadcast_to((1 + wave)[np.newaxis, :, np.newaxis], (TEXELS, TEXELS, 3)).astype(np.float32)
    left = np.sinc(aperture / pitch) * np.exp(-2 * (np.pi * blur / pitch) ** 2)
    expected = np.broadcast_to((1 + left * wave)[np.newaxis, :, np.newaxis], mask.shape)
    assert integrated(mask, pitch, aperture, blur) == pytest.approx(expected, abs=1e-5)


def test_an_aperture_as_wide_as_a_pixel_sees_no_grid() -> None:
    assert _seen(0.9, Sensor(1.0, 0.9, 0.2))[16:-16, 16:-16].std() < 1e-3


def test_a_still_screen_is_seen_the_same_and_a_moved_one_is_not() -> None:
    recapture = Recapture("rgb_stripe", Sensor(1.0, 0.9, 0.2), 1.1, 1 / 1.1)
    first = recapture.see(FLAT, np.eye(3), (256, 256))
    moved = recapture.see(FLAT, np.array([[1, 0, 0.4], [0, 1, 0], [0, 0, 1]]), (256, 256))
    assert (recapture.see(FLAT, np.eye(3), (256, 256)) == first).all()
    assert np.abs(moved - first)[16:-16, 16:-16].max() > 0.02


def _contrast(gamma: float) -> float:
    """Slope of recaptured against shown codes, both logarithmic, in the mid tones."""
    codes = np.arange(100, 201, dtype=np.uint8)
    shown = np.repeat(codes, 3).reshape(1, -1, 3)
    again = to_srgb(Display(gamma, 0.0, (1, 1, 1)).light(shown))[0, :, 1]
    return float(np.polyfit(np.log(codes / 255), np.log(again / 255), 1)[0])


def test_a_screen_s_gamma_comes_on_top_of_the_camera_s() -> None:
    assert _contrast(2.2) == pytest.approx(1.0, abs=0.06)
    assert _contrast(2.5) / _contrast(2.2) == pytest.approx(2.5 / 2.2, rel=0.02)  # codes are rounded


def test_wide_primaries_leave_grey_and_stretch_colour() -> None:
    grey, red = (np.full((1, 1, 3), 128, np.uint8), np.array([[[60, 60, 180]]], np.uint8))
    white = (1.06, 1.0, 0.93)
    plain, wide = Display(2.2, 0.0, white), Display(2.2, 0.0, white, saturation=1.3)
    assert wide.light(grey) == pytest.approx(plain.light(grey), rel=1e-4)
    ratio = wide.light(red)[0, 0, 2] / wide.light(red)[0, 0, 0]
    assert ratio > 1.2 * plain.light(red)[0, 0, 2] / plain.light(red)[0, 0, 0]


def test_pulses_are_integrated_over_each_row_s_exposure() -> None:
    t, hz, duty, exposure_s, readout_s = np.array([0.0, 0.0333]), 240.0, 0.4, 0.0031, 0.02
    fine = np.linspace(0, exposure_s, 20001)
    for i, start in enumerate(t):
        for row in (0, 17, 63):
            lit = ((start + row / 64 * readout_s + fine) * hz % 1 < duty).mean() / duty
            gain = pwm_gain(t, 64, readout_s, exposure_s, hz, duty)
            assert gain[i, row] == pytest.approx(lit, abs=2e-3)


@given(st.floats(0, 10), st.floats(0.1, 0.9))
def test_an_exposure_of_whole_pulses_shows_no_bands(start: float, duty: float) -> None:
    assert pwm_gain(np.array([start]), 40, 0.02, 3 / 240, 240.0, duty) == pytest.approx(1.0, abs=1e-5)


def test_bands_are_deepest_for_short_exposures() -> None:
    t = np.arange(30) / 30
    short, long = (pwm_gain(t, 200, 0.02, exposure_s, 250.0, 0.5) for exposure_s in (0.001, 0.015))
    assert short.std() > 0.6
    assert long.std() < 0.2
    assert short.mean() == pytest.approx(1, abs=0.03)


def test_a_blanked_stripe_is_a_share_of_the_refresh() -> None:
    gain = scan_gain(np.random.default_rng(1).uniform(0, 9, 200), 300, 0.012, 0.0005, 60.0, 0.1)
    assert gain.mean() == pytest.approx(1, abs=0.03)
    assert (gain < 0.5).mean() == pytest.approx(0.1, abs=0.02)


def test_a_tear_line_runs_down_while_the_panel_is_rewritten() -> None:
    rows = [refresh_share(np.array([late]), np.zeros(1), 200, 0.0, 60.0)[0] for late in (0.002, 0.008, 0.014)]
    newer = [(row < 0.5).sum() for row in rows]
    assert newer == sorted(newer)
    assert newer == pytest.approx([0.12 * 200, 0.48 * 200, 0.84 * 200], abs=3)
