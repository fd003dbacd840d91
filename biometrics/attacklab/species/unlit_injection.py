"""A recording in the camera's place while a challenge runs: nothing in it is lit by the applicant's screen."""

from __future__ import annotations

from dataclasses import replace

from biometrics.attacklab.lighting import LONGEST_S, challenge, lasting
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.species.virtual_transcode import transcoded
from biometrics.attacklab.takes import filmed


def _render(scene: Scene) -> Rendered:
    flash = challenge(scene)
    t = scene.camera.times(lasting(flash), scene.rng)
    played = transcoded(scene, filmed(scene, t=t))
    return replace(played, truth=dict(played.truth) | flash.truth(False, 0.0))


SPECIES = Species(
    name="unlit_injection",
    family="challenge",
    description="A recording from a virtual camera, H.264 (a) or VP8 (b), while the challenge's light falls on nothing.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
