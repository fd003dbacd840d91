"""Measured figures as tables: for people as text, for programs as JSON. No figure without its interval and N."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fraudmodel.datasets import ScoreTable
from fraudmodel.effective import effective_trials, equal_error_rate
from fraudmodel.intervals import Estimate, clopper_pearson
from fraudmodel.metrics import threshold_at_bpcer
from fraudmodel.signal_parameters import SignalParameters

OPERATING_POINTS = (0.01, 0.03, 0.05)
"""BPCER at which APCER is reported, as ISO/IEC 30107-3 reports do."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: its name, what it was measured on, and its unit ("" for a rate or a pure number)."""

    name: str
    on: str
    estimate: Estimate
    unit: str = ""


def discrimination(table: ScoreTable, *, seed: int = 0) -> tuple[Figure, ...]:
    """EER, and APCER of every species at fixed BPCER, the worst species first."""
    rows = [Figure("EER", table.name, equal_error_rate(table, seed=seed))]
    for highest in OPERATING_POINTS:
        threshold = threshold_at_bpcer(table.scores[~table.attack], highest)
        rates = [(_apcer(table, species, threshold), species) for species in _species(table)]
        for figure, species in sorted(rates, key=lambda pair: -pair[0].value):
            rows.append(Figure(f"APCER at BPCER {highest:.0%}", species or table.name, figure))
    return tuple(rows)


def calibration(signal: SignalParameters) -> tuple[Figure, ...]:
    """What a fitted signal reached on people held out of the fit."""
    units = {"cllr": "bit", "cllr_min": "bit"}
    return tuple(
        Figure(name, signal.data.name, measured, units.get(name, ""))
        for name, measured in signal.measured.items()
    )


def as_text(figures: Sequence[Figure]) -> str:
    """A table with one figure a line."""
    header = ("figure", "on", "value", "95 % interval", "N")
    rows = [header, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(header))]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)


def as_json(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """The same, for `json.dumps`."""
    return [
        {
            "figure": figure.name,
            "on": figure.on,
            "value": figure.estimate.value,
            "low": figure.estimate.low,
            "high": figure.estimate.high,
            "n": figure.estimate.n,
            "unit": figure.unit,
        }
        for figure in figures
    ]


def _cells(figure: Figure) -> tuple[str, ...]:
    measured = figure.estimate
    value = f"{measured.value:.4f} {figure.unit}".rstrip()
    return figure.name, figure.on, value, f"{measured.low:.4f} .. {measured.high:.4f}", str(measured.n)


def _species(table: ScoreTable) -> list[str]:
    return sorted({table.species[i] for i in np.flatnonzero(table.attack)})


def _apcer(table: ScoreTable, species: str, threshold: float) -> Estimate:
    """With the Clopper-Pearson interval of the independent trials that these attacks are worth."""
    chosen = table.attack & (np.array(table.species) == species)
    share = float(np.mean(table.scores[chosen] < threshold))
    trials = effective_trials(table, chosen)
    low, high = clopper_pearson(share * trials, trials)
    return Estimate(share, low, high, int(chosen.sum()))
