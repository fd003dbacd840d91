"""An earlier interview of the same person, which the bank remembers, played from a virtual camera."""

from __future__ import annotations

from typing import Any

from biometrics.attacklab.earlier import remembered
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import filmed, once
from biometrics.attacklab.virtual import h264, off_grid, played, vp8


def render(scene: Scene) -> Rendered:
    """Film the earlier interview and send it through its call; play what was received (a) or its screen recording (b)."""
    rng = scene.rng
    take = filmed(once(scene))
    truth: dict[str, Any] = {"earlier_kbps": int(rng.integers(400, 2000))}
    frames, t = vp8(take.frames, take.t, truth["earlier_kbps"])
    truth["facts"] = [remembered(frames, t)]
    if scene.renderer == "b":
        scale = float(rng.uniform(1.2, 1.8))
        truth |= {"screen_scale": round(scale, 4), "crf": int(rng.integers(20, 30))}
        frames = h264(off_grid(frames, scale, (0.3, 0.2), smooth=True), scene.fps, truth["crf"], 60)
    return played(frames, t, scene.fps, take.audio, take.sample_rate, truth)


SPECIES = Species(
    name="session_replay",
    family="replay",
    description="An earlier interview of the person from a virtual camera: as it was received (a), or recorded off a screen (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=render,
    longest_s=12.0,
    revision=2,
)
