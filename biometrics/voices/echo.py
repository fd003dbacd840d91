"""The officer's voice in the applicant's microphone: found by the officer's own track, so that it is never taken for somebody.

Loudspeaker, room and two codecs change the waveform; how the energy of the bands rises and falls stays. So a stretch of the
applicant's track is compared with the officer's track at every delay up to a second: the normalised correlation of log band energies
(each band's mean taken off, so that neither gain nor colour matters). A stretch in which an echo and somebody nearer are mixed is
looked at piece by piece at the delay that is known by then. What cannot be separated: somebody who speaks only while the officer
does, and more quietly than the officer's echo; that is left out with the echo.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from biometrics.views import FarView
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.vad import VAD_FRAME
from biometrics.voices.bands import STEP, STEP_S, Energies, energies

MOST_DELAY_S: Final = 1.0
"""From the officer's packet at the media edge to its echo there: network both ways, jitter buffers, loudspeaker."""
ALIKE: Final = 0.6
"""Correlation from which a whole stretch is the officer's echo."""
ALIKE_HERE: Final = 0.7
"""The same of half a second, at the delay that is known."""
LOST_S: Final = 0.5
"""Officer's sound that is lost for longer than this is unknown; less is a packet, or silence that was not sent."""
_KEPT_S: Final = 12.0
_LAGS: Final = round(MOST_DELAY_S / STEP_S)
_RANGE: Final = 4.0
"""Decades below its peak at which energy no longer counts."""
_PIECE: Final = 48
_DELAYS: Final = 9
_TINY: Final = 1e-9


class FarTrack:
    """The last seconds of the officer's sound, as it was sent. It can be asked for nothing but its samples."""

    def __init__(self) -> None:
        self._pieces: deque[tuple[int, Samples]] = deque()
        self._unknown: deque[tuple[float, float]] = deque()
        self.since_s: float | None = None

    def push(self, view: FarView) -> None:
        """Remember a piece, forget what is older than twelve seconds."""
        if self.since_s is None:
            self.since_s = view.span.start
        elif view.lost_s > LOST_S:
            self._unknown.append((view.span.start - view.lost_s, view.span.start))
        self._pieces.append((round(view.span.start * SAMPLE_RATE_HZ), view.samples))
        old_s = view.span.end - _KEPT_S
        while self._pieces and self._pieces[0][0] < old_s * SAMPLE_RATE_HZ:
            self._pieces.popleft()
        while self._unknown and self._unknown[0][1] < old_s:
            self._unknown.popleft()

    def known(self, start_s: float, end_s: float) -> bool:
        """Whether it is known what the officer said in this time."""
        if self.since_s is None or self.since_s > start_s + MOST_DELAY_S:
            return False
        return not any(since < end_s and until > start_s for since, until in self._unknown)

    def between(self, start: int, count: int) -> Samples:
        """``count`` samples from sample ``start`` of the media clock on, zeros where nothing was heard."""
        samples = np.zeros(count, np.float32)
        for at, piece in self._pieces:
            first, last = max(at, start), min(at + len(piece), start + count)
            if first < last:
                samples[first - start : last - start] = piece[first - at : last - at]
        return samples


@dataclass(frozen=True, slots=True)
class Echo:
    """``likeness`` -1..1 of a stretch to the officer's sound ``delay_s`` before it, the delay at which it is greatest."""

    likeness: float
    delay_s: float


def find_echo(near: Samples, far: Samples) -> Echo:
    """Compare a stretch (n,) with the officer's sound (n + 16000,), which begins a second earlier."""
    x, y = _logs(energies(near)), _logs(energies(far))
    frames = len(x)
    if frames == 0 or len(y) < frames:
        return Echo(0.0, 0.0)
    likeness = _correlations(x, y)
    best = int(np.argmax(likeness))
    return Echo(float(likeness[best]), (len(y) - frames - best) * STEP_S)


def echo_frames(near: Samples, far: Samples, delay_s: float) -> NDArray[np.bool_]:
    """Which frames of 32 ms are the officer's echo, (n / 512,), at a delay that is known to 30 ms: half a second about each is compared."""
    x, y = _logs(energies(near)), _logs(energies(far))
    frames = len(near) // VAD_FRAME
    if not len(x):
        return np.zeros(frames, np.bool_)
    likeness = np.full(len(x), -1.0)
    first = round((MOST_DELAY_S - delay_s) / STEP_S)
    for lag in range(max(first - 3, 0), min(first + 3, len(y) - len(x)) + 1):
        likeness = np.maximum(likeness, _local(x, y[lag : lag + len(x)]))
    middles = ((np.arange(frames) + 0.5) * VAD_FRAME / STEP).astype(int)
    return np.asarray(likeness[np.minimum(middles, len(x) - 1)] >= ALIKE_HERE)


class EchoPath:
    """Removes one session's echo; learns its delay from stretches that are nothing but echo."""

    def __init__(self) -> None:
        self.far = FarTrack()
        self._delays: deque[float] = deque(maxlen=_DELAYS)

    def echoed(self, start_s: float, near: Samples) -> NDArray[np.bool_]:
        """Which frames of 32 ms of a stretch (n,) that begins at ``start_s`` are the officer's echo, (n / 512,)."""
        frames = len(near) // VAD_FRAME
        far = self.far.between(
            round((start_s - MOST_DELAY_S) * SAMPLE_RATE_HZ), len(near) + round(MOST_DELAY_S * SAMPLE_RATE_HZ)
        )
        if not np.any(far):
            return np.zeros(frames, np.bool_)
        echo = find_echo(near, far)
        if echo.likeness >= ALIKE:
            self._delays.append(echo.delay_s)
            return np.ones(frames, np.bool_)
        if not self._delays:
            return np.zeros(frames, np.bool_)
        return echo_frames(near, far, median(self._delays))


def _logs(bands: Energies) -> Energies:
    logs = np.log10(bands)
    return np.maximum(logs, logs.max() - _RANGE) if len(logs) else logs


def _correlations(x: Energies, y: Energies) -> NDArray[np.float64]:
    """Normalised correlation of x (n, bands) with each run of n frames of y, each band's mean taken off: (lags,)."""
    runs = np.lib.stride_tricks.sliding_window_view(y, len(x), axis=0)
    x = x - x.mean(axis=0)
    products = np.einsum("lbn,nb->l", runs, x, optimize=True)
    sums = np.cumsum(np.pad(y, ((1, 0), (0, 0))), axis=0)
    squares = np.cumsum(np.pad(y**2, ((1, 0), (0, 0))), axis=0)
    count = len(x)
    variance = (squares[count:] - squares[:-count]) - (sums[count:] - sums[:-count]) ** 2 / count
    norm = np.sqrt(np.maximum(variance.sum(axis=1), 0.0) * float((x**2).sum()))
    return np.where(norm > _TINY * count, products / np.maximum(norm, _TINY), 0.0)


def _local(x: Energies, y: Energies) -> NDArray[np.float64]:
    """The same about each frame, over half a second: (n,)."""

    def mean(values: Energies) -> Energies:
        averaged: Energies = uniform_filter1d(values, _PIECE, axis=0, mode="nearest")
        return averaged

    mx, my = mean(x), mean(y)
    shared = (mean(x * y) - mx * my).sum(axis=1)
    norm = np.sqrt(np.maximum((mean(x * x) - mx**2).sum(axis=1) * (mean(y * y) - my**2).sum(axis=1), 0.0))
    return np.where(norm > _TINY, shared / np.maximum(norm, _TINY), 0.0)
