"""Simulated head-pose challenges: what a head does after arrows, as poses at frame times.

Turns are minimum-jerk movements. Reaction times, amplitudes and habits are assumptions, written down in `Habits`, and so is
the jitter of the landmarks; a talking head sways about as far as in eight real clips: 0.9-8 and 1.4-6.8 degrees (standard
deviation of yaw and of pitch; `tests/biometrics/head/test_real_heads.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from biometrics.challenges.pose import AXIS, STEPS, Direction, PosePlan
from biometrics.face.boxes import Landmarks
from biometrics.face.pose import CANONICAL, POINTS
from biometrics.head.turns import SIGNS
from biometrics.media import Frame
from biometrics.views import Face, FaceQuality, FaceView, Fact, HeadPose

Behaviour = Literal["follows", "slips once", "ignores", "other order", "scripted"]
"""A person who follows; one who turns the wrong way after one of the arrows; a head that talks on; one that follows another
challenge's order at these times; one that a programme turns as soon as the arrow is there."""

START_S: Final = 2.5
"""When the first arrow appears; media begins at 0."""
_AFTER_S: Final = 1.0
_SWAY_S: Final = 0.5
"""Time constant of a talking head's sway: the clips' correlation is 0.64 after 0.2 s."""


@dataclass(frozen=True, slots=True)
class Habits:
    """One simulated head.

    ``reaction_s`` median and ``reaction_spread`` of its logarithm; ``turn_s`` how long a turn takes; ``far_deg`` yaw and
    pitch; ``sway_deg`` standard deviation while the challenge runs; ``jitter_deg`` of the landmarks; ``returns`` whether it
    turns back before the next arrow; ``slips`` after which arrow it turns the other way, None for never; ``fps`` of the camera; ``rest_deg`` where
    it looks before.
    """

    reaction_s: float = 0.45
    reaction_spread: float = 0.2
    turn_s: float = 0.5
    far_deg: tuple[float, float] = (25.0, 15.0)
    sway_deg: tuple[float, float] = (1.0, 1.0)
    jitter_deg: float = 0.3
    returns: bool = False
    slips: int | None = None
    fps: float = 25.0
    rest_deg: tuple[float, float] = (0.0, 0.0)


def draw_habits(behaviour: Behaviour, rng: np.random.Generator) -> Habits:
    """A head of the simulated population."""
    talks = behaviour == "ignores"
    sway = (rng.uniform(0.9, 8.0), rng.uniform(1.4, 6.6)) if talks else tuple(rng.uniform(0.5, 2.0, 2))
    return Habits(
        reaction_s=0.0 if behaviour == "scripted" else float(rng.uniform(0.3, 0.7)),
        reaction_spread=0.0 if behaviour == "scripted" else 0.2,
        turn_s=float(rng.uniform(0.3, 0.7)),
        far_deg=(float(rng.uniform(15.0, 40.0)), float(rng.uniform(10.0, 25.0))),
        sway_deg=(float(sway[0]), float(sway[1])),
        jitter_deg=float(rng.uniform(0.1, 0.7)),
        returns=bool(rng.random() < 0.25),
        slips=int(rng.integers(STEPS)) if behaviour == "slips once" else None,
        fps=float(rng.choice([12.0, 15.0, 20.0, 25.0, 30.0])),
        rest_deg=(float(rng.normal(0.0, 4.0)), float(rng.normal(0.0, 5.0))),
    )


def shown_times(plan: PosePlan, start_s: float = START_S) -> tuple[float, ...]:
    """When each arrow appears, and when the last one goes, on a screen that keeps time."""
    return (start_s, *(start_s + float(t) for t in np.cumsum([step.hold_s for step in plan.steps])))


