"""Does the applicant's page speak of a real camera? Device label, track, capabilities, hooks, probes, as the page reports them.

Score: sum of the cues' points (`biometrics/injection/page.py`), held in -8..8; 0 is a page without anything odd, greater
is more attack-like. A page can be made to say anything: this finds ordinary tools, and nobody who takes pains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.injection.page import camera_cues, devices_cues, probe_cues, stats_cues
from biometrics.injection.points import Tally
from biometrics.views import Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("injection_page")
MODEL: Final = "page-cues-1"
_FROM_PAGE: Final = 0.5
"""Quality of everything that the applicant's own machine says about itself."""


class InjectionPage:
    """Hears what one page reports, and gives one reading for each report that says something about the camera."""

    def __init__(self) -> None:
        self._camera: Mapping[str, Any] | None = None
        self._tally = Tally()
        self._now: float | None = None
        self._said = False

    def observe(self, fact: Fact, /) -> Iterable[Reading]:
        """Take a report of the page, or one of the edge, which shows that there should have been some by now."""
        self._now = max(self._now or 0.0, fact.t)
        if fact.topic != "page":
            return [] if self._camera is not None else [self._unheard(fact.t)]
        match fact.values.get("event"):
            case "camera":
                self._take_camera(fact.values)
            case "probe":
                probe_cues(fact.values, self._tally)
            case "stats" if self._camera is not None:
                stats_cues(fact.values, self._camera, self._tally)
            case "devices" if self._camera is not None:
                devices_cues(self._camera, fact.values, self._tally)
            case _:
                return []
        return [self._read(fact.t) if self._camera is not None else self._unheard(fact.t)]

    def finish(self) -> Iterable[Reading]:
        """Say that a page which was heard of never described its camera, unless that was said. Idempotent."""
        return [] if self._said or self._now is None else [self._unheard(self._now)]

    def _take_camera(self, report: Mapping[str, Any]) -> None:
        """A page loaded again, or another camera chosen: what was odd about the one before still counts."""
        before, now = dict(self._tally.points), Tally()
        camera_cues(report, now)
        self._tally.points |= {cue: max(points, before.get(cue, 0.0)) for cue, points in now.points.items()}
        self._tally.measured |= now.measured
        self._camera = report

    def _read(self, t: float) -> Observation:
        span, self._said = Span(t, t), True
        return Observation(
            KIND,
            span,
            score=self._tally.score,
            quality=_FROM_PAGE,
            model=MODEL,
            evidence=(EvidenceRef("video", span),),
            covariates=self._tally.covariates(),
        )

    def _unheard(self, t: float) -> Abstention:
        self._said = True
        return Abstention(KIND, Span(t, t), Reason.NO_PAGE_REPORT, "the page has not described its camera")


def build(context: DetectorContext) -> InjectionPage:
    """It needs no model and no reference."""
    return InjectionPage()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=Fact,
    models=(),
    consent=None,
    latency_s=1.0,
    build=build,
    topics=("page", "transport"),
)
