"""The person's own recording with the mouth of other moments, and their sound: a proxy for lip-sync fakes."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Samples, bounced
from biometrics.attacklab.heads import MOUTH
from biometrics.attacklab.morphing import (
    Points,
    box_about,
    coloured_like,
    cover,
    feathered,
    grown,
    moved,
    seamless,
    similarity,
)
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import Take, filmed
from biometrics.attacklab.virtual import played
from biometrics.face.boxes import Image

_STABLE = (33, 133, 263, 362, 168, 6, 4, 98, 327, 234, 454)
"""Landmarks that speech moves little: corners of the eyes, nose, sides of the face."""
_CHIN = (152, 148, 377)


def render(scene: Scene) -> Rendered:
    """Lay the mouth of a later moment over each frame.

    a: a fixed delay, feathered. b: slowed down, a membrane at the edge. The sound is that of the mouth.
    """
    rng = scene.rng
    take = filmed(scene)
    count = len(take.t)
    if scene.renderer == "a":
        start, pace = float(rng.uniform(0.5, 1.5)), 1.0
    else:
        start, pace = float(rng.uniform(0.3, 1.0)), float(rng.uniform(0.6, 0.8))
    at = start + take.t * pace
    mouths = bounced(np.round(at * (count - 1) / take.t[-1]).astype(np.int64), count)
    frames = take.frames.copy()
    for k, m in enumerate(mouths):
        _lay(frames[k], take, k, int(m), scene)
    truth: dict[str, Any] = {"delay_s": round(start, 3), "pace": round(pace, 3)}
    return played(frames, take.t, scene.fps, _sound(take, start, pace), take.sample_rate, truth)


def _lay(image: Image, take: Take, k: int, m: int, scene: Scene) -> None:
    """Lay the mouth of frame m over frame k's, in place."""
    here, there = take.landmarks[k, :, :2], take.landmarks[m, :, :2]
    move = similarity(there[list(_STABLE)], here[list(_STABLE)])
    outline = moved(_region(there), move)
    box = box_about(outline, scene.size)
    if min(box[2] - box[0], box[3] - box[1]) < 12:
        return
    shifted = move.copy()
    shifted[:, 2] -= box[:2]
    size = (box[2] - box[0], box[3] - box[1])
    patch = np.asarray(
        cv2.warpAffine(
            take.frames[m], shifted, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        ),
        np.uint8,
    )
    if scene.renderer == "a":
        share = cover(outline, box, 0.12 * size[1])
        feathered(
            image, coloured_like(patch, image[box[1] : box[3], box[0] : box[2]], share, 0.5), box, share
        )
    else:
        seamless(image, patch, box, cover(outline, box, 0.0))


def _region(landmarks: NDArray[np.float32]) -> Points:
    """The outline of mouth and chin that is laid over."""
    outline = grown(landmarks[list(MOUTH)], 1.45)
    lowest = landmarks[list(_CHIN), 1].max()
    outline[:, 1] = np.where(
        outline[:, 1] > landmarks[14, 1], np.minimum(outline[:, 1] * 1.02, lowest), outline[:, 1]
    )
    return np.asarray(outline, np.float32)


def _sound(take: Take, start_s: float, pace: float) -> Samples | None:
    """The sound that goes with the mouth."""
    if take.audio is None:
        return None
    at = bounced(
        (start_s * take.sample_rate + np.arange(len(take.audio)) * pace).astype(np.int64), len(take.audio)
    )
    return np.asarray(take.audio[at], np.float32)


SPECIES = Species(
    name="lip_retime",
    family="injected",
    description="The person's own recording with the mouth and the sound of other moments: a proxy for lip-sync fakes.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=render,
)
