"""From the lab's scores to parameters that a session loads: simulated evidence, so halved and capped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

from biometrics.errors import EvaluationError
from biometrics.evaluation.calibrating import SUCCESSIVE_FRAMES, Calibration
from biometrics.evaluation.lab.combination import table_of
from biometrics.evaluation.lab.report import Touched, teaches
from biometrics.evaluation.lab.scoring import pooling_of
from biometrics.evaluation.lab.trials import LabTrial
from fraudmodel.fit import fit_signal
from fraudmodel.pooling import CONTINUOUS_HALF_LIFE_S, Pooling
from fraudmodel.signals import SignalKind

DISCOUNT = 0.5
"""LLRs learnt from simulated attacks count half until real ones arrive (design note, 8.1)."""
CAPS: Mapping[str, float] = {
    "face_pad": 2.5,
    "rppg": 0.7,
    "injection_frames": 2.5,
    "face_continuity": 2.5,
    "flash_challenge": 2.5,
    "injection_page": 0.7,
    "injection_transport": 1.5,
}
"""Nats that no simulation may exceed, after the discount. What the page of somebody who injects says is assumed, not rendered (decision 20): it at
most doubles the odds. Packets are made by the lab's own senders on its own networks."""


def calibrate_from_lab(
    trials: Sequence[LabTrial], kind: SignalKind, touched: Touched, *, name: str, version: str
) -> Calibration:
    """Fit one signal on people whom its weights were not trained on, against the attacks that it is meant to see.

    Raises EvaluationError where its scores came from several models, FitError and DatasetError where they are too few.
    """
    chosen = [
        trial for trial in trials if teaches(kind, trial) and (not trial.attack or touched(kind, trial))
    ]
    models = {trial.models[kind] for trial in chosen if kind in trial.scores}
    if len(models) != 1:
        raise EvaluationError(f"{kind}: its scores need to come from one model, they come from {len(models)}")
    table = table_of(kind, chosen)
    parameters = fit_signal(
        table,
        kind,
        model=models.pop(),
        version=version,
        data=f"{name}: simulated presentations, {len(set(table.species) - {''})} species",
        pooling=_in_a_session(pooling_of(kind)),
        grade="simulated",
        discount=DISCOUNT,
        cap=CAPS.get(kind, inf),
    )
    return Calibration(parameters, table)


def _in_a_session(pooling: Pooling) -> Pooling:
    """How a session pools what the lab pools over seconds: averages fade, the worst window and the clearest challenge do not.

    In a render of 8 s a half-life of 120 s changes a reading's weight by less than 5 %, so it holds for what was calibrated without.
    """
    half_life_s = CONTINUOUS_HALF_LIFE_S if pooling.strategy == "mean" else None
    return replace(pooling, half_life_s=half_life_s, autocorrelation=SUCCESSIVE_FRAMES)
