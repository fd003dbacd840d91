"""An honest applicant who answers a coloured-light challenge by a window: daylight drowns what the screen shows."""

from __future__ import annotations

from biometrics.attacklab.lighting import LONGEST_S, drowned_share
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.species.bona_fide_flash import answered


def _render(scene: Scene) -> Rendered:
    return answered(scene, drowned_share)


SPECIES = Species(
    name="bona_fide_flash_drowned",
    family="bona_fide",
    description="An honest applicant by a window, whose screen is lost in the daylight while a challenge runs.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
