"""How fusions are judged: every interview by what was learnt without its people, and every species by what never saw one of its kind.

Calibrations that are kept (`Recipe`) are learnt nowhere here: whose pairs they rest on is not asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from fraudmodel.calibration import FloatArray
from fraudmodel.challenger import fit_challenger
from fraudmodel.errors import FitError
from fraudmodel.fusion import Fusion
from fraudmodel.fusion_fit import FitSettings, fit_fusion
from fraudmodel.fusion_rivals import fit_linear, naive_sum
from fraudmodel.fusion_rows import UNKNOWN, without_unknown
from fraudmodel.fusion_signals import Evidence
from fraudmodel.interview_table import BONA_FIDE
from fraudmodel.metrics import Mask
from fraudmodel.sessions import Sessions, family_shares, folds, joined, shared_weights
from fraudmodel.signals import SignalKind

Progress = Callable[[int, int, str], None]

MIXTURE, FORCE, EXPERT, NAIVE, LINEAR, CHALLENGER = (
    "mixture", "in_force", "expert", "naive_sum", "linear", "challenger",
)  # fmt: skip
"""The fitted mixture over what the data show; the same over what would be in force (bounds, caps and discount); the expert's weights; and the
rest over what the data show."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done: people dealt into ``blocks`` (None: the table's own splits, each judged by the other), ``replicates`` of every bootstrap,
    ``species`` left out at most (None: all)."""

    blocks: int | None = 8
    replicates: int = 500
    species: int | None = None
    settings: FitSettings = field(default_factory=FitSettings)


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Log-odds shifts (nats) of interviews by what was learnt without their people: by way of putting signals together, with each group missing,
    and the ``sessions`` themselves (held out too)."""

    sessions: Sessions
    totals: Mapping[str, FloatArray]
    without: Mapping[str, FloatArray]


@dataclass(frozen=True, slots=True)
class Unseen:
    """One species judged by what never saw it: shifts (nats) of its interviews and of the bona fide ones, by way of putting signals together."""

    species: str
    family: str
    sessions: Sessions
    totals: Mapping[str, FloatArray]


_FEWER = 4
"""Blocks of people where everything is fitted again for each species."""
UNGUARDED = "unguarded"
"""The mixture without components, or rows, for attacks that nobody foresees."""


def held_out(evidence: Evidence, scale: Scale, progress: Progress) -> HeldOut:
    """Judge every interview once. Raises FitError where too few people leave nothing to learn from."""
    shape = evidence.sessions({})
    steps = list(
        _sides(evidence, shape, scale)
        if scale.blocks is None
        else folds(shape, scale.blocks, scale.settings.seed)
    )
    if not steps:
        raise FitError("too few people to hold some out: a class would be empty")
    names = (MIXTURE, FORCE, EXPERT, NAIVE, LINEAR, CHALLENGER)
    groups = {g.name: frozenset(g.kinds) for g in evidence.expert.groups if set(g.kinds) & set(shape.kinds)}
    totals = {name: np.full(len(shape), np.nan) for name in names}
    without = {name: np.full(len(shape), np.nan) for name in groups}
    llrs, present = shape.llrs.copy(), shape.present.copy()
    for step, (training, test) in enumerate(steps):
        for name, values in _one_fold(evidence, training, test, scale, groups, (llrs, present)).items():
            (without if name in groups else totals)[name][test] = values
        progress(step + 1, len(steps), "people held out")
    judged = np.isfinite(totals[MIXTURE])
    return HeldOut(
        replace(shape, llrs=llrs, present=present).where(judged),
        {name: values[judged] for name, values in totals.items()},
        {name: values[judged] for name, values in without.items()},
    )


def _one_fold(
    evidence: Evidence,
    training: Mask,
    test: Mask,
    scale: Scale,
    groups: Mapping[str, frozenset[SignalKind]],
    kept: tuple[FloatArray, Mask],
) -> dict[str, FloatArray]:
    lines = evidence.lines(training)
    shown = evidence.sessions(lines)
    tested = shown.where(test)
    kept[0][test], kept[1][test] = tested.llrs, tested.present
    fit = fit_fusion(shown.where(training), evidence.expert, scale.settings)
    shares = family_shares(fit.fusion)
    linear = fit_linear(shown.where(training), shared_weights(shown.where(training).families, shares))
    return {
        MIXTURE: evidence_of(fit.fusion, tested),
        FORCE: evidence_of(fit.fusion, evidence.sessions(lines, in_force=True).where(test)),
        EXPERT: evidence_of(evidence.expert, tested),
        NAIVE: naive_sum(tested),
        LINEAR: linear.evidence(tested),
        CHALLENGER: fit_challenger(fit.rows, shares).evidence(tested),
        **{name: evidence_of(fit.fusion, tested.without(kinds)) for name, kinds in groups.items()},
    }


