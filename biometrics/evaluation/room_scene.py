"""Simulated calls in which somebody else may speak: an applicant who answers and pauses, an officer who asks and is echoed.

Real speech (of a corpus with a folder a speaker), simulated rooms, levels, echo and whisper; both directions go through Opus. What is
said of them is simulated: no real household was recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from biometrics.evaluation.audio import through_opus
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from fraudmodel.signals import Span

OPUS_KBPS: Final = 24
APPLICANT_RMS: Final = 0.05
"""Level of the applicant's speech at the microphone."""
NOISE_DB: Final = -45.0
"""Background below the applicant's speech, of all that is simulated."""
_LPC_ORDER: Final = 18
_LPC_FRAME: Final = 512

Other = Literal["nobody", "speaks", "whispers", "noises"]
"""Who else is there; "noises" is nobody, but breaths, rustling and a keyboard."""
_Signal = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Room:
    """``rt60_s`` until reverberation has died away by 60 dB; ``direct_db`` direct sound over reverberation (DRR)."""

    rt60_s: float
    direct_db: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where the applicant speaks from: the ``room``, ``level_db`` of the speech as it usually is, ``noise_db`` the background likewise."""

    room: Room = Room(0.3, 10.0)
    level_db: float = 0.0
    noise_db: float = NOISE_DB


@dataclass(frozen=True, slots=True)
class Plan:
    """What happens in a call.

    ``other`` what somebody else does in the applicant's pauses, ``other_db`` relative to the applicant's speech; ``echo_db`` the
    officer's echo in the applicant's microphone likewise, None where a headset keeps it out, ``delay_s`` late; ``overlap`` whether the
    officer also talks while the applicant answers. The applicant is heard from ``place`` and through Opus at ``kbps``.
    """

    other: Other = "nobody"
    other_db: float = -10.0
    echo_db: float | None = None
    delay_s: float = 0.2
    overlap: bool = False
    seed: int = 0
    place: Place = Place()
    kbps: int = OPUS_KBPS


@dataclass(frozen=True, slots=True)
class Call:
    """``near`` (n,) the applicant's track and ``far`` (n,) the officer's, as the media edge gets them; who was heard when."""

    near: Samples
    far: Samples
    applicant: tuple[Span, ...]
    officer: tuple[Span, ...]
    other: tuple[Span, ...]


@dataclass(slots=True)
class _Tracks:
    near: list[_Signal] = field(default_factory=list)
    far: list[_Signal] = field(default_factory=list)
    other: list[_Signal] = field(default_factory=list)
    noise: list[_Signal] = field(default_factory=list)
    spans: dict[str, list[Span]] = field(
        default_factory=lambda: {"near": [], "far": [], "other": [], "noise": []}
    )
    length: int = 0

    def add(self, **parts: _Signal) -> None:
        """What is said at once; each begins now, and the next when all have ended."""
        longest = max(len(part) for part in parts.values())
        lines = (("near", self.near), ("far", self.far), ("other", self.other), ("noise", self.noise))
        for name, line in lines:
            part = parts.get(name, np.zeros(0))
            if np.any(part):
                start = self.length / SAMPLE_RATE_HZ
                self.spans[name].append(Span(start, start + len(part) / SAMPLE_RATE_HZ))
            line.append(np.pad(part, (0, longest - len(part))))
        self.length += longest


def make_call(
    applicant: Sequence[Samples], officer: Sequence[Samples], other: Sequence[Samples], plan: Plan
) -> Call:
    """A call of as many turns as the applicant has utterances. Officer and others begin anew when they have said all."""
    rng = np.random.default_rng(plan.seed)
    tracks = _Tracks()
    asks, helps = _Talker(officer, rng), _Talker(other, rng)
    tracks.add(near=np.zeros(_samples(1.0)))
    for answer in applicant:
        tracks.add(far=asks.say(rng.uniform(2.0, 4.0)))
        tracks.add(near=np.zeros(_samples(rng.uniform(0.6, 1.0) + plan.delay_s)))
        if plan.other == "noises":
            tracks.add(noise=_noise(rng))
        elif plan.other != "nobody":
            said = helps.say(rng.uniform(2.0, 3.5))
            tracks.add(other=_whispered(said, rng) if plan.other == "whispers" else said)
        tracks.add(near=np.zeros(_samples(rng.uniform(0.5, 1.5))))
        said = np.asarray(answer, np.float64)
        talk = asks.say(min(2.5, len(said) / SAMPLE_RATE_HZ)) if plan.overlap else np.zeros(1)
        tracks.add(near=levelled(said), far=talk)
    tracks.add(near=np.zeros(_samples(1.0)))
    return _mixed(tracks, plan, rng)


def _mixed(tracks: _Tracks, plan: Plan, rng: np.random.Generator) -> Call:
    lines = (tracks.near, tracks.far, tracks.other, tracks.noise)
    near, far, other, noise = (np.concatenate(line) for line in lines)
    sent = through_opus(np.asarray(APPLICANT_RMS * far, np.float32), OPUS_KBPS)
    sent = np.pad(sent, (0, max(0, len(near) - len(sent))))[: len(near)]
    mixed = 10 ** (plan.place.level_db / 20) * in_room(near, plan.place.room, rng)
    mixed += 10 ** (plan.other_db / 20) * in_room(other + noise, Room(0.5, 0.0), rng)
    if plan.echo_db is not None:
        mixed += 10 ** (plan.echo_db / 20) * _echo(
            np.asarray(sent / APPLICANT_RMS, np.float64), plan.delay_s, rng
        )
    mixed += 10 ** (plan.place.noise_db / 20) * pink(len(mixed), rng)
    heard = through_opus(np.asarray(np.clip(APPLICANT_RMS * mixed, -1, 1), np.float32), plan.kbps)
    spans = {name: tuple(given) for name, given in tracks.spans.items()}
    return Call(heard, np.asarray(sent, np.float32), spans["near"], spans["far"], spans["other"])


class _Talker:
    """Says stretches of a speaker's recordings, one after the other, at speech level 1."""

    def __init__(self, files: Sequence[Samples], rng: np.random.Generator) -> None:
        self._material = np.concatenate([_tight(each) for each in files]) if files else np.zeros(0)
        self._at = int(rng.integers(max(1, len(self._material))))

    def say(self, seconds: float) -> _Signal:
        count = _samples(seconds)
        if len(self._material) < count:
            return np.zeros(count)
        if self._at + count > len(self._material):
            self._at = 0
        said = self._material[self._at : self._at + count]
        self._at += count
        return levelled(np.asarray(said, np.float64))


