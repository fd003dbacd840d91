"""A recording of the person, played on a phone that is held before the camera."""

from __future__ import annotations

import numpy as np

from biometrics.attacklab.optics import Floats, Lights, room_only
from biometrics.attacklab.presenting import (
    captured,
    glass,
    held,
    most_turn_deg,
    portrait_box,
    room_level,
)
from biometrics.attacklab.replaying import Device, Played
from biometrics.attacklab.room import Rim, prop
from biometrics.attacklab.screen import Display, Recapture, Sensor, pwm_gain, scan_gain
from biometrics.attacklab.species import Rendered, Scene, Species


def _render(scene: Scene) -> Rendered:
    t = scene.camera.times(scene.duration_s, scene.rng)
    return presented(scene, t, room_only(len(t)))


def presented(scene: Scene, t: Floats, lights: Lights) -> Rendered:
    """The recording, filmed at the times ``t``."""
    fill = float(scene.rng.uniform(0.72, 1.12))
    phone, truth = _device(scene, t, fill)
    motion = held(scene, t, fill, turn=0.6)
    played = Played(scene.clip, portrait_box(scene.clip, scene.size), scene.size)
    seen = phone.seen(scene, played, t, motion, lights)
    turn = most_turn_deg(motion.angles)
    return captured(scene, t, seen, truth | {"fill": round(fill, 3), "turn_deg": turn}, scene.clip)


def _device(scene: Scene, t: Floats, fill: float) -> tuple[Device, dict[str, object]]:
    """A phone and its ground truth.

    Family a: an RGBG matrix whose light is pulsed. Family b: diamonds, rows blanked once per refresh, a finer sensor.
    """
    rng = scene.rng
    first = scene.renderer == "a"
    layout = "pentile_rgbg" if first else "diamond"
    sensor = Sensor(1.0, 0.95, float(rng.uniform(0.35, 0.6)))
    if not first:
        sensor = Sensor(1.25, 0.85, float(rng.uniform(0.6, 0.9)), edge_aware=True)
    pitch_px = float(rng.uniform(0.6, 1.1))
    display = Display(
        float(rng.uniform(2.15, 2.4)),
        0.0,
        (1.06, 1.0, float(rng.uniform(0.9, 1.0))),
        float(rng.uniform(1.05, 1.3)),
    )
    rows, hz = _rhythm(scene, t)
    dark = float(rng.uniform(0.004, 0.02)) * room_level(scene)
    rim = Rim(int(rng.integers(5, 12)), int(rng.integers(10, 40)), (dark, dark, dark), 5)
    frame = prop(scene.size, rim, int(rng.integers(1, 5)), rng)
    truth: dict[str, object] = {
        "layout": layout,
        "pitch_px": round(pitch_px, 4),
        "gamma": round(display.gamma, 3),
        "saturation": round(display.saturation, 3),
        "refresh_hz": hz,
    }
    shine = glass(scene, (0.01, 0.09), (2, 9))
    return Device(display, Recapture(layout, sensor, pitch_px, fill / pitch_px), frame, shine, rows), truth


def _rhythm(scene: Scene, t: Floats) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], float]:
    """The panel's light by picture row, and how often a second it is renewed."""
    rng, camera = scene.rng, scene.camera
    exposure_s = min(camera.exposure_s, 0.033)
    if scene.renderer == "a":
        hz = round(float(rng.choice([240.0, 360.0, 480.0]) * rng.uniform(0.99, 1.01)), 2)
        return pwm_gain(
            t, scene.size[0], camera.readout_s, exposure_s, hz, float(rng.uniform(0.3, 0.8)), 0.8
        ), hz
    hz = round(float(rng.choice([60.0, 90.0, 120.0]) * rng.uniform(0.995, 1.005)), 2)
    return scan_gain(t, scene.size[0], camera.readout_s, exposure_s, hz, float(rng.uniform(0.02, 0.12))), hz


SPECIES = Species(
    name="phone_replay",
    family="presentation",
    description="A recording of the person, played on a phone that is held before the camera.",
    renderers=("a", "b"),
    needs=frozenset(),
    render=_render,
    longest_s=8.0,
)
