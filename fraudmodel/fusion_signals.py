"""What every signal of a table of interviews is worth: calibrations learnt on some of its people, and the LLRs that they give everybody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.calibration import Calibrator, FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.errors import DatasetError, FitError
from fraudmodel.fit import fit_signal, fitted_lines
from fraudmodel.fusion_rows import expert_of
from fraudmodel.interview_columns import LARGEST_LLR, Column, column, llrs_of
from fraudmodel.interview_table import InterviewTable
from fraudmodel.llr import bounded
from fraudmodel.metrics import Mask
from fraudmodel.parameters import Parameters
from fraudmodel.pooling import Pooling
from fraudmodel.sessions import Sessions
from fraudmodel.signal_parameters import SignalParameters
from fraudmodel.signals import SignalKind
from fraudmodel.touched import Touched, touched_by

DISCOUNT = 0.5
"""LLRs learnt from simulated attacks count half until real ones arrive (design note, 8.1)."""
CAP = 2.5
"""Nats that no simulation may exceed, after the discount."""
LEAST_TRIALS = 4
"""Of each class, below which a signal is not calibrated. Bounds and the penalty of the fit hold back what so few say."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How signals are calibrated that a table brings: ``poolings`` and ``caps`` (nats) by kind, where the parameters at hand have none;
    ``keep`` calibrations of these grades as they are."""

    poolings: Mapping[str, Pooling] = field(default_factory=dict)
    caps: Mapping[str, float] = field(default_factory=dict)
    keep: frozenset[str] = frozenset({"measured"})


@dataclass(frozen=True, slots=True)
class Line:
    """One signal's calibration in a fold: what the data show, and the one that would be in force, discounted and held within ``limits`` (nats)."""

    shown: Calibrator
    cautious: Calibrator
    discount: float
    limits: tuple[float, float]
    windows: float

    def llrs(self, measured: Column, *, in_force: bool) -> tuple[FloatArray, Mask]:
        """(N,) what the data show (within 8 nats) or a session would use of it, and where there is anything."""
        if in_force:
            raw, told = llrs_of(self.cautious, measured, self.windows)
            return np.clip(self.discount * raw, *self.limits), told
        raw, told = llrs_of(self.shown, measured, self.windows)
        return np.clip(raw, -LARGEST_LLR, LARGEST_LLR), told


