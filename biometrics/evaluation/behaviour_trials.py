"""Is the test of questions exact, and what does it find? Simulated interviews through the product's own comparison.

Three questions: do p-values of answers that are like all others come out uniform; how often is an answer found that was moved; how many
of the found ones are none. And what everybody must know who uses it: what happens where time, and not the question, moves the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final, get_args

import numpy as np

from biometrics.behaviour import gaze
from biometrics.behaviour.features import FLOORS, NAMES
from biometrics.behaviour.permutation import Judged, judge
from biometrics.evaluation.behaviour_scene import (
    Floats,
    Track,
    draw_answers,
    draw_person,
    gaze_track,
    spreads,
)
from biometrics.evaluation.trials import Progress
from fraudmodel.intervals import Estimate, rate

FULL: Final = 500
QUICK: Final = 60
SIZES: Final = ((5, 5), (8, 6), (10, 10), (20, 5), (40, 4))
"""Neutral answers and questions to be checked."""
ALPHA: Final = 0.05
Q: Final = 0.1
FLOOR: Final = np.array([FLOORS[name] for name in NAMES])
MOVED: Final = ("latency_s", "pause_ratio", "averted_share", "pitch_sd_st")
"""Features of a moved answer, all by the same number of this person's own standard deviations."""
SHIFTS: Final = (2.0, 4.0)
GAZE_S: Final = 30.0
GAZE_TRACKS: Final = 60
GAZE_FPS: Final = (15.0, 25.0, 30.0)
GAZE_NOISE_DEG: Final = (1.0, 2.0)
READS: Final = 0.2
"""A reading share from here on counts as reading, in this table only."""

Draw = Callable[[np.random.Generator, int, int], tuple[Floats, Floats, Floats]]
"""Neutral answers and probes (n, features), and which probes (k,) were moved."""


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of interview, ``sessions`` of them.

    ``question_distance`` and ``session_distance``: how far the distribution of p rises above uniform, at most; under the null it stays
    below ``bound`` with 95 % (Dvoretzky-Kiefer-Wolfowitz, one side), if sessions were all that is random. ``session_rate`` sessions with
    p <= 0.05; ``found`` moved answers with q <= 0.1; ``false_rate`` mean share of answers that were not moved among those with q <= 0.1, which is 0 where there are none.
    """

    name: str
    neutral: int
    probes: int
    sessions: int
    question_distance: float
    session_distance: float
    bound: float
    session_rate: Estimate
    found: Estimate | None
    false_rate: Estimate

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        plain = ("name", "neutral", "probes", "sessions", "question_distance", "session_distance", "bound")
        figures = {name: getattr(self, name) for name in ("session_rate", "found", "false_rate")}
        return {name: getattr(self, name) for name in plain} | {
            name: None if figure is None else _json(figure) for name, figure in figures.items()
        }


@dataclass(frozen=True, slots=True)
class GazeRow:
    """Tracks of one kind at one frame rate and noise: ``reading`` those with a share of `READS` or more, ``share`` its median."""

    track: Track
    fps: float
    noise_deg: float
    reading: Estimate
    share: float

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {"track": self.track, "fps": self.fps, "noise_deg": self.noise_deg, "share": self.share} | {
            "reading": _json(self.reading)
        }


@dataclass(frozen=True, slots=True)
class BehaviourFigures:
    """All rows; ``update_ms`` the slowest of ten comparisons of 40 answers on this machine."""

    rows: tuple[Row, ...]
    gazes: tuple[GazeRow, ...]
    update_ms: float

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "rows": [row.as_json() for row in self.rows],
            "gaze": [row.as_json() for row in self.gazes],
            "update_ms": round(self.update_ms, 2),
        }


def behaviour_figures(sessions: int, report: Progress, voices: Sequence[Floats] = ()) -> BehaviourFigures:
    """Simulate ``sessions`` interviews of each kind; with ``voices`` (answers, features) of real people, theirs with shuffled labels."""
    kinds = [("null", neutral, probes, null()) for neutral, probes in SIZES]
    kinds += [("null, real voices", 5, 3, shuffled(voices))] if voices else []
    for shift in SHIFTS:
        kinds += [
            (f"one moved by {shift:g} sd", *size, moved(shift, 1)) for size in ((10, 10), (20, 5), (40, 4))
        ]
        kinds += [(f"half moved by {shift:g} sd", *size, moved(shift, 0)) for size in ((10, 10), (20, 10))]
    kinds += [
        ("drift of 1 sd, neutral first", 10, 10, drifting(spread_out=False)),
        ("drift of 1 sd, neutral spread", 10, 10, drifting(spread_out=True)),
    ]
    rows = []
    for name, neutral, probes, draw in kinds:
        rows.append(_row(name, neutral, probes, draw, sessions, report))
    return BehaviourFigures(tuple(rows), tuple(_gazes(min(sessions, GAZE_TRACKS))), _update_ms())


def null() -> Draw:
    """Nobody's answer is moved."""

    def draw(rng: np.random.Generator, neutral: int, probes: int) -> tuple[Floats, Floats, Floats]:
        values = draw_answers(draw_person(rng), neutral + probes, rng)
        return values[:neutral], values[neutral:], np.zeros(probes)

    return draw


