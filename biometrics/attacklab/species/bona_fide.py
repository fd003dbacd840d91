"""An honest applicant before an honest camera: a webcam that stands on a desk (a), a phone in a hand (b)."""

from __future__ import annotations

from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import filmed, once


def render(scene: Scene) -> Rendered:
    """Film the person."""
    take = filmed(once(scene), held=scene.renderer == "b")
    return take.rendered({"held": scene.renderer == "b", "speed": round(take.speed, 4)})


SPECIES = Species(
    name="bona_fide",
    family="bona_fide",
    description="An honest applicant before a webcam on a desk (a) or a phone in a hand (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=render,
    # As long as what plays on screens: with more time more signals can speak, which must not tell the two apart.
    longest_s=8.0,
    revision=2,
)
