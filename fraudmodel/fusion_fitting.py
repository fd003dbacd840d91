"""A whole folder of parameters from a table of interviews: signals calibrated, the fusion fitted over them, and what it was measured to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from fraudmodel.errors import FitError
from fraudmodel.fitted import Fitted
from fraudmodel.fusion import Fusion
from fraudmodel.fusion_figures import FusionFigures
from fraudmodel.fusion_fit import REFITS, FitSettings, FusionFit, fit_fusion, refits
from fraudmodel.fusion_protocols import FORCE, MIXTURE
from fraudmodel.fusion_signals import Evidence, all_of
from fraudmodel.intervals import Estimate
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import SignalKind


@dataclass(frozen=True, slots=True)
class FittedFolder:
    """``signals`` to write, ``kept`` those of them that were not refitted, ``refused`` why the others have no calibration; the fusion and its fit."""

    signals: Mapping[SignalKind, SignalParameters]
    kept: frozenset[SignalKind]
    refused: Mapping[SignalKind, str]
    fusion: Fusion
    fit: FusionFit


def fit_folder(
    evidence: Evidence,
    version: str,
    measured: FusionFigures | None = None,
    settings: FitSettings | None = None,
    count: int = REFITS,
) -> FittedFolder:
    """Fit everything on all people of a table; ``measured`` is what was found on people held out. Raises FitError."""
    everything = all_of(evidence)
    fit = fit_fusion(
        evidence.sessions(evidence.lines(everything)).where(everything), evidence.expert, settings
    )
    made = evidence.table
    data = f"{made.source}: simulated interviews"
    signals, refused = evidence.parameters(version, data)
    kept = frozenset(kind for kind in signals if evidence.base.signals.get(kind) is signals[kind])
    # Calibrations of the base that no interview of the table could refit stay as they are.
    old = {kind: each for kind, each in evidence.base.signals.items() if kind not in signals}
    return FittedFolder(
        {**old, **signals},
        kept | old.keys(),
        refused,
        replace(
            fit.fusion,
            version=version,
            source=f"expert's structure and priors; weights and correlations fitted on {data}",
            fitted=_fitted(fit, evidence, measured, count),
        ),
        fit,
    )


def _fitted(fit: FusionFit, evidence: Evidence, measured: FusionFigures | None, count: int) -> Fitted:
    table = evidence.table
    fraud = int(evidence.fraud.sum())
    return Fitted(
        table=table.source,
        digest=table.digest or "not read from a file",
        bona_fide=len(table) - fraud,
        fraud=fraud,
        people=len(table.people),
        expert_weights=began_with(fit.fusion, evidence.expert),
        expert_correlations=tuple(group.correlation for group in evidence.expert.learnable_groups),
        measured=_measured(measured) if measured is not None else {},
        refits=_all_weights(fit, count),
    )


def _measured(found: FusionFigures) -> dict[str, Estimate]:
    whole = {each.name: each for each in found.judged}
    return {
        "cllr": whole[MIXTURE].cllr,
        "cllr_min": whole[MIXTURE].cllr_min,
        "cllr_in_force": whole[FORCE].cllr,
    }


def began_with(fusion: Fusion, expert: Fusion) -> tuple[float, ...]:
    """What a fit of ``expert`` began from, in the order of its weights; those of the components that a fit adds, which come last, are as they are."""
    began = (*expert.components, *fusion.components[len(expert.components) :])
    return tuple(began[row].weights[kind] for row, kind in fusion.learnable)


def _all_weights(fit: FusionFit, count: int) -> np.ndarray:
    """(count, weights of all components in their order): refitted ones from the refits, the others as they are."""
    drawn = refits(fit, count)
    learnt = {
        (row, fit.rows.kinds[column]): drawn[:, place] for place, (row, column) in enumerate(fit.places)
    }
    columns = [
        learnt.get((row, kind), np.full(count, fit.fusion.components[row].weights[kind]))
        for row, kind in fit.fusion.learnable
    ]
    if not columns:
        raise FitError("the fusion has no weights")
    return np.round(np.column_stack(columns), 3)
