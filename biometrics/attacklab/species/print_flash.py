"""A printed photo, held flat before the camera while this session's challenge lights it."""

from __future__ import annotations

from biometrics.attacklab.lighting import LONGEST_S, challenged
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.species.print import presented


def _render(scene: Scene) -> Rendered:
    return challenged(scene, presented, followed=True)


SPECIES = Species(
    name="print_flash",
    family="presentation",
    description="A printed photo of the person, while the applicant's screen shows a challenge: paper takes its light evenly.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
