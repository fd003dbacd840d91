"""The service's own interviews as the fraud model's monitoring sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from fraudmodel.assessment import AbsentSignal, Contribution
from fraudmodel.confirmed import Confirmed
from fraudmodel.monitored import Drift, InterviewSeen, SignalSeen
from fraudmodel.monitoring import drift
from fraudmodel.outcome_calibration import Sees
from fraudmodel.rescoring import shift
from fraudmodel.signals import Reason, SignalKind
from interview.errors import SessionError
from interview.monitoring.devices import device_family
from interview.store.monitoring import EndedInterview
from interview.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Span:
    """Wall time [since, until)."""

    since: datetime
    until: datetime

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d %H:%M} to {self.until:%Y-%m-%d %H:%M} UTC"


def spans_before(until: datetime, days: float, reference_days: float) -> tuple[Span, Span]:
    """The reference and the recent span: ``days`` up to ``until``, and ``reference_days`` before those. Raises SessionError beyond the calendar."""
    try:
        middle = until - timedelta(days=days)
        return Span(middle - timedelta(days=reference_days), middle), Span(middle, until)
    except OverflowError:
        raise SessionError(
            f"{days:g} days and {reference_days:g} before them begin before the calendar does: give fewer."
        ) from None


def drift_between(repository: Repository, reference: Span, recent: Span, sees: Sees | None = None) -> Drift:
    """Compare two spans of this service; ``sees`` as in `drift`. Raises SessionError where either holds no interview."""
    outcomes = repository.confirmed.in_force()
    windows = [list(seen(repository, span, outcomes)) for span in (reference, recent)]
    named = (("the reference", reference), ("the span that is looked at", recent))
    for (name, span), window in zip(named, windows, strict=True):
        if not window:
            raise SessionError(
                f"No interview with an applicant began and ended in {name}, {span}; simulated ones do not count. Choose other spans."
            )
    return drift(*windows, sees=sees)


def seen(repository: Repository, span: Span, outcomes: Mapping[str, Confirmed]) -> Iterator[InterviewSeen]:
    """Every interview of a span, oldest first."""
    for each in repository.monitoring.ended(span.since, span.until):
        confirmed = outcomes.get(each.id)
        yield InterviewSeen(
            name=each.id,
            person=each.person,
            at=each.at,
            device=device_family(each.camera),
            shift=shift(each.assessment),
            fraud=None if confirmed is None else confirmed.fraud,
            signals=dict(_signals(each)),
            calibration=each.assessment.calibration,
            family="" if confirmed is None else confirmed.family,
            band=each.assessment.band,
            policy=each.assessment.policy,
        )


def _signals(interview: EndedInterview) -> Iterator[tuple[SignalKind, SignalSeen]]:
    assessment = interview.assessment
    said: tuple[Contribution | AbsentSignal, ...] = (*assessment.contributions, *assessment.absent)
    for each in said:
        quality, models = interview.quality.get(each.kind), interview.models.get(each.kind, ())
        yield each.kind, _seen(each, quality, models)


def _seen(each: Contribution | AbsentSignal, quality: float | None, models: tuple[str, ...]) -> SignalSeen:
    if isinstance(each, Contribution):
        return SignalSeen(each.statistic, each.llr, quality, None, models)
    return SignalSeen(each.statistic, None, quality, Reason(each.reason), models)
