"""Calibration of the comparisons, from real pairs to parameters that a session loads."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biometrics.detectors import face_match, voice_match
from biometrics.enrolment import Stills
from biometrics.evaluation.face_pairs import FaceTrials
from biometrics.evaluation.figures import match_pooling, score_table
from biometrics.evaluation.trials import Experiment, Progress
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from fraudmodel.datasets import ScoreTable
from fraudmodel.fit import fit_signal
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
    return fit_comparison(
        voice_match.KIND, trials.experiment(condition), data, version, trials.autocorrelation(condition)
    )


def calibrate_face(
    folder: Path, hub: ModelHub, perception: Stills, data: str, version: str, progress: Progress
) -> Calibration:
    """Fit `face_match` on a folder of photos with its `pairs.csv`. Raises EvaluationError and FitError.

    Photos cannot tell how alike successive frames of one call are. A face changes slowly, so they are taken as nearly
    the same measurement.
    """
    experiment = FaceTrials(folder, hub, perception, progress).experiment()
    return fit_comparison(face_match.KIND, experiment, data, version, SUCCESSIVE_FRAMES)


def fit_comparison(
    kind: SignalKind, experiment: Experiment, data: str, version: str, autocorrelation: float
) -> Calibration:
    """Fit one comparison's calibration on the trials of an experiment, every pair weighed by what it is worth."""
    table = score_table(experiment, data)
    parameters = fit_signal(
        table,
        kind,
        model=experiment.model,
        version=version,
        data=f"{data}: {experiment.condition}",
        pooling=match_pooling(autocorrelation),
    )
    return Calibration(parameters, table)
