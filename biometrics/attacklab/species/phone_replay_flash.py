"""A recording on a phone that is held before the camera while this session's challenge lights it."""

from __future__ import annotations

from biometrics.attacklab.lighting import LONGEST_S, challenged
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.species.phone_replay import presented


def _render(scene: Scene) -> Rendered:
    return challenged(scene, presented, followed=False)


SPECIES = Species(
    name="phone_replay_flash",
    family="presentation",
    description="A recording of the person on a phone held up, while the applicant's screen shows a challenge: the phone emits its own picture.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
