"""A recording of a voice, played by a loudspeaker before the applicant's microphone."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, fftconvolve, sosfilt

from biometrics.attacklab.speech.loudspeaker import Loudspeaker, desk, phone
from biometrics.attacklab.speech.rooms import decaying, drawn_shoebox
from biometrics.attacklab.speech.waves import Floats, active_rms, as_loud
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples


def by_phone(samples: Samples, rng: np.random.Generator) -> Samples:
    """From a phone, in a room that answers with decaying noise."""
    return replayed(
        samples, phone(rng), decaying(float(rng.uniform(0.15, 0.6)), float(rng.uniform(0, 12)), rng), rng
    )


def by_desk(samples: Samples, rng: np.random.Generator) -> Samples:
    """From a small loudspeaker, in a room of mirror sources."""
    return replayed(samples, desk(rng), drawn_shoebox(rng), rng)


def replayed(samples: Samples, speaker: Loudspeaker, room: Floats, rng: np.random.Generator) -> Samples:
    """Samples (n,) from ``speaker`` through ``room`` (its impulse response) to a second microphone, at their level."""
    played = speaker.play(np.asarray(samples, np.float64))
    heard = fftconvolve(played, room)[: len(samples)]
    return as_loud(microphone(heard, rng), samples)


def microphone(samples: Floats, rng: np.random.Generator) -> Floats:
    """Another small microphone: a gentle slope of its own and the noise of its amplifier, 38 to 55 dB below the speech."""
    low, high = float(rng.uniform(60, 150)), float(rng.uniform(6500, 7900))
    band = butter(1, [low, high], "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
    noise = rng.standard_normal(len(samples)) * active_rms(samples) * 10 ** (-float(rng.uniform(38, 55)) / 20)
    return np.asarray(sosfilt(band, samples + noise))
