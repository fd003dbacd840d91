"""Frame times as the packets carry them: grid, jitter, rate, and whether the rate follows the light.

Points are natural-log odds by judgement, not fitted. Cadence tells programs from browsers well, and one good camera from
a good virtual one hardly at all: a steady camera in a bright room is as regular as a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biometrics.injection.points import Tally

TICKS_PER_MS: Final = 90
"""RTP video clocks run at 90 kHz; libwebrtc stamps frames on whole milliseconds (measured with Chromium 156: every increment)."""
LEAST_TICKS: Final = 60
_FILM: Final = (24_000 / 1001, 24.0, 25.0)
"""Rates of films and of European video, Hz. A camera under 50 Hz lamps runs at 25 as well."""
_RIGID_MS: Final = 1.0
"""Increments no further than this from the grid are its rounding to milliseconds."""
_UNISON_PPM: Final = 2.0
"""A microphone's crystal is this near to the machine's clock by chance only."""
_KNOWN_PPM: Final = 3.0
_APART_PPM: Final = 8.0
_DARK: Final = 60.0
_BRIGHT: Final = 90.0
"""Mean luma of a picture, 0..255."""


@dataclass(frozen=True, slots=True)
class Cadence:
    """Statistics of the increments between frames, ms.

    ``fps`` by the median increment; ``cv`` coefficient of variation; ``lag1`` autocorrelation of neighbours; ``kurtosis``
    excess; ``nominal`` share of exactly 3000 ticks; ``distinct`` values; ``browser`` share on whole milliseconds; ``rigid``
    share within a millisecond of a multiple of the period: 1 where frames may be missing and never come early or late.
    """

    fps: float
    cv: float
    lag1: float
    kurtosis: float
    nominal: float
    distinct: int
    browser: float
    rigid: float


def cadence(ticks: Sequence[int]) -> Cadence | None:
    """The statistics of 90 kHz ``ticks``; None where there are fewer than `LEAST_TICKS`."""
    if len(ticks) < LEAST_TICKS:
        return None
    raw = np.asarray(ticks, np.float64)
    steps = raw / TICKS_PER_MS
    away = steps - steps.mean()
    spread = float(away @ away) / len(steps)
    period = _period(steps)
    off = np.abs(steps - period * np.maximum(1.0, np.round(steps / period)))
    return Cadence(
        fps=1000.0 / period,
        cv=spread**0.5 / float(steps.mean()),
        lag1=float(away[1:] @ away[:-1]) / (len(steps) * spread) if spread > 0 else 0.0,
        kurtosis=float(np.mean(away**4)) / spread**2 - 3.0 if spread > 0 else 0.0,
        nominal=float(np.mean(raw == 3000)),
        distinct=len(np.unique(raw)),
        browser=float(np.mean(raw % TICKS_PER_MS == 0)),
        rigid=float(np.mean(off <= _RIGID_MS + 1e-9)),
    )


def cadence_cues(found: Cadence, tally: Tally) -> None:
    """Points for what the increments look like."""
    rigid = found.rigid >= 0.99
    film = rigid and any(abs(found.fps - rate) < 0.03 for rate in _FILM)
    tally.add("no_browser", 2.5 * (found.browser < 0.5))
    tally.add("rigid", 0.3 if rigid else -0.2 if found.rigid < 0.9 else 0.0)
    tally.add("film_rate", 0.5 * film)
    tally.measured |= {
        "fps": found.fps,
        "cv": found.cv,
        "lag1": found.lag1,
        "kurtosis": found.kurtosis,
        "share_3000": found.nominal,
        "distinct": float(found.distinct),
        "share_whole_ms": found.browser,
        "share_rigid": found.rigid,
    }


def clock_cues(report: Mapping[str, Any], tally: Tally) -> None:
    """Points for two devices' clocks that run as one, or apart as two crystals do."""
    names = ("audio_ppm", "video_ppm", "audio_error_ppm", "video_error_ppm")
    values = [report.get(name) for name in names]
    audio, video, *errors = [float(v) if isinstance(v, int | float) else None for v in values]
    if audio is None or video is None or None in errors:
        return
    apart = abs(audio - video)
    error = hypot(*(each for each in errors if each is not None))
    tally.measured |= {"apart_ppm": apart, "apart_error_ppm": error}
    known = error <= _KNOWN_PPM
    unison = known and apart <= _UNISON_PPM
    tally.add("clocks_as_one", 0.5 if unison else -0.5 if apart > max(_APART_PPM, 4 * error) else 0.0)


def light_cues(windows: Sequence[tuple[float, float]], tally: Tally) -> None:
    """Points for a frame rate that follows the light, or not: ``windows`` are (luma, fps) of ten seconds each.

    A camera in the dark exposes longer and slows down, mostly to half. That it does not is little: many amplify instead.
    """
    dark = [fps for luma, fps in windows if luma < _DARK]
    bright = [fps for luma, fps in windows if luma > _BRIGHT]
    if not dark or not bright:
        return
    slower = float(np.median(bright) / np.median(dark))
    tally.measured["slower_in_the_dark"] = log(slower)
    tally.add("follows_light", -1.0 if slower > 1.15 else 0.3 if slower < 1.03 else 0.0)


def _period(steps: NDArray[np.float64]) -> float:
    """ms from frame to frame where none is missing: the mean of those near the median, so that rounding averages out."""
    middle = float(np.median(steps))
    return max(float(np.mean(steps[np.abs(steps - middle) <= max(2.0, 0.25 * middle)])), 1e-3)
