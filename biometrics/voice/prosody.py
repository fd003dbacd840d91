"""How high the voice was: YIN over one hop of speech (de Cheveigne & Kawahara 2002), all of its frames at once.

Frames lie whole within the hop, so that a hop's pitch follows from its samples alone; the last 0.05 s of each have none.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.views import Fact, SpeechView
from biometrics.voice.envelope import STEP, STEP_S
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.segments import SPEECH
from biometrics.voice.vad import VAD_FRAME

LOW_HZ: Final = 65.0
HIGH_HZ: Final = 500.0
"""Speaking voices of men and women lie between."""
WINDOW: Final = 512
"""Samples that are compared with themselves later: 32 ms, two periods of the lowest voice."""
TROUGH: Final = 0.1
"""The first dip below this is the period (step 4 of the paper)."""
VOICED: Final = 0.2
"""A frame whose deepest dip stays above is no voiced sound: a fricative, a breath, noise."""
SILENT: Final = 1e-4
"""Root mean square of full scale: nothing is heard in a quieter frame."""
_SHORTEST: Final = int(SAMPLE_RATE_HZ / HIGH_HZ)
_LONGEST: Final = int(np.ceil(SAMPLE_RATE_HZ / LOW_HZ))
FRAME: Final = WINDOW + _LONGEST + 1
"""Samples that one frame looks at."""
CENTRE_S: Final = FRAME / 2 / SAMPLE_RATE_HZ
_FFT: Final = 1024

Floats = NDArray[np.float64]


def pitch_hz(samples: Samples, trough: float = TROUGH, voiced: float = VOICED) -> Floats:
    """(n,) Hz, NaN where it is not voiced: one for each `STEP` of 16 kHz mono samples whose `FRAME` is whole.

    Frame k looks at samples k * `STEP` .. k * `STEP` + `FRAME`.
    """
    if len(samples) < FRAME:
        return np.zeros(0)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::STEP].astype(np.float64)
    normal = _normalised(_differences(frames))
    rows = np.arange(len(frames))
    place = _first_trough(normal, trough)
    depth = normal[rows, place]
    loud = np.sqrt(np.mean(np.square(frames), axis=1)) > SILENT
    inside = (place > _SHORTEST) & (place < _LONGEST)
    period = place + _refined(normal, rows, np.clip(place, 1, _LONGEST - 1))
    return np.where(loud & inside & (depth < voiced), SAMPLE_RATE_HZ / period, np.nan)


def spoken_pitch(view: SpeechView) -> Fact:
    """What detectors are told of a hop, topic "prosody", as plain JSON.

    ``from_s``, ``to_s``; ``f0_hz`` of each ``step_s``, None where no voiced speech was; the first is of the frame about ``first_s``.
    """
    found = np.full(max(0, (len(view.samples) - FRAME) // STEP + 1), np.nan)
    if (view.speech >= SPEECH).any():
        found = pitch_hz(view.samples)
        middle = (np.arange(len(found)) * STEP + FRAME // 2) // VAD_FRAME
        found[view.speech[np.minimum(middle, len(view.speech) - 1)] < SPEECH] = np.nan
    values = {
        "from_s": view.span.start,
        "to_s": view.span.end,
        "first_s": view.span.start + CENTRE_S,
        "step_s": STEP_S,
        "f0_hz": [None if np.isnan(hz) else round(hz, 1) for hz in found.tolist()],
    }
    return Fact(view.t, "prosody", values)


def _differences(frames: Floats) -> Floats:
    """(n, lags) equation 6 of the paper: energy of the window, and of it later, less twice their product."""
    head = np.fft.rfft(frames[:, :WINDOW], _FFT, axis=1)
    whole = np.fft.rfft(frames, _FFT, axis=1)
    products = np.fft.irfft(np.conj(head) * whole, _FFT, axis=1)[:, : _LONGEST + 1]
    sums = np.concatenate([np.zeros((len(frames), 1)), np.cumsum(np.square(frames), axis=1)], axis=1)
    energies = sums[:, WINDOW : WINDOW + _LONGEST + 1] - sums[:, : _LONGEST + 1]
    return np.asarray(np.maximum(energies[:, :1] + energies - 2.0 * products, 0.0))


def _normalised(differences: Floats) -> Floats:
    """(n, lags) equation 8: each difference over the mean of those at shorter lags."""
    lags = np.arange(1, differences.shape[1])
    means = np.cumsum(differences[:, 1:], axis=1) / lags
    normal = np.ones_like(differences)
    normal[:, 1:] = differences[:, 1:] / np.maximum(means, 1e-12)
    return normal


def _first_trough(normal: Floats, trough: float) -> NDArray[np.intp]:
    """(n,) the first local minimum below ``trough``, otherwise the deepest place."""
    inner = normal[:, _SHORTEST:_LONGEST]
    dips = np.zeros(inner.shape, np.bool_)
    dips[:, 1:-1] = (inner[:, 1:-1] < inner[:, :-2]) & (inner[:, 1:-1] <= inner[:, 2:])
    dips &= inner < trough
    first = np.where(dips.any(axis=1), dips.argmax(axis=1), inner.argmin(axis=1))
    return np.asarray(first + _SHORTEST)


def _refined(normal: Floats, rows: NDArray[np.intp], place: NDArray[np.intp]) -> Floats:
    """(n,) where between the lags the parabola through three of them is least (step 5)."""
    before, here, after = (normal[rows, place + k] for k in (-1, 0, 1))
    bend = before - 2.0 * here + after
    shift = np.where(bend > 1e-12, 0.5 * (before - after) / np.maximum(bend, 1e-12), 0.0)
    return np.clip(shift, -1.0, 1.0)
