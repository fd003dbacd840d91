"""Does the sound belong to the mouth that is seen? Compares both over 16 s of speech with the mouth in sight.

Score: minus the standard deviations by which they go together better than the same sound and mouth at other moments do, at an
offset that a call can have (-80 to 160 ms); greater, and near 0 where they go together by chance only, is more attack-like: a dubbed
voice, a lip-sync that fails, a picture or a sound that lags. The clock is the media's, so that a network's jitter is no offset.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

import numpy as np

from biometrics.av.patience import Patience
from biometrics.av.still import Look, Looks
from biometrics.av.sync import EARLIEST_MS, LATEST_MS, Sync
from biometrics.av.timeline import STEP_S, WAIT_S, Floats, Rows, Timeline
from biometrics.av.weights import NAME, WEIGHTS
from biometrics.av.window import SpeechWindow, Worst, judge, worst_part
from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("av_sync")
VOICED_S: Final = 16.0
"""Speech in a window: shorter ones are too often alike by chance (see docs/decisions/0014)."""
TOGETHER_Z: Final = 1.5
"""From here on, at any offset, the offset means something: of 56 swapped windows one lies above; of 16 joined talks, each with its sound where it
was and moved six ways, one lies below."""
DRIFT_WINDOWS: Final = 3
DRIFT_S: Final = 60.0
_FULL_QUALITY_PX = 80.0


class AvSync:
    """Watches one session's mouth and sound. ``weights`` (lags, bands) of the filter, other ones for an evaluation."""

    def __init__(self, weights: Floats = WEIGHTS, voiced_s: float = VOICED_S) -> None:
        self._weights = weights
        self._voiced_s = voiced_s
        self._timeline = Timeline()
        self._window = SpeechWindow(voiced_s)
        self._patience = Patience(KIND, self._timeline)
        self._looks = Looks()
        self._seen: list[Look] = []
        self._offsets: deque[tuple[float, float]] = deque(maxlen=64)

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Take a view; give a reading for each window that became full."""
        return self._take(self._timeline.see(view))

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Take what was heard; give a reading for each window that became full."""
        return self._take(self._timeline.hear(fact))

    def finish(self) -> Iterable[Reading]:
        """Say that the last stretch was too short, where it was. Idempotent."""
        return [*self._take(self._timeline.finish()), *self._patience.due(self._so_far(), 0.0)]

    def _take(self, blocks: Iterable[Rows]) -> list[Reading]:
        return [reading for rows in blocks for reading in self._next(rows)]

    def _next(self, rows: Rows) -> list[Reading]:
        self._patience.push(rows)
        self._seen += self._looks.push(rows)
        full = self._window.push(rows)
        if full is None:
            return [*self._patience.due(self._so_far())]
        reading = self._read(full)
        self._seen = []
        self._patience.measured(reading.span.end)
        return [reading]

    def _so_far(self) -> str:
        return f"{self._window.voiced_s:.0f} s of {self._voiced_s:.0f} s of speech with the mouth in sight"

    def _read(self, rows: Rows) -> Reading:
        span = Span(float(rows.t[0]), float(rows.t[-1]) + STEP_S / 2)
        sync = judge(rows, self._weights)
        if sync is None:
            return Abstention(KIND, span, Reason.NOT_YET)
        if sync.z_any >= TOGETHER_Z:
            self._offsets.append(((span.start + span.end) / 2, sync.offset_ms))
        drift = drift_ms_per_min(self._offsets)
        px, lost = float(np.nanmean(rows.mouth[:, 1])), float(np.mean(np.isnan(rows.speech)))
        return interpret(
            span, sync, worst_part(rows, self._weights), self._seen, drift, self._voiced_s, px, lost
        )


def interpret(
    span: Span,
    sync: Sync,
    worst: Worst,
    looks: Iterable[Look],
    drift: float | None,
    voiced_s: float,
    px: float,
    sound_lost: float = 0.0,
) -> Observation:
    """One window's reading, with the 6 s that go together least as evidence. ``sound_lost`` share of it without sound."""
    looks = list(looks)
    covariates = {
        "z": sync.z,
        "z_any_offset": sync.z_any,
        "rho": sync.rho,
        "peak_ratio": sync.peak_ratio,
        "voiced_s": voiced_s,
        "mouth_px": px,
        "still_s": sum(_length(look) for look in looks if look.over_voice and look.score > 0.0),
        "unheard_s": sum(_length(look) for look in looks if look.unheard),
        "sound_lost": sound_lost,
        "together_part": -sync.z_any,
        "offset_part": sync.z_any - sync.z,
    }
    if sync.z_any >= TOGETHER_Z:
        covariates["offset_ms"] = sync.offset_ms
        covariates["desync"] = float(not EARLIEST_MS <= sync.offset_ms <= LATEST_MS)
    if drift is not None:
        covariates["drift_ms_per_min"] = drift
    return Observation(
        KIND,
        span,
        score=-sync.z,
        quality=min(px / _FULL_QUALITY_PX, 1.0),
        model=NAME,
        evidence=(EvidenceRef("video", worst.span),),
        covariates=covariates,
    )


def _length(look: Look) -> float:
    return len(look.rows) * STEP_S


def drift_ms_per_min(offsets: Iterable[tuple[float, float]]) -> float | None:
    """The slope of (t s, offset ms), where there are enough of them over long enough."""
    known = np.array(list(offsets)).reshape(-1, 2)
    if len(known) < DRIFT_WINDOWS or known[-1, 0] - known[0, 0] < DRIFT_S:
        return None
    return float(60.0 * np.polyfit(known[:, 0], known[:, 1], 1)[0])


def build(context: DetectorContext) -> AvSync:
    """It needs no model that is fetched, and no reference."""
    return AvSync()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(),
    consent="face",
    latency_s=WAIT_S + 2.0,
    build=build,
    topics=("speech",),
    also=("voice",),
)
