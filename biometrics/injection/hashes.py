"""A session's motion as a row of 64-bit hashes, and the search for a stretch of an earlier session in this one.

A hash is the signs of 64 fixed mixtures of how each area's luma changed within 0.4 s (Charikar 2002): two changes at an
angle a differ in a/pi of their bits, whatever codec or brightness lay between. Five hashes a second; no picture and no face
can be made of them. Stretches are compared over five seconds, at every place of every earlier session at once.
"""

from __future__ import annotations

import base64
import binascii
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import hadamard

from biometrics.injection.motion import AREAS, SLOT_HZ, STRIDE, Floats

BITS: Final = 64
_BACK: Final = 10
"""Places, 0.4 s, over which a change is taken."""
_HOLD: Final = 6
LIVELY_RMS: Final = 0.5
"""Root mean square change of an area below which the signs are the codec's noise. Of people who sit still an interview of ten
seconds leaves nothing to remember above 0.8."""
STRETCH: Final = 25
"""Hashes that are compared at once: five seconds."""
_PHASES: Final = (0, 2)
"""Where in the fifth of a second this session is hashed: the earlier one began at any of its places."""
_LIKE: Final = BITS // 2
"""What a hash that is not known counts as: strangers differ in half of their bits."""
KEPT_S: Final = 64.0
"""As much of a session is remembered, its liveliest stretches."""
_PART: Final = 40
"""Hashes of one remembered stretch: eight seconds."""

Hashes = NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Hashed:
    """The hash of one place (1/25 s); None where too little moved or nothing is known."""

    place: int
    bits: int | None


class MotionHasher:
    """Turns areas of pictures, in order of time, into hashes of the places asked for (by their remainder of `STRIDE`)."""

    def __init__(self, phases: Sequence[int] = _PHASES) -> None:
        self._phases = frozenset(phases)
        self._mix = np.asarray(hadamard(BITS)[:, 1 : AREAS + 1], np.float32)
        self._recent: deque[Floats | None] = deque(maxlen=_BACK + 1)
        self._place: int | None = None

    def push(self, t: float, found: Floats) -> Iterator[Hashed]:
        """Take areas of the picture at ``t`` s; give the places that it ends."""
        place = round(t * SLOT_HZ)
        before = place - 1 if self._place is None else self._place
        if place <= before:
            return
        held = self._recent[-1] if self._recent and place - before <= _HOLD else None
        for each in range(max(before + 1, place - SLOT_HZ * STRIDE), place + 1):
            self._recent.append(found if each == place else held)
            if each % STRIDE in self._phases:
                yield Hashed(each, self._hash())
        self._place = place

    def _hash(self) -> int | None:
        now, then = self._recent[-1], self._recent[0]
        if now is None or then is None or len(self._recent) <= _BACK:
            return None
        change = now - then
        if float(np.mean(change * change)) < LIVELY_RMS**2:
            return None
        signs = np.einsum("ij,j->i", self._mix, change) > 0
        return int(np.packbits(signs).view(">u8")[0])


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive hashes (n,) uint64, five a second, from ``start_s``; ``known`` (n,) which of them are."""

    start_s: float
    hashes: Hashes
    known: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What is remembered of a session."""

    stretches: tuple[Stretch, ...]

    def values(self) -> dict[str, Any]:
        """As plain JSON, a few kilobytes."""
        return {"stretches": [_values(each) for each in self.stretches]}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Fingerprint:
        """From `values`. Raises ValueError, in a sentence, for anything else."""
        try:
            return cls(tuple(_stretch(each) for each in values["stretches"]))
        except (KeyError, TypeError, binascii.Error) as error:
            raise ValueError("this is no fingerprint of a session") from error


