"""Monitors that attackers play recordings on, drawn at random within a renderer family."""

from __future__ import annotations

import numpy as np

from biometrics.attacklab.optics import Floats
from biometrics.attacklab.presenting import glass, room_level
from biometrics.attacklab.replaying import Device
from biometrics.attacklab.room import Rim, prop
from biometrics.attacklab.screen import Display, Recapture, Sensor, pwm_gain
from biometrics.attacklab.species import Scene


def monitor(scene: Scene, t: Floats, fill: float) -> tuple[Device, dict[str, object]]:
    """A monitor and its ground truth.

    Family a: an RGB stripe panel with a pulsed backlight, on a sensor of one px per picture px, bilinear. Family b: slanted
    BGR subpixels, steady light and a visible tear line, on a finer sensor, along edges, then averaged.
    """
    rng = scene.rng
    first = scene.renderer == "a"
    layout = ("rgb_stripe" if rng.uniform() < 0.7 else "bgr_stripe") if first else "chevron"
    pitch_px = float(rng.uniform(0.7, 1.6))
    sensor = Sensor(1.0, 0.95, float(rng.uniform(0.25, 0.5)))
    if not first:
        sensor = Sensor(1.25, 0.8, float(rng.uniform(0.4, 0.7)), edge_aware=True)
    warmth = float(rng.uniform(-0.12, 0.12))
    display = Display(
        float(rng.uniform(2.2, 2.5)), float(rng.uniform(0.001, 0.006)), (1.05 - warmth, 1.0, 0.97 + warmth)
    )
    rows, hz = np.ones((len(t), scene.size[0]), np.float32), 0.0
    if first and rng.uniform() < 0.7:
        hz = float(rng.choice([180.0, 240.0, 360.0]) * rng.uniform(0.99, 1.01))
        camera = scene.camera
        duty = float(rng.uniform(0.4, 0.9))
        rows = pwm_gain(t, scene.size[0], camera.readout_s, min(camera.exposure_s, 0.033), hz, duty, 0.9)
    width = int(rng.integers(6, 22))
    dark = float(rng.uniform(0.01, 0.06)) * room_level(scene)
    frame = prop(scene.size, Rim(width, width, (dark, dark, dark)), 0, rng)
    shine = glass(scene, (0.004, 0.04), (14, 40))
    truth: dict[str, object] = {
        "layout": layout,
        "pitch_px": round(pitch_px, 4),
        "gamma": round(display.gamma, 3),
        "backlight_hz": round(hz, 2),
        "tears": not first,
    }
    return Device(
        display, Recapture(layout, sensor, pitch_px, fill / pitch_px), frame, shine, rows, tears=not first
    ), truth
