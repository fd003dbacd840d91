"""The lab's figures: error rates by species, the worst first, at fixed BPCER; never one rate over all species.

Sim- before a rate: the attacks are simulated. Each rate has two intervals: over renders, and over the independent
trials that they are worth (Kish 1965), because 300 renders of three people are not 300 people.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biometrics.evaluation.lab.combination import Fused, fuse
from biometrics.evaluation.lab.trials import LabTrial, signals_of
from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import effective_trials
from fraudmodel.errors import DatasetError
from fraudmodel.fusion import Fusion
from fraudmodel.intervals import Estimate, clopper_pearson, rate
from fraudmodel.metrics import Det, cllr, cllr_min, det, estimate, threshold_at_bpcer

BPCERS = (0.01, 0.03, 0.05)
LEAST_FOR_BPCER = {0.01: 100, 0.03: 34, 0.05: 20}
"""Fewer bona fide renders cannot place a threshold at that BPCER."""
_SILENT = -1e9
"""Stands for a score where there is none: no threshold is as low."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate with its 95 % interval over renders, and the wider one over ``effective`` independent trials."""

    estimate: Estimate
    effective: float
    people_low: float
    people_high: float


@dataclass(frozen=True, slots=True)
class SpeciesFigures:
    """One species against all bona fide renders of its protocol, by the signals that it lasts long enough for
    (`Fused.asked_of`). ``apcer`` by BPCER (0.01, ...)."""

    species: str
    family: str
    renderers: tuple[str, ...]
    subjects: int
    apcer: Mapping[float, Rate]
    curve: Det


@dataclass(frozen=True, slots=True)
class Abstentions:
    """How often a signal could not measure, among bona fide renders and attacks, and its reasons by frequency."""

    kind: str
    bona_fide: Estimate
    attack: Estimate | None
    reasons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Slice:
    """Bona fide renders and attacks under one condition, at the threshold of BPCER 5 % over all conditions."""

    name: str
    value: str
    bpcer: Rate
    worst_apcer: Rate | None
    worst_species: str


@dataclass(frozen=True, slots=True)
class Protocol:
    """One way of splitting. ``species`` the worst first (by APCER at BPCER 5 %, then by name)."""

    name: str
    bona_fide: int
    subjects: int
    species: tuple[SpeciesFigures, ...]
    cllr: Estimate
    cllr_min: Estimate
    signals: tuple[str, ...]
    slices: tuple[Slice, ...]

    def worst(self, families: Iterable[str]) -> SpeciesFigures | None:
        """The worst species of some families."""
        wanted = set(families)
        return next((each for each in self.species if each.family in wanted), None)


def measure(name: str, fused: Fused, slices: Mapping[str, Callable[[LabTrial], str]]) -> Protocol:
    """One protocol's figures. Raises DatasetError without both classes."""
    table = _table(name, fused)
    bona_fide = fused.where(lambda trial: not trial.attack)
    species = [_species(fused, one) for one in _species_names(fused.trials)]
    return Protocol(
        name=name,
        bona_fide=len(bona_fide),
        subjects=len({trial.subject for trial in fused.trials}),
        species=tuple(sorted(species, key=_worst_first)),
        cllr=estimate(cllr, fused.total, table.attack, table.draw),
        cllr_min=estimate(cllr_min, fused.total, table.attack, table.draw),
        signals=fused.kinds,
        slices=tuple(one for name, of in slices.items() for one in _slices(fused, name, of, bona_fide)),
    )


def leave_one_species_out(
    trials: Sequence[LabTrial], fusion: Fusion, touched: Callable[[str, LabTrial], bool]
) -> dict[str, Rate]:
    """Each species' APCER at BPCER 5 % where no calibration ever saw that species; the worst first."""
    rates = {name: _left_out(name, trials, fusion, touched) for name in _species_names(trials)}
    return dict(sorted(rates.items(), key=lambda item: (-item[1].estimate.value, item[0])))


def alone(trials: Sequence[LabTrial], touched: Callable[[str, LabTrial], bool]) -> dict[str, dict[str, Rate]]:
    """Each signal by itself, uncalibrated: APCER at BPCER 5 % of every species that it is meant to see, the worst first.

    An attack on which it abstains counts as missed, a bona fide render on which it abstains as one without alarm.
    """
    found: dict[str, dict[str, Rate]] = {}
    for kind in signals_of(trials):
        total = np.array([trial.scores.get(kind, _SILENT) for trial in trials])
        fused = Fused(tuple(trials), (kind,), total[:, np.newaxis], total, _only)
        bona_fide = fused.where(lambda trial: not trial.attack)
        if np.count_nonzero(bona_fide > _SILENT) < LEAST_FOR_BPCER[0.05]:
            continue
        threshold = threshold_at_bpcer(bona_fide, 0.05)
        seen = [trial for trial in trials if trial.attack and touched(kind, trial)]
        rates = {
            name: _missed(fused, threshold, lambda trial, name=name: trial.species == name)  # type: ignore[misc]
            for name in _species_names(seen)
        }
        found[kind] = dict(sorted(rates.items(), key=lambda item: (-item[1].estimate.value, item[0])))
    return {kind: rates for kind, rates in found.items() if rates}