def _noise(rng: np.random.Generator) -> _Signal:
    """A breath or two, clothes that rustle, or keys that are struck, at speech level 1."""
    kind = int(rng.integers(3))
    count = _samples(rng.uniform(1.5, 3.5))
    noise = rng.standard_normal(count)
    if kind == 0:
        shape = np.abs(np.sin(np.pi * np.arange(count) / _samples(rng.uniform(0.6, 1.5)))) ** 1.5
        low, high = rng.uniform(300, 600), rng.uniform(3000, 6000)
    elif kind == 1:
        shape = np.repeat(rng.uniform(0, 1, count // 800 + 1) ** 2, 800)[:count]
        low, high = 1500.0, 7000.0
    else:
        strokes = np.cumsum(rng.uniform(0.09, 0.3, 60)) * SAMPLE_RATE_HZ
        since = np.arange(count)[:, None] - strokes[None, strokes < count]
        shape = np.where(since >= 0, np.exp(-np.maximum(since, 0) / 60), 0.0).sum(axis=1)
        low, high = 800.0, 5000.0
    sos = butter(2, [low, high], "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    return levelled(np.asarray(shape * sosfilt(sos, noise), np.float64))


def levelled(samples: _Signal) -> _Signal:
    """Speech at a root mean square of 1 over its frames of 32 ms within 30 dB of the loudest."""
    frames = samples[: len(samples) // 512 * 512].reshape(-1, 512)
    powers = np.mean(frames**2, axis=1) if len(frames) else np.zeros(1)
    active = powers[powers > powers.max() * 1e-3]
    return samples / np.sqrt(active.mean()) if len(active) else samples


def in_room(samples: _Signal, room: Room, rng: np.random.Generator) -> _Signal:
    """Heard through a room: the direct sound and an exponentially decaying tail of noise (Polack 1988), the level kept."""
    length = _samples(room.rt60_s)
    decay = np.exp(-6.91 * np.arange(length) / max(length, 1))
    tail = rng.standard_normal(length) * decay
    tail[: _samples(0.002)] = 0.0
    tail *= 10 ** (-room.direct_db / 20) / np.sqrt(np.sum(tail**2))
    response = np.concatenate([[1.0], tail])
    response /= np.sqrt(np.sum(response**2))
    heard: _Signal = fftconvolve(samples, response)[: len(samples)]
    return heard


def _echo(sent: _Signal, delay_s: float, rng: np.random.Generator) -> _Signal:
    """From a small loudspeaker, which has no bass and gives in at its peaks, through the room to the microphone."""
    played = lfilter([1.0, -1.0], [1.0, -0.9], np.tanh(0.3 * sent) / 0.3)
    heard = in_room(np.asarray(played, np.float64), Room(0.4, 3.0), rng)
    rms = np.sqrt(np.mean(heard[np.abs(sent) > 1e-3] ** 2)) if np.any(np.abs(sent) > 1e-3) else 1.0
    late = _samples(delay_s)
    return np.concatenate([np.zeros(late), heard[: len(heard) - late]]) / max(float(rms), 1e-9)


def _whispered(samples: _Signal, rng: np.random.Generator) -> _Signal:
    """The same words without voice: noise through the vocal tract's resonances, frame by frame (LPC of pre-emphasised speech)."""
    emphasised = lfilter([1.0, -0.95], [1.0], samples)
    window, hop = np.hanning(_LPC_FRAME), _LPC_FRAME // 2
    out = np.zeros(len(samples))
    for start in range(0, len(samples) - _LPC_FRAME, hop):
        piece = emphasised[start : start + _LPC_FRAME] * window
        filtered = lfilter([1.0], _lpc(piece), rng.standard_normal(_LPC_FRAME))
        power = np.mean(piece**2) / max(float(np.mean(filtered**2)), 1e-12)
        out[start : start + _LPC_FRAME] += filtered * window * np.sqrt(power)
    return levelled(out)


def _lpc(piece: _Signal) -> _Signal:
    """Prediction polynomial by Levinson and Durbin's recursion."""
    lags = np.correlate(piece, piece, "full")[len(piece) - 1 : len(piece) + _LPC_ORDER]
    lags[0] = lags[0] * 1.0001 + 1e-9
    polynomial, error = np.array([1.0]), float(lags[0])
    for order in range(1, _LPC_ORDER + 1):
        reflection = -float(polynomial @ lags[order:0:-1]) / error
        padded = np.append(polynomial, 0.0)
        polynomial = padded + reflection * padded[::-1]
        error *= 1.0 - reflection**2
    return polynomial


def _tight(samples: Samples) -> Samples:
    """Without silence at either end."""
    frames = samples[: len(samples) // 512 * 512].reshape(-1, 512)
    powers = np.mean(np.square(frames, dtype=np.float64), axis=1)
    loud = np.flatnonzero(powers > powers.max() * 1e-3)
    return frames[loud[0] : loud[-1] + 1].ravel() if len(loud) else samples


def pink(count: int, rng: np.random.Generator) -> _Signal:
    """Noise that falls by 3 dB an octave, at a root mean square of 1."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1.0))
    noise = np.fft.irfft(spectrum, count)
    pink: _Signal = noise / np.sqrt(np.mean(noise**2))
    return pink


def _samples(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE_HZ)
