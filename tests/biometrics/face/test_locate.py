from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.face.locate import LONG_SIDE_PX, levels, locate, shrink
from tests.biometrics.face.fakes import FACE, PaintFinder, scene


@given(width=st.integers(40, 700), height=st.integers(40, 700))
def test_every_level_covers_the_whole_frame(width: int, height: int) -> None:
    for level in levels(width, height):
        covered = np.zeros((height, width), bool)
        for tile in level:
            covered[max(tile.top, 0) : tile.top + tile.side, max(tile.left, 0) : tile.left + tile.side] = True
        assert covered.all()


@given(width=st.integers(40, 700), height=st.integers(40, 700))
def test_neighbouring_tiles_share_half_so_that_no_face_is_cut_in_all_of_them(width: int, height: int) -> None:
    for level in levels(width, height):
        for starts in (sorted({tile.left for tile in level}), sorted({tile.top for tile in level})):
            gaps = np.diff(starts)
            assert not len(gaps) or gaps.max() <= level[0].side / 2 + 1


def test_a_small_face_on_a_portrait_frame_is_found_on_a_tile() -> None:
    image = scene(1080, 1920, (430, 700, 200, FACE))
    (found,) = locate(image, PaintFinder())
    assert (found.x, found.y, found.width) == pytest.approx((430, 700, 200), abs=12)


@settings(max_examples=30)
@given(left=st.integers(0, 1080 - 240), top=st.integers(0, 1920 - 240))
def test_a_face_is_found_wherever_it_is(left: int, top: int) -> None:
    (found,) = locate(scene(1080, 1920, (left, top, 240, FACE)), PaintFinder())
    assert (found.x, found.y) == pytest.approx((left, top), abs=12)


def test_a_large_face_ends_the_search_unless_it_is_thorough() -> None:
    image = scene(640, 360, (20, 60, 240, FACE), (500, 150, 60, FACE))
    quick, thorough = PaintFinder(), PaintFinder()
    assert len(locate(image, quick)) == 1
    assert len(locate(image, thorough, thorough=True)) == 2
    assert quick.pictures == 1 < thorough.pictures


@pytest.mark.parametrize("shape", [(1, 1), (16, 600), (31, 31)])
def test_a_tiny_frame_holds_no_face(shape: tuple[int, int]) -> None:
    finder = PaintFinder()
    assert locate(np.zeros((*shape, 3), np.uint8), finder) == []
    assert finder.pictures == 0


def test_frames_are_searched_in_rgb_at_a_fixed_size() -> None:
    small, scale = shrink(scene(3840, 2160, (0, 0, 2000, FACE)))
    assert max(small.shape) == LONG_SIDE_PX
    assert scale == 6.0
    assert tuple(small[10, 10]) == (255, 0, 0)
