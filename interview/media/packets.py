"""The unit that moves: an encoded packet on the session's media clock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["video", "audio", "far"]
"""What a packet holds. ``far`` is the officer's sound on its way through the applicant's analysis; nowhere else is there such a kind."""


@dataclass(frozen=True, slots=True)
class Packet:
    """One encoded video frame or audio packet.

    ``pts_ms`` whole milliseconds on the session's media clock, unique within a kind: the clock ticks in milliseconds
    because the recording's container does, so that live and recorded packets are equal to the bit. Packets come in
    decoding order; live ones have no reordered frames, so there ``pts_ms`` also increases.
    ``codec`` is FFmpeg's decoder name (``vp8``, ``opus``, ``h264``, ``aac``...); ``extradata`` its out-of-band header,
    where it has one; ``lost_ms`` media of this kind known to be lost just before this packet.

    The last three come from a file's header, for what a live call never has: ``rotation_deg`` turns the picture
    clockwise for display (0, 90, 180 or 270); ``sample_rate_hz`` and ``channels`` describe sound whose packets do not
    (PCM), and are 0 elsewhere.
    """

    kind: Kind
    codec: str
    pts_ms: int
    keyframe: bool
    data: bytes
    extradata: bytes = b""
    lost_ms: int = 0
    rotation_deg: int = 0
    sample_rate_hz: int = 0
    channels: int = 0

    @property
    def t(self) -> float:
        """Seconds on the media clock."""
        return self.pts_ms / 1000.0
