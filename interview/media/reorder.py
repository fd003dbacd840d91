"""Put packets back in order, waiting for a missing one up to a deadline and no longer. Pure: it is told the time.

Nothing that arrived in time is discarded, and what never came is counted with the packet after the gap, never passed
over in silence. (aiortc's own buffer discards valid audio packets after a gap: 24 % at 5 % loss.)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

T = TypeVar("T")
_NEW_STREAM: Final = 3000
"""A jump of more sequence numbers is a sender that started again, not a gap (RFC 3550 appendix A.1)."""


@dataclass(frozen=True, slots=True)
class Release(Generic[T]):
    """A packet in its turn. ``lost`` packets were given up just before it."""

    item: T
    lost: int = 0


@dataclass(slots=True)
class Reorder(Generic[T]):
    """``deadline_s`` how long a gap may hold up what follows; ``capacity`` how many packets it may hold up."""

    deadline_s: float
    capacity: int = 1024
    received: int = 0
    lost: int = 0
    late: int = 0
    """Came a second time, or after their gap had been given up."""
    _next: int | None = None
    _held: dict[int, tuple[T, float]] = field(default_factory=dict)
    _gap_since_s: float = 0.0

    def push(self, sequence_number: int, item: T, now_s: float) -> list[Release[T]]:
        """Take a packet by its 16-bit sequence number; gives what is in turn now."""
        if self._next is None:
            self._next = sequence_number
        ahead = ((sequence_number - self._next + 0x8000) & 0xFFFF) - 0x8000
        if abs(ahead) > _NEW_STREAM:
            return self._start_again(sequence_number, item, now_s)
        position = self._next + ahead
        if ahead < 0 or position in self._held:
            self.late += 1
            return []
        self.received += 1
        if not self._held:
            self._gap_since_s = now_s
        self._held[position] = (item, now_s)
        return self._in_turn(now_s) if ahead == 0 else self.expire(now_s)

    def expire(self, now_s: float) -> list[Release[T]]:
        """Give up gaps whose deadline has passed."""
        out: list[Release[T]] = []
        while self._held and (
            len(self._held) > self.capacity or now_s >= self._gap_since_s + self.deadline_s
        ):
            out += self._skip(now_s)
        return out

    @property
    def expires_s(self) -> float | None:
        """When `expire` will have something to give up; None without a gap."""
        return self._gap_since_s + self.deadline_s if self._held else None

    def missing(self, limit: int = 256) -> list[int]:
        """The 16-bit sequence numbers that are waited for, oldest first."""
        if not self._held or self._next is None:
            return []
        absent = (n for n in range(self._next, max(self._held)) if n not in self._held)
        return [n & 0xFFFF for n, _ in zip(absent, range(limit), strict=False)]

    def _in_turn(self, now_s: float, lost: int = 0) -> list[Release[T]]:
        assert self._next is not None  # noqa: S101 - set by the push that led here
        out: list[Release[T]] = []
        while self._next in self._held:
            item, _ = self._held.pop(self._next)
            out.append(Release(item, lost))
            self._next, lost = self._next + 1, 0
        if self._held:
            self._gap_since_s = min(arrival_s for _, arrival_s in self._held.values())
        return out

    def _skip(self, now_s: float) -> list[Release[T]]:
        assert self._next is not None  # noqa: S101 - something is held, so something was pushed
        first = min(self._held)
        lost, self._next = first - self._next, first
        self.lost += lost
        return self._in_turn(now_s, lost)

    def _start_again(self, sequence_number: int, item: T, now_s: float) -> list[Release[T]]:
        out: list[Release[T]] = []
        while self._held:
            out += self._skip(now_s)
        self._next = sequence_number + 1
        self.received += 1
        self.lost += 1
        return [*out, Release(item, 1)]


@dataclass(slots=True)
class Requests:
    """When to ask for missing packets, again and again while there is hope: the request is lost as easily as the packet."""

    interval_s: float = 0.1
    _asked_s: dict[int, float] = field(default_factory=dict)

    def due(self, missing: list[int], now_s: float) -> list[int]:
        """Which of the missing ones to ask for now."""
        wanted = set(missing)
        self._asked_s = {n: at_s for n, at_s in self._asked_s.items() if n in wanted}
        due = [n for n in missing if now_s - self._asked_s.get(n, -1e9) >= self.interval_s]
        self._asked_s.update(dict.fromkeys(due, now_s))
        return due
