"""The laws that any fusion has to keep, as numbers: how far each is from being broken on given interviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fraudmodel.fusion import Component, Fusion
from fraudmodel.llr import posterior
from fraudmodel.sessions import Sessions
from fraudmodel.signals import SignalKind

MOST_RISE: Final = 0.15
"""By how much of the whole a signal that comes twice may raise the evidence."""
_TWIN: Final = SignalKind("(the same again)")
_RISE_NATS: Final = (0.01, 0.5, 3.0)
_MOST_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Laws:
    """``absent_moves`` how far no signal at all moves the prior; ``largest_fall`` (nats) of the evidence where one LLR was raised; ``order``
    (nats) by which the order of signals matters; ``duplicate`` the largest share of the whole by which a signal that comes twice raises it, and
    ``duplicated`` which; ``sum_error`` (nats) between contributions and the evidence. ``n`` interviews."""

    absent_moves: float
    largest_fall: float
    order: float
    duplicate: float
    duplicated: str
    sum_error: float
    n: int

    def as_json(self) -> dict[str, float | str | int]:
        """By name."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def check_laws(fusion: Fusion, sessions: Sessions, prior: float, seed: int = 0) -> Laws:
    """Try every law on interviews (at most 200 of them)."""
    some = _some(sessions)
    rises = {kind: rise_of_a_duplicate(fusion, kind, some) for kind in some.kinds if kind in fusion.kinds}
    worst = max(rises, key=lambda kind: rises[kind], default=SignalKind(""))
    mixture = fusion.over(some.kinds)
    evidence = mixture.evidence(some.llrs)
    sums = [float(mixture.contributions(row).sum()) for row in some.llrs]
    return Laws(
        absent_moves=abs(posterior(prior, float(fusion.over(()).evidence(np.zeros(0)))) - prior),
        largest_fall=max(_falls(fusion, some), default=0.0),
        order=_order(fusion, some, np.random.default_rng(seed)),
        duplicate=rises.get(worst, 0.0),
        duplicated=worst,
        sum_error=float(np.abs(np.array(sums) - evidence).max(initial=0.0)),
        n=len(some),
    )


def rise_of_a_duplicate(fusion: Fusion, kind: SignalKind, sessions: Sessions) -> float:
    """The largest share of the evidence by which a second signal equal to ``kind`` raises it.

    Of the evidence as a whole, or of what the signal itself moved where signals cancel to a total near 0.
    """
    if kind not in sessions.kinds:
        return 0.0
    some = _some(sessions)
    column = some.kinds.index(kind)
    own = some.llrs[:, [column]]
    once = fusion.over(some.kinds).evidence(some.llrs)
    twice = with_twin(fusion, kind).over((*some.kinds, _TWIN)).evidence(np.hstack([some.llrs, own]))
    moved = once - fusion.over(some.kinds).evidence(
        np.where(np.arange(len(some.kinds)) == column, 0.0, some.llrs)
    )
    whole = np.maximum(np.abs(once), np.abs(moved))
    told = whole > 1e-9
    return float((np.abs(twice - once)[told] / whole[told]).max(initial=0.0))


def with_twin(fusion: Fusion, kind: SignalKind) -> Fusion:
    """The fusion with a second signal that its group and every component treat as ``kind``."""
    groups = tuple(
        replace(each, kinds=(*each.kinds, _TWIN)) if kind in each.kinds else each for each in fusion.groups
    )
    components = tuple(
        Component(c.family, c.name, c.prior, {**c.weights, _TWIN: c.weights.get(kind, 0.0)})
        for c in fusion.components
    )
    return replace(fusion, groups=groups, components=components, fitted=None)


def _falls(fusion: Fusion, sessions: Sessions) -> Iterator[float]:
    mixture = fusion.over(sessions.kinds)
    before = mixture.evidence(sessions.llrs)
    for column in range(len(sessions.kinds)):
        for rise in _RISE_NATS:
            raised = sessions.llrs.copy()
            raised[:, column] += rise
            yield float(np.max(before - mixture.evidence(raised), initial=0.0))


def _order(fusion: Fusion, sessions: Sessions, rng: np.random.Generator) -> float:
    order = rng.permutation(len(sessions.kinds))
    turned = fusion.over([sessions.kinds[i] for i in order]).evidence(sessions.llrs[:, order])
    return float(np.abs(turned - fusion.over(sessions.kinds).evidence(sessions.llrs)).max(initial=0.0))


def _some(sessions: Sessions) -> Sessions:
    """At most 200 interviews, spread evenly."""
    if len(sessions) <= _MOST_ROWS:
        return sessions
    chosen = np.zeros(len(sessions), dtype=np.bool_)
    chosen[np.linspace(0, len(sessions) - 1, _MOST_ROWS).astype(int)] = True
    return sessions.where(chosen)
