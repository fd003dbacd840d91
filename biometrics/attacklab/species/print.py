"""A printed photo, held flat before the camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from biometrics.attacklab.mirrors import Mirrored
from biometrics.attacklab.optics import (
    Floats,
    Lights,
    Motion,
    Radiance,
    Reflection,
    plane_homographies,
    room_only,
    warp,
)
from biometrics.attacklab.paper import Printed, inkjet_print, laser_print, paper_lift
from biometrics.attacklab.presenting import (
    captured,
    focal_px,
    glass,
    held,
    holder,
    lamp,
    most_turn_deg,
    portrait,
    portrait_box,
)
from biometrics.attacklab.room import Prop, Rim, prop, room
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.wearing import awake_frames

_ENLARGE = 3
_MIPMAP, _FINE = 1.5, 2.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """A print before the lens. ``texture`` its reflectance at ``zoom`` px per content px; ``light`` (3,) towards the lamp."""

    texture: Radiance
    zoom: float
    frame: Prop
    shine: Reflection
    light: Floats
    supersampled: bool

    def seen(
        self, motion: Motion, size: tuple[int, int], focal: float, behind: Radiance, lights: Lights
    ) -> Iterator[Radiance]:
        homographies = plane_homographies(motion, self.frame.content, size, focal)
        viewer = Mirrored(self.shine, size, focal)
        for angles, homography, light in zip(motion.angles, homographies, lights, strict=True):
            content = self._content(homography @ np.diag([1 / self.zoom, 1 / self.zoom, 1.0]), size)
            facing = float(np.cos(angles[0]) * np.cos(angles[1]))
            content *= light.on(facing, paper_lift((angles[0], angles[1]), self.light))
            content += self.shine.at(angles) * np.float32(light.room)
            viewer.onto(content, angles, light)
            yield self.frame.over(behind, content, homography, light, facing)

    def _content(self, homography: Floats, size: tuple[int, int]) -> Radiance:
        """One bilinear look at a mipmap, or two at the full print, averaged: each px collects its whole square."""
        if not self.supersampled:
            return warp(self.texture, homography, size, cv2.BORDER_REPLICATE)
        looks = []
        for step in (-0.25, 0.25):
            moved = np.array([[1, 0, step], [0, 1, step], [0, 0, 1]]) @ homography
            looks.append(warp(self.texture, moved, size, cv2.BORDER_REPLICATE))
        return np.asarray(cv2.addWeighted(looks[0], 0.5, looks[1], 0.5, 0))


def _render(scene: Scene) -> Rendered:
    t = scene.camera.times(scene.duration_s, scene.rng)
    return presented(scene, t, room_only(len(t)))


def presented(scene: Scene, t: Floats, lights: Lights) -> Rendered:
    """The print, filmed at the times ``t``."""
    rng = scene.rng
    index = int(rng.choice(awake_frames(scene.clip)))
    image = portrait(scene.clip, index, portrait_box(scene.clip, scene.size), scene.size)
    cell_px = float(rng.uniform(0.5, 1.5))
    printed = (laser_print if scene.renderer == "a" else inkjet_print)(image, rng, _ENLARGE, cell_px)
    sheet = _sheet(scene, printed)
    fill = float(rng.uniform(0.85, 1.25))
    motion = held(scene, t, fill)
    radiance = sheet.seen(motion, scene.size, focal_px(scene), room(rng, scene.size), lights)
    truth = printed.truth | {
        "frame": index,
        "fill": round(fill, 3),
        "gloss": round(printed.gloss, 4),
        "turn_deg": most_turn_deg(motion.angles),
    }
    return captured(scene, t, radiance, truth, holder(scene))


def _sheet(scene: Scene, printed: Printed) -> Sheet:
    rng = scene.rng
    margin = int(rng.integers(0, 24))
    rim = Rim(margin, margin, (0.84, 0.88, 0.89))
    frame = prop(scene.size, rim, int(rng.integers(0, 4)), rng)
    shine = glass(scene, (max(printed.gloss, 1e-4), max(printed.gloss, 1e-4) * 2), (25, 60))
    if scene.renderer == "a":
        small = (round(scene.size[1] * _MIPMAP), round(scene.size[0] * _MIPMAP))
        texture = cv2.resize(printed.reflectance, small, interpolation=cv2.INTER_AREA)
        return Sheet(np.asarray(texture), _MIPMAP, frame, shine, lamp(rng), False)
    fine = (round(scene.size[1] * _FINE), round(scene.size[0] * _FINE))
    texture = cv2.resize(printed.reflectance, fine, interpolation=cv2.INTER_LINEAR)
    return Sheet(np.asarray(texture), _FINE, frame, shine, lamp(rng), True)


SPECIES = Species(
    name="print",
    family="presentation",
    description="A printed photo of the person, held flat before the camera and moved by hand; whoever holds it speaks.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
)
