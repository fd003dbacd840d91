"""A few seconds of the person, looped by a virtual camera."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Frames
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import filmed
from biometrics.attacklab.virtual import h264, latest, ticks


def render(scene: Scene) -> Rendered:
    """Film a part, store it as H.264, repeat it with a hard cut (a) or a crossfade (b). There are at least two rounds."""
    rng = scene.rng
    loop_s = float(rng.uniform(1.6, min(3.6, scene.duration_s / 2)))
    take = filmed(replace(scene, duration_s=loop_s))
    stored = take.frames[latest(take.t, ticks(loop_s, scene.fps) + 0.5 / scene.fps)]
    frames = h264(stored, scene.fps, int(rng.integers(18, 28)), 60)
    fade = 0
    if scene.renderer == "b":
        fade = int(rng.integers(4, max(5, len(frames) // 5)))
        frames = crossfaded(frames, fade)
    t = ticks(scene.duration_s, scene.fps)
    rounds = np.arange(len(t))
    truth: dict[str, Any] = {
        "loop_s": round(len(frames) / scene.fps, 4),
        "fade_frames": fade,
        "starts_s": [round(k / scene.fps, 4) for k in range(0, len(t), len(frames))],
    }
    audio = None
    if take.audio is not None:
        part = take.audio[: round(len(frames) / scene.fps * take.sample_rate)]
        audio = np.resize(part, round(len(t) / scene.fps * take.sample_rate))
    return Rendered(frames[rounds % len(frames)], t, audio, take.sample_rate, truth)


def crossfaded(frames: Frames, fade: int) -> Frames:
    """Frames (n - fade, ...) that loop smoothly: the last ``fade`` are mixed into the first ones."""
    share = ((np.arange(fade) + 1) / (fade + 1)).astype(np.float32)[:, np.newaxis, np.newaxis, np.newaxis]
    head: NDArray[np.float32] = frames[:fade] * share + frames[-fade:] * (1 - share)
    return np.asarray(np.concatenate([np.round(head).astype(np.uint8), frames[fade:-fade]]))


SPECIES = Species(
    name="looped_video",
    family="replay",
    description="A few seconds of the person, looped by a virtual camera with a hard cut (a) or a crossfade (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=render,
    longest_s=8.0,
)
