"""Reading an image file that a stranger sent: its size is read from its header before anything is decoded."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from biometrics.face.boxes import Image

MOST_PIXELS = 100_000_000
"""Above this a photo is a mistake or an attack on memory: a small file may claim gigabytes of pixels."""
LONGEST_PX = 3000
"""Photos are reduced to this: an A4 page scanned at 250 dpi, on which a card's face still has 50 px between the eyes."""

_JPEG_STAND_ALONE = {0x01, *range(0xD0, 0xD9)}
_JPEG_NO_FRAME = {0xC4, 0xC8, 0xCC}


class PhotoError(ValueError):
    """A file that is no photo we can read. ``str(error)`` is a sentence for a person."""


def read_photo(data: bytes) -> Image:
    """A JPEG, PNG or WebP file as BGR of at most 3000 px, turned upright by its EXIF tag. Raises PhotoError."""
    if not data:
        raise PhotoError("The photo is empty: choose another file.")
    size = picture_size(data)
    if size is None:
        raise PhotoError("The file is no picture that can be read: choose a JPEG, PNG or WebP photo.")
    if size[0] * size[1] > MOST_PIXELS:
        raise PhotoError(
            f"The photo has {size[0]} x {size[1]} pixels, too many to be read: choose one below "
            f"{MOST_PIXELS // 1_000_000} megapixels."
        )
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise PhotoError("The photo is damaged and cannot be read: choose another file.")
    return _reduced(np.asarray(image, dtype=np.uint8))


def _reduced(image: Image) -> Image:
    longest = max(image.shape[:2])
    if longest <= LONGEST_PX:
        return image
    size = tuple(max(round(side * LONGEST_PX / longest), 1) for side in image.shape[1::-1])
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def picture_size(data: bytes) -> tuple[int, int] | None:
    """Width and height that a JPEG, PNG or WebP header claims; None for anything else."""
    readers: tuple[tuple[bool, Callable[[bytes], tuple[int, int]]], ...] = (
        (data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR", _png_size),
        (data.startswith(b"\xff\xd8"), _jpeg_size),
        (data.startswith(b"RIFF") and data[8:12] == b"WEBP", _webp_size),
    )
    for matches, reader in readers:
        if matches:
            width, height = reader(data)
            return (width, height) if width > 0 and height > 0 else None
    return None


def _png_size(data: bytes) -> tuple[int, int]:
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the segments to the start of frame, which holds the size."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _JPEG_STAND_ALONE:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in _JPEG_NO_FRAME:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return 0, 0


def _webp_size(data: bytes) -> tuple[int, int]:
    """Lossy, lossless and extended WebP each keep the size in their own place."""
    kind = data[12:16]
    if kind == b"VP8X":
        return int.from_bytes(data[24:27], "little") + 1, int.from_bytes(data[27:30], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return (
            int.from_bytes(data[26:28], "little") & 0x3FFF,
            int.from_bytes(data[28:30], "little") & 0x3FFF,
        )
    return 0, 0
