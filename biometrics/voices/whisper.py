"""Whispered prompting: sound like speech far below the applicant's level, in the applicant's pauses.

A whisper has no pitch, and voice activity detectors miss it. What tells it from a breath, a rustle, a fan or a keyboard is that its
spectrum changes its shape, as the mouth does, and keeps each shape for some hundredths of a second; a breath keeps one shape
throughout, a keyboard's taps are gone at once. Who whispers cannot be told: it may be the applicant who reads to themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.vad import VAD_FRAME
from biometrics.voices.bands import STEP, STEP_S, Energies, energies

LEAST_S: Final = 1.0
"""Shorter is a breath, or cannot be judged."""
BELOW_DB: Final = (-33.0, -12.0)
"""From the applicant's level: louder is speech, quieter drowns."""
VARIETY_DB: Final = 4.3
"""How much each band's share of the whole changes, standard deviation.

Measured in 40 stretches each, 15 to 30 dB below the speech, over a background 45 dB below it, through Opus at 24 kbit/s: whispered and
quiet speech 3.9 to 8.4 (median 6), breaths 2.2 to 2.6, rustling 2.2 to 2.6, hum 1.9 to 2.1, keyboard 3.4 to 3.9.
"""
PERSISTENCE: Final = 0.5
"""Correlation of the shape with itself 30 ms later. Whispered and quiet speech 0.45 to 0.84, keyboard 0.31 to 0.47, the others below."""
MODULATION_DB: Final = 4.0
"""Standard deviation of the level: syllables. Whispered and quiet speech 4.4 to 13, hum 1.3 to 4.9."""
_OVER_NOISE_DB: Final = 6.0
_NOISE_PERCENT: Final = 10
_GAP: Final = 25
_MARGIN: Final = 20
_LATER: Final = 3
_SMOOTH: Final = 5


@dataclass(frozen=True, slots=True)
class Whisper:
    """A stretch that sounds whispered: ``start`` and ``count`` samples; ``below_db`` its level from the applicant's, dB."""

    start: int
    count: int
    below_db: float

    @property
    def duration_s(self) -> float:
        return self.count / SAMPLE_RATE_HZ


def whispers(samples: Samples, speech: NDArray[np.bool_], applicant_db: float) -> list[Whisper]:
    """Whispered stretches of a run of sound (n,), outside of ``speech`` (n / 512,); ``applicant_db`` the applicant's level below full scale."""
    bands = energies(samples)
    if len(bands) * STEP_S < LEAST_S:
        return []
    floor = np.percentile(bands, _NOISE_PERCENT, axis=0)
    loud = _db(bands.sum(axis=1)) > _db(floor.sum()) + _OVER_NOISE_DB
    found = []
    for first, last in _stretches(loud & _pauses(speech, len(bands))):
        stretch = bands[first : last + 1]
        start, count = first * STEP, (last - first) * STEP + VAD_FRAME
        below_db = _rms_db(samples[start : start + count]) - applicant_db
        if BELOW_DB[0] <= below_db <= BELOW_DB[1] and speechlike(stretch, floor):
            found.append(Whisper(start, count, below_db))
    return found


def speechlike(bands: Energies, floor: NDArray[np.float64]) -> bool:
    """Whether band energies (n, 16) over a background (16,) last, rise and fall, and change their shape as speech does."""
    if len(bands) * STEP_S < LEAST_S:
        return False
    levels = np.convolve(_db(bands.sum(axis=1)), np.full(_SMOOTH, 1 / _SMOOTH), "valid")
    if levels.std() < MODULATION_DB:
        return False
    shape = _db(np.maximum(bands - floor, floor / 2))
    shape = shape - shape.mean(axis=1, keepdims=True)
    active = bands.sum(axis=1) > floor.sum() * 10 ** (_OVER_NOISE_DB / 10)
    if not active.any() or shape[active].std(axis=0).mean() < VARIETY_DB:
        return False
    shape = shape - shape.mean(axis=0)
    return bool((shape[:-_LATER] * shape[_LATER:]).sum() >= PERSISTENCE * (shape**2).sum())


def _pauses(speech: NDArray[np.bool_], frames: int) -> NDArray[np.bool_]:
    """Which frames of 10 ms lie a fifth of a second or more from any speech."""
    quiet = np.ones(frames + VAD_FRAME, np.bool_)
    for index in np.flatnonzero(speech):
        first = int(index) * VAD_FRAME // STEP
        quiet[max(0, first - _MARGIN) : first + VAD_FRAME // STEP + 1 + _MARGIN] = False
    return quiet[:frames]


def _stretches(chosen: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last frame of runs whose gaps are at most a quarter of a second."""
    places = np.flatnonzero(chosen)
    if len(places):
        ends = np.flatnonzero(np.diff(places) > _GAP)
        for first, last in zip([0, *(ends + 1)], [*ends, len(places) - 1], strict=True):
            yield int(places[first]), int(places[last])


def _db(power: NDArray[np.float64] | float) -> NDArray[np.float64]:
    return np.asarray(10 * np.log10(power))


def _rms_db(samples: Samples) -> float:
    return float(_db(max(float(np.mean(np.square(samples, dtype=np.float64))), 1e-10)))
