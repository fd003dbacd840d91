"""How well brief movements are spotted: planted ones by bit rate and frame rate, and false events on real people who talk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any, Final

import numpy as np

from biometrics.evaluation.micro_clips import ClipRow, clip_files, clip_row
from biometrics.evaluation.micro_matching import matched, per_minute
from biometrics.evaluation.micro_planted import (
    DURATION_S,
    LEARNT_S,
    Condition,
    Open,
    Reader,
    Said,
    draw_plan,
    heard,
    in_a_blink,
    in_speech,
    pictures,
    seen,
    sent,
)
from biometrics.evaluation.trials import Progress
from biometrics.face.perception import FacePerception
from biometrics.facs.faces import NeutralFace, read_faces
from biometrics.facs.plan import ClipPlan
from fraudmodel.intervals import Estimate, rate_if_tried
from models.hub import ModelHub

AMPLITUDE: Final = 0.02
TARGET: Final = Condition(1500)
FULL: Final = (
    TARGET,
    *(Condition(kbps) for kbps in (1000, 800, 600, 400, 250)),
    Condition(1500, 24),
    Condition(1500, 15),
)
QUICK: Final = (TARGET, Condition(300), Condition(1500, 15))
QUICK_FACES: Final = 1
QUICK_CLIPS: Final = 1
_SEED = 57


@dataclass(frozen=True, slots=True)
class Row:
    """Planted movements of 2 % under one condition, the gate left open; and what the product says there.

    ``recall`` of upper movements outside blinks, ``recall_all`` of all upper ones, ``recall_lower`` of the others outside speech;
    ``precision`` and ``f1`` of brief upper ones; ``abstains`` share of the clips in which the product, with its gate, says nothing, and ``why``.
    """

    condition: Condition
    faces: int
    recall: Estimate | None
    recall_all: Estimate | None
    recall_lower: Estimate | None
    precision: Estimate | None
    f1: float | None
    false_a_minute: Estimate
    amplitude_ratio: float | None
    abstains: Estimate | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        figures = {
            "recall": self.recall, "recall_all": self.recall_all, "recall_lower": self.recall_lower, "precision": self.precision,
            "false_a_minute": self.false_a_minute, "abstains": self.abstains,
        }  # fmt: skip
        return {
            "kbps": self.condition.kbps,
            "fps": self.condition.fps,
            "faces": self.faces,
            **{name: None if each is None else figure(each) for name, each in figures.items()},
            "f1": None if self.f1 is None else round(self.f1, 4),
            "amplitude_ratio": None if self.amplitude_ratio is None else round(self.amplitude_ratio, 3),
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class SpottingFigures:
    """Everything measured. ``cost_ms`` of one core on this machine for a second of video at 30 frames, landmarks not included."""

    rows: tuple[Row, ...]
    clips: tuple[ClipRow, ...]
    cost_ms: float | None
    refused_faces: tuple[str, ...]

    @property
    def false_events(self) -> Estimate | None:
        """Brief upper ones a minute of real clips."""
        minutes = sum(row.minutes for row in self.clips)
        return per_minute(sum(row.false_events for row in self.clips), minutes) if minutes else None

    @property
    def false_events_seen(self) -> Estimate | None:
        """The same a minute in which a movement of the upper face would have been found."""
        minutes = sum(row.minutes * row.seen for row in self.clips)
        return per_minute(sum(row.false_events for row in self.clips), minutes) if minutes else None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        rates = {
            "false_events_a_minute": self.false_events,
            "false_events_a_seen_minute": self.false_events_seen,
        }
        return {
            "grade": "simulated",
            "amplitude": AMPLITUDE,
            "rows": [row.as_json() for row in self.rows],
            "clips": [row.as_json() for row in self.clips],
            **{name: None if each is None else figure(each) for name, each in rates.items()},
            "cost_ms_a_second": None if self.cost_ms is None else round(self.cost_ms, 1),
            "refused_faces": list(self.refused_faces),
        }


@dataclass(frozen=True, slots=True)
class Trial:
    """A plan that was filmed and sent, and what was said of it with the gate ``open`` and ``gated``, as the product is."""

    plan: ClipPlan
    open: Said
    gated: Said


def spotting_figures(
    faces: Path | None,
    only: Sequence[str],
    clips: Path | None,
    hub: ModelHub,
    report: Progress,
    *,
    quick: bool,
) -> SpottingFigures:
    """Plant in every face, spot in every clip. Raises EvaluationError for a folder that has neither."""
    found, refused = _faces(faces, only, hub) if faces is not None else ((), ())
    files = clip_files(clips) if clips is not None else []
    found, files = (found[:QUICK_FACES], files[:QUICK_CLIPS]) if quick else (found, files)
    clock = _Clock()
    rows = _planted(found, QUICK if quick else FULL, hub, report, clock)
    real = []
    for k, file in enumerate(files):
        real.append(clip_row(file, TARGET.kbps, hub))
        report(k + 1, len(files), "real clips")
    return SpottingFigures(tuple(rows), tuple(real), clock.cost_ms, refused)


class _Clock:
    def __init__(self) -> None:
        self.work_s = self.media_s = 0.0

    @property
    def cost_ms(self) -> float | None:
        """For a second of video."""
        return 1000.0 * self.work_s / self.media_s if self.media_s else None


def _faces(
    folder: Path, only: Sequence[str], hub: ModelHub
) -> tuple[tuple[NeutralFace, ...], tuple[str, ...]]:
    with FacePerception(hub) as perception:
        return read_faces(folder, perception.locate_still, only)


def _planted(
    faces: Sequence[NeutralFace],
    conditions: Sequence[Condition],
    hub: ModelHub,
    report: Progress,
    clock: _Clock,
) -> list[Row]:
    trials: dict[Condition, list[Trial]] = {condition: [] for condition in conditions}
    for k, face in enumerate(faces):
        for fps, together in _by_film(conditions).items():
            plan = draw_plan(np.random.default_rng([_SEED, k, fps]), fps, AMPLITUDE)
            # A film takes a gigabyte: one at a time.
            images = pictures(face, plan)
            for condition in together:
                trials[condition].append(_trial(plan, images, condition, hub, clock))
                done = sum(map(len, trials.values()))
                report(done, len(faces) * len(conditions), "planted movements")
            del images
    return [row_of(condition, each) for condition, each in trials.items() if each]


def _by_film(conditions: Sequence[Condition]) -> dict[int, list[Condition]]:
    """The conditions that send the same film, by its frames a second."""
    found: dict[int, list[Condition]] = {}
    for each in conditions:
        found.setdefault(2 * each.fps if each.fps < 20 else each.fps, []).append(each)
    return found


def _trial(
    plan: ClipPlan, images: Sequence[Any], condition: Condition, hub: ModelHub, clock: _Clock
) -> Trial:
    facts = list(heard(plan.speech, plan.duration_s))
    opened, gated = Reader(facts, Open()), Reader(facts)
    work_s = 0.0
    for view in seen(sent(images, plan, condition), hub):
        opened.see(view)
        started = process_time()
        gated.see(view)
        work_s += process_time() - started
    if condition == TARGET:
        clock.work_s += work_s
        clock.media_s += plan.duration_s
    return Trial(plan, opened.finish(), gated.finish())


def row_of(condition: Condition, trials: Sequence[Trial]) -> Row:
    """The figures of all the clips of a condition."""
    count: Counter[str] = Counter()
    ratios: list[float] = []
    for trial in trials:
        _count(trial, count, ratios)
    spotted = count["hit"] + count["false"]
    said = [trial.gated for trial in trials]
    silent = [each for each in said if not each.found and not each.empty]
    why = [
        f"{reason.value}: {detail}" if detail else reason.value
        for each in silent
        for reason, detail in each.abstained.items()
    ]
    return Row(
        condition,
        len(trials),
        rate_if_tried(count["clear_hit"], count["clear"]),
        rate_if_tried(count["hit"], count["upper"]),
        rate_if_tried(count["lower_hit"], count["lower"]),
        rate_if_tried(count["hit"], spotted),
        2.0 * count["hit"] / (spotted + count["upper"]) if spotted + count["upper"] else None,
        per_minute(count["false"], len(trials) * (DURATION_S - LEARNT_S) / 60.0),
        float(np.median(ratios)) if ratios else None,
        rate_if_tried(len(silent), len(said)),
        "; ".join(sorted(set(why))[:3]),
    )


def _count(trial: Trial, count: Counter[str], ratios: list[float]) -> None:
    """Add a clip's hits, misses and false events."""
    plan = trial.plan
    later = [each for each in plan.movements if each.onset_s >= LEARNT_S]
    planted = [(each.onset_s, each.offset_s) for each in later]
    brief = [each for each in trial.open.found if each.brief and each.offset_s >= LEARNT_S]
    hits = matched(planted, [(each.onset_s, each.offset_s) for each in brief])
    for k, each in enumerate(later):
        hit = k in hits
        if each.upper:
            clear = not in_a_blink(each, plan.blinks)
            count.update(upper=1, hit=hit, clear=clear, clear_hit=clear and hit)
        elif not in_speech(each, plan.speech):
            count.update(lower=1, lower_hit=hit)
        if hit:
            ratios.append(brief[hits[k]].amplitude / each.amplitude)
    used = set(hits.values())
    count.update({"false": sum(each.upper for j, each in enumerate(brief) if j not in used)})


def figure(estimate: Estimate) -> dict[str, float]:
    """An estimate as plain JSON."""
    return {
        "value": round(estimate.value, 4), "low": round(estimate.low, 4), "high": round(estimate.high, 4), "n": estimate.n,
    }  # fmt: skip