def abstentions(trials: Sequence[LabTrial]) -> tuple[Abstentions, ...]:
    """Every signal's abstention rates. Raises DatasetError without a bona fide render."""
    found = []
    for kind in signals_of(trials):
        silent = {
            attack: [kind not in t.scores for t in trials if t.attack is attack] for attack in (False, True)
        }
        if not silent[False]:
            raise DatasetError("there is no bona fide render: nothing can be said about false alarms")
        reasons: dict[str, int] = {}
        for trial in trials:
            if kind in trial.reasons:
                reasons[trial.reasons[kind]] = reasons.get(trial.reasons[kind], 0) + 1
        ordered = dict(sorted(reasons.items(), key=lambda item: -item[1]))
        found.append(
            Abstentions(kind, _plain(silent[False]), _plain(silent[True]) if silent[True] else None, ordered)
        )
    return tuple(found)


def _only(llrs: FloatArray) -> FloatArray:
    return llrs[:, 0]


def _species(everything: Fused, name: str) -> SpeciesFigures:
    def chosen(trial: LabTrial) -> bool:
        return trial.species == name

    fused = everything.asked_of(chosen)
    bona_fide = fused.where(lambda trial: not trial.attack)
    trials = [trial for trial in fused.trials if chosen(trial)]
    scores = np.concatenate([fused.where(chosen), bona_fide])
    return SpeciesFigures(
        species=name,
        family=trials[0].family,
        renderers=tuple(sorted({trial.renderer for trial in trials})),
        subjects=len({trial.subject for trial in trials}),
        apcer={
            share: _missed(fused, threshold_at_bpcer(bona_fide, share), chosen)
            for share in BPCERS
            if len(bona_fide) >= LEAST_FOR_BPCER[share]
        },
        curve=det(scores, np.arange(len(scores)) < len(trials)),
    )


def _left_out(
    name: str, trials: Sequence[LabTrial], fusion: Fusion, touched: Callable[[str, LabTrial], bool]
) -> Rate:
    everything = fuse(trials, fusion, lambda kind, trial: trial.species != name and touched(kind, trial))
    fused = everything.asked_of(lambda trial: trial.species == name)
    threshold = threshold_at_bpcer(fused.where(lambda trial: not trial.attack), 0.05)
    return _missed(fused, threshold, lambda trial: trial.species == name)


def _missed(fused: Fused, threshold: float, chosen: Callable[[LabTrial], bool]) -> Rate:
    """How many of the chosen attacks score below the threshold."""
    return _rate(fused, chosen, lambda scores: scores < threshold)


def _rate(fused: Fused, chosen: Callable[[LabTrial], bool], event: Callable[[FloatArray], object]) -> Rate:
    rows = [index for index, trial in enumerate(fused.trials) if chosen(trial)]
    hits = np.asarray(event(fused.total[rows]), dtype=float)
    worth = _worth(hits, [fused.trials[row].subject for row in rows])
    low, high = clopper_pearson(float(hits.mean()) * worth, worth)
    return Rate(rate(int(hits.sum()), len(hits)), worth, low, high)


def _worth(hits: FloatArray, subjects: Sequence[str]) -> float:
    """The number of independent trials; where nothing or everything happened the people are all that is known to differ.

    Without any spread the intra-class correlation cannot be estimated; renders of one person are then taken as
    correlated by one half, which lies between independent renders and one trial a person.
    """
    counts = np.unique(np.array(subjects), return_counts=True)[1]
    if np.ptp(hits) == 0.0 or len(counts) == 1:
        return float((counts / (1.0 + (counts - 1.0) * 0.5)).sum())
    attack = np.array([*np.ones(len(hits), dtype=np.bool_), False])
    names = (*subjects, "nobody")
    table = ScoreTable("rate", np.append(hits, 0.0), attack, names, names, ("",) * len(names))
    return effective_trials(table, attack)


def _slices(fused: Fused, name: str, of: Callable[[LabTrial], str], bona_fide: FloatArray) -> Iterable[Slice]:
    threshold = threshold_at_bpcer(bona_fide, 0.05)
    for value in sorted({of(trial) for trial in fused.trials}):
        here = [index for index, trial in enumerate(fused.trials) if of(trial) == value]
        part = replace(
            fused,
            trials=tuple(fused.trials[index] for index in here),
            llrs=fused.llrs[here],
            total=fused.total[here],
        )
        if not all(trial.attack for trial in part.trials):
            yield _slice(part, name, value, threshold)


def _slice(part: Fused, name: str, value: str, threshold: float) -> Slice:
    alarms = _rate(part, lambda trial: not trial.attack, lambda scores: scores >= threshold)
    missed = {
        one: _missed(part, threshold, lambda trial, one=one: trial.species == one)  # type: ignore[misc]
        for one in _species_names(part.trials)
    }
    worst = max(missed, key=lambda one: missed[one].estimate.value, default="")
    return Slice(name, value, alarms, missed.get(worst), worst)


def _table(name: str, fused: Fused) -> ScoreTable:
    trials = fused.trials
    return ScoreTable(
        name=name,
        scores=fused.total,
        attack=np.array([trial.attack for trial in trials], dtype=np.bool_),
        subjects=tuple(trial.subject for trial in trials),
        others=tuple(trial.other for trial in trials),
        species=tuple(trial.species if trial.attack else "" for trial in trials),
    )


def _species_names(trials: Sequence[LabTrial]) -> list[str]:
    return sorted({trial.species for trial in trials if trial.attack})


def _worst_first(figures: SpeciesFigures) -> tuple[float, str]:
    strictest = figures.apcer[max(figures.apcer)].estimate.value if figures.apcer else 1.0
    return -strictest, figures.species


def _plain(silent: Sequence[bool]) -> Estimate:
    low, high = clopper_pearson(sum(silent), len(silent))
    return Estimate(sum(silent) / len(silent), low, high, len(silent))
