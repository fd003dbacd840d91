"""A bad network in this process: a UDP proxy that loses, delays and narrows, by a seeded die."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import cast


@dataclass(frozen=True)
class Impairment:
    """``loss`` share of datagrams, 0..1; ``delay_ms`` one way; ``jitter_ms`` uniform, plus or minus, in order;
    ``rate_kbps`` of the bottleneck, whose queue holds ``queue_ms``; 0 is none."""

    loss: float = 0.0
    delay_ms: float = 0.0
    jitter_ms: float = 0.0
    rate_kbps: float = 0.0
    queue_ms: float = 300.0


@dataclass
class Pipe:
    """One direction. ``sent`` and ``lost`` count datagrams."""

    impairment: Impairment
    dice: random.Random
    sent: int = 0
    lost: int = 0
    _busy_s: float = 0.0
    _last_s: float = 0.0

    def carry(self, transport: asyncio.DatagramTransport, data: bytes, to: tuple[str, int] | None) -> None:
        loop = asyncio.get_running_loop()
        at_s = self._arrival_s(loop.time(), len(data))
        if at_s is None or to is None:
            self.lost += 1
            return
        self.sent += 1
        loop.call_at(at_s, lambda: None if transport.is_closing() else transport.sendto(data, to))

    def _arrival_s(self, now_s: float, size: int) -> float | None:
        net, at_s = self.impairment, now_s
        if self.dice.random() < net.loss:
            return None
        if net.rate_kbps:
            if self._busy_s - now_s > net.queue_ms / 1000:
                return None
            at_s = self._busy_s = max(now_s, self._busy_s) + size * 8 / (net.rate_kbps * 1000)
        at_s += (net.delay_ms + self.dice.uniform(-net.jitter_ms, net.jitter_ms)) / 1000
        self._last_s = max(self._last_s, at_s)
        return self._last_s


class _End(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.other: _End | None = None
        self.pipe: Pipe | None = None
        self.to: tuple[str, int] | None = None
        self.learns = False
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if self.learns:
            self.to = addr
        assert self.other is not None
        assert self.other.transport is not None
        assert self.pipe is not None
        self.pipe.carry(self.other.transport, data, self.other.to)


@dataclass
class Proxy:
    """Stands in front of the candidates of an SDP answer. The caller sees only the proxy."""

    up: Impairment = field(default_factory=Impairment)
    down: Impairment = field(default_factory=Impairment)
    seed: int = 1
    host: str = "127.0.0.1"

    def __post_init__(self) -> None:
        self._ends: list[_End] = []
        dice = random.Random(self.seed)  # noqa: S311 - a network, not a secret
        self.pipes = Pipe(self.up, dice), Pipe(self.down, dice)

    async def front(self, answer_sdp: str) -> str:
        """The answer with one candidate, the proxy's."""
        lines = answer_sdp.split("\r\n")
        ours = [line for line in lines if line.startswith("a=candidate") and f" {self.host} " in line]
        kept = ours[0].split()
        kept[5] = str(await self._open(int(kept[5])))
        seen = {ours[0]: " ".join(kept)}
        out = [
            seen.get(line, line) for line in lines if not line.startswith("a=candidate") or line == ours[0]
        ]
        return "\r\n".join(out)

    async def _open(self, port: int) -> int:
        loop = asyncio.get_running_loop()
        near, far = _End(), _End()
        for end in (near, far):
            await loop.create_datagram_endpoint(lambda end=end: end, local_addr=(self.host, 0))  # type: ignore[misc]
        near.other, near.pipe, near.learns = far, self.pipes[0], True
        far.other, far.pipe, far.to = near, self.pipes[1], (self.host, port)
        self._ends += [near, far]
        assert near.transport is not None
        return int(near.transport.get_extra_info("sockname")[1])

    def close(self) -> None:
        for end in self._ends:
            if end.transport is not None:
                end.transport.close()
