"""Do LLRs keep their promise? Slope and intercept by signal and family of devices, on the confirmed outcomes of both windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from fraudmodel.monitored import EVERY, FALSE_ALARMS, CalibrationFound, Gap, InterviewSeen
from fraudmodel.recalibration import LEAST_OUTCOMES, Recalibration, recalibration
from fraudmodel.signals import SignalKind

Sees = Mapping[SignalKind, frozenset[str]]
"""The families of fraud that a signal is meant to see: of others it rightly says that nothing is amiss."""


def outcomes(interviews: Iterable[InterviewSeen]) -> tuple[int, int]:
    """How many are confirmed as fraud, and as bona fide."""
    known = [each.fraud for each in interviews if each.fraud is not None]
    return sum(known), len(known) - sum(known)


def calibrations(
    interviews: Sequence[InterviewSeen], sees: Sees | None, seed: int = 0
) -> list[CalibrationFound]:
    """The whole L, then every signal: on all devices and on each family, as far as there are outcomes for it."""
    known = [each for each in interviews if each.fraud is not None]
    kinds = sorted({kind for each in interviews for kind in each.signals})
    families = sorted({each.device for each in interviews})
    devices = (EVERY, *families) if len(families) > 1 else (EVERY,)
    found = [
        (kind, device, line)
        for kind in (EVERY, *kinds)
        for device in devices
        if (line := _recalibrated(known, kind, device, sees, seed)) is not None
    ]
    # Bonferroni, over slopes and intercepts.
    significance = FALSE_ALARMS / max(2 * len(found), 1)
    return [CalibrationFound(*each, significance) for each in found]


def calibration_gaps(interviews: Sequence[InterviewSeen], sees: Sees | None) -> Iterator[Gap]:
    """Too few outcomes, or frauds of which no signal can be judged."""
    frauds, bona_fide = outcomes(interviews)
    if min(frauds, bona_fide) < LEAST_OUTCOMES:
        yield Gap("unlabelled", {"fraud": frauds, "bona_fide": bona_fide, "least": LEAST_OUTCOMES})
    if sees is not None:
        known = frozenset().union(*sees.values())
        if count := sum(each.fraud is True and each.family not in known for each in interviews):
            yield Gap("unnamed", {"count": count})


def _recalibrated(
    known: Sequence[InterviewSeen], kind: str, device: str, sees: Sees | None, seed: int
) -> Recalibration | None:
    rows = [
        (llr, each.fraud is True, (each.person,))
        for each in known
        if device in (EVERY, each.device) and not (each.fraud and _unseen(each.family, kind, sees))
        if (llr := _llr(each, kind)) is not None
    ]
    if not rows:
        return None
    llrs, fraud, people = zip(*rows, strict=True)
    return recalibration(np.array(llrs), np.array(fraud, dtype=bool), people, seed=seed)


def _unseen(family: str, kind: str, sees: Sees | None) -> bool:
    """Whether a fraud of that family is none that the signal is meant to see. The whole assessment is meant to see all."""
    return sees is not None and kind != EVERY and family not in sees.get(SignalKind(kind), ())


def _llr(interview: InterviewSeen, kind: str) -> float | None:
    if kind == EVERY:
        return interview.shift
    seen = interview.signals.get(SignalKind(kind))
    return seen.llr if seen else None
