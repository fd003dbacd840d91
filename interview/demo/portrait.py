"""Make a still portrait talk: jaw, blink and head motion as one smooth warp of the photo.

The result is an animated photograph, that is an attack presentation. It serves to show the product at work and never
to measure it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]
Landmarks = NDArray[np.float32]

# Indices of the MediaPipe face mesh.
_UPPER_LIP, _LOWER_LIP, _MOUTH_LEFT, _MOUTH_RIGHT, _CHIN = 13, 14, 308, 78, 152
_EYES = ((159, 145, 33, 133), (386, 374, 362, 263))
"""Upper lid, lower lid and the two corners of each eye."""

_BLINK_EVERY_S = 3.7
_BLINK_S = 0.22
_GRAINS = 8
"""Noise pictures, shifted by a random amount each time: drawing fresh noise costs more than all the rest."""


@dataclass(frozen=True, slots=True)
class Motion:
    """One instant: ``jaw`` and ``lid`` closed 0 to fully moved 1; head ``roll_deg`` and ``shift`` (x, y) px."""

    jaw: float
    lid: float
    roll_deg: float
    shift: tuple[float, float]


def loudness(samples: NDArray[np.float32], sample_rate: int, fps: int) -> NDArray[np.float32]:
    """Mouth opening for each video frame, 0..1, from the sound's envelope. ``samples`` (n,) mono; gives (frames,)."""
    hop = sample_rate // fps
    frames = len(samples) // hop
    energy = np.sqrt((samples[: frames * hop].reshape(frames, hop) ** 2).mean(axis=1))
    level = np.clip(energy / max(float(np.quantile(energy, 0.95)), 1e-4), 0.0, 1.0)
    return np.convolve(level, [0.25, 0.5, 0.25], mode="same").astype(np.float32)


def motion_at(t: float, jaw: float) -> Motion:
    """The pose at ``t`` seconds: slow head sway, a blink every few seconds."""
    phase = (t % _BLINK_EVERY_S) / _BLINK_S
    lid = sin(pi * phase) if phase < 1.0 else 0.0
    return Motion(
        jaw=jaw,
        lid=lid,
        roll_deg=1.6 * sin(2 * pi * 0.11 * t) + 0.7 * sin(2 * pi * 0.31 * t + 1.0),
        shift=(4.0 * sin(2 * pi * 0.09 * t + 0.4), 2.5 * sin(2 * pi * 0.17 * t)),
    )


class TalkingPortrait:
    """Warps one portrait. ``image`` (H, W, 3) uint8 BGR; ``landmarks`` (478, 3) px in that image."""

    def __init__(self, image: Image, landmarks: Landmarks) -> None:
        height, width = self.size = (image.shape[0], image.shape[1])
        self._image = image
        self._x, self._y = np.meshgrid(
            np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        )
        self._jaw = self._jaw_field(landmarks)
        self._lids = self._lid_field(landmarks)
        self._centre = (float(landmarks[_CHIN, 0]), float(landmarks[_CHIN, 1]))

    def _bump(self, centre: tuple[float, float], sigma: tuple[float, float]) -> NDArray[np.float32]:
        across = ((self._x - centre[0]) / sigma[0]) ** 2 + ((self._y - centre[1]) / sigma[1]) ** 2
        bump: NDArray[np.float32] = np.exp(-0.5 * across).astype(np.float32)
        return bump

    def _jaw_field(self, points: Landmarks) -> NDArray[np.float32]:
        """Downward shift in px of every pixel when the jaw is fully open."""
        mouth_width = float(np.linalg.norm(points[_MOUTH_LEFT, :2] - points[_MOUTH_RIGHT, :2]))
        line = float(points[_UPPER_LIP, 1] + points[_LOWER_LIP, 1]) / 2
        chin = float(points[_CHIN, 1])
        below = np.clip((self._y - line) / max(0.12 * mouth_width, 1.0), 0.0, 1.0)
        fade = np.clip((chin + 0.6 * (chin - line) - self._y) / max(0.6 * (chin - line), 1.0), 0.0, 1.0)
        across = self._bump((float(points[_LOWER_LIP, 0]), line), (0.55 * mouth_width, 1e6))
        field: NDArray[np.float32] = (0.22 * mouth_width * below * fade * across).astype(np.float32)
        return field

    def _lid_field(self, points: Landmarks) -> NDArray[np.float32]:
        """Downward shift in px of every pixel when both eyes are closed."""
        field = np.zeros_like(self._x)
        for upper, lower, left, right in _EYES:
            opening = max(float(points[lower, 1] - points[upper, 1]), 2.0)
            width = float(np.linalg.norm(points[left, :2] - points[right, :2]))
            centre = (float(points[[left, right], 0].mean()), float(points[[upper, lower], 1].mean()))
            field += 1.25 * opening * self._bump(centre, (0.45 * width, 0.8 * opening))
        return field

    def frame(self, motion: Motion) -> Image:
        """The portrait in one pose. (H, W, 3) uint8 BGR."""
        turn = cv2.getRotationMatrix2D(self._centre, motion.roll_deg, 1.0)
        turn[:, 2] += np.array(motion.shift)
        back = cv2.invertAffineTransform(turn)
        x = (back[0, 0] * self._x + back[0, 1] * self._y + back[0, 2]).astype(np.float32)
        y = (back[1, 0] * self._x + back[1, 1] * self._y + back[1, 2]).astype(np.float32)
        shift = motion.jaw * self._jaw + motion.lid * self._lids
        shift = cv2.remap(shift, x, y, cv2.INTER_LINEAR)
        warped = cv2.remap(self._image, x, y - shift, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
        return np.asarray(warped, dtype=np.uint8)


def talking_frames(
    portrait: TalkingPortrait, jaw: NDArray[np.float32], fps: int, seed: int = 1
) -> Iterator[Image]:
    """Frames for each value of ``jaw`` (frames,), with sensor noise of about 1.5 grey levels."""
    random = np.random.default_rng(seed)
    grains = random.normal(0.0, 1.5, (_GRAINS, *portrait.size, 1)).round().astype(np.int16)
    for index, opening in enumerate(jaw):
        grain = np.roll(grains[index % _GRAINS], random.integers(0, portrait.size[1]), axis=1)
        noisy = portrait.frame(motion_at(index / fps, float(opening))) + grain
        yield np.clip(noisy, 0, 255).astype(np.uint8)
