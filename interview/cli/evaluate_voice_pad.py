"""How ``candor evaluate voice-pad`` reads its folders and shows what it measured."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.detectors.voice_pad import KIND
from biometrics.errors import EvaluationError
from biometrics.evaluation.trials import Progress
from biometrics.evaluation.voice_pad_trials import (
    MOST_S,
    PEOPLE,
    QUICK_S,
    Judge,
    PadFigures,
    Source,
    read_source,
    voice_pad_figures,
)
from fraudmodel.parameters import Parameters, load_parameters
from interview.cli.figures import per_cent
from models.hub import Model, ModelHub

Network = Literal["pad_voice", "aasist_l"]
"""What the signal reads, and the published network that it was fine-tuned from."""
_LEAST_WIDTH = 130


def measure(
    people: Path,
    spoofs: Sequence[str],
    originals: Sequence[str],
    hub: ModelHub,
    network: Network,
    report: Progress,
    *,
    quick: bool,
) -> PadFigures:
    """Hear the folder of people and those of ``spoofs`` and ``originals``, each ``NAME=FOLDER``. Raises EvaluationError."""
    most_s = QUICK_S if quick else MOST_S
    made = generators(spoofs, most_s)
    own = originals_of(originals, {each.name for each in made}, most_s)
    judge = judge_of(load_parameters(), hub.get(network))
    spoken = read_source(PEOPLE, people, most_s)
    return voice_pad_figures(spoken, made, hub, judge, report, originals=own, network=network, quick=quick)


def judge_of(parameters: Parameters, network: Model) -> Judge | None:
    """The LLR that a session uses of this network's scores, where they are calibrated."""
    fitted = parameters.signals.get(KIND)
    if fitted is None or fitted.model != str(network.id):
        return None
    return lambda score: fitted.in_force(fitted.calibrator.llr(score, {}))


def generators(given: Sequence[str], most_s: float = MOST_S) -> list[Source]:
    """The folders of ``NAME=FOLDER``, each name once. Raises EvaluationError."""
    named: dict[str, Path] = {}
    for each in given:
        name, _, folder = each.partition("=")
        if not (name and folder):
            raise EvaluationError(
                f"{each!r} is not NAME=FOLDER: a name for whose speech it is, and its folder"
            )
        if name == PEOPLE or name in named:
            taken = "is what people are called" if name == PEOPLE else "was given before"
            raise EvaluationError(f"{each!r}: the name {name} {taken}, give each a name of its own")
        named[name] = Path(folder)
    return [read_source(name, folder, most_s) for name, folder in named.items()]


def everybody(folder: Path, more: Sequence[str]) -> Source:
    """The people of a folder and of each ``NAME=FOLDER``, their names after the name of theirs. Raises EvaluationError."""
    speakers = dict(read_source(PEOPLE, folder).speakers)
    for source in generators(more):
        speakers |= {f"{source.name}/{speaker}": samples for speaker, samples in source.speakers.items()}
    return Source(PEOPLE, speakers)


def originals_of(given: Sequence[str], names: Collection[str], most_s: float = MOST_S) -> dict[str, Source]:
    """The folders of ``NAME=FOLDER`` by generator; one folder may be that of several. Raises EvaluationError."""
    found: dict[str, Source] = {}
    read: dict[Path, Source] = {}
    for each in given:
        name, _, folder = each.partition("=")
        if name not in names or name in found or not folder:
            raise EvaluationError(
                f"{each!r} is not NAME=FOLDER with the name of a generator that is given once by --spoof: "
                f"{', '.join(sorted(names)) or 'there is none'}"
            )
        path = Path(folder)
        read.setdefault(path, read_source(f"original/{path}", path, most_s))
        found[name] = read[path]
    return found


def print_voice_pad(figures: PadFigures, *, as_json: bool) -> None:
    """One JSON object, or tables for people."""
    if as_json:
        typer.echo(json.dumps({"signal": KIND} | figures.as_json(), indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    console.print(
        f"Machine-made speech against people's; {figures.model}. Per cent, with 95 % intervals.", markup=False
    )
    people = Table(
        "channel", "people flagged % (BPCER)", "flagged %, threshold for 5 % of others", "windows", box=SIMPLE
    )
    for channel, figure in figures.bpcer.items():
        others = figures.flagged.get(channel)
        people.add_row(channel, per_cent(figure), per_cent(others) if others else "", str(figure.n))
    console.print(people)
    made = Table(
        "generator",
        "channel",
        "EER %",
        "EER % against its originals",
        "missed % (APCER)",
        "windows",
        "voices",
        box=SIMPLE,
    )
    for row in sorted(figures.rows, key=lambda row: (row.generator, row.channel)):
        made.add_row(
            row.generator,
            row.channel,
            per_cent(row.eer),
            per_cent(row.matched) if row.matched else "",
            per_cent(row.apcer),
            str(row.windows),
            str(row.voices),
        )
    console.print(made)
    missed = Table("generator", "missed % at 5 % of people flagged, all channels", "windows", box=SIMPLE)
    for name, figure in sorted(figures.passed.items()):
        missed.add_row(name, per_cent(figure), str(figure.n))
    console.print(missed)
    where = "where the LLR is 0" if figures.calibrated else "of the network as it is: there is no calibration"
    console.print(
        f"Threshold: score {figures.threshold:.2f}, {where}. Windows of one voice resemble each other: the intervals of flagged and "
        f"missed are too narrow, that of the EER is over voices.\n{_trims(figures)} "
        f"Refused windows: {figures.abstained}.\nCost here: {figures.ms_per_s:.1f} ms of one core a second of media."
    )


def _trims(figures: PadFigures) -> str:
    if figures.trim_change_nats is None:
        return "No call was long enough to be judged with and without its leading silence."
    half, most = figures.trim_change_nats
    what = "LLR" if figures.calibrated else "score"
    return f"Cutting leading silence moves a call's {what} by {half:.3f} nats (median of {figures.trim_calls}), {most:.3f} at most."
