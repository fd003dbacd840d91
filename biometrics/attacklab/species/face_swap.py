"""The person's face laid over an impostor's, frame by frame: a classical swap, no neural network.

It has what such swaps leave behind (a resampled texture, a seam, late landmarks, a border that trembles when the head
turns), not what generators leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Clip, Frames
from biometrics.attacklab.heads import OVAL
from biometrics.attacklab.morphing import (
    CONTROL,
    INNER_MOUTH,
    Points,
    Triangles,
    Warp,
    bent,
    box_about,
    coloured_like,
    cover,
    feathered,
    grown,
    seamless,
    thin_plate,
)
from biometrics.attacklab.species import OTHER, Rendered, Scene, Species
from biometrics.attacklab.takes import Take, filmed
from biometrics.attacklab.virtual import played
from biometrics.face.boxes import Image

_OPEN = 0.12
"""Lips this far apart, as a share of their width, show what is between them."""
_TURNED = 0.35
"""Share of asymmetry between the cheeks from which the border begins to tremble: about 20 degrees of yaw."""


@dataclass(frozen=True, slots=True)
class Donor:
    """Textures of the face that is laid on: pictures, their control points, and how open each one's mouth is."""

    images: tuple[Image, ...]
    points: tuple[Points, ...]
    openness: NDArray[np.float64]
    warp: Warp

    def nearest(self, openness: float) -> int:
        """The texture whose mouth is about as open."""
        return int(np.argmin(abs(self.openness - openness)))


def render(scene: Scene) -> Rendered:
    """Film the impostor, put the face on.

    a: one texture, triangles, feathered edge. b: textures by mouth, thin plates, membrane.
    """
    return swapped(scene, filmed(scene, scene.others[0]))


def swapped(scene: Scene, take: Take) -> Rendered:
    """The person's face on the impostor's, who was filmed in ``take``."""
    rng, first = scene.rng, scene.renderer == "a"
    bottleneck = int(rng.integers(96, 161) if first else rng.integers(160, 257))
    donor = _donor(scene.clip, bottleneck, rng, 1 if first else 8)
    late = int(rng.integers(1 if first else 0, 4 if first else 2))
    landmarks = take.landmarks[np.maximum(np.arange(len(take.t)) - late, 0)]
    frames = take.frames.copy()
    _swap(frames, landmarks, donor, scene)
    truth: dict[str, Any] = {
        "other": scene.others[0].subject,
        "texture_px": bottleneck,
        "late_frames": late,
        "blend": "feather" if first else "membrane",
    }
    return played(frames, take.t, scene.fps, take.audio, take.sample_rate, truth)


def openness(landmarks: NDArray[np.float32]) -> float:
    """How far apart the lips are, as a share of the mouth's width."""
    width = float(np.linalg.norm(landmarks[78, :2] - landmarks[308, :2]))
    return float(np.linalg.norm(landmarks[13, :2] - landmarks[14, :2])) / max(width, 1.0)


def _donor(clip: Clip, bottleneck: int, rng: np.random.Generator, count: int) -> Donor:
    chosen = _good(clip, rng, count)
    images, points = [], []
    for i in chosen:
        whole = clip.landmarks[i, :, :2]
        box = box_about(whole[list(OVAL)], clip.size, 8)
        scale = bottleneck / (box[3] - box[1])
        face = np.asarray(clip.frames[i, box[1] : box[3], box[0] : box[2]])
        images.append(
            np.asarray(cv2.resize(face, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
        )
        points.append(((whole[list(CONTROL)] - box[:2]) * scale).astype(np.float32))
    open_by = np.array([openness(clip.landmarks[i]) for i in chosen])
    warp: Warp = Triangles.over(points[0]) if count == 1 else thin_plate
    return Donor(tuple(images), tuple(points), open_by, warp)


def _good(clip: Clip, rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    """Some frames with open eyes, those that look straight into the camera first."""
    some = np.sort(rng.choice(len(clip.frames), min(4 * count + 8, len(clip.frames)), replace=False))
    eyes = np.array([_lids(clip.landmarks[i]) for i in some])
    awake = some[eyes >= np.median(eyes)]
    turned = [abs(_asymmetry(clip.landmarks[i])) for i in awake]
    return np.asarray(awake[np.argsort(turned)][:count], dtype=np.int64)


def _lids(landmarks: NDArray[np.float32]) -> float:
    """How far both eyes are open, as a share of their width."""
    gaps = [np.linalg.norm(landmarks[a, :2] - landmarks[b, :2]) for a, b in ((159, 145), (386, 374))]
    widths = [np.linalg.norm(landmarks[a, :2] - landmarks[b, :2]) for a, b in ((33, 133), (362, 263))]
    return float(sum(gaps) / max(float(sum(widths)), 1e-6))


def _swap(frames: Frames, landmarks: NDArray[np.float32], donor: Donor, scene: Scene) -> None:
    """Lay the donor on every frame, in place."""
    blend = feathered if scene.renderer == "a" else seamless
    soft = float(scene.rng.uniform(0.03, 0.08))
    inwards = float(scene.rng.uniform(0.84, 0.94))
    for image, points in zip(frames, landmarks, strict=True):
        turned = max(0.0, abs(_asymmetry(points)) - _TURNED)
        wobble = 1 + float(scene.rng.normal()) * min(0.08, 0.25 * turned)
        outline = grown(points[list(OVAL), :2], inwards * wobble)
        box = box_about(outline, scene.size)
        if min(box[2] - box[0], box[3] - box[1]) < 24:
            continue
        texture = donor.nearest(openness(points))
        maps = donor.warp(points[list(CONTROL), :2], donor.points[texture], box)
        patch = bent(donor.images[texture], maps)
        share = cover(outline, box, soft * (box[3] - box[1]) if scene.renderer == "a" else 0.0)
        if openness(points) > _OPEN:  # what shows between open lips stays the impostor's
            share *= 1 - cover(points[list(INNER_MOUTH), :2], box, 1.0)
        patch = coloured_like(patch, image[box[1] : box[3], box[0] : box[2]], share)
        blend(image, patch, box, share)


def _asymmetry(landmarks: NDArray[np.float32]) -> float:
    """-1..1: how much nearer the tip of the nose is to one side of the face than to the other."""
    nose, right, left = landmarks[1, 0], landmarks[234, 0], landmarks[454, 0]
    return float((left - nose) - (nose - right)) / max(float(left - right), 1.0)


SPECIES = Species(
    name="face_swap",
    family="injected",
    description="The person's face laid over an impostor's in every frame, by a classical swap: a proxy for deepfakes.",
    renderers=("a", "b"),
    needs=frozenset({OTHER}),
    render=render,
)
