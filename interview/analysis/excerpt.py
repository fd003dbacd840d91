"""A short span of a recording, decoded and seen again: from the keyframe before it, never from the beginning."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from biometrics.media import Frame
from biometrics.views import FaceView
from interview.analysis.cadence import Cadence
from interview.analysis.decode import VideoDecoder
from interview.analysis.senses import Parts
from interview.media.recording import read_packets

LEAD_S: Final = 0.5
"""The face is looked for so long before the span: landmarks settle over a few frames."""


def views_between(recording: Path, start_s: float, end_s: float, parts: Parts) -> Iterator[FaceView]:
    """What is seen in the frames of a span, at most 30 a second, in order of time. Raises MediaError where nothing can be read."""
    with closing(parts.face(parts.hub)) as face:
        for frame in frames_between(recording, start_s - LEAD_S, end_s):
            view = face.observe(frame)
            if view.t >= start_s:
                yield view


def frames_between(recording: Path, start_s: float, end_s: float) -> Iterator[Frame]:
    """The frames of a span, at most 30 a second. Raises MediaError."""
    cadence, from_ms = Cadence(), _keyframe_before(recording, start_s)
    decoder = VideoDecoder(lambda ms: start_s * 1000 <= ms <= end_s * 1000 and cadence.due(ms))
    for packet in read_packets(recording):
        if packet.kind != "video" or packet.pts_ms < from_ms:
            continue
        if packet.t > end_s:
            break
        yield from decoder.feed(packet)
    yield from decoder.finish()


def _keyframe_before(recording: Path, t: float) -> int:
    """The time of the last keyframe at or before ``t``, ms; 0 where there is none."""
    last_ms = 0
    for packet in read_packets(recording):
        if packet.kind == "video":
            if packet.t > t:
                break
            if packet.keyframe:
                last_ms = packet.pts_ms
    return last_ms
