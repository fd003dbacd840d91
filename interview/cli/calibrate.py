"""``candor calibrate``: fit a signal's calibration on labelled data and write it where sessions load it."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from biometrics.errors import EvaluationError
from biometrics.evaluation.calibrating import Calibration, calibrate_face, calibrate_voice
from biometrics.evaluation.lab.calibrating import calibrate_from_lab
from biometrics.evaluation.lab.report import touched_by
from biometrics.evaluation.lab.trials import read_trials
from biometrics.evaluation.voice_pad_fit import calibrate_voice_pad
from biometrics.evaluation.voice_pad_lab import lab_sources
from biometrics.face.perception import FacePerception
from biometrics.voice.cohort import shipped_cohort
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.datasets import table_text
from fraudmodel.fit import write_signal
from fraudmodel.parameters import load_parameters
from fraudmodel.report import as_text, calibration
from fraudmodel.signals import SignalKind
from interview.cli.calibrate_behaviour import calibrate_behaviour
from interview.cli.calibrate_fusion import calibrate_fusion
from interview.cli.calibrate_prevalence import calibrate_prevalence
from interview.cli.evaluate import Data, bars, local_hub
from interview.cli.evaluate_voice_pad import everybody, generators

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Fit a signal's calibration on labelled data."
)

Name = Annotated[str, typer.Option("--name", help="What the data are, as the parameters will say.")]
Version = Annotated[str, typer.Option("--fit-version", help="Version of this fit, as assessments will say.")]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder of parameters; the shipped one where none is given.")
]
ScoresOut = Annotated[Path | None, typer.Option("--scores", help="Also write the score table here, as CSV.")]


@app.command("voice")
def voice_command(
    data: Data, name: Name = "", version: Version = "1", out: Out = None, scores: ScoresOut = None
) -> None:
    """Fit voice_match on a folder of speakers: one sub-folder of audio for each speaker. The shipped cohort's people are strangers to them."""
    _make_folders(out, scores)
    with local_hub() as hub, bars() as report:
        fitted = calibrate_voice(data, hub, name or data.name, version, report, shipped_cohort)
    write(fitted, out, scores)


@app.command("face")
def face_command(
    data: Data, name: Name = "", version: Version = "1", out: Out = None, scores: ScoresOut = None
) -> None:
    """Fit face_match on a folder of photos and its pairs.csv: file_x, file_y, Decision (Yes or No)."""
    _make_folders(out, scores)
    with local_hub() as hub, FacePerception(hub) as perception, bars() as report:
        fitted = calibrate_face(data, hub, perception, name or data.name, version, report)
    write(fitted, out, scores)


@app.command("voice-pad")
def voice_pad_command(
    data: Data,
    spoof: Annotated[
        list[str],
        typer.Option(
            "--spoof", help="NAME=FOLDER of a generator that the network never learnt from; may be repeated."
        ),
    ],
    more: Annotated[
        list[str] | None,
        typer.Option(
            "--people", help="NAME=FOLDER of further people whom the network never heard; may be repeated."
        ),
    ] = None,
    lab: Annotated[
        bool,
        typer.Option(
            "--lab",
            help="The lab's copies, conversions and replays of the people, and every installed synthesiser, as ways of making that are old.",
        ),
    ] = False,
    name: Name = "",
    version: Version = "1",
    out: Out = None,
    scores: ScoresOut = None,
) -> None:
    """Fit voice_pad on a folder of people and one for each generator: a sub-folder a voice."""
    _make_folders(out, scores)
    with local_hub() as hub, bars() as report:
        people, made = everybody(data, more or []), generators(spoof)
        if lab:
            made += lab_sources(data, lambda said: typer.echo(said, err=True))
        fitted = calibrate_voice_pad(people, made, hub, name or data.name, version, report)
    write(fitted, out, scores)


app.command("behaviour")(calibrate_behaviour)
app.command("fusion")(calibrate_fusion)
app.command("prevalence")(calibrate_prevalence)


@app.command("lab")
def lab_command(
    renders: Annotated[Path, typer.Option("--renders", help="Folder that `candor lab evaluate` scored.")],
    signal: Annotated[list[str], typer.Option("--signal", help="Signal to fit; may be repeated.")],
    name: Name = "attack lab",
    version: Version = "1",
    out: Out = None,
) -> None:
    """Fit signals on the attack lab's scores, as simulated evidence: halved and capped."""
    if simulated := BEHAVIOUR & set(signal):
        raise EvaluationError(
            f"Nothing simulated supports {min(simulated)}: it is calibrated on confirmed outcomes, by `candor calibrate behaviour`."
        )
    _make_folders(out, None)
    files = sorted(renders.glob("scores-*.jsonl"), key=lambda file: file.stat().st_mtime)
    if not files:
        raise EvaluationError(
            f"there are no scores in {renders}: run `candor lab evaluate --renders {renders}` first"
        )
    trials, touched = read_trials(files[-1]), touched_by(load_parameters().fusion)
    for kind in signal:
        write(calibrate_from_lab(trials, SignalKind(kind), touched, name=name, version=version), out, None)


def _make_folders(out: Path | None, scores: Path | None) -> None:
    """Before minutes are spent on a fit that could not be written."""
    for folder in (out, scores.parent if scores is not None else None):
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)


def write(fitted: Calibration, out: Path | None, scores: Path | None) -> None:
    """Write the parameters into ``out``, the score table to ``scores``, and say what was measured."""
    signal = fitted.parameters
    path = write_signal(signal, out or Path(str(files("fraudmodel") / "fitted")))
    if scores is not None:
        scores.write_text(table_text(fitted.table), "utf-8")
    console = Console()
    console.print(as_text(calibration(signal)), soft_wrap=True)
    low, high = signal.limits
    console.print(
        f"{signal.kind} ({signal.model}): {signal.data.subjects} people, {signal.data.bona_fide} mated and "
        f"{signal.data.attack} non-mated trials, worth {signal.data.bona_fide_effective:.0f} and "
        f"{signal.data.attack_effective:.0f} independent ones; LLR held in {low:.2f} .. {high:.2f} nats.",
        soft_wrap=True,
    )
    console.print(f"Written to {path}", soft_wrap=True)
