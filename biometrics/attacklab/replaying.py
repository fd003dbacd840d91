"""A video that plays on a screen before the camera: the screen's picture, its rhythm, its glass and its frame."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Clip, Frames
from biometrics.attacklab.mirrors import Mirrored
from biometrics.attacklab.optics import (
    Floats,
    Light,
    Lights,
    Motion,
    Radiance,
    Reflection,
    plane_homographies,
)
from biometrics.attacklab.presenting import Box, focal_px, portrait, room_level, shown_frames
from biometrics.attacklab.room import Prop, room
from biometrics.attacklab.screen import Display, Recapture, refresh_share
from biometrics.attacklab.species import Scene
from biometrics.face.boxes import Image

_REFRESH_HZ = 60.0
PANEL = 0.015
"""What a panel that is off throws back of light, in all directions. An assumption: 1-2 % (black absorbers, thin films).

Beside that only the mirror image is left, sharp or blurred (diffuse, haze and specular part: Kelley, Jones and Germer 1998).
"""


@dataclass(frozen=True, slots=True)
class Played:
    """What plays: a take's portraits, cut by the attacker."""

    clip: Clip
    box: Box
    size: tuple[int, int]

    def image(self, index: int) -> Image:
        """Picture number ``index``."""
        return portrait(self.clip, index, self.box, self.size)

    def indices(self, t: Floats) -> NDArray[np.int64]:
        """(n,) which picture is on at each time."""
        return shown_frames(self.clip, t)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What plays: pictures (n, H, W, 3) as they were recorded, at the ``times`` (n,) s."""

    frames: Frames
    times: Floats

    def image(self, index: int) -> Image:
        """Picture number ``index``."""
        return np.asarray(self.frames[index])

    def indices(self, t: Floats) -> NDArray[np.int64]:
        """(n,) which picture is on at each time."""
        return np.asarray(np.maximum(np.searchsorted(self.times, t, side="right") - 1, 0), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Device:
    """A screen in its frame. ``rows`` (n, height) gain of each picture row; ``tears`` whether rewriting the panel shows."""

    display: Display
    recapture: Recapture
    frame: Prop
    shine: Reflection
    rows: NDArray[np.float32]
    tears: bool = False
    _kept: dict[int, Radiance] = field(default_factory=dict)

    def seen(
        self, scene: Scene, played: Played | Recorded, t: Floats, motion: Motion, lights: Lights
    ) -> Iterator[Radiance]:
        """The radiance before the lens at each time."""
        level = np.float32(room_level(scene))
        behind = room(scene.rng, scene.size) * level
        homographies = plane_homographies(motion, self.frame.content, scene.size, focal_px(scene))
        still = bool((np.ptp(homographies, axis=0) == 0).all())
        mirrored = self.shine.at(motion.angles[0]) * level
        viewer = Mirrored(self.shine, scene.size, focal_px(scene))
        now = played.indices(t)
        before = played.indices(np.maximum(t - 1 / _REFRESH_HZ, 0.0))
        for i, homography in enumerate(homographies):
            content = self._content(scene, played, int(now[i]), homography, still)
            if self.tears and before[i] != now[i]:
                older = self._content(scene, played, int(before[i]), homography, still)
                content = self._torn(scene, content, older, float(t[i]))
            content = (content.reshape(scene.size[0], -1) * self.rows[i][:, np.newaxis]).reshape(
                content.shape
            )
            angles, light = motion.angles[i], lights[i]
            content += mirrored if still else self.shine.at(angles) * level
            facing = float(np.cos(angles[0]) * np.cos(angles[1]))
            _scatter(content, light, facing * float(level))
            viewer.onto(content, angles, light, float(level))
            yield self.frame.over(behind, content, homography, light, facing)

    def _content(
        self, scene: Scene, played: Played | Recorded, index: int, homography: Floats, still: bool
    ) -> Radiance:
        """The panel as the sensor sees it; the last two pictures are kept while nothing moves."""
        if still and index in self._kept:
            return self._kept[index]
        seen = self.recapture.see(self.display.light(played.image(index)), homography, scene.size)
        if still:
            while len(self._kept) > 1:
                self._kept.pop(next(iter(self._kept)))
            self._kept[index] = seen
        return seen

    def _torn(self, scene: Scene, newer: Radiance, older: Radiance, t: float) -> Radiance:
        since = np.floor(t * _REFRESH_HZ) / _REFRESH_HZ
        share = refresh_share(
            np.array([t]), np.array([since]), scene.size[0], scene.camera.readout_s, _REFRESH_HZ
        )[0][:, np.newaxis, np.newaxis]
        return np.asarray(newer + share * (older - newer))


def _scatter(content: Radiance, light: Light, level: float) -> None:
    """Add what the panel throws back of a screen's light, evenly, in place."""
    if light.shines:
        cv2.add(content, np.append(PANEL * level * light.beam, 0.0), dst=content)
