"""What presentation attacks share: the portrait that they show, the motion of whoever holds it, the way through the camera."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Clip, bounced
from biometrics.attacklab.optics import Floats, Motion, Radiance, Reflection, hand_motion
from biometrics.attacklab.species import Rendered, Scene
from biometrics.face.boxes import Image

Box = tuple[int, int, int, int]
"""(left, top, right, bottom) px."""
_FOCAL = 1.17
"""Focal length in widths of the picture: 46 degrees across, as webcams and phones' front cameras have."""
_FACE_SHARE = 0.42
"""A portrait's face, forehead to chin, as a share of its height."""


def focal_px(scene: Scene) -> float:
    """The camera's focal length."""
    return _FOCAL * scene.size[1]


def captured(
    scene: Scene, t: Floats, radiance: Iterable[Radiance], truth: Mapping[str, Any], sounding: Clip
) -> Rendered:
    """Pass what stood before the lens at the times ``t`` through the scene's camera. ``sounding`` is whose take is heard."""
    frames = scene.camera.capture(radiance, t, scene.rng)
    audio, rate = sound(sounding, float(t[-1]))
    return Rendered(frames, t, audio, rate, dict(truth))


def sound(clip: Clip, until_s: float) -> tuple[NDArray[np.float32] | None, int]:
    """A take's sound up to a time, and its sample rate."""
    if clip.audio is None:
        return None, clip.sample_rate
    return clip.audio[: round(until_s * clip.sample_rate)], clip.sample_rate


def holder(scene: Scene) -> Clip:
    """Whose voice is heard while a print is held up: another person's, where the lab has one; else a recording of the victim."""
    return scene.others[0] if scene.others else scene.clip


def shown_frames(clip: Clip, t: Floats) -> NDArray[np.int64]:
    """(n,) the take's frame that plays at each time; it runs back and forth where the take is shorter."""
    return bounced(np.floor(t * clip.fps + 1e-6).astype(np.int64), len(clip.frames))


def portrait_box(clip: Clip, size: tuple[int, int]) -> Box:
    """Where a portrait of the shape of ``size`` (height, width) lies in the take: the face and room to move.

    The face's usual place decides, so that the box can stay for the whole take.
    """
    height, width = clip.size
    aspect = size[1] / size[0]
    faces = np.array([clip.face(i) for i in range(0, len(clip.frames), 5)])
    x, y, length = np.median(faces, axis=0)
    tall = min(length / _FACE_SHARE, height, width / aspect)
    left = float(np.clip(x - tall * aspect / 2, 0, width - tall * aspect))
    top = float(np.clip(y - 0.48 * tall, 0, height - tall))
    return round(left), round(top), round(left + tall * aspect), round(top + tall)


def portrait(clip: Clip, index: int, box: Box, size: tuple[int, int]) -> Image:
    """One frame's portrait, resampled to ``size`` (height, width)."""
    left, top, right, bottom = box
    part = np.ascontiguousarray(clip.frames[index, top:bottom, left:right])
    method = cv2.INTER_AREA if bottom - top > size[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(part, size[::-1], interpolation=method), dtype=np.uint8)


def held(scene: Scene, t: Floats, scale: float, turn: float = 1.0) -> Motion:
    """A flat thing held up: some people hold it still, some tilt it to and fro (``turn`` scales that)."""
    rng = scene.rng
    yaw = turn * rng.uniform(0.015, 0.13)
    motion = hand_motion(
        t,
        rng,
        scale,
        (float(yaw * rng.uniform(0.2, 0.8)), float(yaw), float(rng.uniform(0.005, 0.03))),
        drift_px=float(rng.uniform(1.5, 7)),
        tremor_px=float(rng.uniform(0.1, 0.7)),
    )
    return Motion(motion.angles + rng.normal(0, (0.05, 0.05, 0.02)), motion.shift, motion.scale)


def standing(scene: Scene, count: int, scale: float) -> Motion:
    """A flat thing on a desk: not quite facing the camera, and quite still."""
    rng = scene.rng
    angles = np.repeat(rng.normal(0, (0.05, 0.07, 0.012))[np.newaxis], count, axis=0)
    shift = np.repeat(rng.uniform(-6, 6, 2)[np.newaxis], count, axis=0)
    return Motion(angles, shift, np.full(count, scale))


def most_turn_deg(angles: Floats) -> float:
    """The largest change of pitch or yaw (n, 3 rad), degrees: what planarity has to work with."""
    return round(float(np.degrees(np.ptp(angles[:, :2], axis=0).max())), 2)


def glass(scene: Scene, strength: tuple[float, float], blur_px: tuple[float, float]) -> Reflection:
    """A surface that mirrors the room, between two strengths (share of light) and two blurs (px)."""
    rng = scene.rng
    drawn = float(np.exp(rng.uniform(*np.log(strength))))
    return Reflection(rng, scene.size, focal_px(scene), drawn, float(rng.uniform(*blur_px)))


def room_level(scene: Scene) -> float:
    """How bright the room is against a screen that the camera is exposed for."""
    return 0.15 + 0.75 * scene.camera.light


def lamp(rng: np.random.Generator) -> Floats:
    """(3,) unit vector to the room's main lamp: from before and above, to one side."""
    towards = np.array((rng.uniform(-0.7, 0.7), rng.uniform(-0.8, -0.2), -1.0))
    return np.asarray(towards / np.linalg.norm(towards))
