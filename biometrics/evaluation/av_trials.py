"""Does `av_sync` tell whose sound it is and by how much it lags; does `voice_over` notice a still face? On real talking clips.

A clip's own filter would know it: every trial is judged by weights learnt without the people in it. Clips are short, so 16 s of speech are
joined from several people, who come and go together in the intervals, as they do in the swapped trials.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from time import process_time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biometrics.av.sync import Pairs, compare, pairs
from biometrics.av.timeline import RATE_HZ, Floats, Rows
from biometrics.av.tracks import about_speech, heard_speech, mouth_track, seen_mouth, sound_track
from biometrics.detectors.av_sync import VOICED_S, AvSync
from biometrics.errors import EvaluationError
from biometrics.evaluation.av_clips import Talk, played, rows_of, together
from biometrics.evaluation.av_fit import fit_weights
from biometrics.evaluation.trials import Progress
from biometrics.views import FaceView, Fact
from fraudmodel.intervals import Estimate, clopper_pearson, rate
from fraudmodel.metrics import Det, det, eer, estimate
from fraudmodel.signals import Observation

SHIFTS_MS: Final = (0, 120, -120, 240, -240, 400, -400)
WITHIN_MS: Final = 40.0
DURATIONS_S: Final = (2.0, 4.0, 8.0, 16.0)
MOVED_MS: Final = (400, -400)
"""Shifts that count as attacks by themselves."""
GROUPS: Final = 24
SWAPS: Final = 6
"""Other people's sounds for each group."""
WINDOWS: Final = 3
"""Windows that are cut from each where they are short."""
LEAST_CLIPS: Final = 4
SPARE_S: Final = 0.5
LOST_S: Final = 0.5
"""Speech that a clip can lose at its ends where its sound is moved."""
_SEED: Final = 513
SWAPPED: Final = "swapped"


@dataclass(frozen=True, slots=True)
class Trial:
    """One window of speech. ``kind`` "" genuine, or what was done; ``people`` who are in it; ``score`` greater = more attack-like."""

    duration_s: float
    kind: str
    people: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Shift:
    """One group's sound moved: the offset that was read, less the one of the unmoved sound; None where nothing was measured."""

    people: tuple[str, ...]
    shift_ms: int
    offset_ms: float | None
    own_ms: float | None

    @property
    def error_ms(self) -> float | None:
        """How far the estimate is from the shift, relative to the unmoved sound's own offset."""
        if self.offset_ms is None or self.own_ms is None:
            return None
        return self.offset_ms - self.own_ms - self.shift_ms


@dataclass(frozen=True, slots=True)
class EerRow:
    """One kind of attack at one length."""

    duration_s: float
    kind: str
    genuine: int
    attacks: int
    eer: Estimate
    curve: Det

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "duration_s": self.duration_s,
            "attack": self.kind,
            "genuine": self.genuine,
            "attacks": self.attacks,
            "eer": estimate_json(self.eer),
        }


@dataclass(frozen=True, slots=True)
class AvFigures:
    """Everything about the comparison; ``clips`` each with its own offset and z; ``ms_per_s`` of one core on this machine."""

    clips: tuple[dict[str, Any], ...]
    shifts: tuple[Shift, ...]
    eers: tuple[EerRow, ...]
    jitter_equal: Estimate
    ms_per_s: float

    def within(self, shift_ms: int) -> Estimate:
        """Share of groups whose offset was read within `WITHIN_MS` of the shift; what was not measured counts as missed."""
        errors = [each.error_ms for each in self.shifts if each.shift_ms == shift_ms]
        return rate(sum(error is not None and abs(error) <= WITHIN_MS for error in errors), len(errors))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "clips": list(self.clips),
            "shifts": [
                {
                    "shift_ms": shift,
                    "within_40_ms": estimate_json(self.within(shift)),
                    "errors_ms": [
                        None if each.error_ms is None else round(each.error_ms, 1)
                        for each in self.shifts
                        if each.shift_ms == shift
                    ],
                }
                for shift in SHIFTS_MS
            ],
            "eer": [row.as_json() for row in self.eers],
            "jitter_leaves_readings_equal": estimate_json(self.jitter_equal),
            "ms_per_s": round(self.ms_per_s, 3),
        }


