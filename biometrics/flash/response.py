"""How well a face's colour follows a code, against every other code on the very same observation.

Generalised least squares: the noise is whitened by an autoregression of the observation itself, then the code's light is
fitted at every lag at once. Under the null hypothesis the shown code is exchangeable with codes that were not shown, so
their statistics on the same whitened signal are its distribution, whatever the noise is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.flash import FADE_S, PALETTE, steps
from biometrics.flash.trace import RATE_HZ, Series

LAG_RANGE_S: Final = (-0.2, 1.2)
"""A face never comes before the screen: what is below 0 is the error of the page's clock against the media clock."""
LAGS_S: Final = np.arange(round(LAG_RANGE_S[0] * RATE_HZ), round(LAG_RANGE_S[1] * RATE_HZ) + 1) / RATE_HZ
ORDER: Final = 2
"""Of the autoregression that whitens."""
EDGE_S: Final = 0.3
"""How long the face takes for a change: the screen's fade of 0.15 s, and what the camera and a video codec smooth."""
WHITE_SHARE: Final = 1.0
"""White noise that the filter allows for, in variances of the differences: a codec smooths the light's own edges as well, and
what it leaves of the fastest changes is noise."""
_FLOOR: Final = 1e-4
"""Noise that is always there, in log units: a frozen picture has none of its own."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One code's best fit.

    ``statistic`` about standard normal at any one lag where nothing follows, the greatest over lags; ``lag_s`` where;
    ``amplitude`` of the response per unit of light (log units); ``information`` what ``statistic`` grows by for each
    unit of ``amplitude``; ``noise`` standard deviation of what the fit leaves, log units; ``signal`` that of the fitted response.
    """

    statistic: float
    lag_s: float
    amplitude: float
    information: float
    noise: float
    signal: float

    @property
    def snr_db(self) -> float:
        """Of the fitted response in one frame, held in -60..60."""
        ratio = max(self.signal, 1e-9) / max(self.noise, 1e-9)
        return float(np.clip(20.0 * np.log10(ratio), -60.0, 60.0))


@dataclass(frozen=True, slots=True)
class AnyCode:
    """The best fit of chips of any colour whatever, at any phase of their clock.

    ``ratio`` variance per degree of freedom that chips explain over that which they leave (an F statistic; about 1 where
    no light changes with chips); ``strength`` what ``Fit.statistic`` would be of a code that explained all of it;
    ``left`` share of the variance that no chips explain; ``share`` how much of it the code in question explains.
    """

    ratio: float
    strength: float
    left: float
    share: float


