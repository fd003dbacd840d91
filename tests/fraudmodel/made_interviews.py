"""Tables of interviews made by a seeded generator, for tests that need many: families touch some signals, and people resemble themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from fraudmodel.interview_table import BONA_FIDE, InterviewRow, Measured
from fraudmodel.signals import Absent, Reason, SignalKind
from tests.fraudmodel.builders import FACE, MODEL, PAD, SWITCH, VOICE

TOUCHES: Final[Mapping[str, Mapping[SignalKind, float]]] = {
    BONA_FIDE: {},
    "presentation": {PAD: 4.0},
    "impostor": {FACE: 4.5, VOICE: 4.0},
    "voice_attack": {VOICE: 4.0},
}


def made(
    people: int = 24,
    each: int = 2,
    *,
    kinds: tuple[SignalKind, ...] = (FACE, VOICE, PAD, SWITCH),
    missing: float = 0.1,
    model: str = MODEL,
    seed: int = 0,
) -> list[InterviewRow]:
    """``each`` interviews of every person and family. Statistics are LLRs where the calibration is the identity: about -2 bona fide, +2 touched."""
    rng = np.random.default_rng(seed)
    rows: list[InterviewRow] = []
    for person in range(people):
        own = rng.normal(0.0, 0.4)
        for family, touched in TOUCHES.items():
            for number in range(each):
                species = family if family == BONA_FIDE else f"{family}_{number % 2}"
                measured, absent = {}, {}
                for kind in kinds:
                    score = -2.0 + own + touched.get(kind, 0.0) + rng.normal(0.0, 1.0)
                    if rng.random() < missing:
                        absent[kind] = Absent(Reason.NO_FACE)
                    else:
                        measured[kind] = Measured(score, 0.1, 20, {}, (model,))
                rows.append(
                    InterviewRow(
                        name=f"i{person:03d}-{family}-{number}",
                        subject=f"p{person:02d}",
                        other=f"p{(person + 1) % people:02d}" if family == "impostor" else f"p{person:02d}",
                        family=family,
                        species=species,
                        renderer="made",
                        split="test" if person % 2 else "train",
                        duration_s=60.0,
                        measured=measured,
                        absent=absent,
                    )
                )
    return rows
