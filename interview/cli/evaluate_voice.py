"""``candor evaluate voice``: which conditions are measured, with which encoder, and the page that they make."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from biometrics.errors import EvaluationError
from biometrics.evaluation.comparison_page import page
from biometrics.evaluation.figures import Figures, figures
from biometrics.evaluation.trials import Progress
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from biometrics.voice.ecapa import EcapaEncoder
from biometrics.voice.embed import SpeakerEncoder, VoiceEncoder
from fraudmodel.errors import FitError
from models.hub import ModelHub

Encoder = Literal["campplus", "ecapa"]

DURATIONS_S: Final = (2.0, 3.0, 5.0, 10.0, 20.0)
CHANNELS_KBPS: Final = (None, 16, 24, 32)
QUICK_SPEAKERS: Final = 4
QUICK: Final = (Condition(3.0, 24),)


def conditions(channels: Sequence[int | None] = CHANNELS_KBPS) -> list[Condition]:
    """Every duration through every channel."""
    return [Condition(duration_s, channel) for channel in channels for duration_s in DURATIONS_S]


def measure(
    data: Path,
    hub: ModelHub,
    encoder: Encoder,
    wanted: Sequence[Condition],
    progress: Progress,
    speakers: int | None = None,
) -> tuple[list[Figures], list[str]]:
    """The figures of each condition, and a sentence for each that the data do not support. Raises EvaluationError where none is."""
    trials = VoiceTrials(read_sittings(data, speakers), hub, progress, _encoder(hub, encoder))
    rows: list[Figures] = []
    gaps: list[str] = []
    for condition in wanted:
        try:
            rows.append(figures(trials.experiment(condition), data.name))
        except (EvaluationError, FitError) as error:
            gaps.append(str(error))
    if not rows:
        raise EvaluationError(gaps[0])
    return rows, gaps


def write_page(file: Path, rows: Sequence[Figures], data: str, command: str) -> None:
    """The rows and their DET curves as one HTML file."""
    title = "Voice against reference: error rates"
    file.write_text(page(rows, title, data, datetime.now(UTC), command), "utf-8")


def _encoder(hub: ModelHub, name: Encoder) -> SpeakerEncoder:
    return EcapaEncoder(hub.get("ecapa")) if name == "ecapa" else VoiceEncoder(hub.get("campplus"))
