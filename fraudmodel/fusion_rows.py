"""The rows that a fusion learns from beside the interviews themselves: fewer signals, and attacks that nobody made yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fraudmodel.calibration import FloatArray
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.metrics import Mask
from fraudmodel.sessions import Sessions, joined
from fraudmodel.signals import SignalKind

UNKNOWN: Final = "unknown"
"""Family of attacks that no family foresees."""
UNKNOWN_SHARE: Final = 0.2
"""Of all fraud. An assumption, as all priors are."""
READING_DROPPED: Final = 0.3
GROUP_DROPPED: Final = 0.15
_DIGITS: Final = 12
_STRENGTHS: Final = (1.0, 0.5)
"""Of a signal's separation, by which a pseudo-attack moves it."""


def with_unknown(fusion: Fusion, kinds: Collection[SignalKind], share: float = UNKNOWN_SHARE) -> Fusion:
    """The fusion with one more component for each group of which any of ``kinds`` is, that touches this group alone and all of its signals alike.

    A model that was never shown an attack on some group learns to ignore it; these components see to it that an attack of which nothing is known
    but that one group is disturbed still counts (design note, 8.2). A fusion that has such components keeps its own.
    """
    if any(component.family == UNKNOWN for component in fusion.components) or not share:
        return fusion
    groups = [group for group in fusion.groups if fusion.kinds.intersection(group.kinds).intersection(kinds)]
    if not groups:
        return fusion
    known = [replace(each, prior=round(each.prior * (1.0 - share), _DIGITS)) for each in fusion.components]
    single = [
        Component(
            UNKNOWN,
            f"unknown, seen in {group.name} alone",
            round(share / len(groups), _DIGITS),
            dict.fromkeys(group.kinds, 1.0),
        )
        for group in groups
    ]
    return replace(fusion, components=(*known, *single), fitted=None)


def without_unknown(fusion: Fusion) -> Fusion:
    """The families alone, their priors scaled up to 1."""
    known = [component for component in fusion.components if component.family != UNKNOWN]
    total = sum(component.prior for component in known)
    scaled = tuple(replace(each, prior=each.prior / total) for each in known)
    return replace(fusion, components=scaled, fitted=None)


def expert_of(fusion: Fusion) -> Fusion:
    """What a fusion's fit began from; itself where it was not fitted. Whoever judges a fit on its own table must not begin from it."""
    if fusion.fitted is None:
        return fusion
    began: list[dict[SignalKind, float]] = [dict(each.weights) for each in fusion.components]
    for (row, kind), weight in zip(fusion.learnable, fusion.fitted.expert_weights, strict=True):
        began[row][kind] = weight
    components = tuple(
        replace(each, weights=weights) for each, weights in zip(fusion.components, began, strict=True)
    )
    correlations = iter(fusion.fitted.expert_correlations)
    groups = tuple(
        replace(group, correlation=next(correlations)) if group in fusion.learnable_groups else group
        for group in fusion.groups
    )
    return without_unknown(replace(fusion, groups=groups, components=components, fitted=None))


def pseudo_attacks(sessions: Sessions, groups: Sequence[Group], rng: np.random.Generator) -> Sessions:
    """Bona fide interviews in which one group's signals are moved by what tells fraud from bona fide, or by half of it.

    The separation of a signal is the mean LLR of frauds above that of bona fide interviews over the family that it tells best: for calibrated
    Gaussian scores d^2.
    """
    honest = np.flatnonzero(~sessions.fraud)
    places = [columns_of(sessions, group) for group in groups]
    columns = [each for each in places if sessions.present[honest][:, each].any()]
    apart = separations(sessions)
    parts = []
    for each in columns:
        able = honest[sessions.present[honest][:, each].any(axis=1)]
        rows = rng.choice(able, size=max(len(honest) // len(columns), 1))
        moved = sessions.llrs[rows].copy()
        strength = rng.choice(_STRENGTHS, size=len(rows))
        moved[:, each] += np.where(sessions.present[rows][:, each], strength[:, None] * apart[each], 0.0)
        parts.append(_as_unknown(sessions, rows, moved))
    return joined(tuple(parts)) if parts else sessions.where(np.zeros(len(sessions), dtype=np.bool_))


def columns_of(sessions: Sessions, group: Group) -> NDArray[np.int_]:
    """The columns of a group's signals."""
    return np.array([i for i, kind in enumerate(sessions.kinds) if kind in group.kinds], dtype=np.int_)


def separations(sessions: Sessions) -> FloatArray:
    """(n,) nats between the mean LLR of bona fide interviews and that of the fraud family which the signal tells best; at least 0."""
    fraud, families = sessions.fraud, np.array(sessions.families)
    apart = np.zeros(len(sessions.kinds))
    for column in range(len(sessions.kinds)):
        seen = sessions.present[:, column]
        if not (seen & ~fraud).any():
            continue
        honest = sessions.llrs[seen & ~fraud, column].mean()
        means = [
            sessions.llrs[seen & (families == family), column].mean()
            for family in np.unique(families[seen & fraud])
        ]
        apart[column] = max([mean - honest for mean in means], default=0.0)
    return np.maximum(apart, 0.0)


@dataclass(frozen=True, slots=True)
class Dropout:
    """How measurements are left out of copies of the rows: each reading, and each whole group, by chance."""

    copies: int = 2
    reading: float = READING_DROPPED
    group: float = GROUP_DROPPED

    def masks(self, sessions: Sessions, groups: Sequence[Group], rng: np.random.Generator) -> list[Mask]:
        """``copies`` masks (N, n) of what stays."""
        found = []
        for _ in range(self.copies):
            kept = rng.random(sessions.present.shape) >= self.reading
            for group in groups:
                kept[:, columns_of(sessions, group)] &= (rng.random(len(sessions)) >= self.group)[:, None]
            found.append(kept)
        return found


def _as_unknown(sessions: Sessions, rows: np.ndarray, llrs: FloatArray) -> Sessions:
    return Sessions(
        kinds=sessions.kinds,
        llrs=llrs,
        present=sessions.present[rows],
        families=(UNKNOWN,) * len(rows),
        species=(UNKNOWN,) * len(rows),
        subjects=tuple(sessions.subjects[row] for row in rows),
        others=tuple(sessions.others[row] for row in rows),
    )
