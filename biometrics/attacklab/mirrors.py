"""The mirror image of the screen that shows a challenge, in a flat thing that is held before its camera."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from biometrics.attacklab.optics import Floats, Light, Radiance, Reflection
from biometrics.attacklab.surfaces import Plane


@dataclass(frozen=True, slots=True)
class _Viewer:
    """A device with its camera above its screen. ``below_m`` from the camera to the screen's middle; ``away_m`` to what it sees."""

    width_m: float
    height_m: float
    below_m: float
    away_m: float


_PHONE = _Viewer(0.065, 0.14, 0.08, 0.35)
_LAPTOP = _Viewer(0.30, 0.19, 0.11, 0.50)


class Mirrored:
    """A screen under a camera, mirrored by a plane at arm's length that it looks at: twice as far away, on the plane's normal.

    Facing the camera a plane shows it in the picture's lower half; each degree of turn moves it by ``focal_px`` times
    the degree's tangent. An upright picture is a phone's, a wide one a laptop's. As strong and as blurred as the ``shine``.
    """

    def __init__(self, shine: Reflection, picture: tuple[int, int], focal_px: float) -> None:
        height, width = picture
        device = _PHONE if height > width else _LAPTOP
        scale = focal_px / (2 * device.away_m)
        middle = (width / 2, height / 2 + device.below_m * scale)
        image = np.zeros(picture, np.float32)
        outline = cv2.boxPoints((middle, (device.width_m * scale, device.height_m * scale), 0.0))
        cv2.fillConvexPoly(image, np.round(outline).astype(np.int32), shine.strength)
        self._image = np.asarray(cv2.GaussianBlur(image, (0, 0), shine.blur_px), dtype=np.float32)
        self._focal = focal_px

    def at(self, angles: Floats) -> Plane:
        """(H, W) the share of the screen's light that is mirrored while the plane is turned by pitch, yaw, roll (rad)."""
        shift = np.array([[1, 0, self._focal * np.tan(angles[1])], [0, 1, -self._focal * np.tan(angles[0])]])
        size = self._image.shape[::-1]
        return np.asarray(cv2.warpAffine(self._image, shift, size, borderMode=cv2.BORDER_REPLICATE))

    def onto(self, content: Radiance, angles: Floats, light: Light, level: float = 1.0) -> None:
        """Add it to a picture, in place; white paper in the room's light is ``level`` there."""
        if light.shines:
            image = self.at(angles)
            cv2.add(
                content, cv2.merge([image * np.float32(level * each) for each in light.screen]), dst=content
            )
