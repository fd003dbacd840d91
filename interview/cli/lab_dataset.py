"""``candor lab dataset``: whole simulated interviews through the real pipeline, into the table that the fraud model is fitted on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from typing import Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.attacklab import sources
from biometrics.attacklab.interviews.cast import Cast, cast, voices_in
from biometrics.attacklab.interviews.plan import LENGTH_S, SHORT_S, Interview, plan
from biometrics.attacklab.pool import default_jobs
from biometrics.catalogue import detector_specs
from biometrics.errors import EvaluationError
from biometrics.evaluation.lab.scoring_pool import fingerprint
from biometrics.face.perception import FacePerception
from biometrics.voice.perception import SpeechPerception
from fraudmodel.interview_table import InterviewRow
from fraudmodel.parameters import load_parameters
from interview.analysis import stack
from interview.analysis.senses import Parts
from interview.cli.evaluate import local_hub
from interview.cli.lab_render import SOURCES, bar, prepare_sources
from interview.demo.clip import demo_media
from interview.lab.making import Made, OpenRunner, made_by, make_table, write_table
from interview.lab.portrait import portrait_cast
from interview.lab.running import InterviewRunner, ProductEnroller
from interview.settings import Settings
from models.cache import default_cache_dir
from models.errors import ModelError

COUNT = 600
QUICK_COUNT = 4
QUICK = Path("var/interviews-quick")
FULL = Path("var/interviews")
ROWS, TABLE = "interviews.jsonl", "interviews.jsonl.gz"

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object last.")]


def dataset_command(
    out: Annotated[
        Path,
        typer.Option("--out", help=f"Folder for {ROWS} and {TABLE}; rows that are there already are kept."),
    ] = FULL,
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder with clips/*.mp4 and faces/*.jpg of the people.")
    ] = None,
    speech: Annotated[
        Path | None,
        typer.Option(
            "--speech", help="Folder with one sub-folder of audio for each speaker: the people's voices."
        ),
    ] = None,
    count: Annotated[
        int | None, typer.Option("--count", min=1, help="Interviews; any first part is balanced.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The same seed makes the same table.")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes; 0 takes every core.")] = 0,
    quick: Annotated[
        bool,
        typer.Option(
            "--quick", help=f"{QUICK_COUNT} short interviews of an animated portrait: a check, no evidence."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate whole interviews, honest and fraudulent, and keep what every signal measured. It goes on where it was broken off."""
    if not quick and (data is None or speech is None):
        raise EvaluationError("give --data and --speech, or --quick for a check without sources")
    out = QUICK if quick and out == FULL else out
    out.mkdir(parents=True, exist_ok=True)
    notes = prepare_sources(None if quick else data, out)
    material = (out / SOURCES, None if quick else speech)
    everybody = cast_in(*material)
    count = count or (QUICK_COUNT if quick else COUNT)
    interviews = plan(everybody, seed, count, SHORT_S if quick else LENGTH_S)
    models = model_names()
    made = made_by(everybody, seed, models, fingerprint(models), load_parameters(), quick=quick)
    found = _made(interviews, made, out, partial(open_runner, *material), jobs or default_jobs())
    write_table(found, made, out / TABLE)
    failures = [f"{name} could not be simulated: {why}" for name, why in sorted(found.failed.items())]
    _report(found.rows, out, [*notes, *failures], as_json=as_json)


def cast_in(takes: Path, speech: Path | None) -> Cast:
    """Everybody: from prepared takes and a folder of speech; without one, the demo's portrait."""
    clips = sources.load(takes)
    if speech is None:
        return portrait_cast(clips, demo_media((Settings().cache_dir or default_cache_dir()) / "demo"))
    return cast(clips, voices_in(speech))


@contextmanager
def open_runner(takes: Path, speech: Path | None) -> Iterator[InterviewRunner]:
    """Everybody, and the parts of a pipeline as the service has them."""
    with local_hub() as hub:
        parts = Parts(hub, detector_specs(), FacePerception, SpeechPerception, stack.assessor)
        yield InterviewRunner(cast_in(takes, speech), parts, ProductEnroller(hub))


def model_names() -> list[str]:
    """Every installed model that a detector uses, by its identity."""
    found = []
    with local_hub() as hub:
        for name in sorted({name for spec in detector_specs() for name in spec.models}):
            try:
                found.append(str(hub.get(name).id))
            except ModelError:
                continue
    return found


def _made(
    interviews: Sequence[Interview], made: dict[str, Any], out: Path, opened: OpenRunner, jobs: int
) -> Made:
    with bar() as progress:
        task = progress.add_task("Interviews", total=len(interviews))
        moved: Callable[[int], None] = lambda done: progress.update(task, completed=done)  # noqa: E731
        return make_table(interviews, made, out / ROWS, opened, jobs, moved)


def counts_of(rows: Sequence[InterviewRow]) -> dict[str, Any]:
    """How many there are of what."""
    by: dict[str, Any] = {
        name: dict(sorted(Counter(str(getattr(row, name)) for row in rows).items()))
        for name in ("family", "species", "split", "subject")
    }
    kinds = sorted({kind for row in rows for kind in (*row.measured, *row.absent)})
    by["measured"] = {kind: sum(kind in row.measured for row in rows) for kind in kinds}
    return {"interviews": len(rows), "frauds": sum(row.fraud for row in rows), **by}


def _report(rows: Sequence[InterviewRow], out: Path, notes: Sequence[str], *, as_json: bool) -> None:
    counts = counts_of(rows)
    console = Console(stderr=as_json)
    for note in notes:
        console.print(note, markup=False)
    families = sorted(counts["family"])
    grid = Table(
        "signal", *families, box=SIMPLE, title="Median of what was measured (interviews it was measured in)"
    )
    for kind in counts["measured"]:
        grid.add_row(
            kind, *(_cell(kind, [row for row in rows if row.family == family]) for family in families)
        )
    console.print(grid)
    console.print(
        f"{len(rows)} simulated interviews of {len(counts['subject'])} people, {counts['frauds']} of them frauds: {out / TABLE}",
        markup=False,
    )
    if as_json:
        typer.echo(json.dumps({"table": str(out / TABLE), **counts, "notes": list(notes)}))


def _cell(kind: Any, rows: Sequence[InterviewRow]) -> str:  # noqa: ANN401 - a SignalKind, or its name
    found = [row.measured[kind] for row in rows if kind in row.measured]
    values = [each.statistic if each.peak is None else each.peak for each in found]
    return f"{median(values):.2f} ({len(values)})" if values else "-"
