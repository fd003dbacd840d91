"""Transport-wide congestion control feedback: which packets came and when, so that the sender judges its own bandwidth.

The layout is that of draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1. Pure: it is told the time.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

EXTENSION_URI: Final = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_TICK_US: Final = 250
_REFERENCE_US: Final = 64_000
_MAX_PACKETS: Final = 1000
_LOST, _SMALL, _LARGE = 0, 1, 2
_MIN_RUN: Final = 14


@dataclass(slots=True)
class FeedbackBuilder:
    """Collect arrivals of one transport and report them. ``sender_ssrc`` names us in the reports."""

    sender_ssrc: int
    _arrivals_us: dict[int, int] = field(default_factory=dict)
    _highest: int | None = None
    _reported: int | None = None
    _count: int = 0

    def record(self, sequence_number: int, arrival_us: int) -> None:
        """A packet with this 16-bit transport sequence number arrived, at microseconds of a steady clock."""
        if self._highest is None:
            self._highest = self._reported = sequence_number
        position = self._highest + ((sequence_number - self._highest + 0x8000) & 0xFFFF) - 0x8000
        self._highest = max(self._highest, position)
        self._arrivals_us.setdefault(position, arrival_us)

    @property
    def pending(self) -> bool:
        """Whether there is anything to report."""
        return bool(self._arrivals_us)

    def build(self, media_ssrc: int) -> bytes | None:
        """The RTCP packet about everything since the last one; None where nothing came."""
        if not self._arrivals_us or self._highest is None or self._reported is None:
            return None
        first = max(min(self._reported, min(self._arrivals_us)), self._highest - _MAX_PACKETS + 1)
        arrivals = [self._arrivals_us.get(n) for n in range(first, self._highest + 1)]
        self._arrivals_us.clear()
        self._reported = self._highest + 1
        packet = pack_feedback(self.sender_ssrc, media_ssrc, first & 0xFFFF, arrivals, self._count)
        self._count = (self._count + 1) & 0xFF
        return packet


def pack_feedback(
    sender_ssrc: int, media_ssrc: int, base: int, arrivals_us: list[int | None], count: int
) -> bytes:
    """One feedback packet: ``arrivals_us[i]`` is when packet ``base + i`` arrived, None where it did not; the last one did."""
    present = [arrival for arrival in arrivals_us if arrival is not None]
    reference = present[0] // _REFERENCE_US
    symbols, deltas = _deltas(arrivals_us, reference * _REFERENCE_US)
    body = struct.pack("!HHI", base, len(arrivals_us), (reference & 0xFFFFFF) << 8 | count)
    body += _chunks(symbols) + deltas
    padding = -len(body) % 4
    if padding:
        body += bytes(padding - 1) + bytes([padding])
    first = 0x80 | (0x20 if padding else 0) | 15
    return struct.pack("!BBHII", first, 205, (len(body) + 8) // 4, sender_ssrc, media_ssrc) + body


def _deltas(arrivals_us: list[int | None], previous_us: int) -> tuple[list[int], bytes]:
    symbols: list[int] = []
    deltas = bytearray()
    for arrival in arrivals_us:
        if arrival is None:
            symbols.append(_LOST)
            continue
        ticks = max(-0x8000, min(0x7FFF, (arrival - previous_us) // _TICK_US))
        previous_us += ticks * _TICK_US
        symbols.append(_SMALL if 0 <= ticks <= 0xFF else _LARGE)
        deltas += struct.pack("!B" if symbols[-1] == _SMALL else "!h", ticks)
    return symbols, bytes(deltas)


def _chunks(symbols: list[int]) -> bytes:
    """Long runs by length, the rest seven symbols of two bits at a time."""
    out = b""
    vector: list[int] = []
    for symbol, run in groupby(symbols):
        length = len(list(run))
        if length < _MIN_RUN:
            vector += [symbol] * length
            continue
        fill = -len(vector) % 7
        out += _vectors(vector + [symbol] * fill)
        vector = []
        out += _runs(symbol, length - fill)
    return out + _vectors(vector)


def _runs(symbol: int, length: int) -> bytes:
    return b"".join(
        struct.pack("!H", symbol << 13 | min(0x1FFF, length - start)) for start in range(0, length, 0x1FFF)
    )


def _vectors(symbols: list[int]) -> bytes:
    return b"".join(
        struct.pack("!H", 0xC000 | sum(s << (12 - 2 * i) for i, s in enumerate(symbols[at : at + 7])))
        for at in range(0, len(symbols), 7)
    )
