"""Bending against affine maps that are known; blending against patches that only differ by a constant."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.attacklab.morphing import (
    Triangles,
    Warp,
    box_about,
    coloured_like,
    cover,
    feathered,
    moved,
    seamless,
    similarity,
    thin_plate,
)

AFFINE = np.array([[1.1, 0.1, -4.0], [-0.05, 0.9, 7.0]])


def some_points(count: int = 40) -> np.ndarray:
    inner = np.random.default_rng(4).uniform(20, 80, (count, 2))
    rim = [(10, 10), (90, 10), (10, 90), (90, 90)]
    return np.concatenate([inner, rim]).astype(np.float32)


@pytest.mark.parametrize("way", ["triangles", "thin_plate"])
def test_an_affine_map_is_found_exactly(way: str) -> None:
    source = some_points()
    target = moved(source, AFFINE)
    warp: Warp = Triangles.over(source) if way == "triangles" else thin_plate
    box = (40, 45, 70, 65)
    x, y = warp(target, source, box)
    back = cv2.invertAffineTransform(AFFINE)
    at = np.stack(np.meshgrid(np.arange(40, 70), np.arange(45, 65)), axis=-1).reshape(-1, 2)
    expected = at @ back[:, :2].T + back[:, 2]
    assert x.ravel() == pytest.approx(expected[:, 0], abs=0.02)
    assert y.ravel() == pytest.approx(expected[:, 1], abs=0.02)


@pytest.mark.parametrize("way", ["triangles", "thin_plate"])
def test_each_point_shows_its_own(way: str) -> None:
    source = np.stack(np.meshgrid(range(10, 91, 16), range(10, 91, 16)), axis=-1).reshape(-1, 2)
    source = source.astype(np.float32)
    target = np.round(source + np.random.default_rng(6).normal(0, 1.5, source.shape)).astype(np.float32)
    fine = partial(thin_plate, step_px=2.0)
    x, y = (Triangles.over(source) if way == "triangles" else fine)(target, source, (0, 0, 100, 100))
    for (u, v), (a, b) in zip(target.astype(int), source, strict=True):
        assert np.hypot(x[v, u] - a, y[v, u] - b) < 0.6


def test_triangles_that_close_do_not_break_it() -> None:
    source = some_points()
    target = source.copy()
    target[1] = target[0]
    x, y = Triangles.over(source)(target, source, (20, 20, 80, 80))
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()


@given(st.floats(-1, 1), st.floats(0.5, 2), st.floats(-50, 50), st.floats(-50, 50))
def test_a_similarity_is_found_from_its_points(angle: float, scale: float, dx: float, dy: float) -> None:
    turn = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = some_points(6)
    found = similarity(points, (points @ turn.T + (dx, dy)).astype(np.float32))
    assert found == pytest.approx(np.column_stack([turn, (dx, dy)]), abs=1e-3)


def test_a_patch_that_is_darker_throughout_vanishes_into_the_picture() -> None:
    rng = np.random.default_rng(1)
    noise = rng.integers(60, 200, (100, 100, 3), dtype=np.uint8)
    picture = np.asarray(cv2.GaussianBlur(noise, (0, 0), 3), dtype=np.uint8)
    before, box = picture.copy(), (20, 20, 80, 80)
    patch = np.asarray(picture[20:80, 20:80] - 40, dtype=np.uint8)
    outline = np.array([[25, 25], [75, 25], [75, 75], [25, 75]], np.float32)
    seamless(picture, patch, box, cover(outline, box, 0.0))
    assert abs(picture.astype(int) - before).max() <= 3


def test_a_feathered_patch_is_itself_inside_and_nothing_outside() -> None:
    picture = np.full((60, 60, 3), 50, np.uint8)
    outline = np.array([[10, 10], [50, 10], [50, 50], [10, 50]], np.float32)
    box = box_about(outline, (60, 60), 4)
    patch = np.full((box[3] - box[1], box[2] - box[0], 3), 200, np.uint8)
    feathered(picture, patch, box, cover(outline, box, 4.0))
    assert picture[30, 30].tolist() == [200, 200, 200]
    assert picture[2, 2].tolist() == [50, 50, 50]
    steps = np.diff(picture[30, :31, 0].astype(int))
    assert (steps >= 0).all()


def test_colours_take_the_models_mean() -> None:
    rng = np.random.default_rng(2)
    patch = rng.integers(90, 120, (40, 40, 3)).astype(np.uint8)
    model = (rng.integers(90, 120, (40, 40, 3)) + np.array([30, 10, -20])).astype(np.uint8)
    whole = np.ones((40, 40), np.float32)
    moved_to = coloured_like(patch, model, whole)
    assert moved_to.mean(axis=(0, 1)) == pytest.approx(model.mean(axis=(0, 1)), abs=2.5)


@given(st.floats(-50, 150), st.floats(-50, 150))
def test_a_box_is_always_inside_the_picture(x: float, y: float) -> None:
    left, top, right, bottom = box_about(np.array([[x, y], [x + 5, y + 5]], np.float32), (80, 60))
    assert 0 <= left < right <= 60
    assert 0 <= top < bottom <= 80
