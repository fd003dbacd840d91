"""A file's packets, for any container and codec that FFmpeg reads: a recording of ours, a phone's MP4, a WAV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import av
import av.error

from interview.errors import MediaError
from interview.media.journal import Entry, FeedItem, Level, Restarted, Skipped, Told, Took
from interview.media.packets import Kind, Packet
from interview.media.side import WRITER, Side, side_of

_STILL: Final = ("tty", "image2", "_pipe", "srt", "ass", "webvtt", "gif", "apng", "concat", "hls")
"""FFmpeg opens pictures, subtitles and even plain text as media; none of them is a recording."""
_BARE_SOUND: Final = ("pcm_", "adpcm_")
_LATE_START_S: Final = 10.0
_REWIND_MS: Final = 60_000


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """``codec`` FFmpeg's name; size in px as coded, before any rotation; ``fps`` mean frames a second, None where
    the file does not say: a recorded call has no fixed rate."""

    codec: str
    width_px: int
    height_px: int
    fps: float | None


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """``codec`` FFmpeg's name."""

    codec: str
    sample_rate_hz: int
    channels: int


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What a file holds. ``duration_s`` None where the container does not say; ``side`` whose side of an interview it is, if it is one of ours."""

    container: str
    duration_s: float | None
    video: VideoInfo | None
    audio: AudioInfo | None
    side: Side | None = None


def probe(path: Path) -> MediaInfo:
    """What is in the file. Raises MediaError, with what is wrong, for one that holds no recording."""
    with closing(_open(path)) as container:
        video, audio = _streams(container)
        duration = container.duration
        return MediaInfo(
            container=str(container.format.name),
            duration_s=duration / av.time_base if duration and duration > 0 else None,
            video=_video_info(video, _is_ours(container)) if video is not None else None,
            audio=_audio_info(audio) if audio is not None else None,
            side=side_of(container.metadata, path),
        )


def read_packets(path: Path) -> Iterator[Packet]:
    """Every packet of the best video and the best audio stream, in the file's order, which is decoding order.

    A recording of ours is on its session's clock. Any other begins at 0 ms, or where it says if that is within its
    first ten seconds. Raises MediaError: at once for a file that holds no recording, after the last good packet for
    one that is damaged further on.
    """
    with closing(_open(path)) as container:
        streams = [stream for stream in _streams(container) if stream is not None]
        rotation_deg = _rotation_deg(path) if streams[0].type == "video" else 0
        numbering = {s.index: _Numbering(s, _offset_ms(container), rotation_deg) for s in streams}
        read = False
        for raw in _demux(container, streams, path):
            if raw.size:
                read = True
                yield numbering[raw.stream_index].packet(raw)
        if not read:
            raise MediaError(f"{path.name} has a media header but no media in it.")


def read_recorded(
    recording: Path, journal: Iterable[Entry], officer: Path | None = None
) -> Iterator[FeedItem]:
    """The recording's packets exactly as the journal says that the analysis took them. Raises MediaError where one is missing.

    ``officer`` is the officer's recording: its sound is wanted where the journal says that the analysis had it, else it is not opened.
    """
    library = _Library(read_packets(recording), recording.name)
    beside = _Library(read_far(officer), officer.name if officer else "The record")
    for entry in journal:
        match entry:
            case Took(kind, pts_ms, lost_ms):
                yield (beside if kind == "far" else library).take(kind, pts_ms, lost_ms)
            case Level() | Told() | Restarted():
                yield entry
            case Skipped():
                pass


def read_far(officer: Path | None) -> Iterator[Packet]:
    """The officer's sound, as the applicant's analysis takes it; none without a recording. Raises MediaError, as `read_packets`."""
    if officer is not None:
        for packet in read_packets(officer):
            if packet.kind == "audio":
                yield replace(packet, kind="far")


@dataclass(slots=True)
class _Library:
    """The packets read so far that a journal may still ask for: a minute of them, as a restart rewinds."""

    packets: Iterator[Packet]
    name: str
    _shelf: dict[Kind, dict[int, Packet]] = field(
        default_factory=lambda: {"video": {}, "audio": {}, "far": {}}
    )

    def take(self, kind: Kind, pts_ms: int, lost_ms: int) -> Packet:
        shelf = self._shelf[kind]
        while pts_ms not in shelf:
            packet = next(self.packets, None)
            if packet is None or packet.pts_ms > pts_ms + _REWIND_MS:
                raise MediaError(f"{self.name} has no {kind} packet at {pts_ms} ms, which its journal names.")
            self._shelf[packet.kind][packet.pts_ms] = packet
        for each in self._shelf.values():
            while each and (oldest := next(iter(each))) < pts_ms - _REWIND_MS:
                del each[oldest]
        return replace(shelf[pts_ms], lost_ms=lost_ms)


class _Numbering:
    """One stream's packets on the session clock: whole milliseconds, each once."""

    def __init__(self, stream: Any, offset_ms: float, rotation_deg: int) -> None:  # noqa: ANN401 - PyAV has no common typed stream
        self._kind: Kind = "video" if stream.type == "video" else "audio"
        self._codec = _codec_name(stream)
        self._extradata = bytes(stream.codec_context.extradata or b"")
        self._rotation_deg = rotation_deg if self._kind == "video" else 0
        bare = self._codec.startswith(_BARE_SOUND)
        self._sound = (
            (int(stream.codec_context.sample_rate), int(stream.codec_context.channels)) if bare else (0, 0)
        )
        self._tick_ms = float(stream.time_base * 1000)
        self._offset_ms = offset_ms
        self._step_ms = _step_ms(stream)
        self._recent: dict[int, None] = {}
        self._last_ms = -1

    def packet(self, raw: Any) -> Packet:  # noqa: ANN401
        return Packet(
            self._kind,
            self._codec,
            self._unique(self._time_ms(raw)),
            self._kind == "audio" or bool(raw.is_keyframe),
            bytes(raw),
            self._extradata,
            rotation_deg=self._rotation_deg,
            sample_rate_hz=self._sound[0],
            channels=self._sound[1],
        )

    def _time_ms(self, raw: Any) -> int:  # noqa: ANN401
        stamp = raw.pts if raw.pts is not None else raw.dts
        if stamp is None:
            return self._last_ms + self._step_ms if self._last_ms >= 0 else 0
        return max(0, round(float(stamp) * self._tick_ms - self._offset_ms))

    def _unique(self, time_ms: int) -> int:
        while time_ms in self._recent:
            time_ms += 1
        self._recent[time_ms] = None
        if len(self._recent) > 256:
            del self._recent[next(iter(self._recent))]
        self._last_ms = time_ms
        return time_ms


