"""A rigid mask on somebody's head while this session's challenge lights it."""

from __future__ import annotations

from biometrics.attacklab.lighting import LONGEST_S, challenged
from biometrics.attacklab.species import OTHER, Rendered, Scene, Species
from biometrics.attacklab.species.mesh_mask import presented


def _render(scene: Scene) -> Rendered:
    return challenged(scene, presented, followed=True)


SPECIES = Species(
    name="mesh_mask_flash",
    family="presentation",
    description="A rigid mask of the person on somebody else, while the applicant's screen shows a challenge: it takes its light by its own shape.",
    renderers=("a", "b"),
    needs=frozenset({OTHER}),
    render=_render,
    longest_s=LONGEST_S,
)
