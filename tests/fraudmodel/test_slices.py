"""Slices: counted as they are, told apart beyond chance only, over people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fraudmodel.assessment import FraudAssessment
from fraudmodel.rescoring import of_row
from fraudmodel.slices import Held, Sliced, sliced
from tests.fraudmodel.test_comparison import candidate, row


def held(count: int = 300, harder: float = 0.0, seed: int = 0, people: int = 100) -> list[Held]:
    rng = np.random.default_rng(seed)
    found = []
    for n in range(count):
        fraud, network = n % 5 == 0, ("good", "poor")[n % 2]
        statistics = rng.normal(2.0 * fraud + harder * (network == "poor"), 1.0, 2).tolist()
        assessment: FraudAssessment = of_row(row(f"i{n}", fraud, statistics, f"p{n % people}"))(
            candidate("any", 2.0)
        )
        conditions: dict[str, float | str] = {
            "network": network,
            "kbps": float(rng.uniform(100, 2000)),
            "ita_deg": float(rng.uniform(-60, 70)),
            "seed": "same",
        }
        found.append(Held(f"p{n % people}", fraud, conditions, assessment))
    return found


def by_name(found: tuple[Sliced, ...]) -> dict[str, Sliced]:
    return {each.condition: each for each in found}


def test_every_condition_with_more_than_one_value_is_a_slice() -> None:
    found = by_name(sliced(held()))
    assert set(found) == {"network", "kbps", "ita_deg"}
    assert [each.value for each in found["network"].slices] == ["good", "poor"]
    assert len(found["kbps"].slices) == 3
    assert found["ita_deg"].slices[0].value.startswith("very light")
    assert found["ita_deg"].slices[-1].value.startswith("dark")


def test_bona_fide_interviews_are_counted_once_in_each_condition() -> None:
    interviews = held()
    genuine = sum(not each.fraud for each in interviews)
    for each in sliced(interviews):
        assert sum(one.bpcer.n for one in each.slices) == genuine
        assert sum(one.missed.n for one in each.slices if one.missed) == len(interviews) - genuine
        passed = sum(one.bpcer.value * one.bpcer.n for one in each.slices)
        assert passed <= 0.05 * genuine + 1e-9


def test_a_harder_slice_is_flagged_and_an_equal_one_is_not() -> None:
    assert by_name(sliced(held(600, harder=1.5, people=300)))["network"].differ
    assert not by_name(sliced(held()))["network"].differ


def test_a_slice_of_one_person_has_no_interval_of_its_mean() -> None:
    alone = by_name(sliced(held(60, people=2)))["network"].slices[0]
    assert alone.people == 1
    assert (alone.mean_shift.low, alone.mean_shift.high) == (-np.inf, np.inf)


def test_what_could_not_be_measured_is_a_share_of_the_signals() -> None:
    shares = [one.silent.value for one in by_name(sliced(held()))["network"].slices]
    assert shares == pytest.approx([1 / 3, 1 / 3])


def test_of_fraud_alone_there_are_no_slices() -> None:
    assert sliced([each for each in held() if each.fraud]) == ()


def test_many_interviews_of_few_people_are_no_ground_for_a_difference() -> None:
    """Two people with a hundred interviews each, one of whom the model finds strange: that is one person, not a condition."""
    strange = [
        replace(each, person="p1", conditions={"network": "poor"})
        for each in held(400, harder=2.5)
        if each.conditions["network"] == "poor"
    ]
    plain = [
        replace(each, person="p2", conditions={"network": "good"})
        for each in held(400, harder=2.5)
        if each.conditions["network"] == "good"
    ]
    found = by_name(sliced(strange + plain))["network"]
    assert found.slices[1].bpcer.value > found.slices[0].bpcer.value
    assert not found.differ
    assert found.slices[1].bpcer.n == sum(not each.fraud for each in strange)


def test_the_ratio_is_that_of_the_extremes() -> None:
    found = by_name(sliced(held(harder=1.5)))["network"]
    rates = [each.bpcer.value for each in found.slices]
    assert found.ratio == (max(rates) / min(rates) if min(rates) else np.inf)
