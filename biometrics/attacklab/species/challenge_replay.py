"""A recording of the person answering another session's challenge, while this session asks for its own."""

from __future__ import annotations

from biometrics.attacklab.lighting import (
    LONGEST_S,
    challenge,
    lasting,
    lit_by_screen,
    screen_lights,
    screen_share,
)
from biometrics.attacklab.monitors import monitor
from biometrics.attacklab.presenting import standing
from biometrics.attacklab.replaying import Recorded
from biometrics.attacklab.species import Rendered, Scene, Species
from biometrics.attacklab.takes import framed


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
        lights = screen_lights(scene, asked, t, share, followed=False)
        seen = device.seen(scene, Recorded(frames, t), t, standing(scene, len(t), fill), lights)
        frames = scene.camera.capture(seen, t, rng)
        truth |= made | {"fill": round(fill, 3)}
    return Rendered(frames, t, take.audio, take.sample_rate, truth)


SPECIES = Species(
    name="challenge_replay",
    family="challenge",
    description="A recorded answer to another session's coloured light: injected (a), or on a monitor before the camera (b).",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=LONGEST_S,
    revision=2,
)
