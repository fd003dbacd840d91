"""A simulated interview as a pipeline is fed with it: in the order in which a live one would come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import merge
from itertools import pairwise
from typing import Final

import numpy as np

from biometrics.attacklab.channel import Coded
from biometrics.attacklab.interviews.network import PACKET_MS, Sounded, sounded
from biometrics.attacklab.interviews.recording import Recording
from biometrics.attacklab.sources import AUDIO_HZ
from biometrics.evaluation.lab.scoring_pool import TOLD_LATE_S
from interview.media.journal import FeedItem, Told
from interview.media.packets import Packet
from interview.media.transport import PERIOD_S, TransportReport

_TICKS_PER_MS: Final = 90
_AT_ONCE: Final = frozenset({"page", "transport", "past"})
_OFFICER_KBPS: Final = 24

Timed = tuple[float, int, FeedItem]
"""When it is known (ms), which of several at that time, the item."""


def items(recording: Recording, *, edge: bool = True, officer: bool = True) -> Iterator[FeedItem]:
    """Its packets and facts. ``edge`` whether the media edge reports; ``officer`` whether there is the officer's track, who says nothing."""
    end_ms = max([0, *(each.pts_ms for each in recording.video), *(each.pts_ms for each in recording.sound)])
    told = [*_told(recording), *(_edge(recording, end_ms) if edge else ())]
    silence = _silence(end_ms / 1000.0) if officer else ()
    streams: tuple[Iterator[Timed], ...] = (
        ((each.pts_ms, 0, _video(each)) for each in recording.video),
        ((each.pts_ms + PACKET_MS, 1, _sound("audio", each)) for each in recording.sound),
        ((each.pts_ms + PACKET_MS, 2, _sound("far", each)) for each in silence),
        iter(sorted(told, key=lambda each: each[:2])),
    )
    for _, _, item in merge(*streams, key=lambda each: each[:2]):
        yield item


def _video(coded: Coded) -> Packet:
    return Packet("video", "vp8", coded.pts_ms, coded.keyframe, coded.data, lost_ms=coded.lost_ms)


def _sound(kind: str, heard: Sounded) -> Packet:
    return Packet(
        "far" if kind == "far" else "audio", "opus", heard.pts_ms, True, heard.data, lost_ms=heard.lost_ms
    )


def _silence(duration_s: float) -> Sequence[Sounded]:
    return sounded(np.zeros(round(duration_s * AUDIO_HZ), np.float32), AUDIO_HZ, _OFFICER_KBPS)


def _told(recording: Recording) -> Iterator[Timed]:
    """Facts of the page and of the interview; those of a challenge as late as a page's reports arrive."""
    for number, fact in enumerate(recording.facts):
        late_s = 0.0 if fact["topic"] in _AT_ONCE else TOLD_LATE_S
        told = Told(fact["topic"], round(1000 * fact["t"]), fact["values"])
        yield 1000 * (fact["t"] + late_s), 3 + number, told


def _edge(recording: Recording, end_ms: int) -> Iterator[Timed]:
    """What the media edge reports of the packets every ten seconds. An interview this short tells nothing of clocks."""
    span_ms = round(1000 * PERIOD_S)
    for until in range(span_ms, end_ms + 1, span_ms):
        part = [each for each in recording.video if until - span_ms <= each.pts_ms < until]
        size = sum(len(each.data) for each in part)
        size += sum(len(each.data) for each in recording.sound if until - span_ms <= each.pts_ms < until)
        steps = tuple(_TICKS_PER_MS * (b.pts_ms - a.pts_ms) for a, b in pairwise(part) if not b.lost_ms)
        report = TransportReport(until / 1000, PERIOD_S, steps, 8 * size / span_ms, None, None, 0)
        yield until, 2, Told("transport", until, report.values())
