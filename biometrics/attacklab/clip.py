"""A source take: a person before a camera, small enough to work with, with landmarks found once and kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image, Landmarks

SHORT_PX = 480
"""A take's short side is at most this long."""
Frames = NDArray[np.uint8]
"""(n, H, W, 3) uint8 BGR."""
Samples = NDArray[np.float32]
"""(m,) mono in -1..1."""

_RIGHT_CHEEK, _LEFT_CHEEK = 50, 280
_OUTLINE = (10, 152, 234, 454)
"""Top of the forehead, chin, and the two sides of the face."""
Numbers = TypeVar("Numbers", bound=np.generic)


@dataclass(frozen=True, slots=True)
class Clip:
    """A take, or a photo where there is one frame.

    ``frames`` (n, H, W, 3) uint8 BGR, often a read-only map of a file; ``fps`` of the take; ``audio`` (m,) float32 mono
    in -1..1 or None; ``subject`` who it shows; ``source`` the file's name without its ending; ``landmarks``
    (n, 478, 3) float32 in px of the frames; ``ita_deg`` individual typology angle of the cheeks (skin tone), if it
    was measured; ``dubbed`` whether the sound is somebody else's, who is then the ``subject``, and any stretch of it goes with any
    picture.
    """

    frames: Frames
    fps: float
    audio: Samples | None
    sample_rate: int
    subject: str
    source: str
    landmarks: NDArray[np.float32]
    ita_deg: float | None = None
    dubbed: bool = False

    @property
    def still(self) -> bool:
        """Whether it is a photo."""
        return len(self.frames) == 1

    @property
    def duration_s(self) -> float:
        return len(self.frames) / self.fps

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) px."""
        return int(self.frames.shape[1]), int(self.frames.shape[2])

    def face(self, index: int) -> tuple[float, float, float]:
        """Centre (x, y) of the face in a frame, and its length from forehead to chin, px."""
        points = self.landmarks[index, _OUTLINE, :2]
        x, y = points.mean(axis=0)
        return float(x), float(y), float(np.linalg.norm(points[0] - points[1]))


def bounced(index: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Frame numbers that run to the end of ``count`` frames and back again, as often as needed."""
    if count == 1:
        return np.zeros_like(index)
    there = index % (2 * count - 2)
    return np.asarray(np.where(there < count, there, 2 * count - 2 - there))


def upright(image: Image) -> Image:
    """A picture scaled down to `SHORT_PX`, if it is larger, with even sides."""
    height, width = image.shape[:2]
    scale = min(1.0, SHORT_PX / min(height, width))
    size = (max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))
    if size == (width, height):
        return image
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def filled(found: Sequence[Landmarks | None]) -> NDArray[np.float32] | None:
    """(n, 478, 3) landmarks with gaps interpolated; None where more than a fifth of the frames has none."""
    known = [i for i, each in enumerate(found) if each is not None]
    if len(known) < max(1, 0.8 * len(found)):
        return None
    seen = np.stack([found[i] for i in known]).astype(np.float32)  # type: ignore[misc]
    at = np.interp(np.arange(len(found)), known, np.arange(len(known)))
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(known) - 1)
    share = (at - low).astype(np.float32)[:, np.newaxis, np.newaxis]
    return np.asarray(seen[low] * (1 - share) + seen[high] * share, dtype=np.float32)


def ita_deg(image: Image, landmarks: Landmarks) -> float:
    """Individual typology angle of both cheeks, degrees: light skin is above 41, dark below 10 (Chardon et al. 1991).

    Uncontrolled light makes it uncertain: fit for slicing results, never for judging a person.
    """
    side = max(2, round(0.06 * float(np.linalg.norm(landmarks[10, :2] - landmarks[152, :2]))))
    patches = []
    for cheek in (_RIGHT_CHEEK, _LEFT_CHEEK):
        x, y = (int(v) for v in landmarks[cheek, :2])
        patch = image[max(y - side, 0) : y + side, max(x - side, 0) : x + side]
        patches.append(patch.reshape(-1, 3))
    skin = np.concatenate(patches)
    if len(skin) == 0:
        return 0.0
    lab = cv2.cvtColor(
        (skin.mean(axis=0, keepdims=True)[np.newaxis] / 255).astype(np.float32), cv2.COLOR_BGR2LAB
    )
    lightness, _, yellow = (float(v) for v in lab[0, 0])
    return float(np.degrees(np.arctan2(lightness - 50.0, max(yellow, 1e-3))))


Locate = Callable[[Image], Landmarks | None]
"""Finds the one face in a photo."""
Follow = Callable[[Frames, float], list[Landmarks | None]]
"""Finds the face in each frame of a take of so many frames a second."""
