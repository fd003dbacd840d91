"""How loud each band of the sound is, in short even steps: what can be compared with a mouth's movement, and tells nobody's voice."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

STEP: Final = 256
"""Samples of one step."""
STEP_S: Final = STEP / SAMPLE_RATE_HZ
"""16 ms."""
BANDS_HZ: Final = (100.0, 300.0, 600.0, 1000.0, 1600.0, 2500.0, 4000.0)
"""Edges of the bands: the first formants, with which a mouth's opening goes (Chandrasekaran et al. 2009)."""
FLOOR_DB: Final = -90.0
"""Of full scale: quieter is as quiet."""
_WINDOW = np.hanning(STEP + 1)[:STEP]
_SCALE = float(STEP * np.sum(_WINDOW**2))
_BINS_HZ = np.fft.rfftfreq(STEP, 1.0 / SAMPLE_RATE_HZ)
_EDGES = np.searchsorted(_BINS_HZ, BANDS_HZ)


def levels_db(samples: Samples) -> NDArray[np.float64]:
    """(n, bands) dB of full scale in each whole `STEP` of 16 kHz mono samples; the rest is left out.

    Steps do not overlap: what a step holds does not depend on where the sound was cut into hops.
    """
    steps = samples[: len(samples) // STEP * STEP].reshape(-1, STEP).astype(np.float64)
    power = 2.0 * np.abs(np.fft.rfft(steps * _WINDOW, axis=1)) ** 2 / _SCALE
    bands = np.stack([power[:, a:b].sum(axis=1) for a, b in pairwise(_EDGES)], axis=1)
    return np.asarray(np.maximum(10.0 * np.log10(np.maximum(bands, 1e-12)), FLOOR_DB))
