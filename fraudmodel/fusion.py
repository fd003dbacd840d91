"""Many signals' LLRs -> one log-odds shift that can be taken apart exactly.

Fraud families are alternatives: ``L = log sum_k prior_k exp(s_k)``, where ``s_k`` adds what each signal says for component k of a family, by
how often such fraud disturbs it (`weighing`). So six clean signals cannot wash out the one that a cloned voice disturbs. Signals of one group
depend on each other, so the strongest counts in full and each further one only by a power of (1-r)/(1+r): for two
signals this is the LLR of equally correlated Gaussian scores, it grows with every LLR, and a signal that says
nothing changes nothing. Behaviour is a group of its own, and all of it together is held within a likelihood ratio of 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, isclose, prod

import numpy as np

from fraudmodel.behaviour import BEHAVIOUR, CAP_NATS, GROUP
from fraudmodel.calibration import FloatArray
from fraudmodel.dependence import Columns, Refits, dependent_sum, refits_of
from fraudmodel.fitted import Fitted
from fraudmodel.owen import owen_values, subsets
from fraudmodel.signals import SignalKind
from fraudmodel.weighing import Weighing, weighed

NO_FAMILY = "none"
LARGEST_GROUP = 8
MOST_GROUPS = 10
"""Beyond these sizes the exact explanation would cost more than a millisecond."""
_LARGEST_LOG = 700.0


@dataclass(frozen=True, slots=True)
class Group:
    """Signals that depend on each other, with the correlation of their LLRs (0..1)."""

    name: str
    kinds: tuple[SignalKind, ...]
    correlation: float

    @property
    def cap(self) -> float:
        """How far the evidence of all its signals together may go in any component, nats."""
        return CAP_NATS if not BEHAVIOUR.isdisjoint(self.kinds) else inf


@dataclass(frozen=True, slots=True)
class Component:
    """One way of committing fraud: its share of all fraud, and the share of its cases (0..1) that disturb each signal."""

    family: str
    name: str
    prior: float
    weights: Mapping[SignalKind, float]


@dataclass(frozen=True, slots=True)
class Fusion:
    """The mixture over components and the groups that cut across it.

    ``source`` says what priors and weights rest on, ``equivalent_cases`` how many confirmed cases of fraud that is
    worth: the fewer, the wider the interval of every assessment. ``fitted`` says what the weights were learnt from, where they were;
    ``weighing`` what a weight means. Raises ValueError where shares do not sum to 1, a weight is not within 0..1 (scaled ones may exceed it, but for behaviour), a
    weighted kind is not in exactly one group, behaviour shares its group, or refits are not of these weights.
    """

    version: str
    source: str
    equivalent_cases: float
    groups: tuple[Group, ...]
    components: tuple[Component, ...]
    fitted: Fitted | None = None
    weighing: Weighing = Weighing.MIXED

    def __post_init__(self) -> None:
        self._check_components()
        if self.fitted is not None and self._strange(self.fitted):
            raise ValueError(
                "every refit, and what it began from, needs one weight for each weight of the components, as large as those may be"
            )
        grouped = [kind for group in self.groups for kind in group.kinds]
        if len(grouped) != len(set(grouped)):
            raise ValueError("a signal may belong to one group only")
        if len(self.groups) > MOST_GROUPS or any(len(group.kinds) > LARGEST_GROUP for group in self.groups):
            raise ValueError(
                f"at most {MOST_GROUPS} groups of at most {LARGEST_GROUP} signals can be explained"
            )
        for component in self.components:
            if stray := sorted(component.weights.keys() - set(grouped)):
                raise ValueError(
                    f"the component {component.name} weighs {stray[0]}, which belongs to no group"
                )
        self._check_behaviour()

    @property
    def kinds(self) -> frozenset[SignalKind]:
        """Signals that can move the probability: in a group, with a weight above 0 somewhere."""
        weighed = {kind for c in self.components for kind, weight in c.weights.items() if weight > 0.0}
        return frozenset(kind for group in self.groups for kind in group.kinds if kind in weighed)

    @property
    def learnable(self) -> tuple[tuple[int, SignalKind], ...]:
        """(component, signal) of every weight, in the components' order; those of behaviour are never learnt, and no part of it."""
        return learnable(self.components)

    @property
    def learnable_groups(self) -> tuple[Group, ...]:
        """The groups whose correlation may be learnt: all but behaviour's."""
        return tuple(group for group in self.groups if group.name != GROUP)

    def drawn_priors(self, draws: int) -> FloatArray:
        """Priors (draws, K) as uncertain as that many cases leave them: Dirichlet, the same at every call."""
        rng = np.random.default_rng(0)
        priors = np.array([component.prior for component in self.components])
        return rng.dirichlet(self.equivalent_cases * priors, draws)

    def over(self, kinds: Sequence[SignalKind]) -> Mixture:
        """This fusion restricted to the signals that are present, in the order given."""
        place = {kind: index for index, kind in enumerate(kinds)}
        groups = tuple(
            (tuple(place[kind] for kind in group.kinds if kind in place), group.correlation, group.cap)
            for group in self.groups
            if any(kind in place for kind in group.kinds)
        )
        weights = np.array([[c.weights.get(kind, 0.0) for kind in kinds] for c in self.components])
        return Mixture(
            weights=weights,
            log_prior=np.log([c.prior for c in self.components]),
            families=tuple(c.family for c in self.components),
            groups=groups,
            plain=refits_of(weights[None], groups, self.weighing),
            refits=self._refits(place, groups),
        )

    def _refits(self, place: Mapping[SignalKind, int], groups: Sequence[Columns]) -> Refits | None:
        if self.fitted is None or not len(self.fitted.refits):
            return None
        table = np.zeros((len(self.fitted.refits), len(self.components), len(place)))
        for row, component in enumerate(self.components):
            for kind in BEHAVIOUR.intersection(component.weights).intersection(place):
                table[:, row, place[kind]] = component.weights[kind]
        for column, (row, kind) in enumerate(self.learnable):
            if kind in place:
                table[:, row, place[kind]] = self.fitted.refits[:, column]
        return refits_of(table, groups, self.weighing)

    def _strange(self, fitted: Fitted) -> bool:
        refits, size = fitted.refits, len(self.learnable)
        if len(fitted.expert_weights) != size or (refits.size and refits.shape[1] != size):
            return True
        return self.weighing is Weighing.MIXED and bool((refits > 1.0).any())

    def _check_components(self) -> None:
        total = sum(component.prior for component in self.components)
        if not isclose(total, 1.0, abs_tol=1e-9):
            raise ValueError(f"the components' priors must sum to 1; they sum to {total:g}")
        if any(weight < 0.0 for component in self.components for weight in component.weights.values()):
            raise ValueError("a weight below 0 would let a suspicious signal lower the probability")
        if self.weighing is Weighing.MIXED and any(
            weight > 1.0 for component in self.components for weight in component.weights.values()
        ):
            raise ValueError("a weight is the share of such frauds that disturb a signal, and none exceeds 1")

    def _check_behaviour(self) -> None:
        channel = [group for group in self.groups if group.name == GROUP or group.cap < inf]
        if len(channel) > 1 or any(g.name != GROUP or not set(g.kinds) <= BEHAVIOUR for g in channel):
            raise ValueError(
                f'{" and ".join(sorted(BEHAVIOUR))} belong to one group "{GROUP}" of their own, so that the cap holds for both together'
            )
        for component in self.components:
            if heavy := [kind for kind in BEHAVIOUR if component.weights.get(kind, 0.0) > 1.0]:
                raise ValueError(
                    f"the component {component.name} weighs {heavy[0]} {component.weights[heavy[0]]:g}: behaviour counts at most once"
                )


