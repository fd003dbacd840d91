"""From a response to a p-value and a likelihood ratio, both on the session's own noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, pi, sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from biometrics.challenges.drbg import challenge_drbg
from biometrics.challenges.flash import draw_codes
from biometrics.flash.null import NullLaw
from biometrics.flash.response import LAG_RANGE_S, AnyCode, Fit, Response, lights, pulses, respond
from biometrics.flash.trace import Series

NULL_CODES: Final = 4000
"""Codes that were not shown, drawn from the challenge's own seed: the same observation always has the same p-value."""
AMPLITUDES: Final = (0.003, 2.0)
"""Log units of colour for each unit of linear light that live sessions are taken to have, every octave between as likely.

From a screen that is lost in the open shade (a laptop of 250 cd/m2 and 0.05 m2, half a metre away, adds up to 50 lx to
15 000 lx) to one that is nearly all the light there is. Arithmetic, not a measurement.
"""
WASHED_OUT: Final = 0.25
"""Share of live sessions whose surroundings are taken to be too bright for the screen: missing light can never weigh more
than the ratio of this, however still the picture is. An assumption, for fairness to people who sit by a window."""
LIT: Final = 3.0
"""F statistic from which light that changes with some chips is there at all."""
OWN_SHARE: Final = 0.6
"""Least share of that light that the shown code explains where it is what the face follows."""
WASHED_OUT_YET_LIT: Final = 0.05
"""As `WASHED_OUT`, where a face is seen to follow some other chips: surroundings that hide the screen would hide those too.
Not 0: a page whose clock is wrong by more than a second looks like that."""
LARGEST_LLR: Final = 8.0
RELIT: Final = 0.01
"""Share of attacks that are taken to relight a face in real time: they follow any code, and bound what following is worth."""
SCREENS: Final = 0.1
"""Share of attacks that are taken to be screens before the camera whose glass throws enough back to be seen."""
MIRRORED: Final = (0.003, 0.08)
"""As `AMPLITUDES`, for a screen held before the camera: its glass throws back 1-2 % of the light and a mirror image of the device,
little against what it emits itself. Every octave is taken to be as likely."""
_MIRRORED_EDGE: Final = 0.25
"""Log units over which that ends."""
USUAL_LAG_S: Final = (0.15, 0.12)
"""Mean and standard deviation of the lag of a screen and a camera, as they are taken to be; relighting comes later."""
_LIKELY: Final = 1e-3
_SCATTER: Final = 1.5
"""Of a live statistic about its expectation: 1 by theory, more because the colours of real light and skin are not the palette's."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the shown code compares with those that were not shown.

    ``p_value`` the chance that a code which the face does not follow fits as well; ``llr`` natural log, above 0 where the
    code was not followed; ``fit`` of the shown code; ``half_lags_s`` of either half; ``null`` mean and standard deviation
    of the codes not shown; ``counted`` whether the p-value is a count, and not extrapolated; ``other_light`` whether
    the face follows chips, but not the shown ones; ``power`` the chance that a live face would have got below 1e-3.
    """

    fit: Fit
    p_value: float
    llr: float
    half_lags_s: tuple[float, float]
    null: tuple[float, float]
    counted: bool
    other_light: bool
    power: float


def null_codes(seed: bytes, chips: int, count: int = NULL_CODES) -> NDArray[np.int8]:
    """Codes that a challenge's seed did not show. Their first 16, 20, 24 and 28 chips are valid codes too."""
    return draw_codes(challenge_drbg(seed, "flash-null-1"), count, chips)


@dataclass(frozen=True, slots=True)
class Comparison:
    """An observation, ready to be compared with any code.

    Every code takes the better of its readings: the face as it is, and less what the background does at the same time
    (exposure and white balance). The same choice is open to every code, so the comparison stays fair.
    """

    readings: tuple[Response, ...]
    whitest: Response

    def statistics(self, codes: NDArray[np.int8]) -> NDArray[np.float64]:
        """The statistic (k,) of each code (k, n)."""
        light = lights(codes)
        return np.asarray(np.max([reading.statistics(light) for reading in self.readings], axis=0))

    def law(self, null: NDArray[np.int8]) -> NullLaw:
        """The law of the statistic over codes (k, n) that were not shown."""
        return NullLaw.of(self.statistics(null))

    def judge(self, code: Sequence[int], null: NDArray[np.int8]) -> Verdict:
        """Compare the shown code with ``null`` (k, at least as many chips)."""
        law = self.law(null[:, : len(code)])
        fits = [reading.fit(code) for reading in self.readings]
        best = int(np.argmax([fit.statistic for fit in fits]))
        fit = fits[best]
        p_value, counted = law.p_value(fit.statistic)
        other = self.readings[best].any_code(code) if self._other_light(code) else None
        return Verdict(
            fit=fit,
            p_value=p_value,
            llr=max(log_ratio(fit, law, other), following_bound(fit.lag_s, fit.amplitude)),
            half_lags_s=self.readings[best].half_lags_s(code),
            null=(law.mean, law.deviation),
            counted=counted,
            other_light=other is not None,
            power=power(fit.information, law),
        )

    def _other_light(self, code: Sequence[int]) -> bool:
        """Whether the face follows chips, and not in the main the shown ones."""
        return self.whitest.any_code(code).ratio >= LIT and all(
            reading.any_code(code).share < OWN_SHARE for reading in self.readings
        )


