"""``candor lab evaluate``: every liveness and injection signal on the lab's renders, as JSON and as a page."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.attacklab.pool import default_jobs
from biometrics.attacklab.store import Stored, stored
from biometrics.catalogue import detector_specs
from biometrics.errors import EvaluationError
from biometrics.evaluation.lab.charts import over_bitrate
from biometrics.evaluation.lab.page import page, rate_text
from biometrics.evaluation.lab.report import REPORTED_ALONE, LabReport, metrics_of, report_on
from biometrics.evaluation.lab.scoring_pool import fingerprint, score_all
from biometrics.views import FaceView, SpeechView
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.parameters import load_parameters
from interview.cli.evaluate import local_hub
from interview.cli.lab_render import bar, render_into
from models.errors import ModelError

QUICK_COUNT = 1
QUICK = Path("var/lab-quick")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object last.")]


def evaluate_command(
    renders: Annotated[
        Path, typer.Option("--renders", help="Folder that `candor lab render` filled.")
    ] = Path("var/lab"),
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for report.html and metrics.json; the renders' own otherwise."),
    ] = None,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help=f"Render {QUICK_COUNT} of each and measure those: a check, no evidence."
        ),
    ] = False,
    data: Annotated[
        Path | None, typer.Option("--data", help="With --quick: folder with clips/*.mp4 and faces/*.jpg.")
    ] = None,
    pulse: Annotated[
        Path | None,
        typer.Option(
            "--pulse", help="Output of `candor evaluate rppg --json`: its curve goes into the report."
        ),
    ] = None,
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes; 0 takes every core.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure Sim-APCER by species, the worst first, with intervals; write the report. Goes on where it was broken off."""
    curves = pulse_curves(pulse) if pulse is not None else []
    if quick:
        renders = QUICK if renders == Path("var/lab") else renders
        render_into(renders, data, QUICK_COUNT, jobs or default_jobs())
    found = list(stored(renders)) if renders.is_dir() else []
    if not found:
        raise EvaluationError(
            f"there are no renders in {renders}: run `candor lab render --out {renders}` first, or use --quick"
        )
    out = out or renders
    out.mkdir(parents=True, exist_ok=True)
    report = evaluate(found, out, jobs or default_jobs())
    command = " ".join(["candor", *sys.argv[1:]])
    (out / "report.html").write_text(page(report, datetime.now(UTC), command, curves), "utf-8")
    metrics = metrics_of(report)
    (out / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n", "utf-8")
    _print(report, metrics, out, as_json=as_json)


def pulse_curves(file: Path) -> list[tuple[str, str]]:
    """A chart of the pulse's SNR over the bit rate for each amplitude in a file of `candor evaluate rppg --json`.

    Raises EvaluationError for any other file.
    """
    try:
        rows = [
            row for row in json.loads(file.read_text("utf-8"))["rows"] if row["snr_db"] and row["target_kbps"]
        ]
        amplitudes = sorted({float(row["green_amplitude"]) for row in rows}, reverse=True)
        curves = {
            green: [
                (float(r["target_kbps"]), float(r["snr_db"]["value"]))
                for r in rows
                if r["green_amplitude"] == green
            ]
            for green in amplitudes
        }
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise EvaluationError(f"{file} is no output of `candor evaluate rppg --json`") from error
    return [
        (
            f"Pulse of {100 * green:g} % in green light through VP8 (painted skin)",
            over_bitrate(points, "SNR, dB", "SNR by bit rate"),
        )
        for green, points in curves.items()
    ]


def evaluate(found: Sequence[Stored], out: Path, jobs: int) -> LabReport:
    """Score what is not scored yet, and measure."""
    models = _models()
    file = out / f"scores-{fingerprint(models)}.jsonl"
    with bar() as progress:
        task = progress.add_task("Scoring", total=len(found))
        moved: Callable[[int], None] = partial(_moved, progress, task)
        trials = score_all(found, file, local_hub, jobs, moved)
    return report_on(trials, load_parameters().fusion, models)


def _moved(progress: Any, task: Any, done: int) -> None:  # noqa: ANN401 - rich's
    progress.update(task, completed=done)


def _models() -> list[str]:
    """What measures: every installed model that a detector of faces or of speech uses, by its identity."""
    names = {
        name
        for spec in detector_specs()
        if spec.view in (FaceView, SpeechView) and spec.kind not in BEHAVIOUR
        for name in spec.models
    } | {"face_landmarker"}
    found = []
    with local_hub() as hub:
        for name in sorted(names):
            try:
                found.append(str(hub.get(name).id) if name != "face_landmarker" else name)
            except ModelError:
                continue
    return found


def _print(report: LabReport, metrics: dict[str, Any], out: Path, *, as_json: bool) -> None:
    console = Console(stderr=as_json)
    for name in REPORTED_ALONE:
        if name in report.protocols:
            grid = Table(
                "species, worst first", "family", "at BPCER 1 %", "3 %", "5 %", box=SIMPLE, title=name
            )
            for one in report.protocols[name].species:
                rates = [rate_text(one.apcer[s]) if s in one.apcer else "" for s in (0.01, 0.03, 0.05)]
                grid.add_row(one.species, one.family, *rates)
            console.print(grid)
    for gap in report.gaps:
        console.print(gap, markup=False)
    console.print(f"Sim-APCER, simulated attacks. The whole report: {out / 'report.html'}", markup=False)
    if as_json:
        typer.echo(json.dumps(metrics))
