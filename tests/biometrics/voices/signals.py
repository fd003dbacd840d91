"""Sound whose truth is known: syllables of noise whose spectrum moves, as speech's does, and what a room makes of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from biometrics.views import FarView, SpeechView
from biometrics.voice.features import SAMPLE_RATE_HZ
from biometrics.voice.vad import VAD_FRAME
from fraudmodel.signals import Span

Sound = NDArray[np.float32]


def murmur(seconds: float, seed: int) -> Sound:
    """Speech-like noise (n,) at a root mean square of 0.05: a resonance that moves every 120 ms, syllables of random strength."""
    rng = np.random.default_rng(seed)
    piece = round(0.12 * SAMPLE_RATE_HZ)
    parts = []
    for _ in range(int(seconds / 0.12) + 1):
        spectrum = np.fft.rfft(rng.standard_normal(piece))
        hz = np.fft.rfftfreq(piece, 1 / SAMPLE_RATE_HZ)
        first, second = rng.uniform(250, 900), rng.uniform(900, 4500)
        gain = np.exp(-(((hz - first) / 200) ** 2)) + 0.7 * np.exp(-(((hz - second) / 500) ** 2)) + 0.01
        shape = np.hanning(piece) ** 0.25 * rng.uniform(0.1, 1.0)
        parts.append(shape * np.fft.irfft(spectrum * gain, piece))
    sound = np.concatenate(parts)[: round(seconds * SAMPLE_RATE_HZ)]
    return np.asarray(0.05 * sound / np.sqrt(np.mean(sound**2)), np.float32)


def background(seconds: float, seed: int = 3) -> Sound:
    """Steady noise 45 dB below a murmur."""
    rng = np.random.default_rng(seed)
    return np.asarray(
        0.05 * 10 ** (-45 / 20) * rng.standard_normal(round(seconds * SAMPLE_RATE_HZ)), np.float32
    )


def in_room(sound: Sound, seed: int, rt60_s: float = 0.3) -> Sound:
    """With a tail of reverberation."""
    rng = np.random.default_rng(seed)
    tail = rng.standard_normal(round(rt60_s * SAMPLE_RATE_HZ))
    tail *= np.exp(-6.91 * np.linspace(0, 1, len(tail)))
    response = np.concatenate([[1.0], 0.5 * tail / np.sqrt(np.sum(tail**2))])
    return np.asarray(np.convolve(sound, response)[: len(sound)], np.float32)


def delayed(sound: Sound, delay_s: float) -> Sound:
    """Later by so much, as long as before."""
    late = round(delay_s * SAMPLE_RATE_HZ)
    return np.concatenate([np.zeros(late, np.float32), sound[: len(sound) - late]])


def far_views(sound: Sound, start_s: float = 0.0) -> list[FarView]:
    """The officer's track in packets of 20 ms."""
    step = 320
    return [
        FarView(
            Span(start_s + at / SAMPLE_RATE_HZ, start_s + (at + len(sound[at : at + step])) / SAMPLE_RATE_HZ),
            sound[at : at + step],
            0.0,
        )
        for at in range(0, len(sound), step)
    ]


def speech_views(sound: Sound, loud: float = 5e-3) -> list[SpeechView]:
    """The applicant's track in hops of 0.512 s; a frame is speech where its root mean square is above ``loud``."""
    hop = 16 * VAD_FRAME
    views = []
    for at in range(0, len(sound) - hop + 1, hop):
        samples = sound[at : at + hop]
        rms = np.sqrt(np.mean(samples.reshape(-1, VAD_FRAME) ** 2, axis=1))
        span = Span(at / SAMPLE_RATE_HZ, (at + hop) / SAMPLE_RATE_HZ)
        views.append(SpeechView(span, samples, np.where(rms > loud, 0.95, 0.05).astype(np.float32), 0.0))
    return views