class Evidence:
    """A table of interviews, ready to be calibrated on some of its people again and again.

    ``base`` the parameters at hand, ``expert`` the fusion that theirs began from: nothing that was fitted counts in what is judged here.
    """

    def __init__(self, table: InterviewTable, base: Parameters, recipe: Recipe) -> None:
        self.table, self.base, self._recipe = table, base, recipe
        self.expert = expert_of(base.fusion)
        self._touched: Touched = touched_by(self.expert, frozenset(row.species for row in table.rows))
        self.fraud: Mask = np.array([row.fraud for row in table.rows], dtype=np.bool_)
        self.species = np.array([row.species for row in table.rows])
        kinds = sorted((set(table.kinds) & base.fusion.kinds) - BEHAVIOUR)
        columns = (column(table, kind, self._kept_model(kind)) for kind in kinds)
        self._columns = {each.kind: each for each in columns if each.seen.any()}
        self._teaches = {kind: self._teaching(kind) for kind in self._columns}

    @property
    def kinds(self) -> tuple[SignalKind, ...]:
        """Signals that any interview measured and the fusion weighs."""
        return tuple(self._columns)

    def lines(self, chosen: Mask) -> dict[SignalKind, Line]:
        """Each signal's calibration on the chosen interviews; signals that cannot be calibrated on them are left out."""
        found = {}
        for kind in self._columns:
            try:
                found[kind] = self._line(kind, chosen)
            except (FitError, DatasetError):
                continue
        return found

    def sessions(self, lines: Mapping[SignalKind, Line], *, in_force: bool = False) -> Sessions:
        """All interviews under these calibrations: what the data show (within 8 nats), or what would be in force."""
        kinds = tuple(self._columns)
        llrs = np.zeros((len(self.table), len(kinds)))
        present = np.zeros((len(self.table), len(kinds)), dtype=np.bool_)
        for place, kind in enumerate(kinds):
            if kind in lines:
                held, told = lines[kind].llrs(self._columns[kind], in_force=in_force)
                llrs[:, place], present[:, place] = np.where(told, held, 0.0), told
        rows = self.table.rows
        return Sessions(
            kinds=kinds,
            llrs=llrs,
            present=present,
            families=tuple(row.family for row in rows),
            species=tuple(row.species for row in rows),
            subjects=tuple(row.subject for row in rows),
            others=tuple(row.other for row in rows),
        )

    def parameters(
        self, version: str, data: str
    ) -> tuple[dict[SignalKind, SignalParameters], dict[SignalKind, str]]:
        """Every signal's parameters, and why the others have none.

        Fitted on all people, or those at hand where they are kept, or where their trials are worth more independent ones than the table's.
        """
        fitted: dict[SignalKind, SignalParameters] = {}
        refused: dict[SignalKind, str] = {}
        for kind, given in self._columns.items():
            old = self.base.signals.get(kind)
            try:
                new = self._kept(kind) or self._fit(kind, given, version, data)
            except (FitError, DatasetError) as error:
                if old is None:
                    refused[kind] = str(error)
                continue
            fitted[kind] = (
                old if old is not None and _worth(old) >= _worth(new) and old.model == new.model else new
            )
        return fitted, refused

    def _fit(self, kind: SignalKind, given: Column, version: str, data: str) -> SignalParameters:
        old = self.base.signals.get(kind)
        pooling = old.pooling if old else self._recipe.poolings.get(kind, Pooling())
        fitted = fit_signal(
            self._trials(kind, self._teaches[kind]),
            kind,
            model=given.model,
            version=version,
            data=data,
            pooling=pooling,
            grade="simulated",
            discount=DISCOUNT,
            cap=self._cap(kind),
        )
        # How far single readings spread within an interview is not in a table of interviews: what is known of it stays.
        return replace(fitted, pooling=pooling, windows=given.usual_windows)

    def _line(self, kind: SignalKind, chosen: Mask) -> Line:
        kept = self._kept(kind)
        if kept is not None:
            return Line(kept.calibrator, kept.calibrator, kept.discount, kept.limits, kept.windows)
        found = fitted_lines(self._trials(kind, chosen & self._teaches[kind]))
        cap = self._cap(kind)
        limits = (bounded(found.bounds[0], (-cap, cap)), bounded(found.bounds[1], (-cap, cap)))
        return Line(found.shown, found.cautious, DISCOUNT, limits, self._columns[kind].usual_windows)

    def _trials(self, kind: SignalKind, chosen: Mask) -> ScoreTable:
        given = self._columns[kind]
        rows = np.flatnonzero(chosen & given.seen)
        fraud = self.fraud[rows]
        if min(fraud.sum(), (~fraud).sum()) < LEAST_TRIALS:
            raise FitError(
                f"{kind}: {int((~fraud).sum())} bona fide interviews and {int(fraud.sum())} frauds that it is meant to see were measured, "
                f"and {LEAST_TRIALS} of each are needed"
            )
        chosen_rows = [self.table.rows[row] for row in rows]
        return ScoreTable(
            name=kind,
            scores=given.score[rows],
            attack=fraud,
            subjects=tuple(row.subject for row in chosen_rows),
            others=tuple(row.other for row in chosen_rows),
            species=tuple(row.species if row.fraud else "" for row in chosen_rows),
        )

    def _teaching(self, kind: SignalKind) -> Mask:
        return np.array(
            [not row.fraud or self._touched(kind, row) for row in self.table.rows], dtype=np.bool_
        )

    def _kept(self, kind: SignalKind) -> SignalParameters | None:
        old = self.base.signals.get(kind)
        return old if old is not None and old.grade in self._recipe.keep else None

    def _kept_model(self, kind: SignalKind) -> str:
        kept = self._kept(kind)
        return kept.model if kept is not None else ""

    def _cap(self, kind: SignalKind) -> float:
        old = self.base.signals.get(kind)
        return old.cap if old is not None else self._recipe.caps.get(kind, CAP)


def _worth(signal: SignalParameters) -> float:
    return min(signal.data.bona_fide_effective, signal.data.attack_effective)


def all_of(evidence: Evidence) -> Mask:
    """Every interview."""
    return np.ones(len(evidence.table), dtype=np.bool_)
