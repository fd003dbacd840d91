"""The fused liveness signal of the lab: each signal calibrated on other people, then joined as the product joins them.

A render's LLRs never come from a calibration that saw its subject. The joint score is the log-odds shift of the
shipped mixture over fraud families, so the lab measures what the officer is shown, not a model of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from biometrics.evaluation.lab.trials import LabTrial
from fraudmodel.calibration import FloatArray, Logistic
from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import effective_trials
from fraudmodel.errors import DatasetError, FitError
from fraudmodel.fit import held_out_calibrations
from fraudmodel.fusion import Fusion
from fraudmodel.metrics import Mask
from fraudmodel.signals import Reason, SignalKind

LARGEST_LLR = 8.0
"""Nats. The product bounds each LLR by what its data support, which would tie most scores of a lab of a few people; the
lab asks how well attacks are told apart, so it keeps the order."""

_NOT_ASKED = (Reason.NOT_YET, Reason.NOT_CHALLENGED)

Chosen = Callable[[LabTrial], bool]


@dataclass(frozen=True, slots=True)
class Fused:
    """N trials' joint scores. ``llrs`` (N, K) per signal, 0 where it abstained; ``total`` (N,) log-odds shift (nats), as ``join``
    makes it of the LLRs."""

    trials: tuple[LabTrial, ...]
    kinds: tuple[str, ...]
    llrs: FloatArray
    total: FloatArray
    join: Callable[[FloatArray], FloatArray]

    def where(self, chosen: Chosen) -> FloatArray:
        """The joint scores of some of the trials."""
        return self.total[[chosen(trial) for trial in self.trials]]

    def asked_of(self, chosen: Chosen) -> Fused:
        """The same by those signals alone that could be asked of at least half of the chosen trials.

        What they did not last long enough for is asked of nobody: or honest renders, cleared by signals that need longer, would
        look better than attacks merely because they are longer. A signal that was asked and could not measure stays: honest
        renders under the same conditions may have passed it.
        """
        some = [trial for trial in self.trials if chosen(trial)]
        asked = [2 * sum(_asked(kind, trial) for trial in some) >= len(some) for kind in self.kinds]
        llrs = self.llrs * np.array(asked, dtype=np.float64)
        return replace(self, llrs=llrs, total=self.join(llrs))


def _asked(kind: str, trial: LabTrial) -> bool:
    return kind in trial.scores or trial.reasons.get(kind, Reason.NOT_YET) not in _NOT_ASKED


def table_of(kind: str, trials: Sequence[LabTrial]) -> ScoreTable:
    """One signal's score table over the trials that it measured. Raises DatasetError where a class is missing."""
    measured = [trial for trial in trials if kind in trial.scores]
    return ScoreTable(
        name=kind,
        scores=np.array([trial.scores[kind] for trial in measured], dtype=np.float64),
        attack=np.array([trial.attack for trial in measured], dtype=np.bool_),
        subjects=tuple(trial.subject for trial in measured),
        others=tuple(trial.other for trial in measured),
        species=tuple(trial.species if trial.attack else "" for trial in measured),
    )


def fuse(
    trials: Sequence[LabTrial],
    fusion: Fusion,
    touched: Callable[[str, LabTrial], bool],
    taught: Callable[[str], Sequence[LabTrial]] | None = None,
) -> Fused:
    """Join every signal that can be calibrated on ``taught(kind)``; on these trials where that is not given.

    ``touched(kind, trial)`` says which attacks a signal is calibrated against: the families that the fusion
    weighs it most in. An attack that a signal is not meant to see would only flatten its calibration.
    """
    measured = {kind for trial in trials for kind in trial.scores}
    kinds = tuple(kind for kind in sorted(measured) if SignalKind(kind) in fusion.kinds)
    llrs = np.zeros((len(trials), len(kinds)))
    for column, kind in enumerate(kinds):
        llrs[:, column] = _held_out(kind, trials, trials if taught is None else taught(kind), touched)
    mixture = fusion.over([SignalKind(kind) for kind in kinds])

    def join(each: FloatArray) -> FloatArray:
        return mixture.evidence(each) if kinds else np.zeros(len(each))

    return Fused(tuple(trials), kinds, llrs, join(llrs), join)


def _held_out(
    kind: str,
    trials: Sequence[LabTrial],
    taught: Sequence[LabTrial],
    touched: Callable[[str, LabTrial], bool],
) -> FloatArray:
    """(N,) LLRs of one signal, each by a calibration without the trial's people; 0 where nothing can be said."""
    llrs = np.zeros(len(trials))
    try:
        table = table_of(kind, [trial for trial in taught if not trial.attack or touched(kind, trial)])
        worths = [effective_trials(table, chosen) for chosen in (~table.attack, table.attack)]
        judges = [
            _Judge(calibrator, people_of(table, training))
            for calibrator, training, _ in held_out_calibrations(table, (), min(worths))
        ]
    except (DatasetError, FitError):
        return llrs
    for row, trial in enumerate(trials):
        if kind in trial.scores:
            llrs[row] = _judge_of(trial, judges).llr(trial.scores[kind], {})
    return np.clip(llrs, -LARGEST_LLR, LARGEST_LLR)


def people_of(table: ScoreTable, chosen: Mask) -> frozenset[str]:
    """Everybody whom some trials of a table show."""
    places = np.flatnonzero(chosen)
    return frozenset(name for i in places for name in (table.subjects[i], table.others[i]))


@dataclass(frozen=True, slots=True)
class _Judge:
    calibrator: Logistic
    knows: frozenset[str]


def _judge_of(trial: LabTrial, judges: Sequence[_Judge]) -> Logistic:
    """The first calibration that saw nobody of the trial; where each saw the other person, one that never saw its subject."""
    strangers = (judge for judge in judges if not judge.knows & {trial.subject, trial.other})
    found = next(strangers, None) or next(judge for judge in judges if trial.subject not in judge.knows)
    return found.calibrator
