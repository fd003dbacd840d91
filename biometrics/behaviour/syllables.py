"""How many syllables were spoken, without knowing the words: peaks of loudness with dips between them (de Jong & Wempe 2009).

From the levels of bands that the facts of "speech" carry, not from sound.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import find_peaks

DIP_DB: Final = 2.0
"""A peak stands out of the dips beside it by so much."""
BELOW_DB: Final = 25.0
"""Peaks this far below the loudest ones are no vowels."""
APART_S: Final = 0.1
"""Nobody speaks more than ten syllables a second."""
VOWELS: Final = slice(1, 5)
"""Bands of `voice.envelope` that are summed: 300 to 2500 Hz, where vowels are loud, and hum and fricatives are not."""
_LOUDEST: Final = 99.0
_SMOOTH = np.hanning(7)[1:-1] / np.hanning(7)[1:-1].sum()
"""Over five steps, 0.08 s: single periods of a low voice are no syllables."""

Floats = NDArray[np.float64]


def nuclei(levels_db: Floats, spoken: NDArray[np.bool_], step_s: float) -> int:
    """How many of the peaks of ``levels_db`` (n, bands) fall into speech, ``spoken`` (n,)."""
    if len(levels_db) < len(_SMOOTH) or not spoken.any():
        return 0
    power = np.sum(10.0 ** (levels_db[:, VOWELS] / 10.0), axis=1)
    smooth = 10.0 * np.log10(np.maximum(np.convolve(power, _SMOOTH, mode="same"), 1e-12))
    least = float(np.percentile(smooth[spoken], _LOUDEST)) - BELOW_DB
    peaks, _ = find_peaks(smooth, height=least, prominence=DIP_DB, distance=max(1, round(APART_S / step_s)))
    return int(spoken[peaks].sum())