def compare(series: Series, shown_s: Sequence[float]) -> Comparison | None:
    """Prepare a series for codes whose chip k was shown from ``shown_s[k]`` to ``shown_s[k + 1]``; None where too little was seen."""
    chips = pulses(series.t, shown_s)
    readings = [respond(series, signal, shown_s, chips) for signal in _readings(series)]
    usable = tuple(reading for reading in readings if reading is not None)
    whitest = respond(series, series.face, shown_s, chips, white_share=0.0)
    return Comparison((*usable, whitest), whitest) if usable and whitest is not None else None


def log_ratio(fit: Fit, null: NullLaw, other: AnyCode | None = None) -> float:
    """log p(statistic | code not followed) - log p(statistic | live), within +-`LARGEST_LLR`.

    Live: the greater of what noise gives by itself and of what the session's own information gives at an amplitude drawn
    from the prior; or, where the surroundings are too bright, that of the null. Where the face follows ``other`` chips,
    the shown ones would be about as strong.
    """
    # The other light is no noise: measured against what it leaves, everything is larger.
    grown = 1.0 if other is None else 1.0 / sqrt(other.left)
    law, information, reached = null.scaled(grown), fit.information * grown, fit.statistic * grown
    # Stronger than any screen could make it in the dark tells no more than the strongest.
    statistic = max(min(reached, AMPLITUDES[1] * information), min(reached, law.place))
    not_followed = law.density(statistic)
    expected = np.geomspace(*AMPLITUDES, 60) * information
    if other is not None:
        expected = np.maximum(expected, 0.8 * other.strength)
    beyond = (statistic - expected) / _SCATTER
    densities = np.exp(-(beyond**2) / 2) / (_SCATTER * sqrt(2 * pi))
    washed_out = WASHED_OUT if other is None else WASHED_OUT_YET_LIT
    live = float(np.mean(not_followed * ndtr(beyond) + law.below(statistic) * densities))
    live = (1.0 - washed_out) * live + washed_out * not_followed
    ratio = log(max(not_followed, 1e-300)) - log(max(live, 1e-300))
    return min(max(ratio, -LARGEST_LLR), LARGEST_LLR)


def following_bound(lag_s: float, amplitude: float) -> float:
    """The least that `Verdict.llr` may be, for attacks follow too: software that relights a face, at any lag as likely, and the
    glass of a screen, as weakly as a face in bright surroundings does."""
    mean, deviation = USUAL_LAG_S
    spread = 1.0 / (LAG_RANGE_S[1] - LAG_RANGE_S[0])
    usual = exp(-(((lag_s - mean) / deviation) ** 2) / 2) / (deviation * sqrt(2 * pi))
    relit = RELIT * spread / (0.9 * usual + 0.1 * spread)
    denser = log(AMPLITUDES[1] / AMPLITUDES[0]) / log(MIRRORED[1] / MIRRORED[0])
    weak = float(ndtr(log(MIRRORED[1] / max(amplitude, AMPLITUDES[0])) / _MIRRORED_EDGE))
    return log(relit + SCREENS * denser * weak)


def power(information: float, null: NullLaw) -> float:
    """The chance that a face with the middle of `AMPLITUDES` gets to p <= 1e-3, 0..1."""
    amplitude = sqrt(AMPLITUDES[0] * AMPLITUDES[1])
    return float(ndtr((amplitude * information - null.quantile(_LIKELY)) / _SCATTER))


def _readings(series: Series) -> list[NDArray[np.float64]]:
    if not series.background.any():
        return [series.face]
    both = series.seen[1:] & series.seen[:-1]
    face, background = (np.diff(signal, axis=0)[both] for signal in (series.face, series.background))
    gain = (face * background).sum(axis=0) / np.maximum((background**2).sum(axis=0), 1e-12)
    return [series.face, series.face - gain * series.background]
