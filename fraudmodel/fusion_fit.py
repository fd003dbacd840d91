"""From a table of interviews to a fusion: weights by component and signal, and how much the signals of a group depend on each other.

What is learnt starts from what an expert wrote and is drawn towards it: the fewer interviews there are, the less moves. How much that hangs
on who was there is what refits over people tell. The priors of the families are never learnt, for how often
a simulation renders a family is a choice of its makers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from scipy.optimize import minimize

from fraudmodel.calibration import FloatArray
from fraudmodel.errors import FitError
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.fusion_laws import MOST_RISE, rise_of_a_duplicate
from fraudmodel.fusion_objective import Objective, Places, free_weights
from fraudmodel.fusion_rows import UNKNOWN_SHARE, Dropout, pseudo_attacks, with_unknown
from fraudmodel.interview_table import BONA_FIDE
from fraudmodel.sessions import Sessions, family_shares, joined, shared_weights
from fraudmodel.signals import SignalKind

REFITS: Final = 200
LEAST_PEOPLE: Final = 4
LARGEST_WEIGHT: Final = 0.98
"""No way of fraud disturbs a signal every time that it happens: a clean reading never excludes it."""
_LEAST_CORRELATION: Final = 0.5
_MOST_CORRELATION: Final = 0.95
_STEP: Final = 0.05
_MOST_RISE: Final = 0.9 * MOST_RISE
"""People who were not there may say a little more."""
_LEAST_PAIRS: Final = 20
_DIGITS: Final = 4


@dataclass(frozen=True, slots=True)
class FitSettings:
    """How a fusion is fitted. ``prior_sd`` how far a weight may lie from the expert's before that costs half a nat; ``family_share`` what each
    family's own loss counts beside the whole's; ``unknown`` the share of fraud that no family foresees (0: no guard)."""

    prior_sd: float = 0.35
    family_share: float = 0.5
    unknown: float = UNKNOWN_SHARE
    dropout: Dropout = field(default_factory=Dropout)
    iterations: int = 80
    seed: int = 0


@dataclass(frozen=True, slots=True)
class FusionFit:
    """A fitted fusion and what refits it: the objective over its rows, the weights' places, their values and what they are drawn to (P,).

    ``trials`` is how many interviews the smaller class has. How much weights would differ had other people been there is what refits tell.
    """

    fusion: Fusion
    rows: Sessions
    places: Places
    weights: FloatArray
    towards: FloatArray
    trials: float
    settings: FitSettings


def fit_fusion(sessions: Sessions, expert: Fusion, settings: FitSettings | None = None) -> FusionFit:
    """Fit weights and correlations to interviews, towards ``expert``. Raises FitError where there are too few people or a class is missing."""
    settings = settings or FitSettings()
    _check(sessions)
    start = with_unknown(expert, _measured(sessions), settings.unknown)
    start = with_correlations(start, sessions)
    places = free_weights(start, sessions.kinds)
    if not places:
        raise FitError("no signal of the interviews has a weight in the fusion: nothing can be fitted")
    rows = _rows(sessions, start, settings)
    towards = np.array([start.components[row].weights[sessions.kinds[column]] for row, column in places])
    towards = np.minimum(towards, LARGEST_WEIGHT)
    trials = float(min(sessions.fraud.sum(), (~sessions.fraud).sum()))
    objective = Objective(start, rows, places, settings.family_share)
    balanced = shared_weights(rows.families, family_shares(start))
    weights = _solve(objective, balanced, towards, towards, trials, settings)
    fitted = _with_weights(start, sessions, places, weights)
    fitted = lawful(fitted, sessions)
    return FusionFit(fitted, rows, places, weights, towards, trials, settings)


def refits(fit: FusionFit, count: int = REFITS) -> FloatArray:
    """(count, P) weights on people drawn again and again. Draws that lose a class are drawn anew."""
    settings = fit.settings
    rng = np.random.default_rng(settings.seed)
    objective = Objective(fit.fusion, fit.rows, fit.places, settings.family_share)
    shares, draw = family_shares(fit.fusion), fit.rows.table().draw
    found: list[FloatArray] = []
    for _ in range(10 * count):
        if (balanced := _balanced(fit.rows.families, draw(rng), shares)) is None:
            continue
        found.append(_solve(objective, balanced, fit.towards, fit.weights, fit.trials, settings))
        if len(found) == count:
            return np.array(found)
    raise FitError("too few people for bootstrap refits: most draws lose a whole class")


def with_correlations(fusion: Fusion, sessions: Sessions) -> Fusion:
    """The fusion with each group's correlation as bona fide interviews show it, raised until a duplicated signal adds less than 15 %.

    A group of which fewer than two signals are here keeps its own, raised likewise.
    """
    groups = []
    for group in fusion.groups:
        seen = bona_fide_correlation(sessions, [k for k in group.kinds if k in sessions.kinds])
        wanted = (
            group.correlation if seen is None else float(np.clip(seen, _LEAST_CORRELATION, _MOST_CORRELATION))
        )
        groups.append(replace(group, correlation=round(wanted, _DIGITS)))
    return lawful(replace(fusion, groups=tuple(groups)), sessions)


def lawful(fusion: Fusion, sessions: Sessions) -> Fusion:
    """The fusion with correlations raised until a duplicated signal adds less than 15 %, and something to spare, on these interviews."""
    groups = list(fusion.groups)
    for place, group in enumerate(groups):
        while group.correlation < _MOST_CORRELATION and not _lawful(
            replace(fusion, groups=tuple(groups)), group, sessions
        ):
            higher = min(round(group.correlation + _STEP, _DIGITS), _MOST_CORRELATION)
            groups[place] = group = replace(group, correlation=higher)
    return replace(fusion, groups=tuple(groups))


def bona_fide_correlation(sessions: Sessions, kinds: Sequence[str]) -> float | None:
    """The mean correlation of these signals' LLRs, two by two, over bona fide interviews that have both; None where too few do."""
    columns = [sessions.kinds.index(kind) for kind in sessions.kinds if kind in kinds]
    honest = ~sessions.fraud
    found = []
    for i, first in enumerate(columns):
        for second in columns[i + 1 :]:
            both = honest & sessions.present[:, first] & sessions.present[:, second]
            pair = sessions.llrs[both][:, [first, second]]
            if both.sum() >= _LEAST_PAIRS and (pair.std(axis=0) > 0.0).all():
                found.append(float(np.asarray(np.corrcoef(pair.T))[0, 1]))
    return float(np.mean(found)) if found else None


