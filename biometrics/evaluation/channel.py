"""What lies between a mouth and the service: a microphone in its room, noise, and the call's codec."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from biometrics.evaluation.audio import through_opus
from biometrics.evaluation.room_scene import Room, in_room, levelled, pink
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

PHONE_ROOM = Room(rt60_s=0.4, direct_db=6.0)
"""A phone held before the face in a living room: the direct sound is 6 dB above the room's."""
PHONE_BAND_HZ = (250.0, 6800.0)
PHONE_PRESENCE_HZ = (2000.0, 4500.0)
PHONE_PRESENCE = 1.0
"""What the presence band adds to the sound, as a factor of it: 6 dB more at its middle."""
PEAK = 0.9
_SEED = 0


@dataclass(frozen=True, slots=True)
class Channel:
    """``opus_kbps`` bit rate of the call (None: as recorded); ``snr_db`` of active speech above added pink noise (None: none
    added); ``phone`` whether a small phone's microphone hears it, in a room."""

    opus_kbps: int | None = 32
    snr_db: float | None = None
    phone: bool = False

    def __str__(self) -> str:
        parts = ["as recorded" if self.opus_kbps is None else f"Opus {self.opus_kbps} kbit/s"]
        if self.snr_db is not None:
            parts.append(f"noise at {self.snr_db:g} dB")
        if self.phone:
            parts.append("phone microphone")
        return ", ".join(parts)

    def carry(self, samples: Samples) -> Samples:
        """16 kHz mono (n,) as it arrives. Noise and room are drawn from a fixed seed: the same samples give the same sound."""
        rng = np.random.default_rng(_SEED)
        if self.phone:
            samples = by_phone(samples, rng)
        if self.snr_db is not None:
            samples = with_noise(samples, self.snr_db, rng)
        return samples if self.opus_kbps is None else through_opus(samples, self.opus_kbps)


def by_phone(samples: Samples, rng: np.random.Generator) -> Samples:
    """Heard in a room by a microphone without bass, with the rise at 2-4.5 kHz that small ones have.

    The level of the band is kept, the rise adds to it: 6 dB at its middle.
    """
    signal = np.asarray(samples, np.float64)
    heard = in_room(signal, PHONE_ROOM, rng)
    band = sosfilt(butter(2, PHONE_BAND_HZ, "bandpass", fs=SAMPLE_RATE_HZ, output="sos"), heard)
    rise = sosfilt(butter(1, PHONE_PRESENCE_HZ, "bandpass", fs=SAMPLE_RATE_HZ, output="sos"), band)
    return _held((band + PHONE_PRESENCE * rise) * (_rms(signal) / max(_rms(band), 1e-12)))


def with_noise(samples: Samples, snr_db: float, rng: np.random.Generator) -> Samples:
    """With pink noise ``snr_db`` below the level of active speech."""
    signal = np.asarray(samples, np.float64)
    active = _rms(signal) / max(_rms(levelled(signal)), 1e-12)
    return _held(signal + active * 10 ** (-snr_db / 20) * pink(len(signal), rng))


def _held(signal: NDArray[np.float64]) -> Samples:
    """Brought down where it would clip."""
    peak = float(np.abs(signal).max(initial=0.0))
    return np.asarray(signal * min(1.0, PEAK / max(peak, 1e-12)), np.float32)


def _rms(signal: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(signal**2))) if len(signal) else 0.0
