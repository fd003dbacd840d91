"""What a run of skin says about a pulse, and what else could have made it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.rppg.pulse import WINDOW_S, chrom, lgi, pos
from biometrics.rppg.skin_run import RATE_HZ, Skin
from biometrics.rppg.spectrum import Beat, Spectra, beat, coherence, snr_db, spectra, strength
from fraudmodel.signals import Reason

LEAST_S: Final = 20.0
LEAST_FPS: Final = 18.0
LEAST_KBPS: Final = 800.0
"""Below it what a codec leaves of a pulse says nothing: `candor evaluate rppg` has the curve."""
LEAST_PARTS: Final = 3
MOST_CLIPPED: Final = 0.2
AGREE_BPM: Final = 4.0
"""How close the three methods' rates lie where they found the same pulse."""
SHARED: Final = 0.8
"""Coherence with the background beyond which that may be what made the pulse. With `SHARED_DB`, 2 of 150 simulated runs beside
a quiet wall go beyond, all 150 beside one that flickers clearly, and 92 where its noise is a third more than its flicker
(`tests/biometrics/rppg/test_rates.py`)."""
MOVED: Final = 0.9
"""Coherence with the head's movement beyond which that may be what made the pulse."""
SHARED_STRENGTH: Final = 0.3
"""Of the background's beat beside the skin's, in amplitude: less cannot have made it."""
SHARED_DB: Final = -3.0
"""SNR that the background has to have of its own at the rate: its noise is coherent with anything now and then."""
MOVING: Final = 0.01
"""Amplitude of the head's movement near the rate, in distances of the eyes: less turns no cheek."""
CHANCE_DB: Final = 0.0
"""SNR that a pulse has to exceed. None of 400 simulated runs without one does so with agreeing methods (22 s, white
noise; `tests/biometrics/rppg/test_rates.py`)."""
PARTS: Final = {"forehead": (0, 1, 2), "cheek_right": (3, 4), "cheek_left": (5, 6), "lower": (7, 8)}
"""Rows of the skin regions that are taken together: single ones have too few pixels."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """One run's reading.

    ``beat`` of POS over all skin; ``agreement`` whether CHROM and LGI found the same rate; ``bpm_spread`` between the three;
    ``coherence`` mean over pairs of parts, 0..1; ``lag_s`` standard deviation of the parts' lags; ``background`` coherence
    with it, 0..1, None where there is none; ``moving`` coherence with the head's movement.
    """

    beat: Beat
    bpm_spread: float
    coherence: float
    lag_s: float
    background: float | None
    moving: float

    @property
    def agreement(self) -> bool:
        """Whether POS, CHROM and LGI found the same rate."""
        return self.bpm_spread <= AGREE_BPM

    @property
    def found(self) -> bool:
        """Whether there is a pulse at all: the three agree on a rate that is stronger than chance."""
        return self.agreement and self.beat.snr_db > CHANCE_DB

    @property
    def score(self) -> float:
        """Of a pulse that was found: the stronger and the more coherent, the further below 0. 0 for none."""
        return -(self.beat.snr_db - CHANCE_DB) / 10.0 * self.coherence if self.found else 0.0


def read(skin: Skin) -> Pulse | Reason:
    """The pulse of a run, or why it cannot be read."""
    return unfit(skin) or measure(skin)


def measure(skin: Skin) -> Pulse | Reason:
    """The pulse of a run, however short or badly coded it is; why not, where there is no pulse to find or another cause."""
    parts = np.stack([mean_skin(skin.regions[:, rows]) for rows in PARTS.values()], axis=1)
    seen = np.isfinite(parts[0, :, 0])
    if skin.duration_s < 2.0 * WINDOW_S:
        return Reason.NOT_YET
    if seen.sum() < LEAST_PARTS:
        return Reason.FACE_TURNED
    face = mean_skin(skin.regions)
    if float(np.ptp(face, axis=0).max()) < _FROZEN:
        return Reason.STILL_SCENE
    pulse = _measure(skin, face, parts[:, seen])
    return Reason.STILL_SCENE if pulse is None else _explained(pulse) or pulse


def unfit(skin: Skin) -> Reason | None:
    """Why a run is not worth reading."""
    checks = (
        (skin.duration_s < LEAST_S, Reason.NOT_YET),
        (skin.fps < LEAST_FPS, Reason.LOW_FRAME_RATE),
        (skin.kbps is not None and skin.kbps < LEAST_KBPS, Reason.LOW_BITRATE),
        (skin.clipped > MOST_CLIPPED, Reason.TOO_BRIGHT),
    )
    return next((reason for failed, reason in checks if failed), None)


def _measure(skin: Skin, face: NDArray[np.float64], parts: NDArray[np.float64]) -> Pulse | None:
    beside = skin.background if np.isfinite(skin.background[0, 0]) else None
    columns = [face[:, np.newaxis], parts] + ([] if beside is None else [beside[:, np.newaxis]])
    pulses = pos(np.concatenate(columns, axis=1), RATE_HZ)
    others = np.stack([chrom(face, RATE_HZ), lgi(face)], axis=1)
    moves = skin.place - skin.place.mean(axis=0)
    found = spectra(np.concatenate([pulses, others, moves], axis=1), RATE_HZ)
    main = beat(found, 0)
    if main is None:
        return None
    count = parts.shape[1]
    first_other = pulses.shape[1]
    rates = [each.bpm for each in (main, beat(found, first_other), beat(found, first_other + 1)) if each]
    together, lag_s = _parts(found, range(1, 1 + count), main.hz)
    background = None if beside is None else _shared(found, 1 + count, main.hz)
    moving = _moved(found, range(first_other + 2, first_other + 4), main.hz)
    return Pulse(main, max(rates) - min(rates), together, lag_s, background, moving)


def _explained(pulse: Pulse) -> Reason | None:
    """What else would have made this pulse."""
    if pulse.beat.snr_db <= CHANCE_DB:
        return None
    if pulse.background is not None and pulse.background >= SHARED:
        return Reason.FLICKER
    return Reason.UNSTEADY if pulse.moving >= MOVED else None


def _parts(found: Spectra, signals: range, hz: float) -> tuple[float, float]:
    """Mean coherence between parts of the face, and the standard deviation of their lags (s)."""
    pairs = list(combinations(signals, 2))
    together = [abs(coherence(found, one, other, hz)) for one, other in pairs]
    turns = [np.angle(coherence(found, part, 0, hz)) for part in signals]
    return float(np.mean(together)), float(np.std(turns) / (2.0 * np.pi * hz))


def _shared(found: Spectra, background: int, hz: float) -> float:
    """Coherence of the background with the skin; 0 where it beats too weakly to matter, or not at all."""
    strong = strength(found, background, hz) >= SHARED_STRENGTH**2 * strength(found, 0, hz)
    beats = snr_db(found.hz, found.power(background), hz) >= SHARED_DB
    return abs(coherence(found, background, 0, hz)) if strong and beats else 0.0


def _moved(found: Spectra, axes: range, hz: float) -> float:
    """The greater coherence of the head's two axes with the skin; 0 for movements too small to matter."""
    shares = [0.0]
    for axis in axes:
        near = np.abs(found.hz - hz).argmin()
        amplitude = float(np.sqrt(found.power(axis)[near])) / _HANN_GAIN
        if amplitude >= MOVING:
            shares.append(abs(coherence(found, axis, 0, hz)))
    return max(shares)


def mean_skin(regions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean (n, 3) over the regions (n, k, 3) that are visible; NaN where none is."""
    seen = np.isfinite(regions[0, :, 0])
    return np.asarray(regions[:, seen].mean(axis=1)) if seen.any() else np.full_like(regions[:, 0], np.nan)


_FROZEN = 1e-9
_HANN_GAIN = 0.25 * 10.0 * RATE_HZ
"""What a spectrum of 10 s has for a sine of amplitude 1."""
