"""Does the frame rate of the packets follow the light in the picture, as an exposing camera's does?

Score: the points of `light_cues` (`biometrics/injection/cadence.py`), -1..0.3: a camera that slows down in the dark speaks
for a real one; one that does not is little, for many amplify instead. It says something only of a session that was both
dark and bright. Apart from `injection_transport`, which needs no picture, because the applicant may refuse the picture's analysis.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.injection.cadence import LEAST_TICKS, cadence, light_cues
from biometrics.injection.points import Tally
from biometrics.injection.transport import FULL_TICKS, SILENT_AFTER_S, span_of, ticks_of
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("injection_light")
MODEL: Final = "exposure-cues-1"
_KEPT: Final = 60
"""Ten-second windows that the light is compared over."""


class InjectionLight:
    """Remembers how bright the picture was in each of the edge's windows, and how fast the frames came."""

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
        """Set a report of the edge beside the light that there was meanwhile."""
        self._now = self._since = max(self._now, fact.t)
        steps, span = ticks_of(fact), span_of(fact)
        total, count = self._luma_sum, self._lumas
        self._luma_sum, self._lumas = 0.0, 0
        found = cadence(steps)
        if found is None:
            detail = f"{len(steps)} of the {LEAST_TICKS} frames that it takes"
            return [Abstention(KIND, span, Reason.LOW_FRAME_RATE, detail)]
        if not count:
            return [Abstention(KIND, span, Reason.NO_VIDEO)]
        self._windows.append((total / count, found.fps))
        tally = Tally(measured={"luma": total / count, "fps": found.fps})
        light_cues(self._windows, tally)
        if not tally.points:
            return [Abstention(KIND, span, Reason.NOT_YET, "it has not been both dark and bright")]
        return [_observation(span, tally, len(steps))]

    def finish(self) -> Iterable[Reading]:
        """Say that nothing was reported since, where that is so. Idempotent."""
        return self._silence() if self._since is not None and self._now > self._since else []

    def _silence(self) -> list[Reading]:
        span = Span(self._now if self._since is None else self._since, self._now)
        self._since = self._now
        return [Abstention(KIND, span, Reason.NO_TRANSPORT_REPORT)]


def _observation(span: Span, tally: Tally, frames: int) -> Observation:
    return Observation(
        KIND,
        span,
        score=tally.score,
        quality=min(1.0, frames / FULL_TICKS),
        model=MODEL,
        evidence=(EvidenceRef("video", span),),
        covariates=tally.covariates(),
    )


def build(context: DetectorContext) -> InjectionLight:
    """It needs no model and no reference."""
    return InjectionLight()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(),
    consent="face",
    latency_s=1.0,
    build=build,
    topics=("transport",),
)
