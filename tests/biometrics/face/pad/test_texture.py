from __future__ import annotations

from math import cos, floor, pi, sin

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.face.pad.texture import BINS, LENGTH, RADII, TextureAnalyser, chi_square, pattern_bins

ANALYSE = TextureAnalyser()


def code_at(plane: NDArray[np.float32], row: int, column: int, radius: int) -> int:
    """The pattern at one pixel by its definition: bit p is whether the p-th point on the circle is no darker."""
    code = 0
    for p in range(8):
        x = column + round(radius * cos(2 * pi * p / 8), 9)
        y = row - round(radius * sin(2 * pi * p / 8), 9)
        left, top = floor(x), floor(y)
        right, bottom = min(left + 1, plane.shape[1] - 1), min(top + 1, plane.shape[0] - 1)
        a, b = x - left, y - top
        value = (
            (1 - a) * (1 - b) * plane[top, left]
            + a * (1 - b) * plane[top, right]
            + (1 - a) * b * plane[bottom, left]
            + a * b * plane[bottom, right]
        )
        code |= int(value >= plane[row, column] - 1e-3) << p
    return code


def uniform(code: int) -> bool:
    around = f"{code:08b}"
    return sum(a != b for a, b in zip(around, around[1:] + around[:1], strict=True)) <= 2


@pytest.mark.parametrize("index", range(len(RADII)))
def test_histograms_are_those_of_the_definition(index: int) -> None:
    plane = np.random.default_rng(5).integers(0, 256, (24, 30)).astype(np.float32)
    radius = RADII[index]
    codes = [
        code_at(plane, row, column, radius)
        for row in range(radius, 24 - radius)
        for column in range(radius, 30 - radius)
    ]
    names = sorted(code for code in range(256) if uniform(code))
    counts = np.zeros(BINS)
    for code in codes:
        counts[names.index(code) if uniform(code) else BINS - 1] += 1
    np.testing.assert_allclose(ANALYSE.histogram(plane, index), counts / len(codes), atol=1e-6)


def test_there_are_58_uniform_patterns() -> None:
    bins = pattern_bins()
    assert BINS == 59
    assert sorted(set(bins.tolist())) == list(range(59))
    assert int((bins == 58).sum()) == 256 - 58


def test_a_flat_face_is_all_one_pattern() -> None:
    found = ANALYSE(np.full((200, 200, 3), 90, np.uint8), (40.0, 40.0, 100.0, 100.0))
    assert found is not None
    assert found.shape == (LENGTH,)
    np.testing.assert_array_equal(found.reshape(-1, BINS)[:, pattern_bins()[255]], 1.0)


def test_blur_changes_the_texture_and_brightness_does_not() -> None:
    image = np.random.default_rng(2).integers(40, 180, (200, 200, 3), np.uint8)
    box = (40.0, 40.0, 96.0, 96.0)
    plain, lighter, soft = (
        ANALYSE(each, box)
        for each in (image, image + np.uint8(20), np.asarray(cv2.GaussianBlur(image, (0, 0), 2.0), np.uint8))
    )
    assert plain is not None
    assert lighter is not None
    assert soft is not None
    assert chi_square(plain, lighter) < 0.2
    assert chi_square(plain, soft) > 5 * chi_square(plain, lighter)
    assert chi_square(plain, plain) == 0.0


def test_a_box_outside_has_no_texture() -> None:
    assert ANALYSE(np.zeros((100, 100, 3), np.uint8), (120.0, 0.0, 50.0, 50.0)) is None