def unseen_species(evidence: Evidence, scale: Scale, progress: Progress) -> Iterator[Unseen]:
    """Leave each species out in turn, and the people of its interviews too."""
    names = sorted(set(evidence.species[evidence.fraud].tolist()))
    if scale.species is not None:
        names = names[: scale.species]
    shape = evidence.sessions({})
    sides = _sides(evidence, shape, scale)
    for done, name in enumerate(names):
        parts = [_without_species(evidence, name, training, test, scale) for training, test in sides]
        found = [part for part in parts if part is not None]
        if found:
            yield _joined(name, found)
        progress(done + 1, len(names), "species left out")


def unforeseen_families(evidence: Evidence, scale: Scale, progress: Progress) -> Iterator[Unseen]:
    """Leave each family out of the interviews and of the structure: fraud that neither the simulation nor the expert thought of.

    Signals are calibrated on that family too, by other people: without it nothing would teach the signals that it alone disturbs.
    """
    shape = evidence.sessions({})
    families = np.array(shape.families)
    names = sorted({c.family for c in evidence.expert.components} & set(shape.families))
    for done, name in enumerate(names):
        expert = _unaware(evidence.expert, name)
        if expert is not None and (parts := list(_without_family(evidence, name, families, expert, scale))):
            yield _joined(name, parts)
        progress(done + 1, len(names), "families left out")


def _without_family(
    evidence: Evidence, name: str, families: NDArray[np.str_], expert: Fusion, scale: Scale
) -> Iterator[tuple[Sessions, dict[str, FloatArray]]]:
    for training, test in _sides(evidence, evidence.sessions({}), scale):
        taught, judged = training & (families != name), test & ((families == name) | ~evidence.fraud)
        if (judged & evidence.fraud).any() and (taught & evidence.fraud).any():
            shown = evidence.sessions(evidence.lines(training))
            learnt, tested = shown.where(taught), shown.where(judged)
            yield tested, _with_and_without(learnt, tested, expert, scale)


def _unaware(fusion: Fusion, family: str) -> Fusion | None:
    known = tuple(component for component in fusion.components if component.family not in (family, UNKNOWN))
    total = sum(component.prior for component in known)
    scaled = tuple(replace(each, prior=each.prior / total) for each in known)
    return replace(fusion, components=scaled, fitted=None) if known else None


def _with_and_without(
    learnt: Sessions, tested: Sessions, expert: Fusion, scale: Scale
) -> dict[str, FloatArray]:
    guarded = fit_fusion(learnt, expert, scale.settings)
    plain = fit_fusion(learnt, expert, replace(scale.settings, unknown=0.0))
    return {MIXTURE: evidence_of(guarded.fusion, tested), UNGUARDED: evidence_of(plain.fusion, tested)}


def _sides(evidence: Evidence, shape: Sessions, scale: Scale) -> list[tuple[Mask, Mask]]:
    """The table's own splits, each judged by the other, for no way of rendering is in both; blocks of people where it has one only."""
    splits = np.array([row.split for row in evidence.table.rows])
    names = np.unique(splits)
    people = [
        {who for row in evidence.table.rows if row.split == name for who in (row.subject, row.other)}
        for name in names
    ]
    if len(names) == 2 and not people[0] & people[1] and min(map(len, people)) >= 4:
        first = splits == names[0]
        return [(first, ~first), (~first, first)]
    return list(folds(shape, _FEWER, scale.settings.seed))


def _without_species(
    evidence: Evidence, name: str, training: Mask, test: Mask, scale: Scale
) -> tuple[Sessions, dict[str, FloatArray]] | None:
    mine = evidence.species == name
    judged = test & (mine | ~evidence.fraud)
    if not (judged & mine).any():
        return None
    taught = training & ~mine
    shown = evidence.sessions(evidence.lines(taught))
    learnt, tested = shown.where(taught), shown.where(judged)
    guarded = fit_fusion(learnt, evidence.expert, scale.settings)
    plain = fit_fusion(learnt, without_unknown(evidence.expert), replace(scale.settings, unknown=0.0))
    return tested, {
        MIXTURE: evidence_of(guarded.fusion, tested),
        UNGUARDED: evidence_of(plain.fusion, tested),
        EXPERT: evidence_of(evidence.expert, tested),
        CHALLENGER: fit_challenger(guarded.rows, family_shares(guarded.fusion)).evidence(tested),
    }


def _joined(name: str, parts: list[tuple[Sessions, dict[str, FloatArray]]]) -> Unseen:
    sessions = [part for part, _ in parts]
    families = [family for each in sessions for family in each.families if family not in (BONA_FIDE, UNKNOWN)]
    whole = joined(tuple(sessions))
    totals = {way: np.concatenate([found[way] for _, found in parts]) for way in parts[0][1]}
    return Unseen(name, families[0], whole, totals)


def evidence_of(fusion: Fusion, sessions: Sessions) -> FloatArray:
    """(N,) log-odds shift of interviews under a fusion."""
    return fusion.over(sessions.kinds).evidence(sessions.llrs)
