from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.attacklab.optics import (
    BAYER,
    Motion,
    Reflection,
    corners,
    demosaic,
    hand_motion,
    plane_homographies,
    rotation,
    sway,
    to_linear,
    to_srgb,
)

SMALL_TURNS = st.tuples(*[st.floats(-0.4, 0.4)] * 3)


def _motion(angles: tuple[float, ...], shift: tuple[float, float] = (0, 0), scale: float = 1.0) -> Motion:
    return Motion(np.array([angles]), np.array([shift], float), np.array([scale]))


def test_every_code_survives_linear_light() -> None:
    codes = np.repeat(np.arange(256, dtype=np.uint8), 3).reshape(16, 16, 3)
    assert (to_srgb(to_linear(codes))[codes > 12] == codes[codes > 12]).all()
    assert np.abs(to_srgb(to_linear(codes)).astype(int) - codes).max() <= 1  # 12 bits of light, in the dark


def test_mid_grey_is_a_fifth_of_white() -> None:
    assert to_linear(np.full((1, 1, 3), 119, np.uint8))[0, 0] == pytest.approx(0.1845, abs=1e-4)


@pytest.mark.parametrize("edge_aware", [False, True])
def test_a_flat_colour_survives_the_colour_filter_array(edge_aware: bool) -> None:
    colour = (0.2, 0.5, 0.9)
    raw = np.empty((12, 16), np.float32)
    for row in range(2):
        for column in range(2):
            raw[row::2, column::2] = colour[BAYER[row][column]]
    assert demosaic(raw, edge_aware)[4:-4, 4:-4] == pytest.approx(
        np.broadcast_to(colour, (4, 8, 3)), abs=1e-3
    )


@given(SMALL_TURNS, st.floats(0.5, 2))
def test_planes_are_projected_as_opencv_projects_points(angles: tuple[float, ...], scale: float) -> None:
    focal = 400.0
    found = plane_homographies(_motion(angles, (3, -2), scale), (48, 36), (480, 360), focal)[0]
    flat = np.array([[0, 0], [36, 0], [36, 48], [0, 48]], float)
    solid = np.column_stack([(flat - (18, 24)) * scale, np.zeros(4)])
    lens = np.array([[focal, 0, 183], [0, focal, 238], [0, 0, 1]])
    expected, _ = cv2.projectPoints(
        solid, cv2.Rodrigues(rotation(np.array(angles)))[0], np.array((0.0, 0.0, focal)), lens, None
    )
    assert corners(found, (48, 36)) == pytest.approx(expected[:, 0], abs=1e-6)


def test_a_plane_that_faces_the_camera_is_only_scaled() -> None:
    found = plane_homographies(_motion((0, 0, 0), scale=2.0), (100, 100), (480, 360), 400.0)[0]
    assert corners(found, (100, 100)) == pytest.approx(
        np.array([[80, 140], [280, 140], [280, 340], [80, 340]])
    )


def test_sway_has_the_size_and_the_band_that_were_asked_for() -> None:
    t = np.arange(0, 400, 0.02)
    moved = sway(t, np.random.default_rng(1), (2.0, 4.0), 3.0)
    power = np.abs(np.fft.rfft(moved)) ** 2
    hz = np.fft.rfftfreq(len(t), 0.02)
    assert moved.std() == pytest.approx(3.0, rel=0.05)
    assert power[(hz > 1.95) & (hz < 4.05)].sum() > 0.98 * power.sum()


def test_a_hand_trembles_between_6_and_10_hz() -> None:
    t = np.arange(0, 60, 0.02)
    motion = hand_motion(t, np.random.default_rng(2), 1.0, (0.02, 0.05, 0.01), drift_px=4.0, tremor_px=0.5)
    power = np.abs(np.fft.rfft(motion.shift[:, 0] * np.hanning(len(t)))) ** 2
    hz = np.fft.rfftfreq(len(t), 0.02)
    fast = hz > 2
    assert power[fast & (hz > 5.9) & (hz < 10.1)].sum() > 0.95 * power[fast].sum()


def test_a_reflection_moves_by_twice_the_turn() -> None:
    shine = Reflection(np.random.default_rng(3), (240, 180), 200.0, 1.0, 8.0)
    still = shine.at(np.zeros(3))
    yaw = float(np.arctan(10 / 400))  # 2 x 200 px x tan(yaw) = 10 px
    assert np.roll(still, 10, axis=1)[20:-20, 20:-20] == pytest.approx(
        shine.at(np.array((0.0, yaw, 0.0)))[20:-20, 20:-20], abs=0.02
    )
