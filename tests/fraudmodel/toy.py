"""The design note's toy of dependent signals and fraud families (8.2), regenerated: what fusions ought to do with a known answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.interview_table import BONA_FIDE
from fraudmodel.sessions import Sessions
from fraudmodel.signals import SignalKind

KINDS: Final = tuple(SignalKind(f"s{i}") for i in range(8))
FAMILIES: Final = {"f0": (0, 1), "f1": (0, 2, 4), "f2": (1, 2), "f3": (3, 4), "f4": (5,)}
SEPARATION: Final = 2.2
NUISANCE: Final = 0.35
MISSING: Final = 0.2


def toy(n: int, families: Sequence[str] = tuple(FAMILIES), *, people: int = 60, seed: int = 1) -> Sessions:
    """n bona fide interviews and n frauds: eight signals that share a nuisance, each calibrated by itself, a fifth of them missing.

    A fraud moves the signals of its family by d^2 (60 %), half of it (25 %) or not at all.
    """
    rng = np.random.default_rng(seed)
    names = np.array([BONA_FIDE] * n + [families[i % len(families)] for i in range(n)])
    noise = np.sqrt(1.0 - NUISANCE) * rng.standard_normal((2 * n, 8)) + np.sqrt(
        NUISANCE
    ) * rng.standard_normal((2 * n, 1))
    llrs = -(SEPARATION**2) / 2.0 + SEPARATION * noise
    for name in families:
        rows, columns = np.flatnonzero(names == name), np.array(FAMILIES[name])
        strength = rng.choice([1.0, 0.5, 0.0], (len(rows), len(columns)), p=[0.6, 0.25, 0.15])
        llrs[np.ix_(rows, columns)] += SEPARATION**2 * strength
    present = rng.random(llrs.shape) > MISSING
    who = tuple(f"p{i % people}" for i in range(2 * n))
    return Sessions(KINDS, np.where(present, llrs, 0.0), present, tuple(names), tuple(names), who, who)


def toy_expert(families: Sequence[str] = tuple(FAMILIES), weight: float = 0.3) -> Fusion:
    """An expert who knows nothing: every family weighs every signal alike."""
    return Fusion(
        version="toy",
        source="nobody",
        equivalent_cases=20.0,
        groups=tuple(Group(f"g{i}", (kind,), 0.9) for i, kind in enumerate(KINDS)),
        components=tuple(
            Component(name, name, 1.0 / len(families), dict.fromkeys(KINDS, weight)) for name in families
        ),
    )
