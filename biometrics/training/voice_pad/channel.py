"""A call's way from the mouth, drawn anew for each stream, so that no channel tells people from machines."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
import soundfile
from scipy.signal import butter, fftconvolve, firwin2, lfilter, resample_poly, sosfilt

from biometrics.attacklab.speech.rooms import decaying
from biometrics.attacklab.speech.waves import Floats
from biometrics.evaluation.audio import through_opus
from biometrics.evaluation.room_scene import pink
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, resample

LEVEL: Final = 0.06
"""Root mean square of speech before the channel."""
MP3_RATES_HZ: Final = (16_000, 22_050, 44_100)
_CORNERS_HZ: Final = np.array([0.0, 80, 200, 500, 1000, 2000, 3500, 5000, 6500, 8000])
_TAPS: Final = 255


@dataclass(frozen=True, slots=True)
class Ways:
    """How often and how far a way is one of a room (reverberation in s, direct sound above it in dB), of noise (dB below the speech), of a
    microphone with a response of its own; and its bit rates, kbit/s, 0 for no codec."""

    roomy: float
    rt60_s: tuple[float, float]
    direct_db: tuple[float, float]
    noisy: float
    snr_db: tuple[float, float]
    coloured: float
    kbps: tuple[int, ...]


PLAIN: Final = Ways(0.25, (0.15, 0.5), (3.0, 14.0), 0.6, (15.0, 45.0), 0.4, (0, 16, 20, 24, 24, 32))
HARD: Final = Ways(0.45, (0.15, 0.6), (-2.0, 12.0), 1.0, (12.0, 42.0), 1.0, (16, 20, 24, 32))
HARD_SHARE: Final = 0.35


def carried(speech: Samples, rng: np.random.Generator) -> Samples:
    """16 kHz speech (n,) of `LEVEL` as a call brings it: room, noise, microphone, level, an odd start, Opus at 16-32 kbit/s."""
    ways = HARD if rng.random() < HARD_SHARE else PLAIN
    heard = np.asarray(speech, np.float64)
    if rng.random() < ways.roomy:
        room = decaying(float(rng.uniform(*ways.rt60_s)), float(rng.uniform(*ways.direct_db)), rng)
        heard = fftconvolve(heard, room)[: len(heard)]
    if rng.random() < ways.noisy:
        heard = heard + pink(len(heard), rng) * LEVEL * 10 ** (-rng.uniform(*ways.snr_db) / 20.0)
    if rng.random() < ways.coloured:
        heard = microphone(heard, rng)
    heard = heard * (rng.uniform(0.15, 0.85) / max(float(np.abs(heard).max()), 1e-9))
    kbps = int(rng.choice(ways.kbps))
    start = int(rng.integers(0, 512))
    called = heard[start:].astype(np.float32)
    return through_opus(called, kbps) if kbps else called


def published(speech: Samples, rng: np.random.Generator) -> Samples:
    """16 kHz speech (n,) as much of what there is of people was published: through MP3, at a drawn rate and compression; nearly as long as before.

    Speech corpora made of uploads (LibriSpeech, LJ Speech) have its holes in the spectrum, which a network otherwise takes for a machine's.
    """
    rate_hz = int(rng.choice(MP3_RATES_HZ))
    loud = np.asarray(speech * (0.6 / max(float(np.abs(speech).max(initial=0.0)), 1e-9)), np.float64)
    file = io.BytesIO()
    soundfile.write(
        file,
        resample_poly(loud, rate_hz, SAMPLE_RATE_HZ),
        rate_hz,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=float(rng.uniform(0.4, 0.95)),
    )
    file.seek(0)
    decoded, _ = soundfile.read(file, dtype="float32")
    return resample(np.ascontiguousarray(decoded, np.float32), rate_hz)


def microphone(heard: Floats, rng: np.random.Generator) -> Floats:
    """A response of its own; of four in ten an upper limit of 3.6-7.6 kHz; three in ten are driven too hard.

    The limits matter: generators have sample rates of their own, and without them a roll-off would give them away.
    """
    gains_db = np.cumsum(rng.normal(0.0, 1.5, len(_CORNERS_HZ)))
    gains_db -= gains_db.mean()
    gains_db[0] -= rng.uniform(6.0, 30.0)
    gains_db[1] -= rng.uniform(0.0, 12.0)
    response = 10 ** (np.clip(gains_db, -30.0, 8.0) / 20.0)
    made = lfilter(firwin2(_TAPS, _CORNERS_HZ / (SAMPLE_RATE_HZ / 2), response), 1.0, heard)
    if rng.random() < 0.4:
        order, limit_hz = int(rng.integers(2, 8)), float(rng.uniform(3600.0, 7600.0))
        made = sosfilt(butter(order, limit_hz, "low", fs=SAMPLE_RATE_HZ, output="sos"), made)
    if rng.random() < 0.3:
        made = np.tanh(made * rng.uniform(2.0, 6.0)) / 4.0
    return np.asarray(made)
