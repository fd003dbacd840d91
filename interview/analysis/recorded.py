"""Analyse a recording from a file, or a recorded session again as it was analysed live."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from interview.analysis.observer import Observer
from interview.analysis.pipeline import Pipeline, Watch
from interview.analysis.protocol import AnalysisSpec, Output
from interview.analysis.senses import Parts
from interview.errors import MediaError
from interview.media.journal import Entry, FeedItem, Told
from interview.media.packets import Kind, Packet
from interview.media.recording import MediaInfo, probe, read_packets, read_recorded

_SHORT_S = 1.0
"""A file may end this long before the end that its header gives: the last frame lasts for a while too."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole recording's analysis. ``damage`` says, in a sentence, what of the file could not be analysed, else empty."""

    observer: Observer
    duration_s: float
    damage: str = ""


def analyse(
    path: Path,
    spec: AnalysisSpec,
    parts: Parts,
    *,
    told: Sequence[Told] = (),
    on_outputs: Callable[[list[Output]], None] = lambda outputs: None,
    on_progress: Callable[[float], None] = lambda t: None,
) -> Analysis:
    """Analyse a file at full rate. ``on_progress`` gets the media time reached, s.

    ``told`` are facts in order of media time: each is fed when the media reach it, those beyond the last packet at the end.

    Raises MediaError for a file that cannot be read at all; one that is damaged further on is assessed up to there.
    """
    observer = Observer()
    info = probe(path)
    pipeline = Pipeline(spec, parts, watch=observer.view)
    reached = _Reached(on_progress)
    broken = ""

    def give(outputs: list[Output]) -> None:
        observer.outputs(outputs)
        on_outputs(outputs)

    with closing(pipeline):
        try:
            for item in _with_facts(reached.following(read_packets(path)), told):
                give(pipeline.feed(item))
        except MediaError as error:
            if not reached.begun:
                raise
            broken = str(error)
        give(pipeline.finish())
    found = broken or _cut_short(path.name, info, reached.t), _unreadable(path.name, pipeline, reached)
    return Analysis(observer, reached.t, " ".join(filter(None, found)))


def _with_facts(packets: Iterable[Packet], told: Sequence[Told]) -> Iterator[Packet | Told]:
    """Each fact before the first packet at or after it. The same for the same file: packets come in its own order."""
    waiting = deque(told)
    for packet in packets:
        while waiting and waiting[0].t_ms <= packet.pts_ms:
            yield waiting.popleft()
        yield packet
    yield from waiting


def _cut_short(name: str, info: MediaInfo, reached_s: float) -> str:
    if info.duration_s is None or info.duration_s - reached_s <= _SHORT_S:
        return ""
    return (
        f"{name} ends at {reached_s:.1f} s, and its header promises {info.duration_s:.1f} s: "
        "it seems to be cut short."
    )


def _unreadable(name: str, pipeline: Pipeline, reached: _Reached) -> str:
    lost = [
        f"{count} of its {reached.packets[kind]} {kind} packets"
        for kind, count in pipeline.undecoded().items()
        if count
    ]
    return f"{name} is damaged: {' and '.join(lost)} could not be decoded." if lost else ""


def rerun(
    recording: Path,
    journal: Iterable[Entry],
    spec: AnalysisSpec,
    parts: Parts,
    *,
    officer: Path | None = None,
    finished: bool = True,
    watch: Watch | None = None,
) -> Iterator[Output]:
    """Analyse a recorded session again, exactly as its journal says that it was analysed live.

    ``officer`` is the officer's recording, whose sound the analysis may have had to take its echo out.

    ``finished`` False for a session whose live analysis was cut off before its end, by a server that died: then it
    has no last outputs. Raises MediaError where the recording lacks what the journal names.
    """
    yield from run(read_recorded(recording, journal, officer), spec, parts, finished=finished, watch=watch)


def run(
    items: Iterable[FeedItem],
    spec: AnalysisSpec,
    parts: Parts,
    *,
    finished: bool = True,
    watch: Watch | None = None,
) -> Iterator[Output]:
    """Feed the items to a pipeline of their own; give its outputs as they come."""
    pipeline = Pipeline(spec, parts, watch=watch)
    try:
        for item in items:
            yield from pipeline.feed(item)
        if finished:
            yield from pipeline.finish()
    finally:
        pipeline.close()


class _Reached:
    """How far the media have been read."""

    def __init__(self, on_progress: Callable[[float], None]) -> None:
        self.t = 0.0
        self.begun = False
        self.packets: dict[Kind, int] = {"video": 0, "audio": 0}
        self._on_progress = on_progress

    def following(self, packets: Iterable[Packet]) -> Iterator[Packet]:
        for packet in packets:
            self.begun = True
            self.packets[packet.kind] += 1
            yield packet
            if packet.t > self.t:
                self.t = packet.t
                self._on_progress(self.t)
