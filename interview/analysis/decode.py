"""Encoded packets to frames and sound on the media clock.

One decoder per kind and session. The same packets give the same media to the bit: decoders run on one thread, so no
frame depends on scheduling. What cannot be decoded is reported as lost time, never invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from biometrics.media import AudioChunk, Frame
from interview.media.packets import Packet

SAMPLE_RATE = 16_000
"""What every voice analytic hears, Hz."""

_AUDIO_SLACK_S = 0.060
"""Audio timestamps may stray this far from the count of samples before that counts as a gap."""

_MILLISECOND = Fraction(1, 1000)


class UndecodableError(ValueError):
    """There is no decoder for this codec. The sentence names it."""


class VideoDecoder:
    """Video packets to frames. ``due(pts_ms)`` says which frames are wanted; only those are converted to BGR."""

    def __init__(self, due: Callable[[int], bool]) -> None:
        self._due = due
        self._source = ("", b"")
        self._codec: Any = None
        self._index = 0
        self._quarter_turns = 0
        self._waiting = True
        self._lost_since_ms: int | None = None
        self._lost_s = 0.0
        self._coded_bytes = 0
        self.refused = 0
        """Packets and frames that could not be decoded, or only with damage, so far."""

    def feed(self, packet: Packet) -> Iterator[Frame]:
        """Decode one packet; give the frames that became ready and are due. Raises UndecodableError."""
        self._use(packet)
        if packet.lost_ms > 0:
            self._lose(packet.pts_ms - packet.lost_ms)
        if self._waiting:
            if not packet.keyframe:
                self.refused += 1
                self._lose(packet.pts_ms)
                return
            self._found(packet.pts_ms)
        self._coded_bytes += len(packet.data)
        try:
            frames = self._codec.decode(encoded(packet))
        except av.FFmpegError:
            self.refused += 1
            self._lose(packet.pts_ms)
            return
        yield from self._wanted(frames)

    def finish(self) -> Iterator[Frame]:
        """Give the frames that the decoder still held back for reordering."""
        if self._codec is None or self._waiting:
            return
        try:
            frames = self._codec.decode(None)
        except av.FFmpegError:
            return
        yield from self._wanted(frames)

    def _use(self, packet: Packet) -> None:
        source = (packet.codec, packet.extradata)
        if source != self._source:
            self._codec = _open(packet.codec, packet.extradata)
            self._source = source
            self._waiting = True
        self._quarter_turns = packet.rotation_deg // 90

    def _lose(self, since_ms: int) -> None:
        """From here to the next keyframe nothing can be decoded; what the decoder holds belongs to the past."""
        if self._lost_since_ms is None:
            self._lost_since_ms = since_ms
        if not self._waiting:
            self._waiting = True
            self._codec.flush_buffers()

    def _found(self, pts_ms: int) -> None:
        self._waiting = False
        if self._lost_since_ms is not None:
            self._lost_s += max(0, pts_ms - self._lost_since_ms) / 1000.0
            self._lost_since_ms = None

    def _wanted(self, frames: list[Any]) -> Iterator[Frame]:
        for frame in frames:
            index = self._index
            self._index += 1
            self.refused += frame.is_corrupt
            if frame.pts is None or frame.pts < 0 or frame.is_corrupt or not self._due(frame.pts):
                continue
            lost_s, self._lost_s = self._lost_s, 0.0
            coded_bytes, self._coded_bytes = self._coded_bytes, 0
            image = self._upright(frame.to_ndarray(format="bgr24"))
            yield Frame(frame.pts / 1000.0, index, image, lost_s, coded_bytes, bool(frame.key_frame))

    def _upright(self, image: NDArray[np.uint8]) -> NDArray[np.uint8]:
        return np.ascontiguousarray(np.rot90(image, -self._quarter_turns)) if self._quarter_turns else image


class AudioDecoder:
    """Audio packets to 16 kHz mono. Time is counted in samples from the first packet after a gap."""

    def __init__(self) -> None:
        self._source = ("", b"")
        self._codec: Any = None
        self._resampler: AudioResampler | None = None
        self._start_s: float | None = None
        self._received_s = 0.0
        self._given = 0
        self._lost_s = 0.0
        self._cut = 0
        self.refused = 0
        """Packets that could not be decoded so far."""

    def feed(self, packet: Packet) -> Iterator[AudioChunk]:
        """Decode one packet; give the sound that became ready. Raises UndecodableError."""
        yield from self._use(packet)
        yield from self._place(packet)
        try:
            frames = self._codec.decode(encoded(packet))
        except av.FFmpegError:
            self.refused += 1
            return  # the next packet lies ahead of the count of samples: the gap shows there
        for frame in frames:
            self._received_s += frame.samples / frame.sample_rate
            yield from self._resampled(frame)

    def finish(self) -> Iterator[AudioChunk]:
        """Give the last samples that the resampler held back."""
        yield from self._drain()

    def _use(self, packet: Packet) -> Iterator[AudioChunk]:
        source = (packet.codec, _audio_header(packet))
        if source != self._source:
            yield from self._drain()
            self._codec = _open(*source, packet)
            self._source = source

    def _place(self, packet: Packet) -> Iterator[AudioChunk]:
        """Keep the count of samples and the packet's timestamp together; mark what lies between them as lost."""
        if self._start_s is None:
            self._begin(packet.t, packet.lost_ms / 1000.0)
            return
        ahead_s = packet.t - (self._start_s + self._received_s)
        if packet.lost_ms > 0 or ahead_s > _AUDIO_SLACK_S:
            yield from self._drain()
            self._codec.flush_buffers()
            end_s = self._start_s + self._given / SAMPLE_RATE
            self._begin(max(packet.t, end_s), max(ahead_s, packet.lost_ms / 1000.0))
        elif ahead_s < -_AUDIO_SLACK_S:
            self._cut += round(-ahead_s * SAMPLE_RATE)
            self._received_s += ahead_s

    def _begin(self, t: float, lost_s: float) -> None:
        self._start_s = max(t, 0.0)
        self._cut = round(max(-t, 0.0) * SAMPLE_RATE)
        self._received_s = min(t, 0.0)
        self._given = 0
        self._lost_s += lost_s

    def _resampled(self, frame: Any) -> Iterator[AudioChunk]:  # noqa: ANN401 - PyAV has no types
        frame.pts = None  # the resampler must only count samples
        if self._resampler is None:
            self._resampler = AudioResampler(format="fltp", rate=SAMPLE_RATE)
        try:
            resampled = self._resampler.resample(frame)
        except ValueError:  # the stream changed its rate or layout
            yield from self._drain()
            yield from self._resampled(frame)
            return
        for piece in resampled:
            yield from self._chunk(_mono(piece))

    def _drain(self) -> Iterator[AudioChunk]:
        resampler, self._resampler = self._resampler, None
        if resampler is None:
            return
        for piece in resampler.resample(None):
            yield from self._chunk(_mono(piece))

    def _chunk(self, samples: NDArray[np.float32]) -> Iterator[AudioChunk]:
        cut = min(self._cut, len(samples))
        self._cut -= cut
        samples = np.ascontiguousarray(samples[cut:], dtype=np.float32)
        if len(samples) == 0 or self._start_s is None:
            return
        t = self._start_s + self._given / SAMPLE_RATE
        self._given += len(samples)
        lost_s, self._lost_s = self._lost_s, 0.0
        yield AudioChunk(t, samples, SAMPLE_RATE, lost_s)


