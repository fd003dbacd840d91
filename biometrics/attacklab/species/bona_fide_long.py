"""An honest applicant for longer, whom the bank has not seen before: what loops, replays and changed persons are compared with."""

from __future__ import annotations

from typing import Any

from biometrics.attacklab.earlier import remembered
from biometrics.attacklab.optics import Floats
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import filmed, framed, once
from biometrics.attacklab.virtual import ticks


def _render(scene: Scene) -> Rendered:
    """Film the person; what the bank remembers is an interview with somebody else, where the lab has anybody else."""
    scene = once(scene)
    take = filmed(scene, held=scene.renderer == "b")
    truth = {"held": scene.renderer == "b", "speed": round(take.speed, 4)}
    return take.rendered(truth | {"facts": _another(scene, ticks(scene.duration_s, scene.fps))})


def _another(scene: Scene, t: Floats) -> list[dict[str, Any]]:
    if not scene.others:
        return []
    other = framed(scene.others[0], t, scene.fps, scene.size, scene.rng)
    return [remembered(other.frames, t)]


SPECIES = Species(
    name="bona_fide_long",
    family="bona_fide",
    description="An honest applicant for up to 14 s, before a webcam on a desk (a) or a phone in a hand (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=14.0,
    revision=2,
)
