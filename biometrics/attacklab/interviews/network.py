"""The network of an interview: how much of it arrives. Pictures as VP8, sound as Opus, both with what was lost marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

import av
import numpy as np

from biometrics.attacklab.channel import Channel, Loss
from biometrics.attacklab.clip import Samples

Quality = Literal["good", "fair", "poor"]
NETWORKS: Final[tuple[Quality, ...]] = ("good", "fair", "good", "poor", "good", "fair")
"""Drawn in turn."""
_KBPS: Final[dict[Quality, tuple[int, int]]] = {"good": (900, 2500), "fair": (400, 900), "poor": (150, 400)}
_LOSSES: Final[dict[Quality, tuple[int, int]]] = {"good": (0, 1), "fair": (0, 3), "poor": (2, 6)}
"""Stretches of video lost, at least and less than."""
_SOUND_LOST: Final[dict[Quality, float]] = {"good": 0.0, "fair": 0.004, "poor": 0.015}
"""Share of sound packets that begin a loss; each takes one to three of them."""
_OPUS_KBPS: Final[dict[Quality, tuple[int, int]]] = {"good": (24, 33), "fair": (20, 29), "poor": (12, 21)}
_OPUS_HZ: Final = 48_000
_PACKET: Final = 960
PACKET_MS: Final = 20


@dataclass(frozen=True, slots=True)
class Network:
    """``video`` as the lab's channel has it; ``opus_kbps`` of speech; ``sound_lost`` share of its packets that begin a loss."""

    quality: Quality
    video: Channel
    opus_kbps: int
    sound_lost: float


@dataclass(frozen=True, slots=True)
class Sounded:
    """One Opus packet of 20 ms as it arrives: ``pts_ms``, its ``data``, ``lost_ms`` of sound lost before it."""

    pts_ms: int
    data: bytes
    lost_ms: int = 0


def draw_network(quality: Quality, duration_s: float, rng: np.random.Generator) -> Network:
    """A network of that quality."""
    kbps = round(float(np.exp(rng.uniform(*np.log(_KBPS[quality])))))
    count = int(rng.integers(*_LOSSES[quality]))
    times = np.sort(rng.uniform(0.5, max(0.6, duration_s - 1.0), count))
    losses = [Loss(round(float(at), 3), round(float(rng.uniform(0.08, 0.4)), 3)) for at in times]
    apart = [
        b for a, b in zip([Loss(-9.0, 0.0), *losses], losses, strict=False) if b.t > a.t + a.wait_s + 0.2
    ]
    opus = int(rng.integers(*_OPUS_KBPS[quality]))
    return Network(quality, Channel(kbps, tuple(apart)), opus, _SOUND_LOST[quality])


def sounded(samples: Samples, rate: int, kbps: int) -> tuple[Sounded, ...]:
    """Sound (m,) in -1..1 from 0 s on as a browser sends it: Opus for speech, in packets of 20 ms."""
    at = np.arange(round(len(samples) * _OPUS_HZ / rate)) * (rate / _OPUS_HZ)
    sound = np.interp(at, np.arange(len(samples)), samples) if len(samples) else np.zeros(0)
    whole = np.zeros(-(-len(sound) // _PACKET) * _PACKET)
    whole[: len(sound)] = sound
    pcm = (np.clip(whole, -1, 1) * 32767).astype(np.int16)[np.newaxis]
    encoder = _encoder(kbps)
    found: list[bytes] = []
    for start in range(0, pcm.shape[1], _PACKET):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(pcm[:, start : start + _PACKET]), "s16", "mono"
        )
        frame.sample_rate, frame.pts, frame.time_base = _OPUS_HZ, start, Fraction(1, _OPUS_HZ)
        found += [bytes(packet) for packet in encoder.encode(frame)]
    found += [bytes(packet) for packet in encoder.encode(None)]
    return tuple(Sounded(PACKET_MS * k, data) for k, data in enumerate(found))


def thinned(packets: Sequence[Sounded], lost: float, rng: np.random.Generator) -> tuple[Sounded, ...]:
    """What arrives of them."""
    return tuple(_arriving(packets, lost, rng))


def _arriving(packets: Sequence[Sounded], lost: float, rng: np.random.Generator) -> Iterator[Sounded]:
    gone = 0
    missing = 0
    for packet in packets:
        begins = rng.uniform() < lost
        gone = int(rng.integers(1, 4)) if begins and not gone else gone
        if gone:
            gone, missing = gone - 1, missing + PACKET_MS
            continue
        yield Sounded(packet.pts_ms, packet.data, missing)
        missing = 0


def _encoder(kbps: int) -> Any:  # noqa: ANN401 - PyAV's contexts have no full types
    encoder: Any = av.CodecContext.create("libopus", "w")
    encoder.sample_rate, encoder.layout, encoder.format = _OPUS_HZ, "mono", "s16"
    encoder.time_base = Fraction(1, _OPUS_HZ)
    encoder.bit_rate = kbps * 1000
    encoder.options = {"application": "voip", "frame_duration": "20"}
    encoder.open()
    return encoder
