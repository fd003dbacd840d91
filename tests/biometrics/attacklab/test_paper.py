from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from biometrics.attacklab.optics import to_linear
from biometrics.attacklab.paper import (
    Printed,
    clustered_dots,
    inkjet_print,
    inks_for,
    laser_print,
    paper_lift,
    scattered_dots,
)

PRINTERS = (laser_print, inkjet_print)
Printer = Callable[..., Printed]


def _patch(*bgr: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((60, 60, 3), bgr, np.uint8)


def _tone(printer: Printer, *bgr: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return np.asarray(
        printer(_patch(*bgr), np.random.default_rng(1), 3, 1.2).reflectance.mean(axis=(0, 1)), np.float64
    )


@pytest.mark.parametrize("amount", [0.1, 0.35, 0.5, 0.8])
def test_clustered_dots_cover_what_is_asked(amount: float) -> None:
    for angle in (0.0, 15.0, 45.0, 75.0):
        assert (amount > clustered_dots((400, 400), 5.3, angle)).mean() == pytest.approx(amount, abs=0.02)


@pytest.mark.parametrize("angle", [0.0, 15.0, 30.0])
def test_clustered_dots_repeat_once_a_cell_along_their_angle(angle: float) -> None:
    cell_px, side = 6.4, 256
    dots = (clustered_dots((side, side), cell_px, angle) < 0.4).astype(float)
    power = np.abs(np.fft.fft2((dots - dots.mean()) * np.outer(np.hanning(side), np.hanning(side))))
    v, u = np.unravel_index(power.argmax(), power.shape)
    f = np.array((np.fft.fftfreq(side)[u], np.fft.fftfreq(side)[v]))
    assert np.hypot(*f) == pytest.approx(1 / cell_px, abs=1.5 / side)
    off = (np.rad2deg(np.arctan2(f[1], f[0])) - angle + 45) % 90 - 45
    assert abs(off) < 2


@pytest.mark.parametrize("amount", [0.2, 0.5, 0.8])
def test_scattered_dots_cover_what_is_asked_without_clumps(amount: float) -> None:
    rng = np.random.default_rng(2)
    dots = scattered_dots(rng) < amount
    white = rng.uniform(size=(64, 64)) < amount
    assert dots.mean() == pytest.approx(amount, abs=0.001)
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(64), np.fft.fftfreq(64)))
    low = (f > 0) & (f < 0.12)
    ours, flat = ((np.abs(np.fft.fft2(each - each.mean())) ** 2)[low].mean() for each in (dots, white))
    assert ours < 0.1 * flat


def test_white_asks_for_no_ink_and_black_for_black() -> None:
    white, black = inks_for(_patch(255, 255, 255), 0.75), inks_for(_patch(0, 0, 0), 1.0)
    assert max(ink.max() for ink in white.values()) == pytest.approx(0, abs=1e-6)
    assert black["black"].min() == pytest.approx(1)


@pytest.mark.parametrize("printer", PRINTERS)
def test_prints_keep_the_order_of_tones_between_ink_and_paper(printer: Printer) -> None:
    tones = [float(_tone(printer, v, v, v).mean()) for v in (0, 60, 120, 180, 255)]
    assert tones == sorted(tones)
    assert 0.005 < tones[0] < 0.06
    assert 0.8 < tones[-1] < 0.95


@pytest.mark.parametrize("printer", PRINTERS)
@pytest.mark.parametrize("channel", [0, 1, 2])
def test_inks_reach_less_of_the_gamut_than_srgb(printer: Printer, channel: int) -> None:
    code = [20, 20, 20]
    code[channel] = 235
    wanted = to_linear(_patch(*code))[0, 0]
    printed = _tone(printer, *code)
    assert printed.argmax() == channel
    assert printed.max() / np.median(printed) < 0.6 * wanted.max() / np.median(wanted)


@pytest.mark.parametrize("printer", PRINTERS)
def test_a_print_is_made_of_its_seed_and_says_how(printer: Printer) -> None:
    first, again, other = (
        printer(_patch(90, 120, 180), np.random.default_rng(seed), 3, 1.2) for seed in (4, 4, 5)
    )
    assert (first.reflectance == again.reflectance).all()
    assert first.truth == again.truth
    assert (first.reflectance != other.reflectance).any()
    assert first.reflectance.shape == (180, 180, 3)
    assert set(first.truth) == {"printer", "halftone", "cell_px"}


def test_a_sheet_is_brightest_where_it_faces_the_lamp() -> None:
    lamp = np.array((-0.5, 0.0, -np.sqrt(0.75)))  # 30 degrees to the left of the camera
    assert paper_lift((0.0, 0.0), lamp) == pytest.approx(1.0)
    lifts = [paper_lift((0.0, yaw), lamp) for yaw in np.deg2rad((-30, 0, 30, 60))]
    assert max(lifts) in (lifts[0], lifts[2])
    assert lifts[0] != pytest.approx(lifts[2])
    assert paper_lift((0.0, np.deg2rad(30)), lamp) == pytest.approx(0.45 + 0.55 / np.sqrt(0.75))
