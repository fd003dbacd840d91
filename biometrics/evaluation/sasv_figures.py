"""From joint trials to the error rates of verification alone, of a sum, and of the joint LLR.

Calibrations never saw a trial's people. They did see its generator, as one must know some spoofs to calibrate at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from biometrics.errors import EvaluationError
from biometrics.evaluation.sasv_trials import Joint
from fraudmodel.calibration import FloatArray, Logistic
from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import effective_trials, equal_error_rate
from fraudmodel.fit import held_out_calibrations
from fraudmodel.intervals import Estimate, bootstrap
from fraudmodel.metrics import Mask
from fraudmodel.sasv import Classes, Trial, joint_llr, min_a_dcf

ALONE, SUM, JOINT = "verification alone", "sum of both LLRs", "joint LLR"


@dataclass(frozen=True, slots=True)
class System:
    """One way of deciding. EERs of targets against impostors and spoofs together (SASV), impostors (SV), spoofs (SPF), and the spoofs of
    each generator; least a-DCF."""

    name: str
    sasv_eer: Estimate
    sv_eer: Estimate
    spf_eer: Estimate
    min_a_dcf: Estimate
    generators: Mapping[str, Estimate]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class SasvFigures:
    """``countermeasure_eer`` bona fide windows against spoofs, each once, whatever references it was tried against; ``independent`` trials
    that the targets are worth."""

    speakers: int
    targets: int
    impostors: int
    spoofs: int
    independent: float
    countermeasure_eer: Estimate
    countermeasure_generators: Mapping[str, Estimate]
    systems: tuple[System, ...]


def sasv_figures(trials: Sequence[Joint]) -> SasvFigures:
    """Calibrate and measure. Raises EvaluationError where a class is missing."""
    classes: Classes = np.array([trial.kind for trial in trials])
    for kind in Trial:
        if not np.any(classes == kind):
            raise EvaluationError(
                f"there is no {kind.name.lower()} trial: give more speakers, or longer recordings"
            )
    impostor, spoof = np.array([t.impostor for t in trials]), np.array([t.spoof for t in trials])
    no_spoof, once = classes != Trial.SPOOF, _each_window_once(trials)
    compared = [(trial.subject, trial.other) for trial in trials]
    heard = [
        (trial.other, trial.other) if trial.kind == Trial.IMPOSTOR else (trial.subject, trial.other)
        for trial in trials
    ]
    impostor_llr = held_out(trials, impostor, classes == Trial.IMPOSTOR, no_spoof, compared)
    spoof_llr = held_out(trials, spoof, classes == Trial.SPOOF, once, heard)
    scores = {ALONE: impostor, SUM: impostor_llr + spoof_llr, JOINT: joint_llr(impostor_llr, spoof_llr)}
    targets = _table(trials, impostor, classes == Trial.IMPOSTOR, no_spoof)
    return SasvFigures(
        speakers=len({trial.subject for trial in trials}),
        targets=int(np.sum(classes == Trial.TARGET)),
        impostors=int(np.sum(classes == Trial.IMPOSTOR)),
        spoofs=int(np.sum(classes == Trial.SPOOF)),
        independent=effective_trials(targets, ~targets.attack),
        countermeasure_eer=equal_error_rate(_table(trials, spoof, classes == Trial.SPOOF, once)),
        countermeasure_generators=_by_generator(trials, spoof, classes, once),
        systems=tuple(_system(name, trials, values, classes) for name, values in scores.items()),
    )


def _each_window_once(trials: Sequence[Joint]) -> Mask:
    """(N,) the first trial of each window that is the speaker's own or a spoof of them."""
    first: dict[str, int] = {}
    for place, trial in enumerate(trials):
        if trial.kind != Trial.IMPOSTOR:
            first.setdefault(trial.window, place)
    once = np.zeros(len(trials), bool)
    once[list(first.values())] = True
    return once


def held_out(
    trials: Sequence[Joint], scores: FloatArray, attack: Mask, used: Mask, pairs: Sequence[tuple[str, str]]
) -> FloatArray:
    """(N,) LLRs (nats) of all trials by calibrations on the ``used`` ones, each without the trial's people.

    ``pairs`` (N,) who they are: for verification whose reference it is and who spoke, for a countermeasure whom it heard.
    """
    table = _table(trials, scores, attack, used)
    strength = min(effective_trials(table, chosen) for chosen in (~table.attack, table.attack))
    judges = [
        (calibrator, _people(table, training))
        for calibrator, training, _ in held_out_calibrations(table, (), strength)
    ]
    judge = {pair: _stranger(judges, pair) for pair in set(pairs)}
    return np.array([judge[pair].llr(score, {}) for pair, score in zip(pairs, scores.tolist(), strict=True)])


def _stranger(judges: Sequence[tuple[Logistic, frozenset[str]]], pair: tuple[str, str]) -> Logistic:
    """The calibration of those without these people that knows most others."""
    strangers = [each for each in judges if each[1].isdisjoint(pair)]
    return max(strangers, key=lambda each: len(each[1]))[0]


def _system(name: str, trials: Sequence[Joint], scores: FloatArray, classes: Classes) -> System:
    everything: Mask = np.ones(len(trials), bool)
    attack = classes != Trial.TARGET
    whole = _table(trials, scores, attack, everything)
    return System(
        name=name,
        sasv_eer=equal_error_rate(whole),
        sv_eer=equal_error_rate(_table(trials, scores, attack, classes != Trial.SPOOF)),
        spf_eer=equal_error_rate(_table(trials, scores, attack, classes != Trial.IMPOSTOR)),
        min_a_dcf=bootstrap(_a_dcf(scores, classes), whole.draw, len(trials)),
        generators=_by_generator(trials, scores, classes, everything),
    )


def _a_dcf(scores: FloatArray, classes: Classes) -> Callable[[FloatArray], float]:
    def measured(weights: FloatArray) -> float:
        return min_a_dcf(scores, classes, weights)

    return measured


def _by_generator(
    trials: Sequence[Joint], scores: FloatArray, classes: Classes, used: Mask
) -> dict[str, Estimate]:
    """The EER of targets against one generator's spoofs, the worst first, of the ``used`` trials."""
    names = np.array([trial.generator for trial in trials])
    found = {
        str(name): equal_error_rate(
            _table(
                trials, scores, classes == Trial.SPOOF, used & ((classes == Trial.TARGET) | (names == name))
            )
        )
        for name in np.unique(names[names != ""])
    }
    return dict(sorted(found.items(), key=lambda item: -item[1].value))


def _table(trials: Sequence[Joint], scores: FloatArray, attack: Mask, used: Mask) -> ScoreTable:
    chosen = [trial for trial, use in zip(trials, used.tolist(), strict=True) if use]
    return ScoreTable(
        name="joint trials",
        scores=scores[used],
        attack=attack[used],
        subjects=tuple(trial.subject for trial in chosen),
        others=tuple(trial.other for trial in chosen),
        species=tuple(trial.generator or trial.kind.name.lower() if trial.kind else "" for trial in chosen),
    )


def _people(table: ScoreTable, chosen: Mask) -> frozenset[str]:
    places = np.flatnonzero(chosen).tolist()
    return frozenset(name for place in places for name in (table.subjects[place], table.others[place]))
