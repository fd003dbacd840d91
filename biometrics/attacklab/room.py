"""What surrounds an instrument before the camera: a room, a frame round a screen, a sheet's margin, the hand that holds it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import Floats, Light, Radiance, corners, warp

BEHIND = 0.05
"""What of a screen's light beside the camera reaches the room behind: as if it were 4.5 times as far away as the face."""
_SKIN = ((0.12, 0.20, 0.42), (0.17, 0.28, 0.55), (0.06, 0.11, 0.25))
"""Linear BGR reflectance of hands."""


def room(rng: np.random.Generator, picture: tuple[int, int]) -> Radiance:
    """An indoor scene out of focus: a wall with a gradient of light, furniture, sometimes a window."""
    height, width = picture
    wall = rng.uniform(0.18, 0.55) * rng.uniform(0.8, 1.0, 3)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    slope = rng.uniform(-0.35, 0.35, 2)
    shade = 1 + slope[0] * (x / width - 0.5) + slope[1] * (y / height - 0.5)
    scene = np.asarray(shade[..., np.newaxis] * wall.astype(np.float32), dtype=np.float32)
    for _ in range(int(rng.integers(4, 11))):
        left, top = rng.uniform(-0.2, 1.0, 2) * (width, height)
        across, down = rng.uniform(0.05, 0.5, 2) * (width, height)
        tint = rng.uniform(0.02, 0.5, 3) * rng.uniform(0.3, 1.0)
        box = ((left + across / 2, top + down / 2), (across, down), float(rng.normal(0, 2)))
        cv2.fillConvexPoly(scene, cv2.boxPoints(box).astype(np.int32), [float(v) for v in tint])
    grain = cv2.GaussianBlur(rng.standard_normal(picture, dtype=np.float32), (0, 0), 2.0)
    scene *= 1 + np.float32(0.25) * grain[..., np.newaxis]
    return np.asarray(cv2.GaussianBlur(scene, (0, 0), float(rng.uniform(1.2, 3.5))), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Prop:
    """A flat instrument seen from the front. ``dress`` (h, w, 3) light of its frame and of the fingers on it.

    ``covers`` (h, w, 2): how much instrument and fingers cover of what lies behind, and how much of that is content.
    ``offset`` of the content in it (x, y px); one px here is one px of the content; ``content`` its (height, width);
    ``touched`` whether fingers may reach over the content.
    """

    dress: Radiance
    covers: NDArray[np.float32]
    offset: tuple[int, int]
    content: tuple[int, int]
    touched: bool

    def over(
        self, background: Radiance, content: Radiance, homography: Floats, light: Light, facing: float
    ) -> Radiance:
        """The instrument in its place (``homography`` content -> picture) before a background.

        ``content`` (H, W, 3) is seen from the camera and lit already. Where it fills the picture it is all there is.
        ``facing`` cosine between the instrument's normal and the way to the camera.
        """
        picture = background.shape[:2]
        if self._fills(homography, (picture[0], picture[1])):
            return content
        moved = homography @ np.array(
            [[1, 0, -self.offset[0]], [0, 1, -self.offset[1]], [0, 0, 1]], np.float64
        )
        dress = warp(self.dress, moved, (picture[0], picture[1]), cv2.BORDER_REPLICATE)
        covers = warp(self.covers, moved, (picture[0], picture[1]), cv2.BORDER_CONSTANT)
        cover, window = cv2.split(covers)
        instrument = cv2.blendLinear(content, light.over(dress, facing), window, 1 - window)
        return np.asarray(cv2.blendLinear(instrument, light.over(background, BEHIND), cover, 1 - cover))

    def _fills(self, homography: Floats, picture: tuple[int, int]) -> bool:
        if self.touched:
            return False
        outline = corners(homography, self.content).astype(np.float32)
        rim = [(0, 0), (picture[1], 0), (picture[1], picture[0]), (0, picture[0])]
        return all(cv2.pointPolygonTest(outline, (float(x), float(y)), True) > 2 for x, y in rim)


@dataclass(frozen=True, slots=True)
class Rim:
    """A frame round the content: ``width_px`` on the sides, ``ends_px`` above and below, its linear BGR ``light``, corners of ``round_px``."""

    width_px: int
    ends_px: int
    light: tuple[float, float, float]
    round_px: int = 0


def prop(content: tuple[int, int], rim: Rim, fingers: int, rng: np.random.Generator) -> Prop:
    """Build an instrument round a content of (height, width), held by some ``fingers`` at its sides."""
    margin = max(content) // 6 + max(rim.width_px, rim.ends_px)
    height, width = content[0] + 2 * margin, content[1] + 2 * margin
    body = np.zeros((height, width), np.float32)
    left, top = margin - rim.width_px, margin - rim.ends_px
    right, bottom = margin + content[1] + rim.width_px, margin + content[0] + rim.ends_px
    _rounded(body, (left, top, right, bottom), rim.round_px)
    window = np.zeros_like(body)
    window[margin : margin + content[0], margin : margin + content[1]] = 1
    dress = np.broadcast_to(np.array(rim.light, np.float32), (height, width, 3)).copy()
    for _ in range(fingers):
        side = left if rng.uniform() < 0.5 else right
        _finger(dress, body, window, (side, rng.uniform(top + 0.2 * height, bottom)), rng)
    soft = [cv2.GaussianBlur(layer, (0, 0), 0.7) for layer in (body, window)]
    return Prop(dress, np.dstack(soft), (margin, margin), content, fingers > 0)


def _rounded(body: NDArray[np.float32], box: tuple[int, int, int, int], radius: int) -> None:
    left, top, right, bottom = box
    cv2.rectangle(body, (left + radius, top), (right - radius, bottom), 1.0, cv2.FILLED)
    cv2.rectangle(body, (left, top + radius), (right, bottom - radius), 1.0, cv2.FILLED)
    for x in (left + radius, right - radius):
        for y in (top + radius, bottom - radius):
            cv2.circle(body, (x, y), radius, 1.0, cv2.FILLED)


def _finger(
    dress: Radiance,
    body: NDArray[np.float32],
    window: NDArray[np.float32],
    root: tuple[float, float],
    rng: np.random.Generator,
) -> None:
    """Lay a finger over an edge: a capsule, lighter along its middle."""
    inwards = 1 if root[0] < dress.shape[1] / 2 else -1
    thick = dress.shape[1] * rng.uniform(0.028, 0.045)
    tip = (
        round(root[0] + inwards * thick * rng.uniform(0.8, 2.0)),
        round(root[1] - thick * rng.uniform(-1, 1)),
    )
    start = (round(root[0] - inwards * dress.shape[1] * 0.3), round(root[1] + thick * rng.uniform(0, 3)))
    skin = np.array(_SKIN[int(rng.integers(len(_SKIN)))])
    shape = np.zeros(body.shape, np.float32)
    cv2.line(shape, start, tip, 1.0, round(2 * thick))
    tone = np.zeros(body.shape, np.float32)
    for share in (1.0, 0.75, 0.5, 0.25):
        cv2.line(tone, start, tip, 1.3 - 0.7 * share, round(2 * thick * share))
    tone = np.asarray(cv2.GaussianBlur(tone, (0, 0), thick * 0.25), dtype=np.float32)
    inside, around = shape > 0, cv2.dilate(shape, np.ones((7, 7), np.uint8)) > 0
    dress[around] = np.maximum(tone, 0.5)[around, np.newaxis] * skin.astype(np.float32)
    body[inside] = 1
    window[inside] = 0
