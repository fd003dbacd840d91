"""From trials to error rates with honest intervals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import numpy as np

from biometrics.errors import EvaluationError
from biometrics.evaluation.trials import Experiment
from fraudmodel.autocorrelation import equivalent_coefficient, integrated_autocorrelation
from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import effective_trials, equal_error_rate, supported_bounds
from fraudmodel.fit import held_out_llrs
from fraudmodel.intervals import Estimate, rate
from fraudmodel.metrics import Det, cllr, cllr_min, det, estimate, min_dcf
from fraudmodel.pooling import CONTINUOUS_HALF_LIFE_S, Pooling

IMPOSTOR = "zero-effort impostor"


@dataclass(frozen=True, slots=True)
class Figures:
    """What one experiment measured, each figure with its 95 % interval and N.

    ``eer`` of pooled scores; ``min_dcf`` at a prior of 0.01; ``cllr`` (bit) of LLRs that were calibrated on other people and
    held in their bounds, as a session uses them, ``cllr_unbounded`` of the same without the bounds; ``cllr_min`` (bit) after
    the best monotone re-calibration, ``curve`` the trade-off that it is drawn from; ``fte`` and ``fta`` failures to enrol and to acquire;
    ``independent`` the number of independent trials that the smaller class is worth.
    """

    condition: str
    model: str
    subjects: int
    mated: int
    non_mated: int
    independent: float
    eer: Estimate
    cllr: Estimate
    cllr_min: Estimate
    min_dcf: Estimate
    cllr_unbounded: Estimate
    fte: Estimate
    fta: Estimate
    curve: Det

    def as_json(self) -> dict[str, object]:
        """For `json.dumps`, without the curve."""
        return {
            each.name: asdict(value) if isinstance(value, Estimate) else value
            for each in fields(self)
            if not isinstance(value := getattr(self, each.name), Det)
        }


def score_table(experiment: Experiment, name: str) -> ScoreTable:
    """The trials as a score table. Raises EvaluationError where there is none of a class."""
    trials = experiment.trials
    mated = sum(trial.mated for trial in trials)
    if not 0 < mated < len(trials):
        raise EvaluationError(
            f"{name} ({experiment.condition}): {mated} mated and {len(trials) - mated} non-mated trials are left, "
            "and both are needed: add recordings or photos"
        )
    return ScoreTable(
        name=name,
        scores=np.array([trial.statistic for trial in trials]),
        attack=np.array([not trial.mated for trial in trials]),
        subjects=tuple(trial.reference_subject for trial in trials),
        others=tuple(trial.probe_subject for trial in trials),
        species=tuple("" if trial.mated else IMPOSTOR for trial in trials),
        covariates={
            name: np.array([trial.covariates[name] for trial in trials])
            for name in sorted(trials[0].covariates)
            if all(name in trial.covariates for trial in trials)
        },
    )


def figures(experiment: Experiment, name: str) -> Figures:
    """Measure an experiment."""
    table = score_table(experiment, name)
    trials = [effective_trials(table, chosen) for chosen in (~table.attack, table.attack)]
    unbounded = held_out_llrs(table, (), min(trials))
    llrs = np.clip(unbounded, *supported_bounds(unbounded, table.attack, *trials))
    return Figures(
        condition=experiment.condition,
        model=experiment.model,
        subjects=len(experiment.subjects),
        mated=int((~table.attack).sum()),
        non_mated=int(table.attack.sum()),
        independent=min(trials),
        eer=equal_error_rate(table),
        cllr=estimate(cllr, llrs, table.attack, table.draw),
        cllr_min=estimate(cllr_min, table.scores, table.attack, table.draw),
        min_dcf=estimate(min_dcf, table.scores, table.attack, table.draw),
        cllr_unbounded=estimate(cllr, unbounded, table.attack, table.draw),
        fte=rate(experiment.failed_enrolments, experiment.references),
        fta=rate(experiment.failed_acquisitions, experiment.probes),
        curve=det(table.scores, table.attack),
    )


def autocorrelation(series: Iterable[FloatArray]) -> float:
    """How alike successive scores are, as a `Pooling` holds it: the coefficient whose AR(1) has the series' integrated autocorrelation, 0..1."""
    return equivalent_coefficient(integrated_autocorrelation(series))


def match_pooling(autocorrelation: float) -> Pooling:
    """How comparisons with a reference are pooled in a call: the recent two minutes count most."""
    return Pooling(
        strategy="mean",
        trim=0.1,
        half_life_s=CONTINUOUS_HALF_LIFE_S,
        autocorrelation=round(autocorrelation, 3),
    )
