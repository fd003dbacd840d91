"""Token buckets: how often one caller may do one thing. In memory, bounded, and without a clock of its own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from threading import Lock
from typing import Final

from web.errors import TooManyRequests

_MAX_CALLERS: Final = 50_000
"""Above this the caller seen longest ago is forgotten: memory stays bounded under a flood of addresses."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``burst`` at once, refilled evenly over ``per_s`` seconds."""

    burst: int
    per_s: float


class RateLimiter:
    """One limit over many callers. ``clock`` gives monotonic seconds."""

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._lock = Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, caller: str) -> None:
        """Count one. Raises TooManyRequests, saying when the next is allowed."""
        rate = self._limit.burst / self._limit.per_s
        with self._lock:
            now = self._clock()
            tokens, then = self._buckets.pop(caller, (float(self._limit.burst), now))
            tokens = min(float(self._limit.burst), tokens + (now - then) * rate)
            allowed = tokens >= 1.0
            self._buckets[caller] = (tokens - 1.0 if allowed else tokens, now)
            if len(self._buckets) > _MAX_CALLERS:
                self._buckets.popitem(last=False)
        if not allowed:
            raise TooManyRequests(max(1, ceil((1.0 - tokens) / rate)))


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of the service."""

    login: RateLimiter
    login_name: RateLimiter
    join: RateLimiter
    create: RateLimiter
    report: RateLimiter
    page: RateLimiter

    @classmethod
    def with_clock(cls, clock: Callable[[], float]) -> Limits:
        """The limits in force: strict where passwords and links could be guessed."""
        return cls(
            login=RateLimiter(Limit(30, 60.0), clock),
            login_name=RateLimiter(Limit(10, 300.0), clock),
            join=RateLimiter(Limit(120, 60.0), clock),
            create=RateLimiter(Limit(30, 60.0), clock),
            report=RateLimiter(Limit(30, 60.0), clock),
            page=RateLimiter(Limit(600, 60.0), clock),
        )
