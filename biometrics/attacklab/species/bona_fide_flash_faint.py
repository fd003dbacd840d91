"""An honest applicant who answers a coloured-light challenge where its light hardly shows: by a phone, or in a bright room."""

from __future__ import annotations

from biometrics.attacklab.lighting import LONGEST_S, faint_share
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.species.bona_fide_flash import answered


def _render(scene: Scene) -> Rendered:
    return answered(scene, faint_share)


SPECIES = Species(
    name="bona_fide_flash_faint",
    family="bona_fide",
    description="An honest applicant whose phone's screen lights the face in a challenge's colours, but faintly.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
