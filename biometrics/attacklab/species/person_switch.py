"""The interview begins with one person and goes on with another."""

from __future__ import annotations

from typing import Any

import numpy as np

from biometrics.attacklab.species import OTHER, Rendered, Scene, Species
from biometrics.attacklab.takes import Take, filmed


def render(scene: Scene) -> Rendered:
    """Both before the same camera: cut from one to the next (a), or with the lens covered for a while (b)."""
    t = scene.camera.times(scene.duration_s, scene.rng)
    return switched(scene, filmed(scene, t=t), filmed(scene, scene.others[0], t=t))


def switched(scene: Scene, first: Take, second: Take) -> Rendered:
    """From one of two takes of the same times to the other, after somewhat more than half."""
    rng, t = scene.rng, first.t
    at_s = float(rng.uniform(0.55, 0.7)) * scene.duration_s
    after = t >= at_s
    frames = np.where(after[:, np.newaxis, np.newaxis, np.newaxis], second.frames, first.frames)
    truth: dict[str, Any] = {"other": scene.others[0].subject, "switch_s": round(at_s, 3)}
    if scene.renderer == "b":
        covered_s = float(rng.uniform(0.3, 0.8))
        hidden = abs(t - at_s) < covered_s / 2
        frames[hidden] = np.clip(rng.normal(4, 1.5, (int(hidden.sum()), *scene.size, 1)), 0, 255).astype(
            np.uint8
        )
        truth["covered_s"] = round(covered_s, 3)
    return Rendered(frames, t, _sound(first, second, at_s), first.sample_rate, truth)


def _sound(first: Take, second: Take, at_s: float) -> np.ndarray[Any, np.dtype[np.float32]] | None:
    if first.audio is None or second.audio is None:
        return None
    at = round(at_s * first.sample_rate)
    return np.concatenate([first.audio[:at], second.audio[at:]])


SPECIES = Species(
    name="person_switch",
    family="impostor",
    description="One person begins the interview and another goes on: with a cut (a), or with the lens covered in between (b).",
    renderers=("a", "b"),
    needs=frozenset({OTHER}),
    render=render,
    longest_s=14.0,
)
