"""Renders on disk: a WebM of the packets that arrived, and a JSON beside it that says how they were made.

The JSON is written last and at once: a render whose JSON is there is whole. The same plan gives the same files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import av.error
import numpy as np
import orjson

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.catalogue import species_named
from biometrics.attacklab.channel import MILLISECOND, Coded, decoded, draw_channel, encode
from biometrics.attacklab.clip import Clip, Samples
from biometrics.attacklab.plan import Render
from biometrics.attacklab.species import Rendered, Scene
from biometrics.errors import EvaluationError
from biometrics.media import AudioChunk, Frame

LAB_VERSION = 3
"""Counts up whenever the same seed renders something else, of whatever species: what an older lab made is made again."""
_OPUS_HZ = 48_000
_LOW_KBPS, _HIGH_KBPS = 16, 32
"""Of speech in a call."""
HEARD_HZ = 16_000


@dataclass(frozen=True, slots=True)
class Stored:
    """One render on disk.

    ``subject`` whom the interview is with, ``other`` whoever else is shown (the same where nobody); ``kbps`` target bit
    rate; ``fps`` mean rate of the camera; ``light`` and ``ita`` of the scene; ``truth`` the species' ground truth;
    ``lost_ms`` video lost before the packet at each of these times; ``version`` of the lab and ``revision`` of the species that
    made it; ``dubbed`` as of its clip; ``path`` of its WebM.
    """

    path: Path
    name: str
    species: str
    family: str
    renderer: str
    split: str
    subject: str
    other: str
    source: str
    seed: int
    kbps: int
    fps: float
    duration_s: float
    light: float
    ita: float | None
    size: tuple[int, int]
    camera: Mapping[str, Any]
    channel: Mapping[str, Any]
    truth: Mapping[str, Any]
    lost_ms: Mapping[str, int]
    version: int
    revision: int = 1
    dubbed: bool = False

    def packets(self) -> Iterator[Coded]:
        """Its coded video. Raises EvaluationError where the file is gone or damaged."""
        try:
            with av.open(str(self.path)) as container:
                for packet in container.demux(video=0):
                    if packet.size and packet.pts is not None and packet.time_base is not None:
                        ms = round(packet.pts * packet.time_base * 1000)
                        yield Coded(ms, packet.is_keyframe, bytes(packet), self.lost_ms.get(str(ms), 0))
        except av.error.FFmpegError as error:
            raise EvaluationError(
                f"{self.path}: this render cannot be read ({error}), delete it and render again"
            ) from error

    def frames(self) -> Iterator[Frame]:
        """What the service would see of it."""
        return decoded(self.packets())

    def sound(self) -> Iterator[AudioChunk]:
        """What the service would hear of it. Raises EvaluationError where the file is gone or damaged."""
        try:
            yield from sound_of(self.path)
        except av.error.FFmpegError as error:
            raise EvaluationError(
                f"{self.path}: this render cannot be read ({error}), delete it and render again"
            ) from error


def stored(folder: Path) -> Iterator[Stored]:
    """Every whole render in a folder, by name. Whatever else lies there, reports for one, is passed over."""
    for path in sorted(folder.glob("*.webm")):
        described = path.with_suffix(".json")
        if described.exists():
            yield _read(described)


def done(render: Render, folder: Path) -> bool:
    """Whether a render is there, made by this version of the lab from the same seed."""
    path = folder / f"{render.name}.json"
    if not (path.exists() and path.with_suffix(".webm").exists()):
        return False
    kept = _read(path)
    wanted = (LAB_VERSION, species_named(render.species).revision, render.seed, render.source)
    return (kept.version, kept.revision, kept.seed, kept.source) == wanted


def make(render: Render, clips: Mapping[str, Clip], folder: Path) -> Path:
    """Render, send, and write it; gives the WebM's path. ``clips`` by source name."""
    clip = clips[render.source]
    rng = np.random.default_rng((render.seed, 1))
    camera = draw_camera(rng, render.fps, render.light)
    others = tuple(clips[name] for name in render.others)
    scene = Scene(clip, others, rng, render.renderer, render.fps, render.duration_s, camera, render.size)
    species = species_named(render.species)
    rendered = species.render(scene)
    channel = draw_channel(np.random.default_rng((render.seed, 2)), float(rendered.t[-1]))
    packets = encode(rendered.frames, rendered.t, channel)
    opus_kbps = int(np.random.default_rng((render.seed, 3)).integers(_LOW_KBPS, _HIGH_KBPS + 1))
    path = folder / f"{render.name}.webm"
    _write_webm(path, packets, rendered, opus_kbps)
    fps = (len(rendered.t) - 1) / float(rendered.t[-1])
    kept = {
        **{
            name: value
            for name, value in asdict(render).items()
            if name not in ("others", "fps", "duration_s", "size")
        },
        "other": rendered.truth.get("other", render.subject),
        "kbps": channel.kbps,
        "fps": round(fps, 3),
        "duration_s": round(float(rendered.t[-1]), 3),
        "size": rendered.frames.shape[1:3],
        "ita": clip.ita_deg,
        "camera": camera.truth(),
        "channel": channel.truth() | {"opus_kbps": opus_kbps},
        "truth": dict(rendered.truth),
        "lost_ms": {str(packet.pts_ms): packet.lost_ms for packet in packets if packet.lost_ms},
        "version": LAB_VERSION,
        "revision": species.revision,
        "dubbed": clip.dubbed,
    }
    _replace(
        path.with_suffix(".json"), orjson.dumps(kept, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY)
    )
    return path


