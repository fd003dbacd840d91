"""Does a cohort help? The same trials under each normalisation, where they were calibrated and where the channel changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np

from biometrics.evaluation.figures import score_table
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials
from biometrics.voice.cohort import Cohort, Normalisation
from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable, joined
from fraudmodel.effective import effective_trials, equal_error_rate
from fraudmodel.fit import held_out_llrs
from fraudmodel.intervals import Estimate
from fraudmodel.metrics import Mask, Metric, cllr, estimate, min_dcf

HOME = Condition(3.0, 24)
"""Where thresholds and calibrations are made."""
AWAY = (
    Condition(3.0, 24, snr_db=20.0),
    Condition(3.0, 24, snr_db=15.0),
    Condition(3.0, 24, snr_db=10.0),
    Condition(3.0, 16, snr_db=15.0),
    Condition(3.0, 24, phone=True),
)
FMR_AT_HOME = 0.01


@dataclass(frozen=True, slots=True)
class NormRow:
    """One normalisation under one condition, each figure with its 95 % interval over people.

    ``d_prime`` distance of the classes' means in their root mean square standard deviation; ``cllr`` (bit) by calibrations of this condition that
    never saw the people, ``cllr_moved`` by those of `HOME`; ``fmr_moved`` and ``fnmr_moved`` at the threshold that gives an FMR of
    1 % at `HOME`. LLRs without bounds.
    """

    normalisation: str
    condition: str
    mated: int
    non_mated: int
    independent: float
    d_prime: Estimate
    eer: Estimate
    min_dcf: Estimate
    cllr: Estimate
    cllr_moved: Estimate
    fmr_moved: Estimate
    fnmr_moved: Estimate

    def as_json(self) -> dict[str, object]:
        """For `json.dumps`."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {
            name: asdict(value) if isinstance(value, Estimate) else value for name, value in found.items()
        }


def normalisations(cohort: Cohort) -> Mapping[str, Normalisation | None]:
    """What is compared, by name: none, each side, both, and both against the nearest voices only."""
    adaptive = {
        f"AS, nearest {count}": Normalisation(cohort, "both", count)
        for count in (20, 50, 100)
        if count < len(cohort)
    }
    return {
        "none": None,
        "Z": Normalisation(cohort, "reference"),
        "T": Normalisation(cohort, "probe"),
        "S": Normalisation(cohort, "both"),
        **adaptive,
    }


def norm_rows(
    trials: VoiceTrials, cohort: Cohort, data: str, away: Sequence[Condition] = AWAY
) -> list[NormRow]:
    """A row for each normalisation and condition. Raises EvaluationError and FitError where there are too few trials."""
    rows = []
    for name, normalisation in normalisations(cohort).items():
        home = score_table(trials.experiment(HOME, normalisation), data)
        for condition in (HOME, *away):
            there = score_table(trials.experiment(condition, normalisation), data)
            rows.append(_row(name, str(condition), home, there))
    return rows


def _row(name: str, condition: str, home: ScoreTable, there: ScoreTable) -> NormRow:
    threshold = float(np.quantile(home.scores[home.attack], FMR_AT_HOME))

    def match(attack: bool) -> Estimate:
        return estimate(_share(attack), (there.scores <= threshold).astype(float), there.attack, there.draw)

    missed = match(attack=False)
    own = held_out_llrs(there, (), _independent(there))
    return NormRow(
        normalisation=name,
        condition=condition,
        mated=int((~there.attack).sum()),
        non_mated=int(there.attack.sum()),
        independent=_independent(there),
        d_prime=estimate(d_prime, there.scores, there.attack, there.draw),
        eer=equal_error_rate(there),
        min_dcf=estimate(min_dcf, there.scores, there.attack, there.draw),
        cllr=estimate(cllr, own, there.attack, there.draw),
        cllr_moved=estimate(cllr, _moved(home, there), there.attack, there.draw),
        fmr_moved=match(attack=True),
        fnmr_moved=Estimate(1.0 - missed.value, 1.0 - missed.high, 1.0 - missed.low, missed.n),
    )


def _moved(home: ScoreTable, there: ScoreTable) -> FloatArray:
    """The LLRs (nats) of ``there`` by calibrations of ``home`` that never saw the people."""
    both = joined(there.name, [there, home])
    at_home = np.arange(len(both)) >= len(there)
    return held_out_llrs(both, (), _independent(home), fitted_on=at_home)[: len(there)]


def _independent(table: ScoreTable) -> float:
    return min(effective_trials(table, chosen) for chosen in (~table.attack, table.attack))


def d_prime(scores: FloatArray, attack: Mask, weights: FloatArray) -> float:
    """How far the classes' means lie apart, in the root mean square of their standard deviations."""
    (low, low_variance), (high, high_variance) = (
        _moments(scores[chosen], weights[chosen]) for chosen in (~attack, attack)
    )
    spread = np.sqrt((low_variance + high_variance) / 2.0)
    return float((high - low) / spread) if spread > 0.0 else float("nan")


def _moments(scores: FloatArray, weights: FloatArray) -> tuple[float, float]:
    if weights.sum() <= 0.0:
        return float("nan"), float("nan")
    mean = float(np.average(scores, weights=weights))
    return mean, float(np.average((scores - mean) ** 2, weights=weights))


def _share(attack: bool) -> Metric:
    """The weighted mean of a class's values."""

    def share(values: FloatArray, attacks: Mask, weights: FloatArray) -> float:
        chosen = attacks == attack
        total = float(weights[chosen].sum())
        return float(weights[chosen] @ values[chosen]) / total if total > 0.0 else float("nan")

    return share
