"""Interviews as fusion sees them: every signal's LLR, and who and what each interview was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from fraudmodel.calibration import FloatArray
from fraudmodel.datasets import ScoreTable
from fraudmodel.fusion import Fusion
from fraudmodel.interview_table import BONA_FIDE
from fraudmodel.metrics import Mask
from fraudmodel.signals import SignalKind


@dataclass(frozen=True, slots=True)
class Sessions:
    """N interviews of n signals.

    ``llrs`` (N, n) nats, 0 where absent; ``present`` (N, n); ``families`` and ``species`` of the fraud, `BONA_FIDE` for none; ``subjects``
    whom the applicant claimed to be, ``others`` who took part instead.
    """

    kinds: tuple[SignalKind, ...]
    llrs: FloatArray
    present: Mask
    families: tuple[str, ...]
    species: tuple[str, ...]
    subjects: tuple[str, ...]
    others: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.families)

    @property
    def fraud(self) -> Mask:
        """(N,) True for fraud."""
        return np.array([family != BONA_FIDE for family in self.families], dtype=np.bool_)

    def where(self, chosen: Mask) -> Sessions:
        """Some of the interviews."""
        rows = np.flatnonzero(chosen)
        return replace(
            self,
            llrs=self.llrs[rows],
            present=self.present[rows],
            families=tuple(self.families[row] for row in rows),
            species=tuple(self.species[row] for row in rows),
            subjects=tuple(self.subjects[row] for row in rows),
            others=tuple(self.others[row] for row in rows),
        )

    def measuring(self, present: Mask) -> Sessions:
        """The same interviews with only these (N, n) signals measured, of those that were."""
        kept = self.present & present
        return replace(self, present=kept, llrs=np.where(kept, self.llrs, 0.0))

    def without(self, kinds: frozenset[SignalKind]) -> Sessions:
        """The same with some signals missing everywhere."""
        kept = np.array([kind not in kinds for kind in self.kinds], dtype=np.bool_)
        return self.measuring(np.broadcast_to(kept, self.present.shape))

    def table(self, scores: FloatArray | None = None) -> ScoreTable:
        """As trials with these (N,) scores, for everything that is worked out over people. Raises DatasetError where a class is missing."""
        fraud = self.fraud
        return ScoreTable(
            name="interviews",
            scores=np.zeros(len(self)) if scores is None else scores,
            attack=fraud,
            subjects=self.subjects,
            others=self.others,
            species=tuple(one if bad else "" for one, bad in zip(self.species, fraud, strict=True)),
        )


def joined(parts: tuple[Sessions, ...]) -> Sessions:
    """All interviews of several; all have the same signals."""
    return Sessions(
        kinds=parts[0].kinds,
        llrs=np.concatenate([part.llrs for part in parts]),
        present=np.concatenate([part.present for part in parts]),
        families=tuple(name for part in parts for name in part.families),
        species=tuple(name for part in parts for name in part.species),
        subjects=tuple(name for part in parts for name in part.subjects),
        others=tuple(name for part in parts for name in part.others),
    )


def family_shares(fusion: Fusion) -> Mapping[str, float]:
    """How much of all fraud each family is, by the fusion's priors."""
    shares: dict[str, float] = {}
    for component in fusion.components:
        shares[component.family] = shares.get(component.family, 0.0) + component.prior
    return shares


def shared_weights(families: tuple[str, ...], shares: Mapping[str, float]) -> FloatArray:
    """(N,) weights that sum to 1 over bona fide interviews and to 1 over frauds, the latter by family as ``shares`` say.

    How often a simulation renders a family is a choice of its makers; how common it is among frauds is policy's. A family that ``shares``
    does not know counts as the least common one.
    """
    least = min(shares.values(), default=1.0)
    counts: dict[str, int] = {}
    for family in families:
        counts[family] = counts.get(family, 0) + 1
    mass = {family: shares.get(family, least) for family in counts if family != BONA_FIDE}
    total = sum(mass.values())
    each = {family: share / total / counts[family] for family, share in mass.items()}
    if BONA_FIDE in counts:
        each[BONA_FIDE] = 1.0 / counts[BONA_FIDE]
    return np.array([each[family] for family in families], dtype=np.float64)


def folds(sessions: Sessions, count: int, seed: int = 0) -> Iterator[tuple[Mask, Mask]]:
    """(training, test) masks: every interview is tested once, by a training without any of its people that has both classes.

    Interviews whose people's absence would leave a class empty are not tested.
    """
    fraud = sessions.fraud
    for training, test in sessions.table().blocks(count, seed):
        if fraud[training].any() and not fraud[training].all():
            yield training, test
