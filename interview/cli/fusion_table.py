"""A table of interviews, made ready to fit and judge fusions on it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

import typer

from biometrics.evaluation.calibrating import SUCCESSIVE_FRAMES
from biometrics.evaluation.lab.calibrating import CAPS
from biometrics.evaluation.lab.scoring import POOLINGS
from fraudmodel.errors import DatasetError
from fraudmodel.fusion_signals import Evidence, Recipe
from fraudmodel.interview_table import InterviewTable
from fraudmodel.parameters import load_parameters
from fraudmodel.pooling import CONTINUOUS_HALF_LIFE_S, Pooling

SESSION_POOLINGS: Mapping[str, Pooling] = {
    **POOLINGS,
    "av_sync": Pooling(half_life_s=CONTINUOUS_HALF_LIFE_S),
    "voice_over": Pooling(half_life_s=CONTINUOUS_HALF_LIFE_S, autocorrelation=SUCCESSIVE_FRAMES),
    "voice_continuity": Pooling(autocorrelation=SUCCESSIVE_FRAMES),
}
"""How sessions pool signals whose first calibration is the table's: as its interviews did, but that what is measured all the time fades. A mouth
that does not move and a change of voice are looked for in windows that overlap."""

BeginFrom = Annotated[str, typer.Option("--parameters", help="Folder of parameters to begin from.")]


def evidence_of(table: InterviewTable, parameters: str, *, refit_measured: bool = False) -> Evidence:
    """Ready to calibrate and fuse, from these parameters on; ``refit_measured`` calibrations of real pairs too."""
    keep = frozenset[str]() if refit_measured else frozenset({"measured"})
    evidence = Evidence(table, load_parameters(parameters), Recipe(SESSION_POOLINGS, CAPS, keep))
    if not evidence.kinds:
        raise DatasetError(f"{table.source}: it measured no signal that the fusion weighs")
    return evidence
