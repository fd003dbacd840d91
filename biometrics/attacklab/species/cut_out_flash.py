"""A paper mask or a bent print while this session's challenge lights it."""

from __future__ import annotations

from biometrics.attacklab.lighting import LONGEST_S, challenged
from biometrics.attacklab.species import OTHER, Rendered, Scene, Species
from biometrics.attacklab.species.cut_out import way


def _render(scene: Scene) -> Rendered:
    return challenged(scene, way(scene), followed=True)


SPECIES = Species(
    name="cut_out_flash",
    family="presentation",
    description="A paper mask or a bent print of the person, while the applicant's screen shows a challenge: it takes its light by its own bend.",
    renderers=("a", "b"),
    needs=frozenset({OTHER}),
    render=_render,
    longest_s=LONGEST_S,
)