class Fingerprinting:
    """Makes a session's fingerprint of its pictures' areas."""

    def __init__(self) -> None:
        self._hasher = MotionHasher((0,))
        self._found: dict[int, int | None] = {}

    def push(self, t: float, found: Floats) -> None:
        """Take areas of the picture at ``t`` s."""
        self._found |= {each.place // STRIDE: each.bits for each in self._hasher.push(t, found)}

    def fingerprint(self) -> Fingerprint:
        """The liveliest stretches up to `KEPT_S`, in order of time; none of a session in which nobody moved."""
        if not self._found:
            return Fingerprint(())
        first, last = min(self._found), max(self._found)
        parts = [range(k, min(k + _PART, last + 1)) for k in range(first, last + 1, _PART)]
        lively = [part for part in parts if self._known(part) >= STRETCH]
        lively.sort(key=lambda part: -self._known(part))
        kept = sorted(lively[: int(KEPT_S * SLOT_HZ / STRIDE) // _PART], key=lambda part: part.start)
        return Fingerprint(tuple(self._stretch(part) for part in kept))

    def _known(self, part: range) -> int:
        return sum(self._found.get(k) is not None for k in part)

    def _stretch(self, part: range) -> Stretch:
        bits = [self._found.get(k) for k in part]
        known = np.array([each is not None for each in bits])
        return Stretch(
            part.start * STRIDE / SLOT_HZ, np.array([each or 0 for each in bits], np.uint64), known
        )


@dataclass(frozen=True, slots=True)
class Reuse:
    """The place of an earlier session that the latest five seconds are most like. ``differs`` mean share of bits, 0..1;
    ``session`` counts the fingerprints in the order in which they came; ``at_s`` where they begin in it."""

    differs: float
    session: int
    at_s: float


class ReuseSearch:
    """Compares this session with every fingerprint it was given. What this session shows only counts from then on."""

    def __init__(self) -> None:
        self._hasher = MotionHasher()
        self._hashes = np.zeros(0, np.uint64)
        self._known = np.zeros(0, np.bool_)
        self._where: list[tuple[int, float]] = []
        self._sums: dict[int, deque[NDArray[np.int32]]] = {}
        self._live: dict[int, deque[bool]] = {}
        self.sessions = 0

    def add(self, fingerprint: Fingerprint) -> None:
        """Search for this one too."""
        for stretch in fingerprint.stretches:
            # Between two stretches lies what nothing can match across.
            blank = np.zeros(STRETCH, np.uint64)
            self._hashes = np.concatenate([self._hashes, blank, stretch.hashes])
            self._known = np.concatenate([self._known, blank.astype(np.bool_), stretch.known])
            times = stretch.start_s + np.arange(-STRETCH, len(stretch.hashes)) * STRIDE / SLOT_HZ
            self._where += [(self.sessions, float(t)) for t in times]
        self.sessions += 1
        self._begin()

    def push(self, t: float, found: Floats) -> Reuse | None:
        """Take areas of the picture at ``t`` s; the best reuse where five seconds of motion end here."""
        best: Reuse | None = None
        for each in self._hasher.push(t, found):
            reuse = self._compare(each) if len(self._hashes) else None
            if reuse is not None and (best is None or reuse.differs < best.differs):
                best = reuse
        return best

    def _begin(self) -> None:
        zero = np.zeros(len(self._hashes), np.int32)
        self._sums = {phase: deque([zero], maxlen=STRETCH + 1) for phase in _PHASES}
        self._live = {phase: deque(maxlen=STRETCH) for phase in _PHASES}

    def _compare(self, each: Hashed) -> Reuse | None:
        phase = each.place % STRIDE
        sums, live = self._sums[phase], self._live[phase]
        apart = np.full(len(self._hashes), _LIKE, np.int32)
        if each.bits is not None:
            apart = np.where(self._known, np.bitwise_count(self._hashes ^ np.uint64(each.bits)), _LIKE)
        live.append(each.bits is not None)
        sums.append(apart.astype(np.int32) + np.concatenate([[0], sums[-1][:-1]]).astype(np.int32))
        if len(sums) <= STRETCH or 5 * sum(live) < 3 * STRETCH:
            return None
        total = sums[-1][STRETCH:] - sums[0][:-STRETCH]
        at = int(np.argmin(total))
        session, at_s = self._where[at + 1]
        return Reuse(float(total[at]) / (STRETCH * BITS), session, at_s)


def _values(stretch: Stretch) -> dict[str, Any]:
    return {
        "start_s": round(stretch.start_s, 3),
        "hashes": base64.b64encode(stretch.hashes.astype(">u8").tobytes()).decode(),
        "known": base64.b64encode(np.packbits(stretch.known).tobytes()).decode(),
    }


def _stretch(values: Mapping[str, Any]) -> Stretch:
    hashes = np.frombuffer(base64.b64decode(values["hashes"], validate=True), ">u8").astype(np.uint64)
    bits = np.unpackbits(np.frombuffer(base64.b64decode(values["known"], validate=True), np.uint8))
    if len(bits) < len(hashes):
        raise ValueError("this is no fingerprint of a session: a mask is too short")
    return Stretch(float(values["start_s"]), hashes, bits[: len(hashes)].astype(np.bool_))
