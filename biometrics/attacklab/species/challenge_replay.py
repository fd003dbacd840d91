"""A recording of the person answering another session's challenge, while this session asks for its own."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from biometrics.attacklab.lighting import (
    LONGEST_S,
    Flash,
    challenge,
    lasting,
    lit_by_screen,
    screen_lights,
    screen_share,
)
from biometrics.attacklab.monitors import monitor
from biometrics.attacklab.optics import Floats, Radiance, room_only
from biometrics.attacklab.presenting import standing
from biometrics.attacklab.replaying import Recorded
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import framed
from biometrics.challenges.flash import GREY

_GLASS = (0.005, 0.03)
"""What a monitor's surface throws back of the light of the screen that stands before it."""


def _render(scene: Scene) -> Rendered:
    rng = scene.rng
    asked, other = challenge(scene), challenge(scene)
    t = scene.camera.times(lasting(asked), rng)
    take = framed(scene.clip, t, scene.camera.fps, scene.size, rng)
    share = screen_share(scene)
    frames = scene.camera.capture(lit_by_screen(take, screen_lights(scene, other, t, share)), t, rng)
    truth: dict[str, object] = {
        "followed": False,
        "screen_share": round(share, 4),
        "answered_seed": other.seed.hex(),
        "chips": len(asked.plan.chips),
        "facts": asked.facts(),
    }
    if scene.renderer == "b":
        fill = float(rng.uniform(0.95, 1.25))
        device, made = monitor(scene, t, fill)
        glass = float(rng.uniform(*_GLASS))
        seen = device.seen(scene, Recorded(frames, t), t, standing(scene, len(t), fill), room_only(len(t)))
        frames = scene.camera.capture(_mirroring(seen, asked, t, glass), t, rng)
        truth |= made | {"fill": round(fill, 3), "glass": round(glass, 4)}
    return Rendered(frames, t, take.audio, take.sample_rate, truth)


def _mirroring(seen: Iterator[Radiance], asked: Flash, t: Floats, glass: float) -> Iterator[Radiance]:
    """The asked colours, faintly, on the glass."""
    light = asked.light(t) * (glass / np.mean(GREY.linear))
    for radiance, added in zip(seen, light, strict=True):
        yield radiance + added.astype(np.float32)


SPECIES = Species(
    name="challenge_replay",
    family="challenge",
    description="A recorded answer to another session's coloured light: injected (a), or on a monitor before the camera (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
)
