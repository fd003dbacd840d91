"""A mask on somebody's head: who wears it, from which frame it is made, how bright it is beside the wearer's skin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Clip
from biometrics.attacklab.heads import OVAL, head_poses
from biometrics.attacklab.lighting import lit_by_screen
from biometrics.attacklab.optics import Floats, Lights, Radiance, to_linear
from biometrics.attacklab.species import Scene
from biometrics.attacklab.surfaces import Pose, Surface
from biometrics.attacklab.takes import Take, framed, lit
from biometrics.face.boxes import Image, Landmarks

_LIDS = ((159, 145), (386, 374))
_CORNERS = ((33, 133), (263, 362))


def wearer(scene: Scene, t: Floats) -> Take:
    """The attacker, before the scene's camera: as they would look without the mask."""
    return framed(scene.others[0], t, scene.camera.fps, scene.size, scene.rng)


def frontal_frame(clip: Clip) -> int:
    """The take's frame in which the head is turned least, among those with open eyes: what an attacker would print."""
    away = np.array([np.arccos(np.clip(pose.turn[2, 2], -1, 1)) for pose in head_poses(clip.landmarks)])
    awake = awake_frames(clip)
    return int(awake[np.argmin(away[awake])])


def awake_frames(clip: Clip) -> NDArray[np.intp]:
    """The take's frames whose eyes are at least as open as in half of them."""
    points = clip.landmarks[..., :2]
    heights = sum(np.linalg.norm(points[:, up] - points[:, low], axis=1) for up, low in _LIDS)
    widths = sum(np.linalg.norm(points[:, out] - points[:, nose], axis=1) for out, nose in _CORNERS)
    opening = heights / np.maximum(widths, 1e-6)
    return np.flatnonzero(opening >= np.median(opening))


def worn(take: Take, mask: Surface, poses: Sequence[Pose], lights: Lights) -> Iterator[Radiance]:
    """What stands before the lens: the wearer with the mask on, frame by frame."""
    shines = any(light.shines for light in lights)
    wearers: Iterable[Radiance] = lit_by_screen(take, lights) if shines else lit(take.frames)
    for scene, pose, light in zip(wearers, poses, lights, strict=True):
        mask.over(scene, pose, light)
        yield scene


def turns(poses: Sequence[Pose]) -> Floats:
    """(n, 3) pitch, yaw, roll (rad) of rigid poses, in the directions of `optics.rotation`."""
    found = [
        (
            -np.arcsin(np.clip(pose.turn[1, 2], -1, 1)),
            np.arctan2(pose.turn[0, 2], pose.turn[2, 2]),
            np.arctan2(pose.turn[1, 0], pose.turn[1, 1]),
        )
        for pose in poses
    ]
    return np.array(found)


def skin_light(image: Image, landmarks: Landmarks) -> float:
    """Mean linear light inside a face's outline: masks are as bright as the room lets them be."""
    inside = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(inside, [np.round(landmarks[list(OVAL), :2]).astype(np.int32)], 255)
    return max(float(np.mean(cv2.mean(to_linear(image), mask=inside)[:3])), 1e-3)


def matched(
    paint: Radiance, paint_light: float, image: Image, landmarks: Landmarks, relative: float
) -> Radiance:
    """Reflectance such that the mask's mean light is ``relative`` times that of the skin it hides."""
    return np.asarray(
        paint * np.float32(relative * skin_light(image, landmarks) / paint_light), dtype=np.float32
    )
