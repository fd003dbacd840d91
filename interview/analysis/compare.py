"""How far a re-run lies from what was stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from math import inf
from typing import Any

from interview.analysis.codec import to_json
from interview.analysis.protocol import Output

_COUNTED = {
    "observation": "observations",
    "abstention": "abstentions",
    "assessment": "assessments",
    "speech": "meters",
    "fault": "faults",
}

_WORDS = frozenset({"taxonomy", "checks"})
"""Which version of the words explained it. A sentence may be put better since; the codes and the check themselves are compared."""
_TOLD_LATER = frozenset({"sequential.lowest", "sequential.highest"})
"""What follows from the parameters alone, and was not told at first: a record that lacks it is no other one."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many outputs of each type."""

    observations: int = 0
    abstentions: int = 0
    assessments: int = 0
    meters: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Difference:
    """``largest`` absolute difference over every number (infinite where something else differs), and ``where``.

    ``where`` names the output and the field, and is empty when ``equal``.
    """

    largest: float
    where: str
    stored: Counts
    fresh: Counts

    @property
    def equal(self) -> bool:
        return self.largest == 0.0 and not self.where


def compare(stored: Iterable[Output], fresh: Iterable[Output]) -> Difference:
    """Compare output by output, in order. Neither sequence is held in memory."""
    tally: dict[str, int] = {}
    largest, where = 0.0, ""
    for number, (left, right) in enumerate(
        zip_longest(_counted(stored, tally, "s"), _counted(fresh, tally, "f"))
    ):
        for path, difference in _differences(left, right, ""):
            if difference > largest or (not where and difference > 0.0):
                largest, where = difference, f"output {number + 1} ({_name(left, right)}): {path}"
    return Difference(largest, where, _counts(tally, "s"), _counts(tally, "f"))


def _counted(outputs: Iterable[Output], tally: dict[str, int], side: str) -> Iterator[Mapping[str, Any]]:
    for output in outputs:
        value = to_json(output)
        key = side + _COUNTED[value["type"]]
        tally[key] = tally.get(key, 0) + 1
        yield value


def _counts(tally: Mapping[str, int], side: str) -> Counts:
    return Counts(**{name: tally.get(side + name, 0) for name in _COUNTED.values()})


def _name(left: Mapping[str, Any] | None, right: Mapping[str, Any] | None) -> str:
    value = left or right or {}
    kind = value.get("kind", value["type"])
    return f"{kind} at {value.get('t', value.get('start')):.3f} s"


def _differences(left: Any, right: Any, path: str) -> Iterator[tuple[str, float]]:  # noqa: ANN401 - any JSON
    if not path and left and right and left["type"] == right["type"] == "assessment":
        yield from _unlike_signals(left, right)
    match left, right:
        case dict(), dict():
            for key in sorted(left.keys() | right.keys(), key=lambda key: (key != "model", key)):
                yield from _differences(left.get(key), right.get(key), f"{path}.{key}" if path else str(key))
        case list(), list() if len(left) == len(right):
            for index, (one, other) in enumerate(zip(left, right, strict=True)):
                yield from _differences(one, other, f"{path}[{index}]")
        case _:
            yield _difference(left, right, path)


def _unlike_signals(left: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[tuple[str, float]]:
    """Signals that only one of two assessments knows: the service has others now than when the record was made."""
    recorded, now = _signals(left), _signals(right)
    for names, where in (
        (now - recorded, "the record does not know"),
        (recorded - now, "the re-run does not know"),
    ):
        if names:
            yield f"signals that {where}: {', '.join(sorted(names))}", inf


def _signals(assessment: Mapping[str, Any]) -> set[str]:
    return {each["kind"] for part in ("contributions", "absent") for each in assessment[part]}


def _difference(left: Any, right: Any, path: str) -> tuple[str, float]:  # noqa: ANN401 - any JSON leaf
    match left, right:
        case (str(), str()) if path in _WORDS:
            return path, 0.0
        case (None, float()) if path in _TOLD_LATER:
            return path, 0.0
        case ((int() | float()), (int() | float())):
            return path, abs(left - right)
        case _ if left == right:
            return path, 0.0
        case str(), str() if path == "model":
            return f"measured by other weights: {left} in the record, {right} now", inf
        case _:
            present = "the re-run" if left is None else "the record" if right is None else "both, unlike"
            return f"{path or 'the output'} (in {present})", inf