def _lawful(fusion: Fusion, group: Group, sessions: Sessions) -> bool:
    kinds = [kind for kind in group.kinds if kind in sessions.kinds] or list(group.kinds)[:1]
    return all(
        rise_of_a_duplicate(fusion, kind, sessions) < _MOST_RISE for kind in kinds if kind in fusion.kinds
    )


def _check(sessions: Sessions) -> None:
    people = {*sessions.subjects, *sessions.others}
    if len(people) < LEAST_PEOPLE:
        raise FitError(
            f"a fusion needs interviews of at least {LEAST_PEOPLE} people, there are {len(people)}"
        )
    if sessions.fraud.all() or not sessions.fraud.any():
        raise FitError("a fusion needs interviews of both kinds, fraud and bona fide")


def _measured(sessions: Sessions) -> list[SignalKind]:
    return [kind for place, kind in enumerate(sessions.kinds) if sessions.present[:, place].any()]


def _rows(sessions: Sessions, fusion: Fusion, settings: FitSettings) -> Sessions:
    """The interviews, pseudo-attacks, and copies of both with signals left out."""
    rng = np.random.default_rng(settings.seed)
    whole = sessions
    if settings.unknown:
        whole = joined((sessions, pseudo_attacks(sessions, fusion.groups, rng)))
    masks = settings.dropout.masks(whole, fusion.groups, rng)
    return joined((whole, *(whole.measuring(mask) for mask in masks)))


def _solve(
    objective: Objective,
    rows: FloatArray,
    towards: FloatArray,
    start: FloatArray,
    trials: float,
    settings: FitSettings,
) -> FloatArray:
    precision = 1.0 / (2.0 * trials * settings.prior_sd**2)

    def penalised(weights: FloatArray) -> tuple[float, FloatArray]:
        loss, gradient = objective(weights, rows)
        away = weights - towards
        return loss + 0.5 * precision * float(away @ away), gradient + precision * away

    found = minimize(
        penalised,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(0.0, LARGEST_WEIGHT)] * len(start),
        options={"maxiter": settings.iterations, "ftol": 1e-7, "gtol": 1e-5},
    )
    weights: FloatArray = np.asarray(found.x, dtype=np.float64).round(_DIGITS)
    return weights


def _balanced(families: tuple[str, ...], drawn: FloatArray, shares: Mapping[str, float]) -> FloatArray | None:
    """Row weights of one draw of people: bona fide sum to 1, and frauds by family; None where a class was lost."""
    names = np.array(families)
    mass = {name: float(drawn[names == name].sum()) for name in np.unique(names)}
    kept = {
        name: shares.get(name, min(shares.values()))
        for name, total in mass.items()
        if name != BONA_FIDE and total > 0.0
    }
    if not kept or mass.get(BONA_FIDE, 0.0) <= 0.0:
        return None
    whole = sum(kept.values())
    scale = {name: share / whole / mass[name] for name, share in kept.items()}
    scale[BONA_FIDE] = 1.0 / mass[BONA_FIDE]
    balanced: FloatArray = drawn * np.array([scale.get(name, 0.0) for name in families])
    return balanced


def _with_weights(fusion: Fusion, sessions: Sessions, places: Places, weights: FloatArray) -> Fusion:
    changed: dict[int, dict[str, float]] = {}
    for (row, column), weight in zip(places, weights.tolist(), strict=True):
        changed.setdefault(row, {})[sessions.kinds[column]] = weight
    return replace(fusion, components=tuple(_changed(fusion, changed)))


def _changed(fusion: Fusion, changed: dict[int, dict[str, float]]) -> Iterator[Component]:
    for row, component in enumerate(fusion.components):
        weights = {kind: changed.get(row, {}).get(kind, weight) for kind, weight in component.weights.items()}
        yield replace(component, weights=weights)