@dataclass(frozen=True, slots=True)
class Response:
    """The whitened observation against each chip's light: what every code's fit is put together from.

    ``products`` (lags, 2n) of the signal with each chip's light in either opponent signal; ``gram`` (2n, 2n) of the
    lights among each other; ``samples`` how many whitened values stand behind them; ``t``, ``signal`` the observation
    where it was seen; ``shown_s`` when the chips were shown.
    """

    products: NDArray[np.float64]
    gram: NDArray[np.float64]
    samples: int
    t: NDArray[np.float64]
    signal: NDArray[np.float64]
    shown_s: tuple[float, ...]

    def statistics(self, light: NDArray[np.float32]) -> NDArray[np.float64]:
        """The statistic (k,) of each of the codes whose `lights` these are, the greatest over lags."""
        r = self._correlations(light).max(axis=1)
        return np.asarray(_student(r, self.samples))

    def fit(self, code: Sequence[int]) -> Fit:
        """One code in full."""
        light = lights(np.array([code], np.int8))
        r = self._correlations(light)[0]
        best = int(r.argmax())
        norm = float(np.sqrt(_norms(light, self.gram)[0]))
        left = max(1.0 - r[best] ** 2 / self.samples, 1e-6)
        amplitude, lag_s = float(r[best] / norm), _peak(r, best)
        response = amplitude * chip_light(code, self.shown_s, EDGE_S, self.t - lag_s + (EDGE_S - FADE_S) / 2)
        return Fit(
            statistic=float(_student(r[best], self.samples)),
            lag_s=lag_s,
            amplitude=amplitude,
            information=norm / float(np.sqrt(left)),
            noise=float(np.sqrt(np.mean(np.var(self.signal - response, axis=0)))) + _FLOOR,
            signal=float(np.sqrt(np.mean(np.var(response, axis=0)))),
        )

    def any_code(self, code: Sequence[int]) -> AnyCode:
        """How much of the observation chips of any colours explain, and how much of that ``code`` does."""
        freedom = len(self.gram)
        chip_s = float(np.median(np.diff(self.shown_s)))
        within = self.products[: max(round(chip_s * RATE_HZ), 1)]
        gram = self.gram + 1e-3 * np.trace(self.gram) / freedom * np.eye(freedom)
        explained = float(np.max(np.einsum("lc,cl->l", within, np.linalg.solve(gram, within.T))))
        explained = min(max(explained, 0.0), 0.999 * self.samples)
        left = self.samples - explained
        own = max(float(self._correlations(lights(np.array([code], np.int8))).max()), 0.0) ** 2
        return AnyCode(
            ratio=(explained / freedom) / (left / max(self.samples - freedom, 1)),
            strength=float(np.sqrt(max(explained - freedom, 0.0) * self.samples / left)),
            left=left / self.samples,
            share=own / max(explained - freedom, own, 1e-9),
        )

    def half_lags_s(self, code: Sequence[int]) -> tuple[float, float]:
        """The best lag of either half of the code's chips on its own."""
        light = lights(np.array([code], np.int8))[0]
        first = np.arange(len(light)) % (len(light) // 2) < len(light) // 4
        one, other = (self.products @ np.where(half, light, 0.0) for half in (first, ~first))
        return float(LAGS_S[one.argmax()]), float(LAGS_S[other.argmax()])

    def _correlations(self, light: NDArray[np.float32]) -> NDArray[np.float32]:
        """(k, lags), in single precision: what is compared are hundredths."""
        products = light @ self.products.T.astype(np.float32)
        return np.asarray(products / np.sqrt(_norms(light, self.gram))[:, np.newaxis])


def pulses(t: NDArray[np.float64], shown_s: Sequence[float]) -> NDArray[np.float64]:
    """How much of each chip's colour a face would show (lags, n, chips) at even times (n,) of `RATE_HZ`, at every one of `LAGS_S`.

    Lags are steps of the grid: all are views of one longer series.
    """
    first = t[0] - LAGS_S[-1] + (EDGE_S - FADE_S) / 2
    longer = first + np.arange(len(t) + len(LAGS_S) - 1) / RATE_HZ
    series = -np.diff(steps(shown_s, longer, EDGE_S), axis=1)
    return np.lib.stride_tricks.sliding_window_view(series, len(t), axis=0)[::-1].transpose(0, 2, 1)


def respond(
    series: Series,
    signal: NDArray[np.float64],
    shown_s: Sequence[float],
    chips: NDArray[np.float64],
    white_share: float = WHITE_SHARE,
) -> Response | None:
    """Prepare an opponent signal (n, 2) of a series for any code of ``chips``, the `pulses` of those shown at ``shown_s``.

    None where too little of it was seen. ``white_share`` 0 whitens to the last, which `Response.any_code` needs: it has no
    other codes to be compared with.
    """
    filters = _autoregressions(signal, series.seen, white_share)
    if filters is None:
        return None
    valid = _with_past(series.seen)
    white = np.stack([_whitened(signal[:, i], filters[i]) for i in (0, 1)], axis=1)
    white[valid] -= white[valid].mean(axis=0)
    white[~valid] = 0.0
    samples = 2 * int(np.count_nonzero(valid))
    covariance = 2.0 * white.T @ white / samples + _FLOOR**2 * np.eye(2)
    weight = np.linalg.inv(covariance)
    weighted = white @ weight
    # Filtering the signal backwards is filtering every chip's light forwards: the products are the same.
    back = np.stack([_whitened(weighted[::-1, i], filters[i])[::-1] for i in (0, 1)])
    count = chips.shape[2]
    return Response(
        products=np.array([back @ each for each in chips]).reshape(len(LAGS_S), 2 * count),
        gram=_gram(chips[::_GRAM_EVERY], filters, valid, weight).reshape(2 * count, 2 * count),
        samples=samples,
        t=series.t[series.seen],
        signal=signal[series.seen],
        shown_s=tuple(shown_s),
    )


def _gram(
    chips: NDArray[np.float64],
    filters: Sequence[NDArray[Any]],
    valid: NDArray[np.bool_],
    weight: NDArray[Any],
) -> NDArray[np.float64]:
    """Products (2, chips, 2, chips) of the whitened lights with each other, on average over some lags."""
    count = chips.shape[2]
    gram = np.zeros((2, count, 2, count))
    for each in chips:
        lit = [_whitened(each, filters[i])[valid] for i in (0, 1)]
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            gram[i, :, j, :] += weight[i, j] * (lit[i].T @ lit[j]) / len(chips)
    return gram


def chip_light(
    code: Sequence[int], shown_s: Sequence[float], edge_s: float, at_s: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Opponent light (n, 2) of a code's chips at times (n,), less the palette's mean; a change takes ``edge_s``; 0 before and after."""
    pulses = -np.diff(steps(shown_s, at_s, edge_s), axis=1)
    return np.asarray(pulses @ _OPPONENT[list(code)])


def lights(codes: NDArray[np.int8]) -> NDArray[np.float32]:
    """The opponent light (k, 2n) of codes (k, n): first every chip's red-green, then every chip's blue-yellow."""
    return np.asarray(_OPPONENT.astype(np.float32)[codes].transpose(0, 2, 1).reshape(len(codes), -1))


def _norms(light: NDArray[np.float32], gram: NDArray[np.float64]) -> NDArray[np.float32]:
    return np.asarray(np.maximum(((light @ gram.astype(np.float32)) * light).sum(axis=1), np.float32(1e-12)))


def _student(r: NDArray[Any] | float, samples: int) -> NDArray[np.float64]:
    """A correlation's statistic with the noise estimated beside the response, not with it in."""
    r = np.asarray(r, dtype=np.float64)
    return np.asarray(r / np.sqrt(np.maximum(1.0 - r**2 / samples, 1e-3)))


def _autoregressions(
    signal: NDArray[np.float64], seen: NDArray[np.bool_], white_share: float
) -> list[NDArray[np.float64]] | None:
    """The prediction filter (order,) of either signal, by least squares over the seen samples; None where there are too few."""
    rows = np.flatnonzero(_with_past(seen))
    if len(rows) < _LEAST_SAMPLES:
        return None
    mean = signal[seen].mean(axis=0)
    past = np.stack([signal[rows - k] - mean for k in range(1, ORDER + 1)], axis=1)
    white = white_share * np.var(signal[rows] - signal[rows - 1], axis=0) + _FLOOR**2
    return [
        np.linalg.solve(
            past[..., i].T @ past[..., i] + white[i] * len(rows) * np.eye(ORDER),
            past[..., i].T @ (signal[rows, i] - mean[i]),
        )
        for i in (0, 1)
    ]


def _with_past(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which samples were seen with all that the filter needs before them."""
    whole = seen.copy()
    for k in range(1, ORDER + 1):
        whole[k:] &= seen[:-k]
    whole[:ORDER] = False
    return whole


def _whitened(values: NDArray[np.float64], prediction: NDArray[np.float64]) -> NDArray[np.float64]:
    white = values.copy()
    for k, weight in enumerate(prediction, start=1):
        white[k:] -= weight * values[:-k]
    return white


def _peak(values: NDArray[Any], best: int) -> float:
    """The lag of the greatest value, between its neighbours by a parabola."""
    if not 0 < best < len(values) - 1:
        return float(LAGS_S[best])
    before, here, after = values[best - 1 : best + 2]
    bend = before - 2.0 * here + after
    return float(LAGS_S[best] + (0.5 * (before - after) / bend if bend < 0 else 0.0) / RATE_HZ)


def _opponent_light() -> NDArray[np.float64]:
    """Opponent light (4, 2) of the palette, less its mean: what log colours of a face that it lights follow, at first order."""
    red, green, blue = np.array([colour.linear for colour in PALETTE]).T
    opponent = np.stack([red - green, blue - (red + green) / 2], axis=1)
    return np.asarray(opponent - opponent.mean(axis=0))


_OPPONENT = _opponent_light()
_GRAM_EVERY = 10
_LEAST_SAMPLES = 100
