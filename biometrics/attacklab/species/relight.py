"""A stream whose face software relights in the challenge's colours, a little late: a proxy for real-time relighting models."""

from __future__ import annotations

import cv2
import numpy as np

from biometrics.attacklab.lighting import (
    LONGEST_S,
    FaceLight,
    Flash,
    challenge,
    exposed,
    lasting,
    relit,
    screen_share,
)
from biometrics.attacklab.optics import Floats, to_linear, to_srgb
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import Take, filmed
from biometrics.challenges.flash import GREY
from biometrics.face.boxes import Image

_DELAY_S = (0.08, 0.6)
_STEP_S = (0.03, 0.1)
"""How long one inference of the relighting software takes: between two, its light stands."""


def _render(scene: Scene) -> Rendered:
    flash = challenge(scene)
    t = scene.camera.times(lasting(flash), scene.rng)
    return painted(scene, filmed(scene, t=t), flash)


def painted(scene: Scene, take: Take, flash: Flash) -> Rendered:
    """What was filmed in ``take``, with the challenge's light put on by software."""
    rng, t = scene.rng, take.t
    delay_s, step_s = float(rng.uniform(*_DELAY_S)), float(rng.uniform(*_STEP_S))
    share = screen_share(scene) * float(rng.uniform(0.6, 1.6))
    light = _delayed(flash, t, delay_s, step_s)
    paint = _tinted if scene.renderer == "a" else _shaded
    truth = {
        "followed": False,
        "delay_s": round(delay_s, 4),
        "step_s": round(step_s, 4),
        "share": round(share, 4),
        "method": "uniform tint" if scene.renderer == "a" else "shaded light",
        "chips": len(flash.plan.chips),
        "facts": flash.facts(),
    }
    return Rendered(paint(take, light, share), t, take.audio, take.sample_rate, truth)


def _delayed(flash: Flash, t: Floats, delay_s: float, step_s: float) -> Floats:
    """(n, 3) the light that the software puts on each frame."""
    return flash.light(np.floor(t / step_s) * step_s, delay_s)


def _tinted(take: Take, light: Floats, share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Multiply the codes' chroma inside an ellipse round the face, the same everywhere."""
    grey = np.array(GREY.linear[::-1])
    gains = ((1 + share * light / grey) / (1 + share)) ** (1 / 2.2)
    gains /= (gains @ (0.0722, 0.7152, 0.2126))[:, np.newaxis]
    frames = np.empty_like(take.frames)
    for i, image in enumerate(take.frames):
        mask = _ellipse(take, i)[..., np.newaxis]
        tinted = image * (1 + mask * (gains[i] - 1).astype(np.float32))
        frames[i] = np.clip(tinted + 0.5, 0, 255)
    return frames


def _ellipse(take: Take, index: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    points = take.landmarks[index, :, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    mask = np.zeros(take.frames.shape[1:3], np.float32)
    middle, half = (low + high) / 2, (high - low) * 0.55
    cv2.ellipse(mask, (tuple(map(float, middle)), tuple(map(float, 2 * half)), 0.0), 1.0, cv2.FILLED)
    return np.asarray(cv2.blur(mask, (15, 15)), dtype=np.float32)


def _shaded(take: Take, light: Floats, share: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Add light as a model of the face's shape says, in linear light."""
    shades = FaceLight(take)
    grey = float(np.mean(GREY.linear))
    frames = np.empty_like(take.frames)
    for i, image in enumerate(take.frames):
        frames[i] = _one(np.asarray(image), shades.at(i), light[i] * share / grey, share)
    return frames


def _one(
    image: Image, shade: np.ndarray[tuple[int, ...], np.dtype[np.float32]], light: Floats, share: float
) -> Image:
    return to_srgb(relit(to_linear(image), shade, exposed(light, share)))


SPECIES = Species(
    name="relight",
    family="challenge",
    description="Software relights the face in the challenge's colours 80-600 ms late: a tint (a), or shaded light (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
