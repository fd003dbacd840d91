from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.colour import linear_light
from biometrics.face.boxes import Image, Landmarks
from biometrics.face.skin import BACKGROUND, REGIONS, ROIS, ita_deg, means_at, roi_means
from biometrics.views import FaceView
from fraudmodel.signals import Reason
from tests.biometrics.face.fakes import a_face, a_view

_SIDE_PX = 40.0


def a_mesh(scale: float = 1.0, shift: tuple[float, float] = (0.0, 0.0)) -> Landmarks:
    """478 landmarks whose regions are upright squares in a row of three; the rest in the middle."""
    points = np.full((478, 3), (160.0, 120.0, 0.0), np.float32)
    square = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * _SIDE_PX
    shared: dict[int, list[NDArray[np.float64]]] = {}
    for place, corners in enumerate(REGIONS.values()):
        left_top = np.array([100 + place % 3 * _SIDE_PX, 60 + place // 3 * _SIDE_PX])
        for corner, offset in zip(corners, square, strict=True):
            shared.setdefault(corner, []).append(left_top + offset)
    for corner, places in shared.items():
        points[corner, :2] = places[0]
    points[:, :2] = points[:, :2] * scale + shift
    return points


def painted(bgr: tuple[int, int, int], width: int = 640, height: int = 360) -> Image:
    return np.full((height, width, 3), bgr, np.uint8)


def test_a_plain_picture_has_its_own_colour_everywhere() -> None:
    means = means_at(painted((10, 128, 250)), a_mesh(), 3.5)
    expected = linear_light(np.array([250, 128, 10]) / 255.0)
    seen = np.isfinite(means.linear[:, 0])
    assert means.t == 3.5
    assert seen[BACKGROUND]
    assert seen.sum() >= 6
    np.testing.assert_allclose(means.linear[seen], np.tile(expected, (seen.sum(), 1)), rtol=1e-5)
    assert (means.clipped[seen] == 1.0).all()
    assert (means_at(painted((10, 128, 249)), a_mesh()).clipped[seen] == 0.0).all()


def test_a_region_agrees_with_the_mean_of_every_pixel_in_its_polygon() -> None:
    rng = np.random.default_rng(4)
    image = cv2.resize(rng.integers(0, 256, (18, 32, 3), np.uint8), (640, 360), interpolation=cv2.INTER_CUBIC)
    mesh = a_mesh()
    means = means_at(np.asarray(image, np.uint8), mesh)
    nose = mesh[list(REGIONS["nose"]), :2]
    shrunk = nose.mean(axis=0) + (nose - nose.mean(axis=0)) * 0.8
    mask = cv2.fillConvexPoly(np.zeros((360, 640), np.uint8), shrunk.round().astype(np.int32), 1)
    skin = np.asarray(image, np.float64)[mask > 0][:, ::-1]
    expected = linear_light(skin / 255.0).mean(axis=0)
    np.testing.assert_allclose(means.mean("nose"), expected, rtol=0.03)


def test_the_control_lies_beside_the_head() -> None:
    image, mesh = painted((0, 0, 255)), a_mesh()
    left, right = mesh[:, 0].min(), mesh[:, 0].max()
    clear = 0.29 * (right - left)
    image[:, int(left - clear) : int(right + clear) + 1] = (255, 0, 0)
    means = means_at(image, mesh)
    np.testing.assert_allclose(means.linear[BACKGROUND], [1.0, 0.0, 0.0], atol=1e-6)
    np.testing.assert_allclose(means.mean("nose"), [0.0, 0.0, 1.0], atol=1e-6)


def test_a_head_that_fills_the_frame_leaves_no_control() -> None:
    means = means_at(painted((9, 9, 9), width=520), a_mesh(scale=3.0, shift=(-240.0, -180.0)))
    assert np.isnan(means.linear[BACKGROUND]).all()
    assert np.isnan(means.clipped[BACKGROUND])
    assert np.isfinite(means.mean("nose")).all()


def test_a_region_that_is_turned_away_or_outside_is_not_measured() -> None:
    mirrored = a_mesh()
    mirrored[:, 0] = 320 - mirrored[:, 0]
    assert np.isnan(means_at(painted((9, 9, 9)), mirrored).linear[:BACKGROUND]).all()
    outside = means_at(painted((9, 9, 9)), a_mesh(shift=(-1000.0, 0.0)))
    assert np.isnan(outside.linear[:BACKGROUND]).all()
    assert np.isnan(outside.mean(*REGIONS)).all()


def test_no_face_no_regions() -> None:
    assert roi_means(a_view(1.0, None, Reason.NO_FACE)) is None


def test_the_view_s_face_is_measured() -> None:
    view = a_view(1.0, a_face())
    means = roi_means(view)
    assert means is not None
    assert view.face is not None
    np.testing.assert_array_equal(means.linear, means_at(view.frame.image, view.face.landmarks).linear)
    assert means.t == 1.0


def test_two_detectors_share_what_a_view_shows_and_another_picture_is_another_view() -> None:
    view = a_view(1.0, a_face())
    assert roi_means(view) is roi_means(view)
    brighter = replace(view, frame=replace(view.frame, image=np.full_like(view.frame.image, 200)))
    means, before = roi_means(brighter), roi_means(view)
    assert means is not None
    assert before is not None
    assert np.nanmin(means.linear) > np.nanmax(before.linear)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.floats(-500, 500), st.floats(0.001, 20))
def test_no_picture_and_no_face_is_too_odd(width: int, height: int, shift: float, scale: float) -> None:
    means = means_at(painted((40, 50, 60), width, height), a_mesh(scale, (shift, -shift)))
    assert means.linear.shape == (len(ROIS), 3)
    seen = np.isfinite(means.linear)
    assert (seen.all(axis=1) == seen.any(axis=1)).all()
    assert ((means.linear[seen] >= 0.0) & (means.linear[seen] <= 1.0)).all()


@pytest.mark.parametrize(("grey", "degrees"), [(1.0, 90.0), (0.0, -90.0)])
def test_the_typology_angle_of_grey_is_straight_up_or_down(grey: float, degrees: float) -> None:
    assert ita_deg(np.full(3, grey)) == pytest.approx(degrees, abs=0.1)


def test_the_typology_angle_of_a_known_skin() -> None:
    """sRGB (200, 150, 120) is L* 66.04, b* 23.30 by OpenCV's COLOR_BGR2LAB: atan(16.04 / 23.30)."""
    assert ita_deg(linear_light(np.array([200, 150, 120]) / 255.0)) == pytest.approx(34.5, abs=0.5)
    assert np.isnan(ita_deg(np.full(3, np.nan)))


def test_a_view_without_landmarks_inside_is_borne() -> None:
    view = a_view(0.0, a_face(width=2000.0))
    assert isinstance(view, FaceView)
    assert roi_means(view) is not None