def sound_of(path: Path) -> Iterator[AudioChunk]:
    """A file's first sound track as 16 kHz mono, from 0 s on; nothing where it has none. Raises FFmpegError."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return
        resampler = av.AudioResampler(format="flt", layout="mono", rate=HEARD_HZ)
        at = 0
        for coded in container.decode(audio=0):
            for part in resampler.resample(coded):
                samples = np.ascontiguousarray(part.to_ndarray()[0], dtype=np.float32)
                yield AudioChunk(at / HEARD_HZ, samples, HEARD_HZ)
                at += len(samples)


def _read(path: Path) -> Stored:
    try:
        kept = orjson.loads(path.read_bytes())
        return Stored(**{**kept, "path": path.with_suffix(".webm"), "size": tuple(kept["size"])})
    except (orjson.JSONDecodeError, TypeError, KeyError) as error:
        raise EvaluationError(f"{path} describes no render of this lab: {error}") from error


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.part")
    partial.write_bytes(data)
    partial.replace(path)


def _write_webm(path: Path, packets: Sequence[Coded], rendered: Rendered, opus_kbps: int) -> None:
    """Mux the packets as they are, and the sound as Opus: of whatever species, the same codec in the same way."""
    partial = path.with_name(f"{path.name}.part")
    with av.open(str(partial), "w", format="webm") as out:
        height, width = rendered.frames.shape[1:3]
        video: Any = out.add_mux_stream("vp8", width=width, height=height, time_base=MILLISECOND)
        sound: Any = (
            out.add_stream("libopus", rate=_OPUS_HZ, layout="mono") if rendered.audio is not None else None
        )
        for coded in packets:
            packet: Any = av.Packet(coded.data)
            packet.stream, packet.time_base = video, MILLISECOND
            packet.pts = packet.dts = coded.pts_ms
            packet.is_keyframe = coded.keyframe
            out.mux(packet)
        if sound is not None and rendered.audio is not None:
            sound.bit_rate = opus_kbps * 1000
            sound.options = {"application": "voip", "frame_duration": "20"}
            for packet in _opus(sound, rendered.audio, rendered.sample_rate):
                out.mux(packet)
    partial.replace(path)


def _opus(stream: Any, samples: Samples, rate: int) -> Iterator[Any]:  # noqa: ANN401 - PyAV's streams have no full types
    at = np.arange(round(len(samples) * _OPUS_HZ / rate)) * (rate / _OPUS_HZ)
    sound = np.interp(at, np.arange(len(samples)), samples)
    pcm = (np.clip(sound, -1, 1) * 32767).astype(np.int16)[np.newaxis]
    frame = av.AudioFrame.from_ndarray(pcm, format="s16", layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = _OPUS_HZ, 0, Fraction(1, _OPUS_HZ)
    yield from stream.encode(frame)
    yield from stream.encode(None)
