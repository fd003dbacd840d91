"""Encoded frames out of RTP payloads in order: whole VP8 frames that can be decoded, or a known loss. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from interview.media.reorder import Release
from interview.media.webm import is_keyframe


@dataclass(frozen=True, slots=True)
class Piece:
    """One RTP payload, without its payload descriptor. Empty where the packet was only padding.

    ``begins`` whether a frame begins with it; ``ends`` whether one ends with it (the marker bit).
    """

    timestamp: int
    payload: bytes
    begins: bool = True
    ends: bool = True


@dataclass(frozen=True, slots=True)
class Encoded:
    """A whole encoded frame or audio packet. ``timestamp`` RTP; ``after_loss`` whether some before it never came."""

    timestamp: int
    data: bytes
    keyframe: bool
    after_loss: bool = False


@dataclass(slots=True)
class VideoAssembly:
    """Frames from pieces. After a loss nothing is given until a keyframe: what lies between cannot be decoded."""

    waiting: bool = True
    """Whether only a keyframe will do."""
    dropped: int = 0
    """Whole frames that came but could not be decoded."""
    _parts: list[bytes] = field(default_factory=list)
    _timestamp: int | None = None
    _lost: bool = False

    def take(self, release: Release[Piece]) -> list[Encoded]:
        """Add the next piece; gives the frames that are whole with it."""
        piece = release.item
        if release.lost:
            self._lose()
        out: list[Encoded] = []
        if self._timestamp is not None and piece.payload and piece.timestamp != self._timestamp:
            out += self._finish()
        if piece.payload and (self._parts or piece.begins):
            self._timestamp = piece.timestamp
            self._parts.append(piece.payload)
        if piece.ends and self._parts and piece.timestamp == self._timestamp:
            out += self._finish()
        return out

    def _lose(self) -> None:
        self._parts.clear()
        self._timestamp = None
        self.waiting = self._lost = True

    def _finish(self) -> list[Encoded]:
        data, timestamp = b"".join(self._parts), self._timestamp
        self._parts.clear()
        self._timestamp = None
        keyframe = is_keyframe(data)
        if timestamp is None or not data or (self.waiting and not keyframe):
            self.dropped += 1
            return []
        after_loss, self._lost, self.waiting = self._lost, False, False
        return [Encoded(timestamp, data, keyframe, after_loss)]


@dataclass(slots=True)
class AudioAssembly:
    """Opus: every packet stands alone."""

    waiting: bool = False
    _lost: bool = False

    def take(self, release: Release[Piece]) -> list[Encoded]:
        """The packet itself; padding is only remembered for the loss before it."""
        self._lost |= release.lost > 0
        if not release.item.payload:
            return []
        after_loss, self._lost = self._lost, False
        return [Encoded(release.item.timestamp, release.item.payload, keyframe=True, after_loss=after_loss)]


def opus_duration_ms(data: bytes) -> float:
    """How long an Opus packet plays, from its table-of-contents byte (RFC 6716 section 3.1)."""
    if not data:
        return 0.0
    config, code = data[0] >> 3, data[0] & 3
    if config < 12:
        frame_ms = (10.0, 20.0, 40.0, 60.0)[config & 3]
    elif config < 16:
        frame_ms = (10.0, 20.0)[config & 1]
    else:
        frame_ms = (2.5, 5.0, 10.0, 20.0)[config & 3]
    if code == 3:
        return frame_ms * (data[1] & 0x3F) if len(data) > 1 else 0.0
    return frame_ms * (1 if code == 0 else 2)
