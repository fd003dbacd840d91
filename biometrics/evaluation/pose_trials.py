"""Error rates of the head-pose challenge on simulated heads, through the product's own detector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, get_args

import numpy as np

from biometrics.challenges.drbg import challenge_drbg
from biometrics.challenges.pose import Direction, pose_plan
from biometrics.detectors.pose_challenge import PoseChallenge
from biometrics.evaluation.pose_tracks import (
    Behaviour,
    draw_habits,
    pose_facts,
    pose_track,
    pose_views,
    shown_times,
)
from biometrics.evaluation.trials import Progress
from fraudmodel.intervals import Estimate, rate
from fraudmodel.signals import Observation, Reading

BEHAVIOURS: Final[tuple[Behaviour, ...]] = get_args(Behaviour)
HONEST: Final = ("follows", "slips once")
FULL: Final = 2000
QUICK: Final = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One behaviour.

    ``error`` is the FRR of heads that follow, the FAR of the others, of the challenges that gave an observation, where the
    detector says "followed"; ``score_error`` the same where the score supports a live head (is below 0); ``abstained`` of all; ``score`` 5 %, 50 %, 95 %; ``reaction_s`` likewise, of the sessions that have one.
    """

    behaviour: Behaviour
    error: Estimate
    score_error: Estimate
    abstained: Estimate
    score: tuple[float, ...]
    reaction_s: tuple[float, ...]
    by_fps: dict[str, Estimate]

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "behaviour": self.behaviour,
            "kind": "frr" if self.behaviour in HONEST else "far",
            "followed": _json(self.error),
            "score_below_0": _json(self.score_error),
            "by_fps": {fps: _json(figure) for fps, figure in self.by_fps.items()},
            "abstained": _json(self.abstained),
            "score_5_50_95": [round(value, 3) for value in self.score],
            "reaction_s_5_50_95": [round(value, 3) for value in self.reaction_s],
        }


@dataclass(frozen=True, slots=True)
class PoseFigures:
    """All behaviours; ``decision_ms`` mean time of judging one challenge on this machine; ``frame_ms`` of taking a frame."""

    rows: tuple[Row, ...]
    decision_ms: float
    frame_ms: float

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "rows": [row.as_json() for row in self.rows],
            "decision_ms": round(self.decision_ms, 3),
            "frame_ms": round(self.frame_ms, 5),
        }


def pose_figures(sessions: int, report: Progress) -> PoseFigures:
    """Play ``sessions`` simulated challenges of each behaviour."""
    clock = _Clock()
    rows = []
    for behaviour in BEHAVIOURS:
        played = []
        for k in range(sessions):
            played.append(_play(behaviour, k, clock))
            report(k + 1, sessions, f"head pose: {behaviour}")
        rows.append(_row(behaviour, played))
    return PoseFigures(
        tuple(rows), clock.decisions_ms / max(clock.decisions, 1), clock.frames_ms / clock.frames
    )


@dataclass(slots=True)
class _Clock:
    decisions: int = 0
    decisions_ms: float = 0.0
    frames: int = 0
    frames_ms: float = 0.0


def _play(behaviour: Behaviour, k: int, clock: _Clock) -> tuple[float, Reading]:
    """The frame rate and the reading of one session."""
    seed = f"{behaviour} {k}".encode()
    rng = np.random.default_rng(list(seed))
    plan = pose_plan(seed)
    shown_s = shown_times(plan)
    habits = draw_habits(behaviour, rng)
    t, angles = pose_track(_order(behaviour, seed), shown_s, habits, rng)
    detector = PoseChallenge()
    started = perf_counter()
    for view in pose_views(t, angles, habits.fps):
        detector.observe(view)
    clock.frames += len(t)
    clock.frames_ms += 1e3 * (perf_counter() - started)
    *facts, end = pose_facts(seed, shown_s)
    for fact in facts:
        detector.learn(fact)
    started = perf_counter()
    (reading,) = detector.learn(end)
    clock.decisions += 1
    clock.decisions_ms += 1e3 * (perf_counter() - started)
    return habits.fps, reading


def _order(behaviour: Behaviour, seed: bytes) -> Sequence[Direction] | None:
    if behaviour == "ignores":
        return None
    shown = seed if behaviour != "other order" else challenge_drbg(seed, "another challenge").generate(32)
    return [step.direction for step in pose_plan(shown).steps]


def _row(behaviour: Behaviour, played: Sequence[tuple[float, Reading]]) -> Row:
    measured = [(fps, reading) for fps, reading in played if isinstance(reading, Observation)]
    scores = [reading.score for _, reading in measured]
    reactions = [
        reading.covariates["reaction_s"] for _, reading in measured if "reaction_s" in reading.covariates
    ]
    rates_hz = sorted({fps for fps, _ in measured})
    return Row(
        behaviour=behaviour,
        error=_error(behaviour, [reading for _, reading in measured]),
        score_error=rate(sum((score < 0.0) != (behaviour in HONEST) for score in scores), len(scores)),
        abstained=rate(len(played) - len(measured), len(played)),
        score=_quantiles(scores),
        reaction_s=_quantiles(reactions),
        by_fps={
            f"{fps:g}": _error(behaviour, [reading for at, reading in measured if at == fps])
            for fps in rates_hz
        },
    )


def _error(behaviour: Behaviour, readings: Sequence[Observation]) -> Estimate:
    wrong = 0.0 if behaviour in HONEST else 1.0
    return rate(sum(reading.covariates["followed"] == wrong for reading in readings), len(readings))


def _quantiles(values: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(v) for v in np.quantile(values, (0.05, 0.5, 0.95))) if values else ()


def _json(figure: Estimate) -> dict[str, float]:
    return {"value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}
