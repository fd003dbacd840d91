"""What the service's own interviews came to: policy's proposals against what people decided and what was confirmed, and who was treated how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from fraudmodel.assessment import Band, FraudAssessment
from fraudmodel.discount import Discounted, discounts
from fraudmodel.effective import trials_of_rate
from fraudmodel.intervals import Estimate, clopper_pearson
from fraudmodel.metrics import Mask
from fraudmodel.rescoring import Candidate, shift
from fraudmodel.slices import Held, Sliced, sliced
from fraudmodel.touched import families_seen
from interview.monitoring.cases import stored_cases
from interview.monitoring.devices import device_family
from interview.monitoring.measuring import discrimination
from interview.monitoring.windows import Span
from interview.session import Outcome
from interview.store.monitoring import EndedInterview
from interview.store.repository import Repository

LEAST_OUTCOMES: Final = 10
"""Interviews of either outcome below which Cllr and AUC of them are not given."""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The interviews for which policy proposed ``band``: how many, how many were confirmed as what, and what people decided (None: nobody yet)."""

    band: Band
    interviews: int
    fraud: int
    bona_fide: int
    decided: Mapping[Outcome | None, int]


@dataclass(frozen=True, slots=True)
class InUse:
    """A span of the service. ``figures`` are of L as it was shown, on confirmed outcomes, empty below 10 of either.

    ``missed``: confirmed frauds that policy would have let proceed; ``bothered``: confirmed bona fide interviews that it would not have; both None
    where there is none. ``families`` of the confirmed frauds, "" where nobody knows. ``slices`` take everybody as bona fide whom nobody confirmed as
    fraud.
    """

    span: Span
    proposals: Sequence[Proposed]
    fraud: int
    bona_fide: int
    people: int
    figures: Mapping[str, Estimate]
    missed: Estimate | None
    bothered: Estimate | None
    families: Sequence[tuple[str, int]]
    slices: Sequence[Sliced]
    discounts: Sequence[Discounted]


@dataclass(frozen=True, slots=True)
class _Ended:
    held: Held
    outcome: bool | None
    family: str
    decision: Outcome | None


def in_use(repository: Repository, span: Span, candidate: Candidate) -> InUse:
    """Everything of one span. Proposals and L are those that were shown; only ``discounts`` are worked out anew, by the candidate's parameters."""
    ended = list(_ended(repository, span))
    known = [each for each in ended if each.outcome is not None]
    frauds = [each for each in known if each.outcome]
    genuine = [each for each in known if not each.outcome]
    cases = list(stored_cases(repository, span))
    return InUse(
        span=span,
        proposals=[found for band in Band if (found := _proposed(band, ended)).interviews],
        fraud=len(frauds),
        bona_fide=len(genuine),
        people=len({each.held.person for each in known}),
        figures=_figures(known) if min(len(frauds), len(genuine)) >= LEAST_OUTCOMES else {},
        missed=_share(frauds, proceeds=True),
        bothered=_share(genuine, proceeds=False),
        families=sorted(Counter(each.family for each in frauds).items()),
        slices=sliced([each.held for each in ended]) if ended else (),
        discounts=discounts(candidate, cases, families_seen(candidate.parameters.fusion)),
    )


def _ended(repository: Repository, span: Span) -> Iterator[_Ended]:
    outcomes = repository.confirmed.in_force()
    for each in repository.monitoring.ended(span.since, span.until):
        confirmed = outcomes.get(each.id)
        fraud = None if confirmed is None else confirmed.fraud
        held = Held(each.person, fraud is True, dict(_conditions(each)), _lean(each.assessment))
        yield _Ended(held, fraud, "" if confirmed is None else confirmed.family, each.decision)


def _conditions(interview: EndedInterview) -> Iterator[tuple[str, float | str]]:
    system, _, browser = device_family(interview.camera).partition(", ")
    yield "device", system
    if browser:
        yield "browser", browser
    if interview.kbps is not None:
        yield "kbps", interview.kbps
    yield "language", interview.language
    yield "product", interview.product


def _lean(assessment: FraudAssessment) -> FraudAssessment:
    """Without the references to evidence: of a year's interviews they would fill the memory."""
    return replace(
        assessment, contributions=tuple(replace(each, evidence=()) for each in assessment.contributions)
    )


def _proposed(band: Band, ended: Sequence[_Ended]) -> Proposed:
    here = [each for each in ended if each.held.assessment.band is band]
    outcomes = Counter(each.outcome for each in here)
    return Proposed(band, len(here), outcomes[True], outcomes[False], Counter(each.decision for each in here))


def _figures(known: Sequence[_Ended]) -> dict[str, Estimate]:
    shifts = np.array([shift(each.held.assessment) for each in known])
    fraud: Mask = np.array([each.outcome for each in known], dtype=bool)
    return discrimination(shifts, fraud, [(each.held.person,) for each in known])


def _share(ended: Sequence[_Ended], *, proceeds: bool) -> Estimate | None:
    if not ended:
        return None
    hits = np.array(
        [(each.held.assessment.band is Band.PROCEED) is proceeds for each in ended], dtype=np.float64
    )
    trials = trials_of_rate(hits, [each.held.person for each in ended])
    share = float(hits.mean())
    low, high = clopper_pearson(min(share * trials, trials), trials)
    return Estimate(share, min(low, share), max(high, share), len(ended))
