"""The behaviour channel: which signals it is, and the terms on which it may enter the probability.

Brief facial movements and answers that deviate from the person's own say little about fraud: cues to deception are weak (Hartwig & Bond
2011), and movements of the face do not map onto intentions (Barrett et al. 2019). So the channel's weight is 0. A bank that has confirmed
its worth on its own outcomes may let it count, within a likelihood ratio of 2, and it never decides: what policy proposes is worked out
without it. See docs/decisions/0019-behaviour-in-the-probability.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import log
from types import MappingProxyType
from typing import Final

from fraudmodel.document import Node
from fraudmodel.signals import SignalKind

BEHAVIOUR: Final = frozenset({SignalKind("micro_expression"), SignalKind("behaviour")})
"""The kinds of the channel. Nothing else says so."""
LATEST_BY: Final = MappingProxyType({SignalKind("behaviour"): "question_number"})
"""Kinds that read a question again when there is more to compare it with, by the covariate that numbers it: its last reading counts."""
GROUP: Final = "behaviour"
"""What ``fusion.json`` has to call the channel's group: one group for all of it, so that the cap holds for the sum."""
CAP_NATS: Final = log(2.0)
"""The channel's evidence, all of it together: a likelihood ratio of 2, 3 decibans."""
LEAST_OUTCOMES: Final = 200
"""Interviews whose outcome was confirmed, fraud and bona fide together, below which nothing counts as validated."""
GRADE: Final = "measured"


@dataclass(frozen=True, slots=True)
class Validation:
    """What a bank's own validation of the channel rests on.

    ``fraud`` and ``bona_fide`` confirmed outcomes; ``analysis`` names the analysis that was registered before they were looked at; ``on`` the
    day of the validation; ``approved_by`` who answers for it.
    """

    fraud: int
    bona_fide: int
    analysis: str
    on: date
    approved_by: str

    @property
    def outcomes(self) -> int:
        """All confirmed outcomes."""
        return self.fraud + self.bona_fide

    @property
    def obstacle(self) -> str:
        """Why these outcomes are no validation, as the end of a sentence; empty where they are one."""
        if self.outcomes < LEAST_OUTCOMES:
            return f"counts {self.outcomes} confirmed outcomes, and at least {LEAST_OUTCOMES} are needed"
        if not self.fraud or not self.bona_fide:
            return "needs confirmed outcomes of both kinds: of one alone nothing can be told apart"
        return ""


def parse_validation(root: Node, kind: SignalKind) -> Validation | None:
    """The validation in a signal's document: one of the channel is refused without, any other with. Raises ParametersError."""
    if kind not in BEHAVIOUR:
        if "validation" in root:
            raise root["validation"].error(f"belongs to {' and '.join(sorted(BEHAVIOUR))} alone")
        return None
    if "validation" not in root:
        raise root.error(
            'lacks the field "validation": behaviour counts only where a bank has validated it on its own confirmed outcomes'
        )
    if (grade := root["grade"].text()) != GRADE:
        raise root["grade"].error(
            f"must be {GRADE} for behaviour, which nothing simulated supports; it is {grade!r}"
        )
    for bound in root["bounds"].items():
        if abs(bound.number()) > CAP_NATS:
            raise bound.error(
                f"is beyond {CAP_NATS:.4f} nats: behaviour is held within a likelihood ratio of 2; it is {bound.number():g}"
            )
    return _validation(root["validation"])


def _validation(node: Node) -> Validation:
    node.fields("fraud", "bona_fide", "analysis", "date", "approved_by")
    given = Validation(
        fraud=node["fraud"].count(),
        bona_fide=node["bona_fide"].count(),
        analysis=node["analysis"].text(),
        on=_day(node["date"]),
        approved_by=node["approved_by"].text(),
    )
    if given.obstacle:
        raise node.error(given.obstacle)
    return given


def validation_fields(validation: Validation) -> dict[str, object]:
    """A validation as `parse_validation` reads it."""
    return {
        "fraud": validation.fraud,
        "bona_fide": validation.bona_fide,
        "analysis": validation.analysis,
        "date": validation.on.isoformat(),
        "approved_by": validation.approved_by,
    }


def admitted(
    kind: SignalKind, grade: str, bounds: tuple[float, float], validation: Validation | None
) -> bool:
    """Whether a calibration may exist at all: always, but for the channel, whose terms it must meet."""
    if kind not in BEHAVIOUR:
        return validation is None
    within = bounds[0] >= -CAP_NATS and bounds[1] <= CAP_NATS
    return validation is not None and not validation.obstacle and grade == GRADE and within


def _day(node: Node) -> date:
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        raise node.error(f"must be a day, as 2026-11-28; it is {node.text()!r}") from None
