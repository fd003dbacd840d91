"""Keep a bounded, evenly spread part of an unbounded sequence, the same part every time."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Thinned(Generic[T]):
    """Keeps at most ``capacity`` items: every one at first, then every second, every fourth ... and always the last."""

    def __init__(self, capacity: int) -> None:
        if capacity < 2:
            raise ValueError(f"a thinned sequence keeps at least 2 items, not {capacity}")
        self._capacity = capacity
        self._stride = 1
        self._count = 0
        self._kept: list[T] = []
        self._last: list[T] = []

    def add(self, item: T) -> None:
        """Take the next item."""
        if self._count % self._stride == 0:
            if len(self._kept) == self._capacity:
                self._kept = self._kept[::2]
                self._stride *= 2
            if self._count % self._stride == 0:
                self._kept.append(item)
        self._count += 1
        self._last = [item]

    def items(self) -> list[T]:
        """What was kept, in order, with the last item at the end."""
        ends_with_last = (self._count - 1) % self._stride == 0
        return list(self._kept) if ends_with_last else [*self._kept, *self._last]
