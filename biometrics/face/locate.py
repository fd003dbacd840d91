"""Where are faces in a whole frame? A coarse-to-fine search over square tiles.

The short-range face model sees its picture at 128 px, so a face on a portrait phone frame is too small for it there.
It is found again on tiles of the frame's short side, then of 0.6 of that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import cv2
import numpy as np

from biometrics.face.boxes import Box, Image, Region, distinct

LONG_SIDE_PX = 640
"""Frames are searched at this size: a face of 40 px there is a third of the smallest tile at 16:9."""
SMALL = 0.6
"""Side of a small tile, as a share of the frame's short side."""
OVERLAP = 0.5
LEAST_SIDE_PX = 32
"""A frame below this holds no face worth measuring."""


class Finder(Protocol):
    """Finds faces in one RGB picture."""

    def find(self, rgb: Image, /) -> list[Box]: ...


def locate(image: Image, finder: Finder, *, thorough: bool = False) -> list[Box]:
    """The faces in a BGR frame, in its pixels, best first.

    Stops at the first level of tiles that shows any, unless ``thorough``: then small faces beside a large one are found.
    """
    if min(image.shape[:2]) < LEAST_SIDE_PX:
        return []
    small, scale = shrink(image)
    found: list[Box] = []
    for level in levels(small.shape[1], small.shape[0]):
        for tile in level:
            found += _search(small, tile, finder)
        if found and not thorough:
            break
    return distinct(box.moved(0.0, 0.0, scale) for box in found)


def shrink(image: Image) -> tuple[Image, float]:
    """BGR of any size to RGB of at most 640 px; and how many px of the frame one px of it spans."""
    height, width = image.shape[:2]
    scale = max(max(height, width) / LONG_SIDE_PX, 1.0)
    if scale > 1.0:
        size = (max(round(width / scale), 1), max(round(height / scale), 1))
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2RGB), dtype=np.uint8), scale


def levels(width: int, height: int) -> Iterator[list[Region]]:
    """The whole frame as one square with black beside it, squares of the short side, squares of 0.6 of that."""
    short, long = min(width, height), max(width, height)
    yield [Region((width - long) // 2, (height - long) // 2, long)]
    for side in (short, round(short * SMALL)):
        if side < long:
            yield [Region(x, y, side) for y in _starts(height, side) for x in _starts(width, side)]


def _starts(length: int, side: int) -> list[int]:
    """Where tiles start so that they cover a length with at least half of each over the next."""
    count = int(np.ceil((length - side) / (side * (1.0 - OVERLAP)))) + 1
    return [round(float(start)) for start in np.linspace(0, length - side, count)]


def _search(rgb: Image, tile: Region, finder: Finder) -> list[Box]:
    crop, scale = tile.crop(rgb, LONG_SIDE_PX)
    return [box.moved(tile.left, tile.top, scale) for box in finder.find(crop)]