def _open(path: Path) -> Any:  # noqa: ANN401 - PyAV's container
    if path.is_dir():
        raise MediaError(f"{path} is a folder, not a recording.")
    if not path.exists():
        raise MediaError(f"There is no file {path}.")
    if not path.is_file():
        raise MediaError(f"{path} is a pipe or a device, not a recording: save it to a file first.")
    if path.stat().st_size == 0:
        raise MediaError(f"{path.name} is empty (0 bytes): the upload or the copy did not finish.")
    try:
        container = av.open(str(path), mode="r")
    except (av.error.FFmpegError, ValueError) as error:
        raise MediaError(f"{path.name} is not a recording that can be read: {_reason(error)}.") from error
    name = str(container.format.name)
    if any(part in name for part in _STILL):
        container.close()
        raise MediaError(
            f"{path.name} is not a recording of video or sound: it is a picture, subtitles or text."
        )
    return container


def _reason(error: Exception) -> str:
    if isinstance(error, av.error.InvalidDataError):
        return "it is damaged, its end is missing, or it is no media file"
    text = getattr(error, "strerror", None) or str(error)
    return str(text).strip().rstrip(".").lower() or type(error).__name__


def _demux(container: Any, streams: list[Any], path: Path) -> Iterator[Any]:  # noqa: ANN401
    at_s = 0.0
    try:
        for raw in container.demux(streams):
            if raw.dts is not None:
                at_s = float(raw.dts * raw.time_base)
            yield raw
    except av.error.FFmpegError as error:
        raise MediaError(f"{path.name} is damaged after {at_s:.1f} s: {_reason(error)}.") from error


def _streams(container: Any) -> tuple[Any, Any]:  # noqa: ANN401
    """The best video and audio stream; cover art is not video, and a stream without a decoder does not count."""
    video = audio = None
    with suppress(av.error.FFmpegError, AttributeError):
        video = container.streams.best("video")
    with suppress(av.error.FFmpegError, AttributeError):
        audio = container.streams.best("audio")
    if video is not None and (
        video.codec_context is None or video.disposition & av.stream.Disposition.attached_pic
    ):
        video = None
    if audio is not None and audio.codec_context is None:
        audio = None
    if video is None and audio is None:
        container.close()
        raise MediaError(
            f"{Path(container.name).name} holds neither video nor sound that can be decoded; use MP4, WebM, MOV or WAV."
        )
    return video, audio


def _codec_name(stream: Any) -> str:  # noqa: ANN401
    return str(stream.codec_context.codec.canonical_name)


def _rotation_deg(path: Path) -> int:
    """How far the picture is to be turned clockwise: phones record sideways and say so in the header.

    PyAV gives the header's matrix only with a decoded frame, so one is decoded, from a container of its own.
    """
    with closing(_open(path)) as container, suppress(av.error.FFmpegError, StopIteration):
        stream = container.streams.best("video")
        frame = next(container.decode(stream))
        return int(round(-frame.rotation / 90) * 90 % 360)
    return 0


def _is_ours(container: Any) -> bool:  # noqa: ANN401
    return bool(container.metadata.get("encoder") == WRITER)


def _offset_ms(container: Any) -> float:  # noqa: ANN401
    if _is_ours(container):
        return 0.0
    start_s = (container.start_time or 0) / av.time_base
    return start_s * 1000.0 if start_s < 0 or start_s > _LATE_START_S else 0.0


def _step_ms(stream: Any) -> int:  # noqa: ANN401
    if stream.type == "video":
        return round(1000 / float(stream.average_rate or 25))
    return 20


def _video_info(stream: Any, paced_by_arrival: bool) -> VideoInfo:  # noqa: ANN401
    rate = None if paced_by_arrival else stream.average_rate or stream.guessed_rate
    context = stream.codec_context
    return VideoInfo(_codec_name(stream), context.width, context.height, float(rate) if rate else None)


def _audio_info(stream: Any) -> AudioInfo:  # noqa: ANN401
    context = stream.codec_context
    return AudioInfo(_codec_name(stream), int(context.sample_rate), int(context.channels))
