"""An honest applicant who is heard for long enough: what species of the voice are compared with."""

from __future__ import annotations

from biometrics.attacklab.species import SPEECH, Rendered, Scene, Species
from biometrics.attacklab.voiced import LONGEST_S, delivered, filmed_speaking


def _render(scene: Scene) -> Rendered:
    """Film the person, and let them be heard."""
    held = scene.renderer == "b"
    voiced = filmed_speaking(scene, held)
    return delivered(voiced, voiced.own, scene, {"held": held})


SPECIES = Species(
    name="bona_fide_voice",
    family="bona_fide",
    description="An honest applicant who speaks, before a webcam on a desk (a) or a phone in a hand (b).",
    renderers=("a", "b"),
    needs=frozenset({SPEECH}),
    render=_render,
    longest_s=LONGEST_S,
    revision=2,
)
