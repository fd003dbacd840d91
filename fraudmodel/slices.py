"""Does the model treat everybody alike? Error, evidence and abstention of bona fide interviews by the conditions they were held under.

Skin tone is a slice to audit, never an input: as an individual typology angle it is confounded by the light, so its classes say "look here", not
"this is so".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from fraudmodel.assessment import FraudAssessment
from fraudmodel.calibration import FloatArray
from fraudmodel.effective import trials_of_rate
from fraudmodel.intervals import Estimate, bootstrap, clopper_pearson
from fraudmodel.metrics import Mask, threshold_at_bpcer
from fraudmodel.people import drawn_together
from fraudmodel.rescoring import shift

OPERATING_POINT: Final = 0.05
"""BPCER over all bona fide interviews at which the slices are compared."""
ITA: Final = ("ita", "ita_deg")
_ITA_CLASSES: Final = (
    (55.0, "very light, over 55°"),
    (41.0, "light, 41° to 55°"),
    (28.0, "intermediate, 28° to 41°"),
    (10.0, "tan, 10° to 28°"),
    (-30.0, "brown, -30° to 10°"),
    (-np.inf, "dark, under -30°"),
)
"""Classes of Chardon et al. 1991 and Del Bino & Bernerd 2013."""
_MOST_WORDS: Final = 12
_MOST_NUMBERS: Final = 6
_REPLICATES: Final = 200


@dataclass(frozen=True, slots=True)
class Held:
    """One interview with a known answer and its assessment, as slices need it."""

    person: str
    fraud: bool
    conditions: Mapping[str, float | str]
    assessment: FraudAssessment


@dataclass(frozen=True, slots=True)
class Slice:
    """The bona fide interviews of one value of a condition, ``people`` in them. Intervals of rates are those of as many independent trials as the
    interviews of so few people are worth (`trials_of_rate`).

    ``bpcer`` at the threshold that is passed by 5 % of all bona fide interviews, ``mean_shift`` of L (nats), ``silent`` the share of the signals that
    said nothing; ``missed`` the share of fraud under that condition below the threshold, None where there is none.
    """

    value: str
    people: int
    bpcer: Estimate
    mean_shift: Estimate
    silent: Estimate
    missed: Estimate | None


@dataclass(frozen=True, slots=True)
class Sliced:
    """All slices by one condition. ``differ`` where the intervals of the greatest and the least BPCER do not touch."""

    condition: str
    slices: tuple[Slice, ...]

    @property
    def differ(self) -> bool:
        """Whether some slice's BPCER differs from another's beyond chance."""
        ordered = sorted(self.slices, key=lambda each: each.bpcer.value)
        return ordered[0].bpcer.high < ordered[-1].bpcer.low

    @property
    def ratio(self) -> float:
        """The greatest BPCER over the least; infinite where the least is 0 and the greatest is not, 1 where both are."""
        rates = [each.bpcer.value for each in self.slices]
        if min(rates) > 0.0:
            return max(rates) / min(rates)
        return np.inf if max(rates) > 0.0 else 1.0


def sliced(held: Sequence[Held], *, seed: int = 0) -> tuple[Sliced, ...]:
    """Every condition with more than one value among bona fide interviews, by name; of nothing but fraud, nothing."""
    shifts = np.array([shift(each.assessment) for each in held])
    fraud: Mask = np.array([each.fraud for each in held], dtype=bool)
    if fraud.all():
        return ()
    threshold = threshold_at_bpcer(shifts[~fraud], OPERATING_POINT)
    names = sorted({name for each in held for name in each.conditions})
    found = []
    for name in names:
        labels = _labels(name, [each.conditions.get(name) for each in held])
        if labels is None:
            continue
        slices = tuple(_slices(held, labels, shifts, fraud, threshold, seed))
        if len(slices) > 1:
            found.append(Sliced(name, slices))
    return tuple(found)


def _slices(
    held: Sequence[Held], labels: Sequence[str], shifts: FloatArray, fraud: Mask, threshold: float, seed: int
) -> Iterator[Slice]:
    named = np.array(labels)
    for value in dict.fromkeys(sorted(labels, key=_order)):
        here = named == value
        bona_fide, attacks = here & ~fraud, here & fraud
        if not value or not bona_fide.any():
            continue
        people = [(held[place].person,) for place in np.flatnonzero(bona_fide).tolist()]
        silent = np.array([_silent(held[place].assessment) for place in np.flatnonzero(bona_fide).tolist()])
        yield Slice(
            value=value.split("|", 1)[-1],
            people=len(set(people)),
            bpcer=_rate(shifts[bona_fide] >= threshold, [name for (name,) in people]),
            mean_shift=_mean(shifts[bona_fide], people, seed),
            silent=_mean(silent, people, seed),
            missed=_rate(
                shifts[attacks] < threshold, [held[p].person for p in np.flatnonzero(attacks).tolist()]
            )
            if attacks.any()
            else None,
        )


def _labels(name: str, values: Sequence[float | str | None]) -> list[str] | None:
    """What each interview's value is called, "" where it has none; None for a condition that sorts nothing."""
    numbers = [value for value in values if isinstance(value, int | float)]
    words = {value for value in values if isinstance(value, str)}
    if len(set(numbers)) + len(words) < 2 or len(words) > _MOST_WORDS:
        return None
    called = _number_names(name, np.array(numbers, dtype=np.float64)) if numbers else str
    return ["" if value is None else value if isinstance(value, str) else called(value) for value in values]


def _number_names(name: str, numbers: FloatArray) -> Callable[[float], str]:
    """Numbers as they are where they are few, else by thirds; what stands before a bar only orders them."""
    if name in ITA:
        return lambda value: next(
            f"{place}|{called}"
            for place, (least, called) in enumerate(_ITA_CLASSES)
            if value > least or least == -np.inf
        )
    few = np.unique(numbers)
    if len(few) <= _MOST_NUMBERS:
        return lambda value: f"{int(np.searchsorted(few, value))}|{value:g}"
    first, second = np.quantile(numbers, [1 / 3, 2 / 3])
    low, high = numbers.min(), numbers.max()
    thirds = (
        f"0|{low:.4g} to {first:.4g}",
        f"1|{first:.4g} to {second:.4g}",
        f"2|{second:.4g} to {high:.4g}",
    )
    return lambda value: thirds[int(value > first) + int(value > second)]


def _order(label: str) -> tuple[int, str]:
    place, bar, rest = label.partition("|")
    return (int(place), rest) if bar else (0, label)


def _silent(assessment: FraudAssessment) -> float:
    total = len(assessment.contributions) + len(assessment.absent)
    return len(assessment.absent) / total if total else 1.0


def _rate(happened: Mask, people: Sequence[str]) -> Estimate:
    """With the interval of its independent trials: one person's interviews resemble each other."""
    trials = trials_of_rate(happened.astype(np.float64), people)
    share = float(happened.mean())
    low, high = clopper_pearson(min(share * trials, trials), trials)
    return Estimate(share, min(low, share), max(high, share), len(happened))


def _mean(values: FloatArray, people: Sequence[tuple[str]], seed: int) -> Estimate:
    """With its interval over people; of one person nothing is known beyond them."""
    if len(set(people)) < 2:
        return Estimate(float(values.mean()), -np.inf, np.inf, len(values))
    return bootstrap(
        lambda weights: float(weights @ values / weights.sum()) if weights.sum() > 0.0 else np.nan,
        drawn_together(people),
        len(values),
        replicates=_REPLICATES,
        seed=seed,
    )
