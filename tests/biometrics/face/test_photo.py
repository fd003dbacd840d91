from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.face.photo import LONGEST_PX, PhotoError, picture_size, read_photo


def encoded(extension: str, *options: int, width: int = 53, height: int = 37) -> bytes:
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    return cv2.imencode(extension, image, list(options))[1].tobytes()


FORMATS = [
    encoded(".png"),
    encoded(".jpg"),
    encoded(".jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1),
    encoded(".webp", cv2.IMWRITE_WEBP_QUALITY, 80),
    encoded(".webp", cv2.IMWRITE_WEBP_QUALITY, 101),
]


@pytest.mark.parametrize("data", FORMATS)
def test_size_and_pixels_of_each_format(data: bytes) -> None:
    assert picture_size(data) == (53, 37)
    assert read_photo(data).shape == (37, 53, 3)


def test_extended_webp_keeps_its_size_elsewhere() -> None:
    header = b"RIFF\x00\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(4) + (4999).to_bytes(3, "little")
    assert picture_size(header + (2999).to_bytes(3, "little")) == (5000, 3000)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def test_a_small_file_that_claims_gigabytes_is_refused_before_it_is_decoded() -> None:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    with pytest.raises(PhotoError, match=r"60000 x 60000 pixels, too many"):
        read_photo(bomb)


def test_a_photo_is_turned_upright_by_its_exif_tag() -> None:
    image = np.zeros((40, 60, 3), np.uint8)
    image[:, :20] = 255
    jpeg = cv2.imencode(".jpg", image)[1].tobytes()
    orientation = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
    tiff = b"II*\x00\x08\x00\x00\x00" + struct.pack("<H", 1) + orientation + bytes(4)
    exif = b"Exif\x00\x00" + tiff
    upright = read_photo(jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:])
    assert upright.shape == (60, 40, 3)
    assert upright[5].mean() > 200 > 50 > upright[-5].mean()


def test_a_large_photo_is_reduced() -> None:
    photo = read_photo(encoded(".jpg", width=6000, height=1500))
    assert photo.shape == (LONGEST_PX // 4, LONGEST_PX, 3)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The photo is empty: choose another file."),
        (b"%PDF-1.7 ...", "The file is no picture that can be read: choose a JPEG, PNG or WebP photo."),
        (encoded(".bmp"), "The file is no picture that can be read: choose a JPEG, PNG or WebP photo."),
        (encoded(".png")[:60], "The photo is damaged and cannot be read: choose another file."),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(PhotoError) as caught:
        read_photo(data)
    assert str(caught.value) == sentence


@given(
    which=st.sampled_from(FORMATS),
    at=st.integers(0, 400),
    length=st.integers(0, 200),
    junk=st.binary(max_size=40),
)
def test_damage_anywhere_is_a_photo_or_a_sentence(which: bytes, at: int, length: int, junk: bytes) -> None:
    data = which[:at] + junk + which[at + length :]
    sentence = "."
    try:
        photo = read_photo(data)
    except PhotoError as error:
        photo, sentence = np.zeros((1, 1, 3), np.uint8), str(error)
    assert photo.shape[2] == 3
    assert sentence.endswith(".")
