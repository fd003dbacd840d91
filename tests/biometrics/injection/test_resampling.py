"""Where theory puts the lines that scaling and other codecs leave, and that VP8 alone leaves none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.injection.motion import luma_of
from biometrics.injection.resampling import ENOUGH, Line, Resampling


def noise(size: tuple[int, int], count: int = 8) -> list[NDArray[np.uint8]]:
    rng = np.random.default_rng(1)
    soft = [cv2.GaussianBlur(rng.normal(0, 60, size), (0, 0), 0.8) for _ in range(count)]
    return [np.clip(120 + each, 0, 255).astype(np.uint8) for each in soft]


def line(pictures: list[NDArray[np.uint8]]) -> Line:
    adding = Resampling()
    for picture in pictures:
        adding.push(picture)
    found = adding.line()
    assert found is not None
    return found


@pytest.mark.parametrize("scale", [1.3, 1.55, 1.7])
def test_an_enlarged_picture_shows_its_scale(scale: float) -> None:
    """Linear interpolation by a factor s leaves a period of s px: the line lies at 1/s cycles a pixel, folded at one half."""
    size = (round(640 / scale), round(480 / scale))
    large = [cv2.resize(each, (640, 480), interpolation=cv2.INTER_LINEAR) for each in noise(size[::-1])]
    found = line([np.asarray(each, np.uint8) for each in large])
    exact = size[0] / 640
    assert found.frequency == pytest.approx(min(exact, 1 - exact), abs=2 / 1024)
    assert found.ratio > 20


def test_a_picture_that_was_never_scaled_shows_nothing() -> None:
    assert line(noise((480, 640))).ratio < 6.0


def test_a_call_s_own_codec_shows_nothing() -> None:
    """Soft noise that moves, through VP8 at 600 kbit/s: the macroblocks' lines are known and left out."""
    grey = noise((480, 640), 24)
    frames = np.stack([np.asarray(cv2.cvtColor(each, cv2.COLOR_GRAY2BGR), np.uint8) for each in grey])
    frames = np.stack([np.asarray(cv2.GaussianBlur(each, (0, 0), 3.0), np.uint8) for each in frames])
    coded = encode(frames, np.arange(24) / 15.0, Channel(600))
    assert line([luma_of(frame.image) for frame in decoded(coded)]).ratio < 6.0


def test_too_few_or_too_small_pictures_say_nothing() -> None:
    adding = Resampling()
    for picture in noise((100, 640)):
        adding.push(picture)
    assert adding.line() is None
    for picture in noise((480, 640))[: ENOUGH - 1]:
        adding.push(picture)
    assert adding.line() is None
    adding.push(noise((360, 640))[0])
    assert adding.pictures == 1
