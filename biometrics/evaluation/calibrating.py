"""Calibration of the comparisons, from real pairs to parameters that a session loads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from biometrics.enrolment import Stills
from biometrics.evaluation.face_pairs import FaceTrials
from biometrics.evaluation.figures import equal_error_rate, match_pooling, score_table
from biometrics.evaluation.trials import Experiment, Progress, thinned
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from fraudmodel.datasets import ScoreTable
from fraudmodel.fit import fit_signal
from fraudmodel.intervals import Estimate
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import SignalKind
from models.hub import ModelHub

SUCCESSIVE_FRAMES = 0.9


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted parameters and the score table that they were fitted on."""

    parameters: SignalParameters
    table: ScoreTable


def calibrate_voice(folder: Path, hub: ModelHub, data: str, version: str, progress: Progress) -> Calibration:
    """Fit `voice_match` on a folder of speakers: probes of 3 s of speech through Opus, as a call brings them.

    ``data`` names the folder's content in the parameters. Raises EvaluationError and FitError.
    """
    trials, condition = VoiceTrials(read_sittings(folder), hub, progress), Condition()
    return _fit("voice_match", trials.experiment(condition), data, version, trials.autocorrelation(condition))


def calibrate_face(
    folder: Path, hub: ModelHub, perception: Stills, data: str, version: str, progress: Progress
) -> Calibration:
    """Fit `face_match` on a folder of photos with its `pairs.csv`. Raises EvaluationError and FitError.

    The trials are thinned, so that a person of many photos does not count for more than the others. Photos cannot tell how alike successive frames of one call are; a face changes slowly, so they are taken as nearly
    the same measurement.
    """
    experiment = thinned(FaceTrials(folder, hub, perception, progress).experiment())
    return _fit("face_match", experiment, data, version, SUCCESSIVE_FRAMES)


def _fit(kind: str, experiment: Experiment, data: str, version: str, autocorrelation: float) -> Calibration:
    table = score_table(experiment, data)
    fitted = fit_signal(
        table,
        SignalKind(kind),
        model=experiment.model,
        version=version,
        data=f"{data}: {experiment.condition}",
        pooling=match_pooling(autocorrelation),
    )
    measured = {**fitted.measured, "eer": _rounded(equal_error_rate(table))}
    return Calibration(replace(fitted, measured=measured), table)


def _rounded(figure: Estimate) -> Estimate:
    """Digits that survive a document, so that reading it back gives the very same parameters."""
    value, low, high = (float(f"{number:.7g}") for number in (figure.value, figure.low, figure.high))
    return Estimate(value, low, high, figure.n)
