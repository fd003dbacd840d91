"""Do the packets keep time as a browser's camera and microphone do? One reading for each of the edge's ten-second reports.

Score: sum of the cues' points (`biometrics/injection/cadence.py`), held in -8..8; greater is more attack-like. A camera
that slows down in the dark and a microphone with a clock of its own speak for a real machine: the score may be negative.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.injection.cadence import LEAST_TICKS, cadence, cadence_cues, clock_cues, light_cues
from biometrics.injection.points import Tally
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("injection_transport")
MODEL: Final = "packet-cues-1"
SILENT_AFTER_S: Final = 15.0
_KEPT: Final = 60
"""Ten-second windows that the light is compared over."""
_ENOUGH_TICKS: Final = 200


class InjectionTransport:
    """Remembers how bright the picture was, and reads each report of the edge."""

    def __init__(self) -> None:
        self._luma_sum = 0.0
        self._lumas = 0
        self._windows: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._since: float | None = None
        self._now = 0.0

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Note the light; abstain where the edge has reported nothing for long."""
        self._since = view.t if self._since is None else self._since
        self._now = max(self._now, view.t)
        image = view.frame.image
        if image.size:
            self._luma_sum += float(image[::16, ::16].mean())
            self._lumas += 1
        return self._silence() if self._now - self._since >= SILENT_AFTER_S else []

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Read a report of the edge."""
        self._now = self._since = max(self._now, fact.t)
        ticks = fact.values.get("video_ticks")
        steps = (
            [step for step in ticks if isinstance(step, int) and step > 0] if isinstance(ticks, list) else []
        )
        found = cadence(steps)
        span = _span(fact)
        luma, self._luma_sum, self._lumas = self._luma_sum / max(self._lumas, 1), 0.0, 0
        if found is None:
            detail = f"{len(steps)} of the {LEAST_TICKS} frames that it takes"
            return [Abstention(KIND, span, Reason.LOW_FRAME_RATE, detail)]
        if luma > 0.0:
            self._windows.append((luma, found.fps))
        tally = Tally(measured={"luma": luma})
        cadence_cues(found, tally)
        clock_cues(fact.values, tally)
        light_cues(self._windows, tally)
        return [_observation(span, tally, len(steps))]

    def finish(self) -> Iterable[Reading]:
        """Say that nothing was reported since, where that is so. Idempotent."""
        return self._silence() if self._since is not None and self._now > self._since else []

    def _silence(self) -> list[Reading]:
        span = Span(self._now if self._since is None else self._since, self._now)
        self._since = self._now
        return [Abstention(KIND, span, Reason.NO_TRANSPORT_REPORT)]


def _span(fact: Fact) -> Span:
    length: Any = fact.values.get("span_s")
    seconds = float(length) if isinstance(length, int | float) and np.isfinite(length) else 0.0
    return Span(max(0.0, fact.t - max(0.0, seconds)), max(0.0, fact.t))


def _observation(span: Span, tally: Tally, frames: int) -> Observation:
    return Observation(
        KIND,
        span,
        score=tally.score,
        quality=min(1.0, frames / _ENOUGH_TICKS),
        model=MODEL,
        evidence=(EvidenceRef("video", span),),
        covariates=tally.covariates(),
    )


def build(context: DetectorContext) -> InjectionTransport:
    """It needs no model and no reference."""
    return InjectionTransport()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(),
    consent="face",
    latency_s=1.0,
    build=build,
    topics=("transport",),
)
