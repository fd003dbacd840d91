"""Where speech begins and ends, to the hundredth of a second: voice activity alone tells it to a tenth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.digits.sound import Sound
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.segments import SPEECH
from biometrics.voice.vad import FRAME_S

STEP_S: Final = 0.01
ABOVE_DB: Final = 8.0
"""A burst stands so far above the background."""
BELOW_DB: Final = 30.0
"""And not further below the loudest tenth of what is heard: room and breath do."""
GAP_S: Final = 0.12
"""A pause that is no longer is a stop inside a word: that of "six" and "eight" takes 60-100 ms."""
LEAST_S: Final = 0.08
_PRE_EMPHASIS: Final = 0.9
_NEAR: Final = 2
"""Frames of voice activity around a burst of which one must be speech: a click has none."""


@dataclass(frozen=True, slots=True)
class Burst:
    """One stretch of speech, seconds on the media clock."""

    start: float
    end: float


def bursts(sound: Sound) -> tuple[Burst, ...]:
    """The stretches of speech of a sound, in order."""
    level = level_db(sound.samples)
    floor = np.percentile(level, 10)
    threshold = max(floor + ABOVE_DB, np.percentile(level, 90) - BELOW_DB)
    runs = _runs(level >= threshold, round(GAP_S / STEP_S))
    long = [(first, last) for first, last in runs if (last - first) * STEP_S >= LEAST_S]
    return tuple(
        Burst(sound.start + first * STEP_S, sound.start + last * STEP_S)
        for first, last in long
        if _spoken(sound.speech, first, last)
    )


def level_db(samples: Samples) -> NDArray[np.float64]:
    """Level of each 10 ms (n,), dB: pre-emphasised, so that fricatives count and hum does not."""
    bright = np.append(samples[:1], samples[1:] - _PRE_EMPHASIS * samples[:-1]).astype(np.float64)
    step = round(STEP_S * SAMPLE_RATE_HZ)
    frames = bright[: len(bright) // step * step].reshape(-1, step)
    power = np.mean(np.square(frames), axis=1)
    return np.asarray(10.0 * np.log10(np.convolve(power, [0.25, 0.5, 0.25], mode="same") + 1e-9))


def _runs(loud: NDArray[np.bool_], gap: int) -> list[tuple[int, int]]:
    """First and one past the last of each run of true values; shorter gaps are bridged."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], loud, [False]]).astype(np.int8)))
    found: list[tuple[int, int]] = []
    for first, last in edges.reshape(-1, 2).tolist():
        if found and first - found[-1][1] <= gap:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def _spoken(speech: NDArray[np.float32], first: int, last: int) -> bool:
    start, end = (round(k * STEP_S / FRAME_S) for k in (first, last))
    return bool((speech[max(start - _NEAR, 0) : end + _NEAR] >= SPEECH).any())