def learnable(components: Sequence[Component]) -> tuple[tuple[int, SignalKind], ...]:
    """As `Fusion.learnable`, of components alone."""
    return tuple(
        (row, kind) for row, each in enumerate(components) for kind in each.weights if kind not in BEHAVIOUR
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """``shift`` is L, nats; ``parts`` (n,) what each signal adds to it; ``family`` the most probable of the families that the evidence
    made more probable, ``none`` where there is none; ``shares`` how probable each is given fraud, 0..1, summing to 1."""

    shift: float
    parts: FloatArray
    family: str
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Mixture:
    """A fusion over n present signals: ``weights`` (K, n), ``log_prior`` (K,), ``groups`` of columns with correlation and cap; ``plain``
    the weights laid out, ``refits`` the weights had other people been there, None where they were not learnt."""

    weights: FloatArray
    log_prior: FloatArray
    families: tuple[str, ...]
    groups: tuple[Columns, ...]
    plain: Refits
    refits: Refits | None

    def evidence(self, llrs: FloatArray) -> FloatArray:
        """Log-odds shift L (nats) of (..., n) LLRs; exactly 0 where all are 0."""
        return self._shift(self.strengths(llrs))

    def evidence_under(self, priors: FloatArray, llrs: FloatArray) -> FloatArray:
        """L of (B, n) LLRs, each under its own priors (B, K) and, where there are refits, its own weights."""
        strengths = self.strengths(llrs) if self.refits is None else self.refits.strengths(llrs)
        top = strengths.max(axis=-1)
        mean: FloatArray = (priors * np.exp(strengths - top[:, None])).sum(axis=-1)
        shift: FloatArray = np.log(mean) + top
        return shift

    def strengths(self, llrs: FloatArray) -> FloatArray:
        """Each component's evidence ``s_k``, (..., K), of (..., n) LLRs."""
        rows = llrs.reshape(prod(llrs.shape[:-1]), llrs.shape[-1])
        return self.plain.strengths(rows).reshape(*llrs.shape[:-1], len(self.log_prior))

    def replaced(self, llrs: FloatArray, columns: tuple[int, ...], values: FloatArray) -> FloatArray:
        """L (...) of (n,) LLRs with ``values`` (..., m) in these columns; groups that they do not touch are summed up once."""
        strengths = np.broadcast_to(self.strengths(llrs), (*values.shape[:-1], len(self.log_prior))).copy()
        shifted = np.broadcast_to(llrs, (*values.shape[:-1], len(llrs))).copy()
        shifted[..., list(columns)] = values
        for group in self.groups:
            if not set(columns).isdisjoint(group[0]):
                now, then = llrs[list(group[0])], shifted[..., list(group[0])]
                strengths += self._group_strengths(then, *group) - self._group_strengths(now, *group)
        return self._shift(strengths)

    def verdict(self, llrs: FloatArray) -> Verdict:
        """All that (n,) LLRs say of the whole, their strengths summed up once."""
        tables = self._tables(llrs)
        strengths: FloatArray = sum((table[-1] for table in tables), np.zeros(len(self.log_prior)))
        joint = self.log_prior + strengths
        top = joint.max()
        before, after = self._masses(self.log_prior - top), self._masses(joint - top)
        raised = [name for name in after if after[name] > before[name]]
        whole = sum(after.values())
        return Verdict(
            shift=float(self._shift(strengths)),
            parts=self._parts(tables, len(llrs)),
            family=max(raised, key=lambda name: after[name], default=NO_FAMILY),
            shares={name: mass / whole for name, mass in after.items()},
        )

    def _masses(self, logs: FloatArray) -> dict[str, float]:
        """The components' masses by family, from their logarithms; what is beyond all others stays finite."""
        masses = dict.fromkeys(self.families, 0.0)
        held = np.exp(np.minimum(logs, _LARGEST_LOG))
        for name, mass in zip(self.families, held.tolist(), strict=True):
            masses[name] += mass
        return masses

    def contributions(self, llrs: FloatArray) -> FloatArray:
        """What each of n signals adds to L: Owen values, which sum to L and do not depend on order."""
        return self._parts(self._tables(llrs), len(llrs))

    def _tables(self, llrs: FloatArray) -> list[FloatArray]:
        """Each group's evidence (2^m, K) for every subset of its m signals; of all groups of one signal at once."""
        alone = self.plain.alone
        single = np.zeros((len(alone), 2, len(self.log_prior)))
        single[:, 1] = weighed(self.plain.weights[0], llrs[list(alone)], self.plain.weighing).T
        singles = iter(single)
        return [
            next(singles)
            if len(columns) == 1 and cap == inf
            else self._group_strengths(subsets(len(columns)) * llrs[list(columns)], columns, correlation, cap)
            for columns, correlation, cap in self.groups
        ]

    def _parts(self, tables: Sequence[FloatArray], signals: int) -> FloatArray:
        parts = np.zeros(signals)
        for (columns, _, _), values in zip(self.groups, owen_values(self.log_prior, tables), strict=True):
            parts[list(columns)] = values
        return parts

    def _shift(self, strengths: FloatArray) -> FloatArray:
        return _logsumexp(self.log_prior + strengths) - _logsumexp(self.log_prior)

    def _group_strengths(
        self, llrs: FloatArray, columns: Sequence[int], correlation: float, cap: float
    ) -> FloatArray:
        some = weighed(self.weights[:, list(columns)], llrs[..., None, :], self.plain.weighing)
        strengths = dependent_sum(some, correlation)
        return np.clip(strengths, -cap, cap) if cap < inf else strengths


def _logsumexp(values: FloatArray) -> FloatArray:
    top = values.max(axis=-1, keepdims=True)
    result: FloatArray = np.log(np.exp(values - top).sum(axis=-1)) + top[..., 0]
    return result