def shuffled(people: Sequence[Floats]) -> Draw:
    """The answers of a real person, some of them called neutral by chance."""

    def draw(rng: np.random.Generator, neutral: int, probes: int) -> tuple[Floats, Floats, Floats]:
        person = people[int(rng.integers(len(people)))]
        values = person[rng.permutation(len(person))[: neutral + probes]]
        return values[:neutral], values[neutral:], np.zeros(len(values) - neutral)

    return draw


def moved(shift: float, count: int) -> Draw:
    """The first ``count`` probes are moved in `MOVED`, half of them where ``count`` is 0."""

    def draw(rng: np.random.Generator, neutral: int, probes: int) -> tuple[Floats, Floats, Floats]:
        person = draw_person(rng)
        values = draw_answers(person, neutral + probes, rng)
        planted = np.arange(probes) < (count or probes // 2)
        which = np.isin(NAMES, MOVED)
        values[neutral:][np.ix_(planted, which)] += shift * spreads(person, rng)[which]
        return values[:neutral], values[neutral:], planted.astype(np.float64)

    return draw


def drifting(*, spread_out: bool) -> Draw:
    """Every feature moves evenly by one standard deviation in the course of the interview, and no question has anything to do with it."""

    def draw(rng: np.random.Generator, neutral: int, probes: int) -> tuple[Floats, Floats, Floats]:
        person, answers = draw_person(rng), neutral + probes
        values = draw_answers(person, answers, rng)
        values += np.linspace(0.0, 1.0, answers)[:, np.newaxis] * spreads(person, rng)
        first = np.arange(answers) < neutral
        if spread_out:
            first = np.zeros(answers, np.bool_)
            first[np.round(np.linspace(0, answers - 1, neutral)).astype(int)] = True
        return values[first], values[~first], np.zeros(probes)

    return draw


def _row(name: str, neutral: int, probes: int, draw: Draw, sessions: int, report: Progress) -> Row:
    judged: list[tuple[Judged, Floats]] = []
    for k in range(sessions):
        rng = np.random.default_rng([*name.encode(), neutral, probes, k])
        values, checked, planted = draw(rng, neutral, probes)
        judged.append((judge(values, checked, FLOOR), planted))
        report(k + 1, sessions, f"{name}: {neutral} neutral, {probes} to check")
    together = np.array([each.session_p for each, _ in judged])
    one = np.array([each.p[-1] for each, _ in judged])
    hits = np.concatenate([each.q[planted > 0] <= Q for each, planted in judged])
    return Row(
        name,
        neutral,
        probes,
        sessions,
        question_distance=excess(one),
        session_distance=excess(together),
        bound=float(np.sqrt(np.log(1.0 / 0.05) / (2.0 * sessions))),
        session_rate=rate(int(np.sum(together <= ALPHA)), int(np.sum(~np.isnan(together)))),
        found=rate(int(hits.sum()), len(hits)) if len(hits) else None,
        false_rate=_mean([_false_share(each.q, planted) for each, planted in judged]),
    )


def excess(p: Floats) -> float:
    """How far the distribution function of p (n,) rises above that of uniform values, at most: valid p-values stay at or below it."""
    known = np.sort(p[~np.isnan(p)])
    return float(np.max(np.arange(1, len(known) + 1) / len(known) - known, initial=0.0))


def _false_share(q: Floats, planted: Floats) -> float:
    found = q <= Q
    return float(np.mean(planted[found] == 0.0)) if found.any() else 0.0


def _mean(shares: Sequence[float]) -> Estimate:
    """The mean with its bootstrap interval over sessions."""
    values = np.array(shares)
    rng = np.random.default_rng(0)
    means = values[rng.integers(len(values), size=(500, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975)).tolist()
    return Estimate(float(values.mean()), low, high, len(values))


def _gazes(tracks: int) -> list[GazeRow]:
    found = []
    for track in get_args(Track):
        for fps in GAZE_FPS:
            for noise_deg in GAZE_NOISE_DEG:
                shares = [_share(track, fps, noise_deg, k) for k in range(tracks)]
                reading = rate(sum(share >= READS for share in shares), tracks)
                found.append(GazeRow(track, fps, noise_deg, reading, float(np.median(shares))))
    return found


def _share(track: Track, fps: float, noise_deg: float, k: int) -> float:
    rng = np.random.default_rng([*track.encode(), int(fps), int(10 * noise_deg), k])
    seen = gaze_track(track, GAZE_S, fps, noise_deg, rng)
    return gaze.reading_share(gaze.even(seen[:, 0], seen[:, 1:])[:, 0])


def _update_ms() -> float:
    rng = np.random.default_rng(0)
    took = []
    for _ in range(10):
        values = draw_answers(draw_person(rng), 40, rng)
        started = perf_counter()
        judge(values[:10], values[10:], FLOOR)
        took.append(1e3 * (perf_counter() - started))
    return max(took)


def _json(figure: Estimate) -> dict[str, float]:
    return {"value": figure.value, "low": figure.low, "high": figure.high, "n": figure.n}
