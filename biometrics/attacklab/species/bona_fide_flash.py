"""An honest applicant who answers a coloured-light challenge: what relit and replayed faces are compared with."""

from __future__ import annotations

from collections.abc import Callable

from biometrics.attacklab.lighting import (
    LONGEST_S,
    challenge,
    lasting,
    lit_by_screen,
    screen_lights,
    screen_share,
)
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import framed


def _render(scene: Scene) -> Rendered:
    return answered(scene, screen_share)


def answered(scene: Scene, share_of: Callable[[Scene], float]) -> Rendered:
    """A challenge answered by a face that a screen lights by the share of the room's light that ``share_of`` draws."""
    flash = challenge(scene)
    t = scene.camera.times(lasting(flash), scene.rng)
    take = framed(scene.clip, t, scene.camera.fps, scene.size, scene.rng, scene.renderer == "b")
    share = share_of(scene)
    lit = lit_by_screen(take, screen_lights(scene, flash, t, share))
    frames = scene.camera.capture(lit, t, scene.rng)
    return Rendered(frames, t, take.audio, take.sample_rate, flash.truth(True, share))


SPECIES = Species(
    name="bona_fide_flash",
    family="bona_fide",
    description="An honest applicant whose face the screen lights in a challenge's colours, at a desk (a) or by phone (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
