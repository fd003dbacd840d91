"""How a response looks, beside whether it is there: over the face's relief, and in time. For a person to weigh."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from biometrics.challenges.flash import FADE_S
from biometrics.flash.response import Fit, chip_light
from biometrics.flash.trace import Series

_RISES_S: Final = (0.04, 0.12, 0.2, 0.3, 0.4, 0.5)
_LEAST_REGIONS: Final = 5


def shading(series: Series, code: Sequence[int], shown_s: Sequence[float], fit: Fit) -> float | None:
    """Correlation, over the face's regions, of the light that each took with the cosine at which it faces the screen.

    Shown, never scored: a relief gives more than 0, but a photo of a face is bright where the face was, and a print in the attack
    lab may give anything. None where fewer than five regions were visible. Matt skin (Lambert) and a screen near the camera are taken for granted.
    """
    light = chip_light(code, shown_s, FADE_S, series.t - fit.lag_s)
    steady = np.diff(light[series.seen], axis=0)
    amounts = np.full(len(series.facing), np.nan)
    for region in range(len(amounts)):
        colours = np.diff(series.regions[series.seen][:, region], axis=0)
        both = np.isfinite(colours[:, 0])
        if np.count_nonzero(both) > len(colours) / 2:
            gain = (colours[both] * steady[both]).sum() / max(float((steady[both] ** 2).sum()), 1e-12)
            amounts[region] = gain * series.light[region].mean()
    usable = np.isfinite(amounts) & np.isfinite(series.facing)
    if usable.sum() < _LEAST_REGIONS or min(np.ptp(amounts[usable]), np.ptp(series.facing[usable])) < 1e-9:
        return None
    return float(np.corrcoef(amounts[usable], series.facing[usable])[0, 1])


def rise_s(series: Series, code: Sequence[int], shown_s: Sequence[float], fit: Fit) -> float:
    """The fade that describes the response's edges best, s. The screen's own is 0.15; what smooths pictures makes it longer."""
    face = np.diff(series.face[series.seen], axis=0)
    fits = []
    for edge_s in _RISES_S:
        # A slower edge starts as much earlier as its middle must not move.
        lag_s = fit.lag_s + (FADE_S - edge_s) / 2
        light = np.diff(chip_light(code, shown_s, edge_s, series.t - lag_s)[series.seen], axis=0)
        fits.append(float((face * light).sum() / np.sqrt(max(float((light**2).sum()), 1e-12))))
    return _RISES_S[int(np.argmax(fits))]
