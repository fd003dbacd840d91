"""A recording of the person, played on a monitor that stands before the camera."""

from __future__ import annotations

from biometrics.attacklab.monitors import monitor
from biometrics.attacklab.optics import Floats, Lights, room_only
from biometrics.attacklab.presenting import captured, portrait_box, standing
from biometrics.attacklab.replaying import Played
from biometrics.attacklab.species import Rendered, Scene, Species


def _render(scene: Scene) -> Rendered:
    t = scene.camera.times(scene.duration_s, scene.rng)
    return presented(scene, t, room_only(len(t)))


def presented(scene: Scene, t: Floats, lights: Lights) -> Rendered:
    """The recording, filmed at the times ``t``."""
    fill = float(scene.rng.uniform(0.95, 1.35))
    screen, truth = monitor(scene, t, fill)
    motion = standing(scene, len(t), fill)
    played = Played(scene.clip, portrait_box(scene.clip, scene.size), scene.size)
    seen = screen.seen(scene, played, t, motion, lights)
    return captured(scene, t, seen, truth | {"fill": round(fill, 3), "turn_deg": 0.0}, scene.clip)


SPECIES = Species(
    name="lcd_replay",
    family="presentation",
    description="A recording of the person, played on a monitor that stands before the camera.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=8.0,
)
