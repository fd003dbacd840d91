"""A table of interviews, made ready to fit and judge fusions on it."""

from __future__ import annotations

from typing import Annotated

import typer

from biometrics.evaluation.lab.calibrating import CAPS
from biometrics.evaluation.lab.scoring import POOLINGS
from fraudmodel.errors import DatasetError
from fraudmodel.fusion_signals import Evidence, Recipe
from fraudmodel.interview_table import InterviewTable
from fraudmodel.parameters import load_parameters

BeginFrom = Annotated[str, typer.Option("--parameters", help="Folder of parameters to begin from.")]


def evidence_of(table: InterviewTable, parameters: str, *, refit_measured: bool = False) -> Evidence:
    """Ready to calibrate and fuse, from these parameters on; ``refit_measured`` calibrations of real pairs too."""
    keep = frozenset[str]() if refit_measured else frozenset({"measured"})
    evidence = Evidence(table, load_parameters(parameters), Recipe(POOLINGS, CAPS, keep))
    if not evidence.kinds:
        raise DatasetError(f"{table.source}: it measured no signal that the fusion weighs")
    return evidence
