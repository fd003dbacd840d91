"""How ``candor evaluate microexpression --data`` shows what it measured."""

from __future__ import annotations

from math import isfinite

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from biometrics.evaluation.micro_recognition import Recognition
from biometrics.evaluation.micro_recognition_trials import Learnt, RecognitionFigures
from biometrics.micro.classes import CLASSES
from interview.cli.figures import with_interval


def show_recognition(found: RecognitionFigures, console: Console) -> None:
    """Tables for people."""
    whole = found.zero_shot
    classes = ", ".join(f"{count} {name}" for name, count in zip(CLASSES, found.counts, strict=True))
    size = f"The network holds {found.parameters} numbers in all. " if found.parameters is not None else ""
    console.print(
        f"{found.data}: {whole.uf1.n} movements of {whole.subjects} people: {classes}. "
        f"{size}95 % intervals over people.",
        markup=False,
    )
    grid = Table("what", "data", "N", "people", "UF1", "95 %", "UAR", "95 %", box=SIMPLE)
    if found.learnt is not None:
        _add(grid, "one subject left out", found.learnt.whole, found.learnt.datasets)
    weights = "shipped, saw nobody" if found.shipped else f"own {found.model}"
    _add(grid, weights, found.zero_shot, found.zero_shot_datasets)
    console.print(grid)
    if not found.shipped:
        console.print("Own weights say nothing here about people whom they learnt from.", markup=False)
    console.print(
        f"Action units that are told of fresh synthetic movements and were planted: {with_interval(found.units_right)}; "
        f"that were planted and are told: {with_interval(found.units_found)}.",
        markup=False,
    )
    console.print(f"One movement takes {found.cost_ms:.2f} ms here, from its map on.")
    if found.learnt is None:
        console.print(found.missing, markup=False)
    else:
        _explain(found.learnt, console)


def _add(grid: Table, what: str, whole: Recognition, datasets: dict[str, Recognition]) -> None:
    for name, each in {"all": whole, **datasets}.items():
        uf1, uar = (
            (f"{figure.value:.4f}", f"{figure.low:.3f} to {figure.high:.3f}")
            if isfinite(figure.value)
            else ("-", "a class is missing")
            for figure in (each.uf1, each.uar)
        )
        grid.add_row(what, name, str(each.uf1.n), str(each.subjects), *uf1, *uar)


def _explain(learnt: Learnt, console: Console) -> None:
    each = ", ".join(f"{uf1:.4f}/{uar:.4f}" for uf1, uar in learnt.each)
    console.print(
        f"Means over {learnt.seeds} networks, each asked once after {learnt.epochs} epochs (UF1/UAR: {each}).\n"
        "INVALID, for comparison only: picking for each subject the epoch at which this very subject comes out best would give "
        f"{learnt.invalid[0]:.4f}/{learnt.invalid[1]:.4f}. It peeks at the answers; several published numbers are made so.",
        markup=False,
    )
