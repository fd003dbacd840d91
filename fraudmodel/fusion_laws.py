"""The laws that any fusion has to keep, as numbers: how far each is from being broken on given interviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fraudmodel.dependence import refits_of
from fraudmodel.fusion import Fusion, Mixture
from fraudmodel.llr import posterior
from fraudmodel.sessions import Sessions
from fraudmodel.signals import SignalKind

MOST_RISE: Final = 0.15
"""By how much of the whole a signal that comes twice may raise the evidence."""
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
    mixture = fusion.over(some.kinds)
    once = mixture.evidence(some.llrs)
    twice = with_twin(mixture, column).evidence(np.hstack([some.llrs, own]))
    moved = once - mixture.evidence(np.where(np.arange(len(some.kinds)) == column, 0.0, some.llrs))
    whole = np.maximum(np.abs(once), np.abs(moved))
    told = whole > 1e-9
    return float((np.abs(twice - once)[told] / whole[told]).max(initial=0.0))


def with_twin(mixture: Mixture, column: int) -> Mixture:
    """The mixture with one more signal, the last, that its group and every component treat as that of a column.

    No `Fusion` would do: its largest group has no room for one more, and behaviour's none for a stranger.
    """
    twin = mixture.weights.shape[1]
    groups = tuple(
        ((*columns, twin) if column in columns else columns, correlation, cap)
        for columns, correlation, cap in mixture.groups
    )
    weights = np.hstack([mixture.weights, mixture.weights[:, [column]]])
    plain = refits_of(weights[None], groups, mixture.plain.weighing)
    return replace(mixture, weights=weights, groups=groups, plain=plain, refits=None)


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
