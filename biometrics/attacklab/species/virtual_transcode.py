"""Somebody's recording from a virtual camera: coded once before, rescaled, at a constant cadence."""

from __future__ import annotations

from typing import Any

from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import Take, filmed
from biometrics.attacklab.virtual import h264, off_grid, played, vp8


def render(scene: Scene) -> Rendered:
    """Film the person and play that."""
    return transcoded(scene, filmed(scene))


def transcoded(scene: Scene, take: Take) -> Rendered:
    """A recording from a virtual camera: coded (H.264: a; an earlier VP8 call: b), rescaled, played at a constant rate."""
    rng = scene.rng
    truth: dict[str, Any]
    if scene.renderer == "a":
        truth = {
            "codec": "h264",
            "crf": int(rng.integers(20, 33)),
            "gop": int(rng.choice([30, 60, 120, 250])),
        }
        frames, t = h264(take.frames, scene.camera.fps, truth["crf"], truth["gop"]), take.t
    else:
        truth = {"codec": "vp8", "earlier_kbps": int(rng.integers(300, 2000))}
        frames, t = vp8(take.frames, take.t, truth["earlier_kbps"])
    scale = float(rng.uniform(1.1, 1.9) if rng.uniform() < 0.5 else rng.uniform(0.6, 0.92))
    shift = (float(rng.uniform(-0.5, 0.5)), float(rng.uniform(-0.5, 0.5)))
    frames = off_grid(frames, scale, shift, smooth=scene.renderer == "b")
    truth |= {"scale": round(scale, 4), "shift_px": [round(v, 3) for v in shift]}
    return played(frames, t, scene.fps, take.audio, take.sample_rate, truth)


SPECIES = Species(
    name="virtual_transcode",
    family="injected",
    description="A recording of the person from a virtual camera: coded before as H.264 (a) or VP8 (b), rescaled, at a constant rate.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=render,
)