def pose_track(
    order: Sequence[Direction] | None, shown_s: Sequence[float], habits: Habits, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Frame times (n,) and yaw and pitch (n, 2) of a head that turns in ``order``; None for one that only sways."""
    t = np.arange(int((shown_s[-1] + _AFTER_S) * habits.fps)) / habits.fps
    angles = np.tile(np.array(habits.rest_deg, dtype=np.float64), (len(t), 1))
    if order is not None:
        angles += _turning(t, order, shown_s, habits, rng)
    angles += _sway(len(t), habits, rng) + rng.normal(0.0, habits.jitter_deg, angles.shape)
    return t, angles


def _turning(
    t: NDArray[np.float64],
    order: Sequence[Direction],
    shown_s: Sequence[float],
    habits: Habits,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    angles = np.zeros((len(t), 2))
    place = np.zeros(2)
    for k, (direction, (start, end)) in enumerate(zip(order, pairwise(shown_s), strict=True)):
        sign = -SIGNS[direction] if k == habits.slips else SIGNS[direction]
        target = np.zeros(2)
        target[AXIS[direction]] = sign * habits.far_deg[AXIS[direction]] * rng.lognormal(0.0, 0.15)
        target[1 - AXIS[direction]] = rng.normal(0.0, 2.5)
        begins = start + habits.reaction_s * rng.lognormal(0.0, habits.reaction_spread)
        angles += _jerk(t, begins, habits.turn_s) * (target - place)
        place = target
        back = end - habits.turn_s * rng.uniform(0.3, 0.8)
        if habits.returns and back > begins + habits.turn_s:
            angles -= _jerk(t, back, habits.turn_s) * place
            place = np.zeros(2)
    return np.asarray(angles - _jerk(t, shown_s[-1] + 0.3, habits.turn_s) * place)


def _jerk(t: NDArray[np.float64], begins: float, takes: float) -> NDArray[np.float64]:
    """A minimum-jerk movement from 0 to 1 (n, 1)."""
    x = np.clip((t - begins) / takes, 0.0, 1.0)[:, np.newaxis]
    return np.asarray(x**3 * (10.0 - 15.0 * x + 6.0 * x**2))


def _sway(count: int, habits: Habits, rng: np.random.Generator) -> NDArray[np.float64]:
    memory = float(np.exp(-1.0 / (_SWAY_S * habits.fps)))
    drive = rng.normal(0.0, np.sqrt(1.0 - memory**2), (count, 2))
    return np.asarray(lfilter([1.0], [1.0, -memory], drive, axis=0) * habits.sway_deg)


def pose_views(t: NDArray[np.float64], angles: NDArray[np.float64], fps: float) -> Iterator[FaceView]:
    """Views of a face with these poses, in pictures that show nothing."""
    image = np.zeros((48, 64, 3), np.uint8)
    quality = FaceQuality(inter_ocular_px=70.0, luma=120.0, sharpness=200.0, inside=1.0)
    for k, (at, (yaw, pitch)) in enumerate(zip(t.tolist(), angles.tolist(), strict=True)):
        face = Face((16.0, 8.0, 32.0, 32.0), _landmarks(), HeadPose(yaw, pitch, 0.0), quality, 1)
        yield FaceView(Frame(at, k, image), face, None, 0, fps)


def _landmarks() -> Landmarks:
    points = np.zeros((478, 3), np.float32)
    points[POINTS] = CANONICAL * (2.0, -2.0, -2.0)
    return np.asarray(points + np.array([32.0, 24.0, 0.0], np.float32), dtype=np.float32)


def pose_facts(seed: bytes, shown_s: Sequence[float], challenge: str = "c") -> list[Fact]:
    """What is told of a challenge whose arrows appeared at these times and that was done."""
    begin = {"event": "begin", "challenge": challenge, "seed": seed.hex()}
    shows = [
        {"event": "show", "challenge": challenge, "k": k, "shown_s": at} for k, at in enumerate(shown_s[:-1])
    ]
    end = {"event": "end", "challenge": challenge, "how": "done", "detail": ""}
    first = Fact(max(shown_s[0] - 0.5, 0.0), "pose", begin)
    told = [Fact(at, "pose", values) for at, values in zip(shown_s[:-1], shows, strict=True)]
    return [first, *told, Fact(shown_s[-1], "pose", end)]