class Bench:
    """Clips with their rows, and weights that never saw given people: learnt on these clips, or on those of ``taught``."""

    def __init__(self, talks: Sequence[Talk], taught: Bench | None = None) -> None:
        if len(talks) < LEAST_CLIPS:
            raise EvaluationError(
                f"there are {len(talks)} clips, and at least {LEAST_CLIPS} talking people are needed to judge some by the others"
            )
        self.talks = {talk.name: talk for talk in talks}
        self._rows = {talk.name: rows_of(talk) for talk in talks}
        self._weights: dict[frozenset[str], Floats] = {}
        self._taught = taught

    def rows(self, name: str) -> Rows:
        """A clip on the grid."""
        return self._rows[name]

    def without(self, people: Sequence[str]) -> Floats:
        """Weights learnt on everybody else."""
        if self._taught is not None:
            return self._taught.without(people)
        key = frozenset(people)
        if key not in self._weights:
            self._weights[key] = fit_weights([rows for name, rows in self._rows.items() if name not in key])
        return self._weights[key]

    def voiced_s(self, name: str) -> float:
        """Speech of the clip with the mouth in sight."""
        rows = self._rows[name]
        return float((heard_speech(rows) & seen_mouth(rows)).sum()) / RATE_HZ

    def groups(self, most: int) -> list[tuple[str, ...]]:
        """The fewest people, in every choice, whose clips hold 16 s of speech; half of all people at most."""
        names = sorted(self.talks)
        found: list[tuple[str, ...]] = []
        for size in range(1, len(names) // 2 + 1):
            for chosen in combinations(names, size):
                minimal = not any(set(other) <= set(chosen) for other in found)
                if (
                    minimal
                    and sum(self.voiced_s(name) for name in chosen) >= VOICED_S + SPARE_S + LOST_S * size
                ):
                    found.append(chosen)
        if not found:
            raise EvaluationError("no half of the clips holds 16 s of speech: add longer ones")
        return [found[k] for k in np.random.default_rng(_SEED).permutation(len(found))[:most]]

    def joined(self, people: Sequence[str]) -> Talk:
        """Their clips, one after another."""
        return together([self.talks[name] for name in people])


def av_figures(bench: Bench, most: int, report: Progress) -> AvFigures:
    """Measure everything, on at most ``most`` groups."""
    groups = bench.groups(most)
    shifts = [
        each for k, group in enumerate(groups) for each in _shifts(bench, group, report, k, len(groups))
    ]
    trials = list(window_trials(bench, groups, report))
    equal = [
        _jitter_leaves_equal(bench.joined(group), k) for k, group in enumerate(groups[: max(4, most // 3)])
    ]
    talk = bench.joined(groups[0])
    items = [_fresh(item) for item in played(talk)]
    started = process_time()
    _readings(items)
    spent_s = process_time() - started
    return AvFigures(
        clips=tuple(_clip(bench, name) for name in sorted(bench.talks)),
        shifts=tuple(shifts),
        eers=tuple(eer_rows(trials)),
        jitter_equal=rate(sum(equal), len(equal)),
        ms_per_s=1e3 * spent_s / talk.duration_s,
    )


def _clip(bench: Bench, name: str) -> dict[str, Any]:
    rows, weights = bench.rows(name), bench.without([name])
    found = compare(pairs(sound_track(rows, weights), mouth_track(rows), about_speech(rows)))
    values = {} if found is None else {"own_offset_ms": found.offset_ms, "rho": found.rho, "z": found.z}
    return {
        "clip": name,
        "voiced_s": round(bench.voiced_s(name), 1),
        **{key: round(value, 2) for key, value in values.items()},
    }


def _shifts(bench: Bench, group: tuple[str, ...], report: Progress, k: int, total: int) -> Iterator[Shift]:
    talk, weights = bench.joined(group), bench.without(group)
    own_ms: float | None = None
    for shift in SHIFTS_MS:
        moved = together([bench.talks[name].late(shift / 1e3) for name in group]) if shift else talk
        found = _first(moved, weights)
        offset_ms = None if found is None else found.covariates.get("offset_ms")
        own_ms = offset_ms if shift == 0 else own_ms
        yield Shift(group, shift, offset_ms, own_ms)
    report(k + 1, total, "shifted sound")


def _first(talk: Talk, weights: Floats) -> Observation | None:
    """The detector's first window."""
    detector = AvSync(weights)
    for item in played(talk):
        read = detector.observe(item) if isinstance(item, FaceView) else detector.learn(item)
        for reading in read:
            if isinstance(reading, Observation):
                return reading
    return next((one for one in detector.finish() if isinstance(one, Observation)), None)


def window_trials(bench: Bench, groups: Sequence[tuple[str, ...]], report: Progress) -> Iterator[Trial]:
    """Windows of every length: each group's own sound, its own moved, and other people's."""
    rng = np.random.default_rng(_SEED)
    for k, group in enumerate(groups):
        own = bench.joined(group)
        yield from _windows(own, "", group, bench, rng)
        for shift in MOVED_MS:
            moved = together([bench.talks[name].late(shift / 1e3) for name in group])
            yield from _windows(moved, f"moved {shift:+d} ms", group, bench, rng)
        others = [other for other in groups if not set(other) & set(group)]
        for j in rng.permutation(len(others))[:SWAPS]:
            people = (*group, *others[j])
            yield from _windows(own.dubbed(bench.joined(others[j])), SWAPPED, people, bench, rng)
        report(k + 1, len(groups), "swapped sound")


def _windows(
    talk: Talk, kind: str, people: tuple[str, ...], bench: Bench, rng: np.random.Generator
) -> Iterator[Trial]:
    rows, weights = rows_of(talk), bench.without(people)
    active = about_speech(rows) & (rows.t < talk.duration_s)
    sound = sound_track(rows, weights)
    tracks = pairs(sound, mouth_track(rows), active)
    voiced = (heard_speech(rows) & seen_mouth(rows))[active & np.isfinite(sound)]
    for duration_s in DURATIONS_S:
        for _ in range(1 if duration_s == DURATIONS_S[-1] else WINDOWS):
            trial = _window(tracks, voiced, duration_s, rng)
            if trial is not None:
                yield Trial(duration_s, kind, people, trial)


def _window(
    tracks: Pairs, voiced: NDArray[np.bool_], duration_s: float, rng: np.random.Generator
) -> float | None:
    """The score of a stretch somewhere that holds so much speech."""
    counted, wanted = np.cumsum(voiced), round(duration_s * RATE_HZ)
    if not len(counted) or counted[-1] < wanted:
        return None
    first = int(rng.integers(0, int(counted[-1]) - wanted + 1))
    place = slice(int(np.searchsorted(counted, first + 1)), int(np.searchsorted(counted, first + wanted)) + 1)
    found = compare(tracks, place)
    return None if found is None else -found.z


def eer_rows(trials: Sequence[Trial]) -> Iterator[EerRow]:
    """Genuine against each kind of attack, at each length."""
    for duration_s in DURATIONS_S:
        here = [trial for trial in trials if trial.duration_s == duration_s]
        genuine = [trial for trial in here if not trial.kind]
        for kind in sorted({trial.kind for trial in here} - {""}):
            attacks = [trial for trial in here if trial.kind == kind]
            if genuine:
                both = [*genuine, *attacks]
                scores = np.array([trial.score for trial in both])
                attack = np.array([bool(trial.kind) for trial in both])
                figure = _eer(both, scores, attack)
                yield EerRow(duration_s, kind, len(genuine), len(attacks), figure, det(scores, attack))


def _eer(trials: Sequence[Trial], scores: Floats, attack: NDArray[np.bool_]) -> Estimate:
    """The EER with the wider of two intervals: over people drawn anew, who bring all their trials, and of as many trials as people."""
    people = sorted({name for trial in trials for name in trial.people})

    def draw(rng: np.random.Generator) -> Floats:
        times = dict(
            zip(
                people,
                np.bincount(rng.integers(len(people), size=len(people)), minlength=len(people)),
                strict=True,
            )
        )
        return np.array(
            [np.prod([times[name] for name in trial.people]) for trial in trials], dtype=np.float64
        )

    drawn = estimate(eer, scores, attack, draw, seed=_SEED)
    low, high = clopper_pearson(drawn.value * len(people), len(people))
    return Estimate(drawn.value, min(low, drawn.low), max(high, drawn.high), len(people))


def _jitter_leaves_equal(talk: Talk, seed: int) -> bool:
    """The same media times, arriving steadily, and late by up to a second in bunches: whether the readings are the same."""
    rng = np.random.default_rng([_SEED, seed])
    items = list(played(talk))
    late = [item.t + float(rng.uniform(0.0, 1.0)) * (k // 40 % 2) for k, item in enumerate(items)]
    order = np.argsort(late, kind="stable")
    seen = [items[k] for k in order if isinstance(items[k], FaceView)]
    heard = [items[k] for k in order if not isinstance(items[k], FaceView)]
    # Each track keeps its own order, as packets do; what moves is one track against the other.
    frames, facts = iter(sorted(seen, key=lambda item: item.t)), iter(sorted(heard, key=lambda item: item.t))
    bunched = [next(frames) if isinstance(items[k], FaceView) else next(facts) for k in order]
    return _readings(items) == _readings(bunched)


def _fresh(item: FaceView | Fact) -> FaceView | Fact:
    """A view of which nothing has been measured yet."""
    return replace(item) if isinstance(item, FaceView) else item


def _readings(items: Sequence[Any]) -> list[Observation]:
    detector = AvSync()
    found = [
        one
        for item in items
        for one in (detector.observe(item) if isinstance(item, FaceView) else detector.learn(item))
    ]
    return [one for one in (*found, *detector.finish()) if isinstance(one, Observation)]


def estimate_json(figure: Estimate) -> dict[str, float | int]:
    """Plain JSON of a figure."""
    return {
        "value": round(figure.value, 4),
        "low": round(figure.low, 4),
        "high": round(figure.high, 4),
        "n": figure.n,
    }
