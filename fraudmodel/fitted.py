"""What a fusion was fitted on, and how much its weights would differ had other people been there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from fraudmodel.calibration import FloatArray
from fraudmodel.document import Node
from fraudmodel.intervals import Estimate, parse_estimate

LARGEST_WEIGHT: Final = 10.0
"""No component of a document weighs a signal more."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """``table`` names the interviews and ``digest`` their exact content; ``measured`` holds figures on people that the fit never saw.

    ``refits`` (B, P) are the weights under bootstrap refits over people: of each component in turn, in the order in which its document lists them.
    ``expert_weights`` (P,) and ``expert_correlations`` (groups,) are what the fit began from, so that the next one need not begin from a fit.
    Behaviour is no part of any of them: a bank that lets it count adds its weights and its group, and the fit stays as it is.
    """

    table: str
    digest: str
    bona_fide: int
    fraud: int
    people: int
    expert_weights: tuple[float, ...]
    expert_correlations: tuple[float, ...]
    measured: Mapping[str, Estimate] = field(default_factory=dict)
    refits: FloatArray = field(default_factory=lambda: np.empty((0, 0)), compare=False, repr=False)

    @property
    def interviews(self) -> int:
        """All of them."""
        return self.bona_fide + self.fraud


def parse_fitted(node: Node, columns: int, groups: int, largest: float) -> Fitted:
    """What a fusion's document says of its fit, of so many weights, none above ``largest``, and groups. Raises ParametersError with the line and the field."""
    node.fields(
        *("table", "digest", "bona_fide", "fraud", "people"),
        *("expert_weights", "expert_correlations", "measured", "refits"),
    )
    rows = [_row(item, columns, largest) for item in node["refits"].items()]
    return Fitted(
        table=node["table"].text(),
        digest=node["digest"].text(),
        bona_fide=node["bona_fide"].count(),
        fraud=node["fraud"].count(),
        people=node["people"].count(),
        expert_weights=_row(node["expert_weights"], columns, largest),
        expert_correlations=_row(node["expert_correlations"], groups, 1.0),
        measured={name: parse_estimate(item) for name, item in node["measured"].entries()},
        refits=np.array(rows, dtype=np.float64).reshape(-1, columns),
    )


def fitted_fields(fitted: Fitted) -> dict[str, object]:
    """All but the refits, as `parse_fitted` reads it."""
    return {
        "table": fitted.table,
        "digest": fitted.digest,
        "bona_fide": fitted.bona_fide,
        "fraud": fitted.fraud,
        "people": fitted.people,
        "expert_weights": list(fitted.expert_weights),
        "expert_correlations": list(fitted.expert_correlations),
        "measured": {
            name: {"value": each.value, "low": each.low, "high": each.high, "n": each.n}
            for name, each in fitted.measured.items()
        },
    }


def _row(node: Node, columns: int, largest: float) -> tuple[float, ...]:
    """Never below 0: a weight below 0 would let a suspicious signal lower the probability."""
    items = node.items()
    if len(items) != columns:
        raise node.error(f"must hold {columns} numbers, as the fusion above has; it holds {len(items)}")
    return tuple(item.number(0.0, largest) for item in items)
