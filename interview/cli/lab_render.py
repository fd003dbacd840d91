"""``candor lab list`` and ``candor lab render``: what attacks the lab can render, and rendering them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from biometrics.attacklab import dubbing, preparing, sources
from biometrics.attacklab.catalogue import all_species, species_named
from biometrics.attacklab.plan import SPLITS, Render, Split, missing, plan
from biometrics.attacklab.pool import default_jobs
from biometrics.attacklab.rendering import render_all
from biometrics.attacklab.species import SPEECH, Species
from biometrics.errors import EvaluationError
from biometrics.face.embed import FaceEncoder
from biometrics.face.perception import FacePerception
from interview.cli.evaluate import local_hub
from interview.demo.prepare import prepare as prepare_demo
from interview.settings import Settings

SOURCES = "sources"
"""The folder of prepared takes, in the folder of the renders."""

Out = Annotated[Path, typer.Option("--out", help="Folder of the renders; what is there already is kept.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def list_command(as_json: AsJson = False) -> None:
    """List the species: what can be rendered."""
    species = all_species()
    if as_json:
        rows = [
            {
                "name": each.name,
                "family": each.family,
                "renderers": list(each.renderers),
                "needs": sorted(each.needs),
                "longest_s": each.longest_s,
                "description": each.description,
            }
            for each in species
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    grid = Table("species", "family", "renderers", "needs", "", box=SIMPLE)
    for each in species:
        grid.add_row(
            each.name, each.family, " ".join(each.renderers), " ".join(sorted(each.needs)), each.description
        )
    Console().print(grid)


def render_command(
    out: Out = Path("var/lab"),
    data: Annotated[
        Path | None,
        typer.Option(
            "--data",
            help="Folder with clips/*.mp4 and faces/*.jpg to render from. Without it an animated portrait is the only source.",
        ),
    ] = None,
    speech: Annotated[
        Path | None,
        typer.Option(
            "--speech",
            help="Folder with one sub-folder of audio for each speaker: species of the voice then speak with these, not with the takes' own sound.",
        ),
    ] = None,
    species: Annotated[
        list[str] | None, typer.Option("--species", help="Only this one; may be repeated. All otherwise.")
    ] = None,
    renderer: Annotated[str | None, typer.Option("--renderer", help="Only this renderer: a or b.")] = None,
    split: Annotated[str | None, typer.Option("--split", help="Only train or test.")] = None,
    count: Annotated[
        int, typer.Option("--count", min=1, help="Renders of each renderer of each species in each split.")
    ] = 10,
    seed: Annotated[int, typer.Option("--seed", help="The same seed renders the same.")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", min=0, help="Processes; 0 takes every core.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Render presentations as the service would receive them. It goes on where it was broken off."""
    chosen = [species_named(name) for name in species] if species else list(all_species())
    splits = _splits(split)
    out.mkdir(parents=True, exist_ok=True)
    refused = prepare_sources(data, out, speech)
    renders = planned(chosen, out, seed, count, splits)
    wanted = [each for each in renders if renderer in (None, each.renderer)]
    if not wanted:
        raise EvaluationError(
            "there is nothing to render: no such renderer, or too few people for what was chosen"
        )
    with bar() as progress:
        task = progress.add_task("Rendering", total=len(wanted))
        made = render_all(
            wanted,
            out / SOURCES,
            out,
            jobs or default_jobs(),
            lambda done: progress.update(task, completed=done),
        )
    notes = [*refused, *_only_portrait(data), *not_rendered(chosen, renders)]
    _report(wanted, made, out, notes, as_json=as_json)


def render_into(out: Path, data: Path | None, count: int, jobs: int, seed: int = 1) -> None:
    """Render ``count`` of each renderer of every species for testing, without a word but for the bars."""
    out.mkdir(parents=True, exist_ok=True)
    prepare_sources(data, out)
    renders = planned(all_species(), out, seed, count, ("test",))
    with bar() as progress:
        task = progress.add_task("Rendering", total=len(renders))
        render_all(renders, out / SOURCES, out, jobs, lambda done: progress.update(task, completed=done))


def planned(
    species: Sequence[Species], out: Path, seed: int, count: int, splits: Sequence[Split]
) -> list[Render]:
    """The renders of these species from what is prepared in ``out``: species of the voice speak with prepared speech, if there is."""
    takes, voices = sources.load(out / SOURCES), sources.dubbed(out / SOURCES)
    spoken = [each for each in species if voices and SPEECH in each.needs]
    seen = [each for each in species if each not in spoken]
    return [*plan(seen, takes, seed, count, splits), *plan(spoken, voices, seed, count, splits)]


def prepare_sources(data: Path | None, out: Path, speech: Path | None = None) -> list[str]:
    """Make the takes ready in ``out``; without ``data`` the demo's portrait. Gives sentences about files left out.

    With ``speech``, the speakers of that folder too: that there are any is seen before hours go into the takes.
    """
    if speech is not None:
        dubbing.speakers(speech)
    files = preparing.media_files(data) if data is not None else [prepare_demo(Settings()).clip]
    with local_hub() as hub, bar() as progress:
        encoder = FaceEncoder(hub.get("dlib_resnet"))
        senses = preparing.Senses(lambda: FacePerception(hub), encoder.embed)
        task = progress.add_task("Sources", total=len(files))
        refused = preparing.prepare(
            files, out / SOURCES, senses, lambda done, total, what: progress.update(task, completed=done)
        )
    if speech is None:
        dubbing.undub(out / SOURCES)
        return refused
    return [*refused, *dubbing.dub(speech, out / SOURCES)]


def not_rendered(species: Sequence[Species], renders: Sequence[Render]) -> list[str]:
    """What a plan leaves out, in sentences: who is too few for it, and what this machine lacks."""
    able = [each for each in species if any(each.lacks(name) is None for name in each.renderers)]
    few = missing(able, renders)
    people = "Not rendered for lack of other people, of photos, or of enough speech"
    lacking = [why for each in species for name in each.renderers if (why := each.lacks(name)) is not None]
    return [*([f"{people}: {', '.join(few)}."] if few else []), *lacking]


def _splits(name: str | None) -> tuple[Split, ...]:
    chosen = tuple(each for each in SPLITS if name in (None, each))
    if not chosen:
        raise EvaluationError(f"there is no split {name!r}: choose {' or '.join(SPLITS)}")
    return chosen


def _only_portrait(data: Path | None) -> list[str]:
    return (
        []
        if data
        else ["The only source is an animated portrait: no figure from it says anything about people."]
    )


@contextmanager
def bar() -> Iterator[Progress]:
    """A bar with the time that is left, on stderr."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield progress


def _report(renders: Sequence[Render], made: int, out: Path, notes: Sequence[str], *, as_json: bool) -> None:
    counts: dict[str, int] = {}
    for each in renders:
        counts[each.species] = counts.get(each.species, 0) + 1
    if as_json:
        found = {"folder": str(out), "renders": counts, "made": made, "notes": list(notes)}
        typer.echo(json.dumps(found, indent=2))
        return
    console = Console()
    for note in notes:
        console.print(note, markup=False)
    console.print(
        f"{len(renders)} renders of {len(counts)} species in {out}, {made} of them new.", markup=False
    )
