"""A photo of the person from a virtual camera."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from biometrics.attacklab.clip import Frames
from biometrics.attacklab.optics import sway
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import framed
from biometrics.attacklab.virtual import ticks
from biometrics.face.boxes import Image


def render(scene: Scene) -> Rendered:
    """The photo as it is (a), or slowly moved and with noise laid over it, as some tools do (b)."""
    rng = scene.rng
    t = ticks(scene.duration_s, scene.fps)
    clip = scene.clip
    index = np.array([int(rng.integers(len(clip.frames)))])
    image = framed(clip, t[:1], scene.fps, scene.size, rng, index=index).frames[0]
    quality = int(rng.integers(70, 96))
    _, coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    photo = np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), dtype=np.uint8)
    truth: dict[str, Any] = {"jpeg_quality": quality, "frame": int(index[0])}
    if scene.renderer == "a":
        frames = np.broadcast_to(photo, (len(t), *photo.shape))
    else:
        truth["noise"] = round(float(rng.uniform(1.0, 3.0)), 2)
        frames = _moved(photo, scene, len(t), truth["noise"])
    audio = clip.audio[: round(scene.duration_s * clip.sample_rate)] if clip.audio is not None else None
    return Rendered(frames, t, audio, clip.sample_rate, truth)


def _moved(photo: Image, scene: Scene, count: int, noise: float) -> Frames:
    """Drift, zoom and grain."""
    rng, (height, width) = scene.rng, scene.size
    t = np.arange(count) / scene.fps
    zoom = 1.04 + sway(t, rng, (0.05, 0.3), 0.012)
    dx, dy = (sway(t, rng, (0.05, 0.4), 3.0) for _ in range(2))
    grain = (rng.standard_normal((3, height, width, 1), dtype=np.float32) * noise).round().astype(np.int16)
    found = np.empty((count, height, width, 3), np.uint8)
    for k in range(count):
        move = np.array(
            [
                [zoom[k], 0, (1 - zoom[k]) * width / 2 + dx[k]],
                [0, zoom[k], (1 - zoom[k]) * height / 2 + dy[k]],
            ]
        )
        moved = cv2.warpAffine(
            photo, move, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        found[k] = np.clip(moved + np.roll(grain[k % 3], int(rng.integers(width)), axis=1), 0, 255)
    return found


SPECIES = Species(
    name="injected_still",
    family="injected",
    description="A photo of the person from a virtual camera: as it is (a), or moved and with noise (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=render,
)
