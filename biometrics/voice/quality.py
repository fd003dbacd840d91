"""Whether speech is good enough to be compared, and how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10

import numpy as np

from biometrics.voice.features import Samples, rolloff_hz
from biometrics.voice.segments import SpeechWindow
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Reason

CLIP_LEVEL = 0.99
LOST = 0.05
"""A window that lost more than this share of its media is not compared."""
WIDEBAND_HZ = 4300.0
"""Roll-off from which speech is more than a telephone's. Windows of 3 s of the 10 speakers of LibriSpeech test-other in simulated rooms:
of 1861 through Opus at 12 to 32 kbit/s, in noise and far from the microphone, none is below 4640 Hz; of 1019 that were sampled at 8 kHz
on the way, or coded at 6 or 8 kbit/s, none is above 4130 Hz."""
SNR_CEILING_DB = 60.0
SNR_FLOOR_DB = -20.0

_QUIETEST_PERCENT = 5
_FULL_QUALITY_SNR_DB = 30.0
_LEAST_QUALITY = 0.1


@dataclass(frozen=True, slots=True)
class SpeechQuality:
    """What was measured on speech-only samples.

    ``net_speech_s`` speech without its pauses; ``snr_db`` in -20..60; ``clipped`` share of samples at full scale, 0..1;
    ``rolloff_hz`` 95 % roll-off.
    """

    net_speech_s: float
    snr_db: float
    clipped: float
    rolloff_hz: float


@dataclass(frozen=True, slots=True)
class SpeechGate:
    """The least that a comparison asks of speech; ``clipped`` is the most."""

    net_speech_s: float
    snr_db: float
    clipped: float = 0.005
    rolloff_hz: float = WIDEBAND_HZ


VERIFY = SpeechGate(net_speech_s=3.0, snr_db=8.0)
ENROL = SpeechGate(net_speech_s=8.0, snr_db=12.0)


def measure(speech: Samples, noise_power: float | None) -> SpeechQuality:
    """Measure speech-only samples (n,). ``noise_power`` is the background's mean square; None where none was heard."""
    return SpeechQuality(
        net_speech_s=len(speech) / VAD_FRAME * FRAME_S,
        snr_db=snr_db(speech, noise_power),
        clipped=float(np.mean(np.abs(speech) >= CLIP_LEVEL)) if len(speech) else 0.0,
        rolloff_hz=rolloff_hz(speech),
    )


def snr_db(speech: Samples, noise_power: float | None) -> float:
    """10 log10((speech - noise) / noise), held in -20..60 dB.

    Speech frames hold noise too, which is why it is taken off. Without any background, the quietest 5 % of the speech
    frames stand for it: they are no quieter than the noise, so the ratio is rather too low than too high.
    """
    frames = speech[: len(speech) // VAD_FRAME * VAD_FRAME].reshape(-1, VAD_FRAME)
    if not len(frames):
        return SNR_FLOOR_DB
    powers = np.mean(np.square(frames, dtype=np.float64), axis=1)
    noise = float(np.percentile(powers, _QUIETEST_PERCENT)) if noise_power is None else noise_power
    clean = float(powers.mean()) - noise
    if clean <= 0:
        return SNR_FLOOR_DB
    if noise <= 0:
        return SNR_CEILING_DB
    return min(SNR_CEILING_DB, max(SNR_FLOOR_DB, 10.0 * log10(clean / noise)))


def examine(window: SpeechWindow, gate: SpeechGate = VERIFY) -> SpeechQuality | Reason:
    """Measure a window; give the reason where it is not good enough to be compared."""
    quality = measure(window.samples, window.noise_power)
    if window.lost > LOST:
        return Reason.MEDIA_LOST
    return refuse(quality, gate) or quality


def refuse(quality: SpeechQuality, gate: SpeechGate) -> Reason | None:
    """Why the gate does not let this speech through, the most telling reason first; None lets it through."""
    checks = (
        (quality.net_speech_s < gate.net_speech_s, Reason.NOT_ENOUGH_SPEECH),
        (quality.clipped >= gate.clipped, Reason.CLIPPED),
        (quality.snr_db < gate.snr_db, Reason.NOISY),
        (quality.rolloff_hz < gate.rolloff_hz, Reason.NARROWBAND),
    )
    return next((reason for failed, reason in checks if failed), None)


def grade(quality: SpeechQuality) -> float:
    """How much to trust a comparison, 0.1..1: it grows with the SNR and is full from 30 dB on."""
    return min(1.0, max(_LEAST_QUALITY, quality.snr_db / _FULL_QUALITY_SNR_DB))
