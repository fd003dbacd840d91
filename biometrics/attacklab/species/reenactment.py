"""One photo of the person made to move like somebody else: bent by the other's landmarks, a proxy for generators."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Frames
from biometrics.attacklab.heads import EYES, MOUTH
from biometrics.attacklab.morphing import (
    CONTROL,
    INNER_MOUTH,
    Points,
    Triangles,
    Warp,
    bent,
    box_about,
    cover,
    feathered,
    moved,
    similarity,
    thin_plate,
)
from biometrics.attacklab.optics import Floats
from biometrics.attacklab.species import OTHER, Rendered, Scene, Species
from biometrics.attacklab.takes import Take, framed
from biometrics.attacklab.virtual import ticks
from biometrics.face.boxes import Image

_INSIDE = (28, 22, 46)
"""BGR of what shows between lips that the photo has closed."""
_RIGID = (33, 133, 263, 362, 168, 6, 234, 454, 10)
"""Landmarks that say where the head is."""
_MOST = 0.06
"""How far a point may leave its place in the photo's face before the photo tears, as a share of the face's width."""
_FREE = {*MOUTH, *INNER_MOUTH, *EYES[0], *EYES[1]}
_FREEDOM = np.array([1.0 if i in _FREE else 0.25 for i in CONTROL], np.float32)
"""How far each control point follows the driver's expression."""


def render(scene: Scene) -> Rendered:
    """Bend the photo at every tick: by triangles (a), by thin plates (b)."""
    rng = scene.rng
    t = ticks(scene.duration_s, scene.fps)
    driver = framed(scene.others[0], t, scene.fps, scene.size, rng)
    chosen = _alike(scene, driver)
    photo = framed(scene.clip, t[:1], scene.fps, scene.size, rng, index=np.array([chosen]))
    image, still = photo.frames[0], photo.landmarks[0]
    frames = _bent(image, still, _driven(still, driver.landmarks), scene)
    truth: dict[str, Any] = {
        "other": scene.others[0].subject,
        "frame": chosen,
        "warp": _NAMES[scene.renderer],
    }
    return Rendered(frames, t, driver.audio, driver.sample_rate, truth)


_NAMES = {"a": "triangles", "b": "thin_plates"}


def _alike(scene: Scene, driver: Take) -> int:
    """The frame of the person's take that is most like the driver's first one in pose and expression."""
    first = _normal(driver.landmarks[0])
    some = np.arange(0, len(scene.clip.frames), max(1, len(scene.clip.frames) // 20))
    apart = [float(np.linalg.norm(_normal(scene.clip.landmarks[i]) - first)) for i in some]
    return int(some[int(np.argmin(apart))])


def _normal(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """Control points about their centre, in widths of the face."""
    points = landmarks[list(CONTROL), :2]
    return np.asarray((points - points.mean(axis=0)) / max(float(np.ptp(points[:, 0])), 1.0), np.float32)


def _driven(still: NDArray[np.float32], driver: NDArray[np.float32]) -> NDArray[np.float32]:
    """(n, k, 2) where the photo's control points go, by the driver's motion since its first frame.

    The head follows in the plane; expressions are added, at the photo's scale. What a turn of the driver's head would do
    to the outline is mostly left out: one photo has no other side to show.
    """
    control, rigid = list(CONTROL), list(_RIGID)
    first = driver[0, :, :2]
    follow = similarity(first[rigid], still[rigid, :2])
    most = _MOST * float(np.ptp(still[control, 0]))
    found = np.empty((len(driver), len(control), 2), np.float32)
    for k, points in enumerate(driver[:, :, :2]):
        head = similarity(first[rigid], points[rigid])
        expression = moved(points[control], _inverse(head)) - first[control]
        shown = _FREEDOM[:, np.newaxis] * (expression @ follow[:, :2].T)
        length = np.linalg.norm(shown, axis=1, keepdims=True)
        onto = still[control, :2] + shown * np.minimum(1.0, most / np.maximum(length, 1e-6))
        motion = _chained(follow, head)
        found[k] = moved(onto.astype(np.float32), motion)
    return found


def _inverse(by: Floats) -> Floats:
    return np.asarray(cv2.invertAffineTransform(by))


def _chained(follow: Floats, head: Floats) -> Floats:
    """The head's motion as the photo sees it: back to the driver, moved, and to the photo again."""
    whole = [np.vstack([each, (0.0, 0.0, 1.0)]) for each in (_inverse(follow), head, follow)]
    return np.asarray((whole[2] @ whole[1] @ whole[0])[:2])


def _anchors(size: tuple[int, int]) -> Points:
    """Points of the border, which stay."""
    height, width = size[0] - 1.0, size[1] - 1.0
    rim = [(x * width, y * height) for x in (0, 0.25, 0.5, 0.75, 1) for y in (0, 1)]
    rim += [(x * width, y * height) for x in (0, 1) for y in (0.25, 0.5, 0.75)]
    return np.asarray(rim, np.float32)


def _bent(image: Image, still: NDArray[np.float32], driven: NDArray[np.float32], scene: Scene) -> Frames:
    anchors = _anchors(scene.size)
    source = np.concatenate([np.clip(still[list(CONTROL), :2], 0, np.array(scene.size[::-1]) - 1), anchors])
    source = np.asarray(source, np.float32)
    warp: Warp = Triangles.over(source) if scene.renderer == "a" else thin_plate
    whole = (0, 0, scene.size[1], scene.size[0])
    before = float(np.ptp(still[list(INNER_MOUTH), 1]))
    frames = np.empty((len(driven), *image.shape), np.uint8)
    for k, points in enumerate(driven):
        frames[k] = bent(image, warp(np.concatenate([points, anchors]), source, whole))
        _open(frames[k], points, before)
    return frames


_LIPS = [CONTROL.index(i) for i in INNER_MOUTH]


def _open(image: Image, points: Points, before_px: float) -> None:
    """Darken what lies between the lips as far as they open wider than in the photo, in place."""
    lips = points[_LIPS]
    gap = float(np.ptp(lips[:, 1]))
    wider = min(1.0, max(0.0, (gap - before_px - 2) / 6))
    if wider == 0.0:
        return
    box = box_about(lips, (image.shape[0], image.shape[1]))
    inside = np.zeros((box[3] - box[1], box[2] - box[0], 3), np.uint8)
    inside[:] = _INSIDE
    top = max(1, round(0.3 * inside.shape[0]))
    inside[:top] = cv2.addWeighted(inside[:top], 0.4, np.full_like(inside[:top], 150), 0.6, 0)  # upper teeth
    feathered(image, inside, box, cover(lips, box, 1.5) * np.float32(0.85 * wider))


SPECIES = Species(
    name="reenactment",
    family="injected",
    description="One photo of the person bent by somebody else's moving landmarks: a proxy for face reenactment.",
    renderers=("a", "b"),
    needs=frozenset({OTHER}),
    render=render,
)
