"""A small loudspeaker: no bass, no top, and a cone that gives in at its peaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.signal import butter, sosfilt

from biometrics.attacklab.speech.waves import Floats, active_rms
from biometrics.voice.features import SAMPLE_RATE_HZ

Curve = Literal["saturating", "lopsided"]


@dataclass(frozen=True, slots=True)
class Loudspeaker:
    """``low_hz`` and ``high_hz`` where it is 3 dB down; ``drive`` how far speech, at its active level, goes into the ``curve``.

    "saturating" bends both ways alike, which makes odd harmonics; "lopsided" makes even ones (a cone that is not centred).
    """

    low_hz: float
    high_hz: float
    drive: float
    curve: Curve

    def play(self, samples: Floats) -> Floats:
        """What it makes of samples (n,), at their level."""
        level = active_rms(samples)
        if level <= 0.0:
            return np.zeros(len(samples))
        pushed = samples / level * self.drive
        bent = (
            np.tanh(pushed) if self.curve == "saturating" else pushed + 0.3 * pushed**2 / (1 + np.abs(pushed))
        )
        band = butter(2, [self.low_hz, self.high_hz], "bandpass", fs=SAMPLE_RATE_HZ, output="sos")
        heard = np.asarray(sosfilt(band, bent - bent.mean()))
        return heard * (level / max(active_rms(heard), 1e-12))


def phone(rng: np.random.Generator) -> Loudspeaker:
    """That of a phone or a tablet."""
    return Loudspeaker(
        float(rng.uniform(450, 750)),
        float(rng.uniform(5000, 7500)),
        float(rng.uniform(0.15, 0.5)),
        "saturating",
    )


def desk(rng: np.random.Generator) -> Loudspeaker:
    """A small one on a desk."""
    return Loudspeaker(
        float(rng.uniform(150, 350)), float(rng.uniform(6500, 7800)), float(rng.uniform(0.1, 0.3)), "lopsided"
    )
