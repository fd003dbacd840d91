"""Parity with Minivision's published crop arithmetic, kept here line by line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.face.crops import context_box, context_crop

Box = tuple[float, float, float, float]


def published(width: int, height: int, box: Box, scale: float) -> tuple[int, int, int, int]:
    """``CropImage._get_new_box`` of src/generate_patches.py."""
    x, y, box_w, box_h = box
    scale = min((height - 1) / box_h, min((width - 1) / box_w, scale))
    new_width, new_height = box_w * scale, box_h * scale
    center_x, center_y = box_w / 2 + x, box_h / 2 + y
    left, top = center_x - new_width / 2, center_y - new_height / 2
    right, bottom = center_x + new_width / 2, center_y + new_height / 2
    if left < 0:
        right -= left
        left = 0
    if top < 0:
        bottom -= top
        top = 0
    if right > width - 1:
        left -= right - width + 1
        right = width - 1
    if bottom > height - 1:
        top -= bottom - height + 1
        bottom = height - 1
    return int(left), int(top), int(right), int(bottom)


CASES = [
    (640, 480, (200, 120, 140, 180), 2.7),
    (640, 480, (200, 120, 140, 180), 4.0),
    (640, 480, (0, 0, 100, 130), 2.7),
    (640, 480, (540, 350, 100, 130), 2.7),
    (640, 480, (5, 300, 90, 120), 4.0),
    (640, 480, (500, 5, 120, 150), 4.0),
    (1080, 1920, (430, 690, 210, 260), 2.7),
    (1080, 1920, (430, 690, 210, 260), 4.0),
    (1080, 1920, (20, 1700, 150, 190), 4.0),
    (700, 700, (180, 190, 300, 380), 2.7),
    (700, 700, (180, 190, 300, 380), 4.0),
    (100, 400, (10, 150, 80, 100), 2.7),
    (400, 100, (150, 5, 70, 90), 4.0),
    (80, 80, (0, 0, 80, 80), 2.7),
    (320, 240, (100.5, 80.25, 60.75, 81.5), 2.7),
    (320, 240, (0.4, 0.6, 61.2, 79.9), 4.0),
    (1920, 1080, (900, 400, 130, 170), 2.7),
    (1920, 1080, (1780, 900, 130, 170), 4.0),
    (640, 360, (300, 150, 63, 82), 4.0),
    (640, 360, (2, 2, 300, 350), 2.7),
]


@pytest.mark.parametrize(("width", "height", "box", "scale"), CASES)
def test_twenty_boxes_are_cropped_as_published(width: int, height: int, box: Box, scale: float) -> None:
    assert context_box(width, height, box, scale) == published(width, height, box, scale)


@given(
    width=st.integers(40, 2000),
    height=st.integers(40, 2000),
    scale=st.sampled_from([1.0, 2.7, 4.0]),
    data=st.data(),
)
def test_any_box_in_the_frame_is_cropped_as_published(
    width: int, height: int, scale: float, data: st.DataObject
) -> None:
    across, down = data.draw(st.floats(4, width)), data.draw(st.floats(4, height))
    box = (data.draw(st.floats(0, width - across)), data.draw(st.floats(0, height - down)), across, down)
    found = context_box(width, height, box, scale)
    # One may be off by the last bit of a float where the published code subtracts in another order.
    assert np.abs(np.subtract(found, published(width, height, box, scale))).max() <= 1
    left, top, right, bottom = found
    assert 0 <= left <= right <= width - 1
    assert 0 <= top <= bottom <= height - 1


@given(x=st.floats(-100, 639), y=st.floats(-100, 479), across=st.floats(1, 900), down=st.floats(1, 900))
def test_a_face_that_reaches_over_the_edge_still_gives_a_crop(
    x: float, y: float, across: float, down: float
) -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    assert context_crop(image, (x, y, across, down), 2.7).shape == (80, 80, 3)


def test_the_crop_shows_the_frame_at_its_place() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    image[100:300, 100:300] = 255
    crop = context_crop(image, (150, 150, 100, 100), 2.0)
    assert (crop[2:-2, 2:-2] == 255).all()
    wider = context_crop(image, (150, 150, 100, 100), 4.0)
    assert wider[40, 40].tolist() == [255, 255, 255]
    assert wider[5, 5].tolist() == [0, 0, 0]
