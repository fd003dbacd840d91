"""Calibration of the comparisons, from real pairs to parameters that a session loads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from biometrics.detectors import face_match, voice_match
from biometrics.enrolment import Stills
from biometrics.evaluation.face_pairs import FaceTrials
from biometrics.evaluation.figures import match_pooling, score_table
from biometrics.evaluation.trials import Experiment, Progress, merged
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from biometrics.voice.cohort import Cohort
from fraudmodel.datasets import ScoreTable
from fraudmodel.fit import fit_signal
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import SignalKind
from models.hub import ModelHub

SUCCESSIVE_FRAMES = 0.9
VOICE_CONDITIONS: Final = tuple(
    Condition(speech_s, 24, snr_db)
    for snr_db in (None, 20.0, 15.0, 10.0, 8.0)
    for speech_s in (3.0, 5.0, 10.0, 20.0)
)
"""What the gate admits: at 8 dB some windows are refused, and the rest count."""
VOICE_CONDITION: Final = "3 to 20 s, Opus 24 kbit/s, quiet and with noise at 20 to 8 dB"


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted parameters and the score table that they were fitted on."""

    parameters: SignalParameters
    table: ScoreTable


def calibrate_voice(
    folder: Path,
    hub: ModelHub,
    data: str,
    version: str,
    progress: Progress,
    strangers: Callable[[str], Cohort] | None = None,
    conditions: Sequence[Condition] = VOICE_CONDITIONS,
) -> Calibration:
    """Fit `voice_match` on a folder of speakers: probes of 3 to 20 s of speech, quiet and noisy, as calls bring them.

    ``strangers`` gives a cohort of other people for an encoder, for further non-mated trials: a few speakers make many pairs, but
    all of them the same people's.
    Neither duration nor SNR is a covariate: see docs/decisions/0015-voice-cohort.md.

    ``data`` names the folder's content in the parameters. Raises EvaluationError and FitError.
    """
    trials = VoiceTrials(read_sittings(folder), hub, progress)
    return fit_comparison(
        voice_match.KIND,
        voice_experiment(trials, strangers and strangers(trials.model), conditions),
        data,
        version,
        trials.autocorrelation(conditions[0]),
    )


def voice_experiment(
    trials: VoiceTrials, cohort: Cohort | None, conditions: Sequence[Condition] = VOICE_CONDITIONS
) -> Experiment:
    """All trials that `voice_match` is calibrated on."""
    found = [trials.experiment(condition) for condition in conditions]
    said = VOICE_CONDITION if conditions == VOICE_CONDITIONS else "; ".join(map(str, conditions))
    if cohort is not None:
        found += [trials.strangers(condition, cohort) for condition in conditions]
        said += f", non-mated also against {len(cohort)} voices of {cohort.id}"
    return merged([experiment for experiment in found if experiment.trials] or found, said)


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