def _audio_header(packet: Packet) -> bytes:
    """Opus needs its header only for surround sound: a live call has none, so its recording must not use one."""
    surround = len(packet.extradata) > 18 and packet.extradata[18] != 0
    return packet.extradata if packet.codec != "opus" or surround else b""


def _mono(piece: Any) -> NDArray[np.float32]:  # noqa: ANN401 - PyAV has no types
    """The mean of the channels: FFmpeg's own downmix would raise two equal channels by 3 dB, beyond full scale."""
    samples: NDArray[np.float32] = piece.to_ndarray().mean(axis=0, dtype=np.float32)
    return samples


def encoded(packet: Packet) -> Any:  # noqa: ANN401 - PyAV has no types
    """The packet for FFmpeg, with zeros behind it.

    PyAV would hand over our bytes as they lie. Decoders read a little too far: they would see what happens to be behind
    them in memory, and the same packets would give other media.
    """
    padded: Any = av.Packet(len(packet.data))
    padded.update(packet.data)
    padded.pts = packet.pts_ms
    padded.time_base = _MILLISECOND
    return padded


def _open(codec: str, extradata: bytes, sound: Packet | None = None) -> Any:  # noqa: ANN401 - PyAV has no types
    try:
        context: Any = av.CodecContext.create(codec, "r")
        context.thread_count = 1
        context.thread_type = "NONE"
        if extradata:
            context.extradata = extradata
        if sound is not None:
            _describe(context, sound)
        context.open()
    except (av.FFmpegError, ValueError) as error:
        raise UndecodableError(f"there is no decoder for {codec!r}, or its header is damaged") from error
    return context


def _describe(context: Any, sound: Packet) -> None:  # noqa: ANN401 - PyAV has no types
    """What a decoder of sound must be told when neither a header nor the packets say it."""
    if sound.codec == "opus":
        context.sample_rate = 48_000
        context.layout = "stereo"
    elif sound.sample_rate_hz:
        context.sample_rate = sound.sample_rate_hz
        context.layout = {1: "mono", 2: "stereo"}.get(sound.channels, f"{sound.channels}c")
