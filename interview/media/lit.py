"""A clip in the light of a screen: the colours that a simulated page displays fall on the middle of the picture."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.flash import FADE_S, GREY
from biometrics.colour import coded_light, linear_light

SHARE: Final = 0.2
"""Of the room's light, where a grey screen shines: a phone at arm's length indoors is taken to add as much."""
_REACH: Final = (0.27, 0.48)
"""Half axes of the ellipse that is lit, as shares of the picture's width and height."""

Light = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Screen:
    """What it turns to, from what, since when. Linear R, G, B, and seconds."""

    colour: Light
    before: Light
    since_s: float

    def beam(self, now_s: float) -> Light:
        """Linear R, G, B that it emits at that moment."""
        gone = float(np.clip((now_s - self.since_s) / FADE_S, 0.0, 1.0))
        return np.asarray(self.before + (0.5 - 0.5 * np.cos(np.pi * gone)) * (self.colour - self.before))


class ScreenLight:
    """What a screen throws on a face before it. Nothing until a colour is shown, nor after the last one.

    ``now`` is the clock of `show`, in seconds. Frames may be lit on one thread while another shows colours.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._screen: _Screen | None = None
        self._reach = np.zeros((0, 0), np.float32)

    def show(self, colour: str | None) -> None:
        """The screen turns to ``#rrggbb`` from now on, as fast as the page fades; at once where it was dark, and for None."""
        was, now_s = self._screen, self._now()
        if colour is None:
            self._screen = None
        elif was is None:
            self._screen = _Screen(_linear(colour), np.zeros(3), -np.inf)
        else:
            self._screen = _Screen(_linear(colour), was.beam(now_s), now_s)

    def fall_on(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame as the camera sees it now; the same one while nothing is shown."""
        screen = self._screen
        if screen is None:
            return frame
        dark = frame.to_ndarray(format="bgr24")
        gain = 1.0 + SHARE * screen.beam(self._now())[::-1] / np.array(GREY.linear)
        levels = linear_light(np.arange(256) / 255.0)[:, np.newaxis] * gain
        table = np.round(255.0 * coded_light(np.minimum(levels, 1.0))).astype(np.uint8)
        lit = cv2.LUT(dark, table[np.newaxis])
        reach = self._reaching(frame.height, frame.width)
        seen = np.asarray(cv2.blendLinear(lit, dark, reach, 1.0 - reach), dtype=np.uint8)
        out = av.VideoFrame.from_ndarray(seen, format="bgr24").reformat(format="yuv420p")
        out.pts, out.time_base = frame.pts, frame.time_base
        return out

    def _reaching(self, height: int, width: int) -> NDArray[np.float32]:
        if self._reach.shape != (height, width):
            reach = np.zeros((height, width), np.float32)
            axes = round(_REACH[0] * width), round(_REACH[1] * height)
            cv2.ellipse(reach, (width // 2, height // 2), axes, 0, 0, 360, 1.0, -1)
            self._reach = np.asarray(cv2.GaussianBlur(reach, (0, 0), width / 40), dtype=np.float32)
        return self._reach


def _linear(colour: str) -> Light:
    return linear_light(np.array([int(colour[k : k + 2], 16) for k in (1, 3, 5)]) / 255.0)
