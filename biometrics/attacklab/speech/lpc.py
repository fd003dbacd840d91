"""Linear prediction: the vocal tract as an all-pole filter, for many frames at once (Levinson 1947, Durbin 1960)."""

from __future__ import annotations

import numpy as np

from biometrics.attacklab.speech.waves import Floats


def lpc(frames: Floats, order: int) -> tuple[Floats, Floats]:
    """Prediction polynomials (f, order + 1), the first coefficient 1, and the residual's root mean square (f,) of windowed frames.

    A frame of silence gives the polynomial 1 and the gain 0.
    """
    size = frames.shape[1]
    power = np.abs(np.fft.rfft(frames, 2 * size, axis=1)) ** 2
    lags = np.fft.irfft(power, axis=1)[:, : order + 1] / size
    lags[:, 0] *= 1.0 + 1e-5
    polynomials = np.zeros((len(frames), order + 1))
    polynomials[:, 0] = 1.0
    heard = lags[:, 0] > 1e-14
    error = np.where(heard, lags[:, 0], 1.0)
    for step in range(1, order + 1):
        ahead = (polynomials[:, :step] * lags[:, step:0:-1]).sum(axis=1)
        reflection = np.where(heard, -ahead / error, 0.0)
        polynomials[:, 1 : step + 1] += reflection[:, np.newaxis] * polynomials[:, step - 1 :: -1][:, :step]
        error *= 1.0 - reflection**2
    return polynomials, np.sqrt(np.where(heard, error, 0.0))
