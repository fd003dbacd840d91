"""A live session on this machine, and how late its assessments come.

A simulated applicant in a process of its own sends a clip over real WebRTC; the media edge runs in this process, the
analysis in its worker. Latency: from a frame's time on the edge's clock, which is its arrival without jitter, to the
first assessment that includes the frame. Assessments come every half second, so half of that is the least mean.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from fraudmodel.assessment import FraudAssessment
from interview.analysis.feeding import Event
from interview.analysis.protocol import AnalysisSpec, Output
from interview.analysis.senses import Parts
from interview.analysis.supervisor import Feed, Supervisor, SupervisorSettings
from interview.errors import ServiceError
from interview.media.applicant import JoinApi, SimulatedApplicant
from interview.media.clip import Clip
from interview.media.gateway import Gateway, GatewaySettings
from interview.media.journal import Entry, Level, Skipped, Took
from interview.media.packets import Packet

_CONNECT_S = 30.0
_READY_S = 120.0
_LOOK_S = 0.02


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles over every frame of the time to its assessment, s; the highest cadence level and the skips there were.

    ``restart_s`` from the death of the analysis worker in mid-call to the next assessment.
    """

    p50_s: float
    p95_s: float
    p99_s: float
    worst_s: float
    assessments: int
    level: int
    skips: int
    restart_s: float = math.nan


def measure_latency(clip: Path, seconds: float, spec: AnalysisSpec, build: Callable[[], Parts]) -> Latency:
    """Hold a session of that length, then kill its worker. Raises ServiceError where the applicant cannot connect."""
    settings = SupervisorSettings(preload=("interview.analysis.worker", "interview.analysis.stack"))
    supervisor = Supervisor(settings, build)
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    applicant = multiprocessing.get_context("spawn").Process(
        target=_applicant, args=(theirs, clip, seconds), daemon=True
    )
    applicant.start()
    try:
        return asyncio.run(_hold(ours, seconds, spec, supervisor))
    finally:
        applicant.terminate()
        applicant.join()
        supervisor.close()


@dataclass
class _Clock:
    """Hears the assessments and notes how late they are. ``zero_s`` monotonic time of media time 0."""

    zero_s: float = float("inf")
    late_s: list[float] = field(default_factory=list)
    assessments: int = 0
    waiting_s: list[float] = field(default_factory=list)
    level: int = 0
    skips: int = 0
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    keyframe: Callable[[], object] = lambda: None

    def arrived(self, packet: Packet) -> None:
        self.zero_s = min(self.zero_s, time.monotonic() - packet.t)
        self.begun.set()

    def on_journal(self, entry: Entry, /) -> None:
        if isinstance(entry, Took) and entry.kind == "video":
            self.waiting_s.append(entry.pts_ms / 1000.0)
        if isinstance(entry, Level):
            self.level = max(self.level, entry.level)
        self.skips += isinstance(entry, Skipped)

    def on_output(self, outputs: Sequence[Output], through: int, /) -> None:
        given = sum(isinstance(each, FraudAssessment) for each in outputs)
        if given:
            now = time.monotonic()
            self.assessments += given
            self.late_s += [now - self.zero_s - t for t in self.waiting_s]
            self.waiting_s.clear()

    def on_event(self, event: Event, /) -> None:
        self.keyframe()

    def latency(self) -> Latency:
        if len(self.late_s) < 2:
            raise ServiceError("the session gave no assessments: the applicant's media did not arrive")
        p50, p95, p99 = (float(value) for value in np.percentile(self.late_s, (50, 95, 99)))
        return Latency(p50, p95, p99, max(self.late_s), self.assessments, self.level, self.skips)


async def _hold(
    applicant: Connection[Any, Any], seconds: float, spec: AnalysisSpec, supervisor: Supervisor
) -> Latency:
    clock = _Clock()
    if not await asyncio.to_thread(supervisor.wait_until_ready, _READY_S):
        raise ServiceError("no analysis worker came up")
    feed = supervisor.open(spec, clock)
    gateway = Gateway(GatewaySettings(loopback=True))
    with tempfile.TemporaryDirectory() as folder:
        session = gateway.open(
            "bench",
            Path(folder),
            lambda role, packet: _fed(role, packet, feed, clock),
            lambda role, state: None,
        )
        loop = asyncio.get_running_loop()
        clock.keyframe = lambda: loop.call_soon_threadsafe(session.request_keyframe)
        offer = await asyncio.wait_for(asyncio.to_thread(applicant.recv), _CONNECT_S)
        applicant.send(await session.connect_applicant(offer))
        await asyncio.wait_for(clock.begun.wait(), _CONNECT_S)
        await asyncio.sleep(seconds)
        measured = clock.latency()
        restart_s = await asyncio.to_thread(_restart_s, supervisor, clock)
        await gateway.close()
        await asyncio.wrap_future(feed.finish())
    return replace(measured, restart_s=restart_s)


def _restart_s(supervisor: Supervisor, clock: _Clock) -> float:
    """Kill the worker; how long until a new one gives an assessment. Raises ServiceError where none does."""
    before = supervisor.worker_pids()
    killed_at = time.monotonic()
    for pid in before:
        psutil.Process(pid).kill()
    _await(lambda: supervisor.worker_pids() not in (before, []))
    given = clock.assessments
    _await(lambda: clock.assessments > given)
    return time.monotonic() - killed_at


def _await(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _READY_S
    while not happened():
        if time.monotonic() > deadline:
            raise ServiceError(f"the analysis did not resume within {_READY_S:.0f} s of its worker's death")
        time.sleep(_LOOK_S)


def _fed(role: str, packet: Packet, feed: Feed, clock: _Clock) -> None:
    if role == "applicant":
        clock.arrived(packet)
        feed.put(packet)


class _PipeApi(JoinApi):
    """The applicant's side of the service, over a pipe."""

    def __init__(self, pipe: Connection[Any, Any]) -> None:
        self._pipe = pipe

    async def open(self) -> dict[str, object]:
        return {"consent": {}}

    async def offer(self, sdp: str, page_key: str | None = None) -> str:
        self._pipe.send(sdp)
        return str(await asyncio.to_thread(self._pipe.recv))

    async def leave(self) -> None:
        return


def _applicant(edge: Connection[Any, Any], clip: Path, seconds: float) -> None:
    """The other process."""
    asyncio.run(_call(edge, clip, seconds))


async def _call(edge: Connection[Any, Any], clip: Path, seconds: float) -> None:
    async with SimulatedApplicant(_PipeApi(edge), Clip(clip, loop=True), loopback=True) as call:
        await call.play(seconds + _CONNECT_S)
