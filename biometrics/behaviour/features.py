"""What is measured in an answer: eleven numbers, each of which can be missing without the others.

None of them is a sign of anything. They are habits of speaking and looking that a person keeps from answer to answer, so that an
answer which leaves them is worth a second question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.behaviour import blinks, gaze, speaking
from biometrics.behaviour.answers import Answer
from biometrics.behaviour.memory import Looks, Memory
from biometrics.behaviour.movements import Movements
from fraudmodel.signals import Reason, Span

FLOORS: Final[Mapping[str, float]] = {
    "brief_upper_per_min": 4.0,
    "macro_per_min": 4.0,
    "asymmetry": 0.15,
    "blinks_per_min": 4.0,
    "averted_share": 0.07,
    "reading_share": 0.1,
    "latency_s": 0.3,
    "pause_ratio": 0.05,
    "pitch_sd_st": 0.4,
    "syllables_per_s": 0.3,
    "head_deg_per_s": 1.0,
}
"""The features, and how far two answers that are alike can lie apart in each because they are short: about one event, or a second, of
fifteen (docs/decisions/0018). Nobody's deviation is taken to be less."""
NAMES: Final = tuple(FLOORS)
LEAST_S: Final = 2.0
"""A shorter answer is not measured."""
TAIL_S: Final = 1.0
"""After the last word: what follows is silence, or the next question being asked."""
SEEN: Final = 0.6
"""Share of an answer that its frames must show."""
_HEAD_HZ: Final = 10.0
_HOME_EVERY: Final = 5
"""Of the gaze every fifth point is kept: enough to tell where it mostly is."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """One answer: ``answer`` with the span that was measured, ``values`` by feature, ``gaze`` (n, 2) some of its points."""

    answer: Answer
    values: Mapping[str, float]
    gaze: Floats


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """One answer of which nothing can be said."""

    answer: Answer
    reason: Reason
    detail: str


def measure(answer: Answer, memory: Memory) -> Measured | Unmeasured:
    """One answer, once all that concerns it has been seen and heard."""
    if answer.span.duration_s < LEAST_S:
        return _too_short(answer, answer.span.duration_s)
    heard = memory.heard(answer.span)
    if heard.heard_s < speaking.HEARD * answer.span.duration_s:
        return Unmeasured(answer, Reason.NO_AUDIO, f"{heard.heard_s:.0f} s of it were heard")
    spoken = speaking.words(heard)
    if not spoken:
        return Unmeasured(answer, Reason.NO_SPEECH, "nothing was said")
    span = Span(answer.span.start, min(answer.span.end, spoken[-1].end + TAIL_S))
    if span.duration_s < LEAST_S:
        return _too_short(answer, span.duration_s)
    looks = memory.looks(span)
    before = Span(max(span.start - speaking.PAUSE_S, 0.0), span.end)
    found: dict[str, float | None] = {
        "latency_s": speaking.latency_s(memory.heard(before), span.start),
        "pause_ratio": speaking.pause_ratio(spoken, heard),
        "pitch_sd_st": speaking.pitch_sd_st(heard.f0_hz),
        "syllables_per_s": speaking.syllables_per_s(heard),
        "blinks_per_min": _blinks_per_min(looks),
        "head_deg_per_s": _head_deg_per_s(looks),
    }
    points = _gaze(looks)
    if len(points) and looks.fps >= gaze.ENOUGH_READING_HZ:
        found["reading_share"] = gaze.reading_share(points[:, 0])
    values = {name: value for name, value in found.items() if value is not None}
    return Measured(replace(answer, span=span), values, points[::_HOME_EVERY])


def table(measured: Sequence[Measured], movements: Movements, told_s: float = inf) -> Floats:
    """(answers, features) of `NAMES`, NaN where it could not be measured; ``told_s`` as in `Movements.during`.

    The place where the gaze mostly is is that of all answers, whatever their role: otherwise those that made it would look steadier.
    """
    known = [np.nanmedian(each.gaze, axis=0) for each in measured if _known(each.gaze)]
    home = np.median(known, axis=0) if known else np.zeros(2)
    rows = []
    for each in measured:
        values = {**each.values, **movements.during(each.answer.span, told_s)}
        if _known(each.gaze):
            values["averted_share"] = gaze.averted_share(each.gaze, home)
        rows.append([values.get(name, np.nan) for name in NAMES])
    return np.array(rows, dtype=np.float64).reshape(-1, len(NAMES))


def _too_short(answer: Answer, seconds: float) -> Unmeasured:
    return Unmeasured(answer, Reason.NOT_ENOUGH_SPEECH, f"{seconds:.1f} s; {LEAST_S:.0f} s are needed")


def _known(points: Floats) -> bool:
    return bool((~np.isnan(points[:, 0])).any()) if len(points) else False


def _enough(looks: Looks, seen: NDArray[np.bool_], least_hz: float) -> bool:
    """Whether enough frames a second came, and those ``seen`` (n,) show enough of the answer: what was not sent was not seen."""
    return looks.fps >= least_hz and looks.seen_s(seen) >= SEEN * looks.seconds


def _blinks_per_min(looks: Looks) -> float | None:
    seen = ~np.isnan(looks.opening)
    if not _enough(looks, seen, blinks.ENOUGH_HZ - 0.5):
        return None
    return 60.0 * blinks.blinks(looks.t[seen], looks.opening[seen]) / looks.seen_s(seen)


def _gaze(looks: Looks) -> Floats:
    """(n, 2) on the even grid of `gaze`, without blinks; (0, 2) where too little was seen."""
    seen = ~np.isnan(looks.gaze[:, 0])
    if not _enough(looks, seen, gaze.ENOUGH_HZ):
        return np.zeros((0, 2))
    opening = looks.opening[~np.isnan(looks.opening)]
    if len(opening):
        shut = looks.opening < blinks.CLOSED * blinks.open_eye(opening)
        seen &= ~(shut | np.roll(shut, 1) | np.roll(shut, -1))
    if not seen.any():
        return np.zeros((0, 2))
    return gaze.even(looks.t[seen], looks.gaze[seen])


def _head_deg_per_s(looks: Looks) -> float | None:
    """Root mean square of the head's angular speed, of its mean pose in tenths of a second: the landmarks' jitter is faster."""
    seen = ~np.isnan(looks.angles[:, 0])
    if not _enough(looks, seen, gaze.ENOUGH_HZ):
        return None
    place = (looks.t[seen] * _HEAD_HZ).astype(np.intp)
    cells, inverse = np.unique(place, return_inverse=True)
    sums = np.zeros((len(cells), 3))
    np.add.at(sums, inverse, looks.angles[seen])
    mean = sums / np.bincount(inverse)[:, np.newaxis]
    steps = np.diff(mean, axis=0)[np.diff(cells) == 1]
    if len(steps) < _HEAD_HZ:
        return None
    return float(np.sqrt(np.mean(np.sum(np.square(steps * _HEAD_HZ), axis=1))))
