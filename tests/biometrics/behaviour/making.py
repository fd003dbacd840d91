"""Faces that look somewhere, and interviews with questions, as views and facts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import cos, radians, sin

import numpy as np

from biometrics.media import Frame
from biometrics.views import Face, FaceView, Fact, HeadPose
from tests.biometrics.face.fakes import a_face

WIDTH_MM, RADIUS_MM, DEPTH_MM = 28.0, 10.5, 5.0
PX = 1.7
"""For each mm."""


def eye_points(yaw_deg: float, gaze_deg: float, opening: float) -> dict[int, tuple[float, float]]:
    """The landmarks of two eyes that look ``gaze_deg`` to the person's left in the camera's frame, on a head turned by ``yaw_deg``:
    balls in whose front the corners lie, seen from far away."""
    yaw, found = radians(yaw_deg), {}
    for x, ids in (
        (200.0, (33, 133, (160, 144), (158, 153), 468)),
        (320.0, (362, 263, (385, 380), (387, 373), 473)),
    ):
        middle = x + PX * DEPTH_MM * sin(yaw)
        half = PX * WIDTH_MM / 2.0 * cos(yaw)
        found[ids[0]], found[ids[1]] = (middle - half, 200.0), (middle + half, 200.0)
        for upper, lower in ids[2:4]:
            lid = opening * half
            found[upper], found[lower] = (middle, 200.0 - lid), (middle, 200.0 + lid)
        found[ids[4]] = (x + PX * RADIUS_MM * sin(radians(gaze_deg)), 200.0)
    return found


def looking(yaw_deg: float = 0.0, gaze_deg: float = 0.0, roll_deg: float = 0.0, opening: float = 0.3) -> Face:
    face = a_face(pose=HeadPose(yaw_deg, 0.0, roll_deg))
    landmarks = face.landmarks.copy()
    turn = radians(roll_deg)
    for index, (x, y) in eye_points(yaw_deg, gaze_deg, opening).items():
        dx, dy = x - 260.0, y - 200.0
        landmarks[index, :2] = (
            260.0 + dx * cos(turn) - dy * sin(turn),
            200.0 + dx * sin(turn) + dy * cos(turn),
        )
    return replace(face, landmarks=landmarks)


@dataclass(frozen=True, slots=True)
class Reply:
    """One question and how it is answered: ``latency_s`` to the first word, ``pause_s`` of silence in every four seconds, where the eyes
    are ``averted`` (share of the time, in turns), how often they blink, how fast the head sways, and how the voice moves."""

    role: str = "baseline"
    seconds: float = 20.0
    latency_s: float = 1.0
    pause_s: float = 0.6
    averted: float = 0.1
    blink_every_s: float = 3.0
    sway_deg: float = 3.0
    pitch_sd_st: float = 2.0
    speaks: bool = True


FPS = 20.0
HOP_S = 0.512
_IMAGE = np.zeros((1, 1, 3), np.uint8)


@cache
def a_look(averted: bool, shut: bool, yaw_deg: int) -> Face:
    """One of few faces, so that making an interview is quick."""
    return looking(float(yaw_deg), 18.0 if averted else 0.0, opening=0.03 if shut else 0.3)


def interview(replies: Sequence[Reply], late_s: float = 0.3, seed: int = 1) -> list[FaceView | Fact]:
    """The views and facts of an interview, questions asked one after another; marks are told ``late_s`` late."""
    rng = np.random.default_rng(seed)
    items: list[tuple[float, FaceView | Fact]] = []
    start = 1.0
    for k, reply in enumerate(replies):
        values = {"question": f"q{k + 1}", "number": k + 1, "role": reply.role, "event": "asked"}
        items.append((start + late_s, Fact(start, "question", values)))
        items += _seen(start, _varied(reply, rng))
        items += _heard(start, _varied(reply, rng), rng)
        start += reply.seconds
    return [item for _, item in sorted(items, key=lambda pair: pair[0])]


def _varied(reply: Reply, rng: np.random.Generator) -> Reply:
    """Nobody answers twice in the same way."""
    return replace(
        reply,
        latency_s=reply.latency_s * float(rng.uniform(0.8, 1.2)),
        pause_s=reply.pause_s * float(rng.uniform(0.8, 1.2)),
        blink_every_s=reply.blink_every_s * float(rng.uniform(0.8, 1.2)),
        sway_deg=reply.sway_deg * float(rng.uniform(0.8, 1.2)),
        averted=min(reply.averted * float(rng.uniform(0.8, 1.2)), 1.0),
    )


def _seen(start: float, reply: Reply) -> Iterator[tuple[float, FaceView]]:
    for k in range(round(reply.seconds * FPS)):
        t = k / FPS
        averted = t % 5.0 < 5.0 * reply.averted
        shut = t % reply.blink_every_s < 0.15
        yaw_deg = round(reply.sway_deg * sin(2.0 * t))
        frame = Frame(start + t, round((start + t) * FPS), _IMAGE)
        yield start + t, FaceView(frame, a_look(averted, shut, yaw_deg), None, 0, FPS)


def _heard(start: float, reply: Reply, rng: np.random.Generator) -> Iterator[tuple[float, Fact]]:
    for k in range(int(reply.seconds / HOP_S)):
        t = k * HOP_S
        at = t + np.arange(16) * 0.032
        speaks = (
            (at >= reply.latency_s) & (at < reply.seconds - 0.5) & (at % 4.0 >= reply.pause_s) & reply.speaks
        )
        steps = t + np.arange(32) * 0.016
        level = np.where(np.repeat(speaks, 2), -40.0 + 10.0 * np.sin(8.0 * np.pi * steps), -80.0)
        span = {"from_s": start + t, "to_s": start + t + HOP_S, "step_s": 0.016}
        speech = {"speech": np.where(speaks, 0.95, 0.02).tolist(), "speech_s": float(speaks.sum()) * 0.032}
        levels = {"levels_db": np.repeat(level[:, np.newaxis], 6, axis=1).tolist()}
        yield start + t + HOP_S, Fact(start + t + HOP_S, "speech", span | speech | levels)
        f0_hz = 120.0 * 2.0 ** (rng.normal(0.0, reply.pitch_sd_st, 32) / 12.0)
        pitch = [float(hz) if said else None for hz, said in zip(f0_hz, np.repeat(speaks, 2), strict=True)]
        told = Fact(start + t + HOP_S, "prosody", span | {"first_s": start + t, "f0_hz": pitch})
        yield start + t + HOP_S, told
