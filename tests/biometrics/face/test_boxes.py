from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.face.boxes import Box, Region, around, distinct, extent

boxes = st.builds(
    Box,
    x=st.floats(-50, 500),
    y=st.floats(-50, 500),
    width=st.floats(1, 300),
    height=st.floats(1, 300),
    score=st.floats(0, 1),
)


def test_a_region_inside_the_frame_is_cut_out_as_it_is() -> None:
    image = np.random.default_rng(0).integers(0, 256, (60, 80, 3), np.uint8)
    crop, scale = Region(10, 20, 30).crop(image, 100)
    assert scale == 1.0
    assert np.array_equal(crop, image[20:50, 10:40])


def test_beyond_the_edge_a_region_is_black() -> None:
    image = np.full((20, 20, 3), 200, np.uint8)
    crop, _ = Region(-10, -5, 30).crop(image, 100)
    assert crop.shape == (30, 30, 3)
    assert (crop[5:25, 10:30] == 200).all()
    assert not crop[:5].any()
    assert not crop[:, :10].any()


def test_a_region_outside_the_frame_is_all_black() -> None:
    crop, _ = Region(100, 100, 10).crop(np.full((20, 20, 3), 200, np.uint8), 100)
    assert crop.shape == (10, 10, 3)
    assert not crop.any()


@given(
    left=st.integers(-200, 400),
    top=st.integers(-200, 300),
    side=st.integers(1, 700),
    longest=st.integers(8, 200),
)
def test_a_crop_never_exceeds_its_longest_side_and_scale_leads_back(
    left: int, top: int, side: int, longest: int
) -> None:
    crop, scale = Region(left, top, side).crop(np.full((300, 400, 3), 9, np.uint8), longest)
    assert crop.shape == (min(side, longest), min(side, longest), 3)
    assert crop.shape[0] * scale == pytest.approx(side)


def test_a_shrunk_region_keeps_places_to_a_pixel_of_the_crop() -> None:
    image = np.zeros((400, 400, 3), np.uint8)
    image[200:240, 120:160] = 255
    crop, scale = Region(-40, 60, 320).crop(image, 80)
    rows, columns = np.nonzero(crop[..., 0] > 127)
    found = Box(
        float(columns.min()), float(rows.min()), float(np.ptp(columns)) + 1, float(np.ptp(rows)) + 1
    ).moved(-40, 60, scale)
    assert (found.x, found.y, found.width, found.height) == pytest.approx((120, 200, 40, 40), abs=scale)


@given(boxes, boxes)
def test_cover_is_symmetric_a_share_and_1_for_itself(one: Box, other: Box) -> None:
    assert one.covered_by(other) == other.covered_by(one)
    assert 0.0 <= one.covered_by(other) <= 1.0 + 1e-9
    assert one.covered_by(one) == pytest.approx(1.0)


def test_a_box_inside_another_is_covered_whole() -> None:
    assert Box(0, 0, 100, 100).covered_by(Box(40, 40, 10, 10)) == 1.0
    assert Box(0, 0, 10, 10).covered_by(Box(20, 0, 10, 10)) == 0.0


@given(st.lists(boxes, max_size=8))
def test_distinct_boxes_do_not_overlap_and_lose_no_heap(found: list[Box]) -> None:
    kept = distinct(found, 0.4)
    assert all(a.covered_by(b) <= 0.4 for i, a in enumerate(kept) for b in kept[:i])
    for box in found:
        assert any(
            box is other or (box.covered_by(other) > 0.4 and other.score >= box.score) for other in kept
        )


def test_around_is_centred_and_extent_holds_every_point() -> None:
    assert around((50.0, 40.0), 20.0) == Region(40, 30, 20)
    points = np.array([[1, 2, 0], [5, 9, 0], [3, 4, 7]], np.float32)
    assert extent(points) == Box(1.0, 2.0, 4.0, 7.0)
