"""Do the packets keep time as a browser's camera and microphone do? One reading for each of the edge's ten-second reports.

Score: sum of the cues' points (`biometrics/injection/cadence.py`), held in -8..8; greater is more attack-like. A camera
whose frames come unevenly and a microphone with a clock of its own speak for a real machine: the score may be negative.
It needs no picture and asks for no consent: what compares packets with the picture is `injection_light`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.injection.cadence import LEAST_TICKS, cadence, cadence_cues, clock_cues
from biometrics.injection.points import Tally
from biometrics.injection.transport import FULL_TICKS, SILENT_AFTER_S, span_of, ticks_of
from biometrics.views import Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("injection_transport")
MODEL: Final = "packet-cues-1"


class InjectionTransport:
    """Reads each report of the edge; those of the page only show how much time went by without one."""

    def __init__(self) -> None:
        self._since: float | None = None
        self._now = 0.0
        self._said = False

    def observe(self, fact: Fact, /) -> Iterable[Reading]:
        """Read a report of the edge; abstain where the page has gone on reporting for long and the edge has not."""
        self._now = max(self._now, fact.t)
        if fact.topic == "transport":
            self._since = self._now
            return [self._read(fact)]
        self._since = self._now if self._since is None else self._since
        return [self._silence(self._since)] if self._now - self._since >= SILENT_AFTER_S else []

    def finish(self) -> Iterable[Reading]:
        """Say that the edge reported nothing since, or never, where the page did. Idempotent."""
        if self._since is None or (self._said and self._now <= self._since):
            return []
        return [self._silence(self._since)]

    def _read(self, fact: Fact) -> Reading:
        self._said = True
        steps, span = ticks_of(fact), span_of(fact)
        found = cadence(steps)
        if found is None:
            detail = f"{len(steps)} of the {LEAST_TICKS} frames that it takes"
            return Abstention(KIND, span, Reason.LOW_FRAME_RATE, detail)
        tally = Tally()
        cadence_cues(found, tally)
        clock_cues(fact.values, tally)
        return Observation(
            KIND,
            span,
            score=tally.score,
            quality=min(1.0, len(steps) / FULL_TICKS),
            model=MODEL,
            evidence=(EvidenceRef("video", span),),
            covariates=tally.covariates(),
        )

    def _silence(self, since: float) -> Abstention:
        self._since, self._said = self._now, True
        return Abstention(KIND, Span(since, self._now), Reason.NO_TRANSPORT_REPORT)


def build(context: DetectorContext) -> InjectionTransport:
    """It needs no model and no reference."""
    return InjectionTransport()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=Fact,
    models=(),
    consent=None,
    latency_s=1.0,
    build=build,
    topics=("page", "transport"),
)
