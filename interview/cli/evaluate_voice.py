"""``candor evaluate voice``: which conditions are measured, with which encoder, and the page that they make."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.errors import EvaluationError
from biometrics.evaluation.comparison_page import page
from biometrics.evaluation.figures import Figures, figures
from biometrics.evaluation.trials import Progress
from biometrics.evaluation.voice_norms import AWAY, FMR_AT_HOME, HOME, NormRow, norm_rows
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from biometrics.voice.cohort import read_cohort, shipped_cohort
from biometrics.voice.ecapa import EcapaEncoder
from biometrics.voice.embed import SpeakerEncoder, VoiceEncoder
from fraudmodel.errors import FitError
from fraudmodel.intervals import Estimate
from models.hub import ModelHub

Encoder = Literal["campplus", "ecapa"]

DURATIONS_S: Final = (2.0, 3.0, 5.0, 10.0, 20.0)
CHANNELS_KBPS: Final = (None, 16, 24, 32)
HARD: Final = (
    *(Condition(3.0, 24, snr_db) for snr_db in (20.0, 15.0, 10.0, 8.0)),
    Condition(3.0, 16, 15.0),
    Condition(3.0, 24, phone=True),
)
"""Noise, and a phone's microphone in a room."""
QUICK_SPEAKERS: Final = 4
QUICK: Final = (Condition(3.0, 24),)
_LEAST_WIDTH = 200


def conditions(channels: Sequence[int | None] = CHANNELS_KBPS) -> list[Condition]:
    """Every duration through every channel, and 3 s through the hard ones."""
    return [*(Condition(duration_s, channel) for channel in channels for duration_s in DURATIONS_S), *HARD]


def check_options(normalisations: bool, cohort: Path | None, others: Sequence[str]) -> None:
    """Refuse what one of the two measurements would leave aside; ``others`` are options of error rates alone. Raises EvaluationError."""
    if normalisations and others:
        raise EvaluationError(f"--normalisations has its own conditions: leave out {' and '.join(others)}")
    if cohort is not None and not normalisations:
        raise EvaluationError("--cohort is what --normalisations divide by: give both, or neither")


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


def compare_normalisations(
    data: Path, hub: ModelHub, cohort: Path | None, progress: Progress, *, quick: bool = False
) -> list[NormRow]:
    """Every normalisation by the cohort file (the shipped one where None). Raises CohortError and EvaluationError."""
    encoder = _encoder(hub, "campplus")
    voices = shipped_cohort(encoder.model) if cohort is None else read_cohort(cohort, encoder.model)
    speakers = QUICK_SPEAKERS if quick else None
    trials = VoiceTrials(read_sittings(data, speakers), hub, progress, encoder)
    return norm_rows(trials, voices, data.name, AWAY[:1] if quick else AWAY)


def print_normalisations(rows: Sequence[NormRow], data: str, *, as_json: bool) -> None:
    """One JSON object, or a table for people."""
    if as_json:
        found = {"data": data, "signal": "voice_match", "home": str(HOME)}
        typer.echo(json.dumps(found | {"normalisations": [row.as_json() for row in rows]}, indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(norm_table(rows))
    console.print(
        f"95 % intervals over people. Cllr without bounds, on people whom the calibration never saw. Moved: calibrated, or the threshold "
        f"set at an FMR of {100 * FMR_AT_HOME:g} %, on {HOME}, and used here.",
        markup=False,
    )


def norm_table(rows: Sequence[NormRow]) -> Table:
    """One row for each normalisation and condition; every figure as value [low, high]."""
    columns = (
        "normalisation",
        "probes",
        "d'",
        "EER %",
        "minDCF",
        "Cllr bit",
        "Cllr moved",
        "FMR % moved",
        "FNMR % moved",
    )
    grid = Table(*columns, box=SIMPLE)
    for row in rows:
        figures_of_row = (
            (row.d_prime, 1.0),
            (row.eer, 100.0),
            (row.min_dcf, 1.0),
            (row.cllr, 1.0),
            (row.cllr_moved, 1.0),
            (row.fmr_moved, 100.0),
            (row.fnmr_moved, 100.0),
        )
        grid.add_row(row.normalisation, row.condition, *(interval(*each) for each in figures_of_row))
    return grid


def interval(figure: Estimate, scale: float = 1.0) -> str:
    """``value [low, high]``; rates, in per cent, with two digits and others with three."""
    digits = 2 if scale > 1 else 3
    value, low, high = (f"{number * scale:.{digits}f}" for number in (figure.value, figure.low, figure.high))
    return f"{value} [{low}, {high}]"


def write_page(file: Path, rows: Sequence[Figures], data: str, command: str) -> None:
    """The rows and their DET curves as one HTML file."""
    title = "Voice against reference: error rates"
    file.write_text(page(rows, title, data, datetime.now(UTC), command), "utf-8")


def _encoder(hub: ModelHub, name: Encoder) -> SpeakerEncoder:
    return EcapaEncoder(hub.get("ecapa")) if name == "ecapa" else VoiceEncoder(hub.get("campplus"))
