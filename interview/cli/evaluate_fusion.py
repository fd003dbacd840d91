"""``candor evaluate fusion``: is the fraud probability calibrated, better than simpler ones, lawful, and what of attacks that nothing foresaw?"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from fraudmodel.fusion_figures import FusionFigures, Judged, figures
from fraudmodel.fusion_fit import FitSettings
from fraudmodel.fusion_fitting import FittedFolder, fit_folder
from fraudmodel.fusion_laws import Laws, check_laws
from fraudmodel.fusion_protocols import Scale, held_out, unforeseen_families, unseen_species
from fraudmodel.fusion_rows import Dropout
from fraudmodel.fusion_signals import Evidence, all_of
from fraudmodel.sessions import family_shares
from interview.cli.figures import per_cent, with_interval
from interview.cli.fusion_cost import Cost, cost_of

FULL: Final = Scale()
QUICK: Final = Scale(
    blocks=None, replicates=50, species=2, settings=FitSettings(dropout=Dropout(1), iterations=20)
)
PRIOR: Final = 0.005
REFITS: Final = {True: 10, False: 200}
_LEAST_WIDTH: Final = 180
Report = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class FusionReport:
    """Everything that one evaluation found; ``folder`` is what a fit on everybody gives, of which laws and cost are told."""

    evidence: Evidence
    figures: FusionFigures
    folder: FittedFolder
    laws: Laws
    cost: Cost

    def as_json(self) -> dict[str, object]:
        """One object, for programs."""
        table = self.evidence.table
        return {
            "table": table.source,
            "digest": table.digest,
            "grade": "simulated",
            "signals": {
                kind: each.grade
                for kind, each in sorted(self.folder.signals.items())
                if kind in self.evidence.kinds
            },
            "not_calibrated": dict(sorted(self.folder.refused.items())),
            **self.figures.as_json(),
            "laws": self.laws.as_json(),
            "cost": self.cost.as_json(),
        }


def evaluate(evidence: Evidence, scale: Scale, report: Report, *, quick: bool) -> FusionReport:
    """Measure everything on one table."""
    judged = held_out(evidence, scale, report)
    unseen = list(unseen_species(evidence, scale, report))
    unforeseen = list(unforeseen_families(evidence, scale, report))
    shares = family_shares(evidence.expert)
    found = figures(judged, unseen, unforeseen, shares, replicates=scale.replicates)
    folder = fit_folder(evidence, "evaluation", found, scale.settings, REFITS[quick])
    everything = evidence.sessions(evidence.lines(all_of(evidence)))
    laws = check_laws(replace(folder.fusion, fitted=None), everything, PRIOR)
    return FusionReport(
        evidence, found, folder, laws, cost_of(folder, evidence.table, assessments=50 if quick else 300)
    )


def print_fusion(found: FusionReport, *, as_json: bool) -> None:
    """One JSON object, or tables for people."""
    if as_json:
        typer.echo(json.dumps(found.as_json(), indent=2))
        return
    console = Console(width=max(_LEAST_WIDTH, Console().width))
    whole, table = found.figures, found.evidence.table
    console.print(
        f"{table.source} ({table.digest}): {whole.interviews} simulated interviews of {whole.people} people, {whole.bona_fide} bona fide and "
        f"{whole.fraud} frauds. 95 % intervals over people; every interview judged by what was learnt without its people, but for "
        "calibrations of real pairs, which stay. Frauds are weighed by family as the priors say.",
        markup=False,
    )
    for kind, why in sorted(found.folder.refused.items()):
        console.print(
            f"Not calibrated: {why}" if why.startswith(kind) else f"Not calibrated: {kind}: {why}",
            markup=False,
        )
    console.print(_judged("put together by", whole.judged))
    console.print(
        f"Calibrated by construction, as many interviews would show Cllr - Cllr_min of {with_interval(whole.by_chance)}: Cllr_min is the best that "
        "these very interviews allow.",
        markup=False,
    )
    console.print(
        "mixture: what the data show of each signal, within 8 nats; in_force: the same weights over LLRs as sessions use them, discounted, capped "
        "and held within what so few people support.",
        markup=False,
    )
    console.print(_judged("group missing", whole.missing))
    console.print(_against(whole))
    console.print(_species(whole))
    console.print(_families(whole))
    console.print(_decision(whole), markup=False)
    console.print(
        "; ".join(f"ECE at {100 * prior:g} %: {with_interval(each)}" for prior, each in whole.ece.items())
    )
    console.print(_reliability(whole))
    _laws(found, console)


def _judged(what: str, rows: Sequence[Judged]) -> Table:
    grid = Table(what, "Cllr bit", "Cllr_min", "Cllr - Cllr_min", "N", box=SIMPLE)
    for row in rows:
        grid.add_row(row.name, *map(with_interval, (row.cllr, row.cllr_min, row.excess)), str(row.cllr.n))
    return grid


def _against(found: FusionFigures) -> Table:
    grid = Table("rival", "costs more Cllr than the mixture", "mixture better", box=SIMPLE)
    for row in found.against:
        name = f"{row.rival} ({found.best_signal})" if row.rival == "best_signal" else row.rival
        grid.add_row(name, with_interval(row.difference), "yes" if row.difference.low > 0.0 else "not shown")
    return grid


def _species(found: FusionFigures) -> Table:
    grid = Table(
        "species never seen",
        "family",
        "APCER % at BPCER 5 %",
        "without guard",
        "guard takes off",
        "challenger",
        "N",
        box=SIMPLE,
    )
    for row in found.species:
        rates = map(per_cent, (row.apcer, row.unguarded, row.gain, row.challenger))
        grid.add_row(row.species, row.family, *rates, str(row.apcer.n))
    return grid


def _families(found: FusionFigures) -> Table:
    grid = Table(
        "family that nobody foresaw",
        "APCER % at BPCER 5 %",
        "without guard",
        "guard takes off",
        "N",
        box=SIMPLE,
    )
    for row in found.families:
        grid.add_row(row.family, *map(per_cent, (row.apcer, row.unguarded, row.gain)), str(row.apcer.n))
    return grid


def _decision(found: FusionFigures) -> str:
    if found.decision is None:
        return "The challenger was not compared: no species could be left out."
    gain = with_interval(found.decision.gain)
    verdict = (
        "it may be proposed; a person adopts it"
        if found.decision.adopt
        else "the interval does not lie above 0, so it is not adopted"
    )
    return f"Challenger (monotone gradient boosting): Cllr gain over species never seen {gain} bit over {found.decision.gain.n} people: {verdict}."


def _reliability(found: FusionFigures) -> Table:
    grid = Table("stated %", "observed %", "share of interviews", box=SIMPLE)
    for row in found.bins:
        grid.add_row(f"{100 * row.stated:.3f}", f"{100 * row.observed:.3f}", f"{row.weight:.2f}")
    return grid


def _laws(found: FusionReport, console: Console) -> None:
    laws, cost = found.laws, found.cost
    console.print(
        f"Laws, on {laws.n} interviews: no signal at all moves the prior by {laws.absent_moves:g}; raising one LLR lowers the evidence by at most "
        f"{laws.largest_fall:.2g} nats; order matters by {laws.order:.2g} nats; a signal that comes twice raises the evidence by at most "
        f"{100 * laws.duplicate:.1f} % ({laws.duplicated}); contributions miss the sum by at most {laws.sum_error:.2g} nats.\n"
        f"Cost here: one assessment {cost.assess_ms:.2f} ms with {cost.signals} calibrated signals at their own rates, {cost.assess_anew_ms:.2f} ms "
        f"where all were measured since the last; 60 minutes of {cost.readings} readings taken again {cost.rescore_s:.2f} s.",
        markup=False,
    )
