from __future__ import annotations

from collections import Counter
from dataclasses import replace
from math import hypot

import pytest

from fraudmodel.absence import Absences, Check
from fraudmodel.assessment import Band
from fraudmodel.errors import DatasetError
from fraudmodel.intervals import rate
from fraudmodel.interview_table import BONA_FIDE
from fraudmodel.policy import Policy, Thresholds
from fraudmodel.policy_simulation import GroupShares, Simulated, Simulation, cost_of, simulate
from fraudmodel.rescoring import Candidate, of_row
from tests.fraudmodel.builders import FACE, PAD, SWITCH, VOICE, parameters, policy, signal
from tests.fraudmodel.made_interviews import made

PARAMETERS = parameters(*(signal(kind) for kind in (FACE, SWITCH, PAD, VOICE)))
ROWS = made(people=16)
PRIOR = 0.005


def candidate(rules: Policy | None = None, prior: float = PRIOR) -> Candidate:
    return Candidate("p", PARAMETERS, rules or policy(), prior)


@pytest.fixture(scope="module")
def found() -> Simulation:
    """What the policy of the tests proposes for all of them."""
    return simulate(candidate(), ROWS, replicates=50)


def group(found: Simulated, family: str, species: str = "") -> GroupShares:
    return next(each for each in found.groups if (each.family, each.species) == (family, species))


def test_it_counts_what_the_sessions_own_code_proposes(found: Simulation) -> None:
    for family in (BONA_FIDE, "presentation", "impostor"):
        rows = [row for row in ROWS if row.family == family]
        counted = Counter(of_row(row)(candidate()).band for row in rows)
        shares = group(found.policy, family).shares
        assert {band: round(share.value * len(rows)) for band, share in shares.items()} == {
            band: counted[band] for band in Band
        }
        assert {share.n for share in shares.values()} == {len(rows)}
    assert (found.interviews, found.frauds, found.people) == (len(ROWS), len(ROWS) * 3 // 4, 16)


def test_every_family_and_species_has_its_row_and_shares_sum_to_one(found: Simulation) -> None:
    named = [(each.family, each.species) for each in found.policy.groups]
    assert named[:2] == [(BONA_FIDE, ""), ("", "")]
    assert named[2:5] == [("impostor", ""), ("impostor", "impostor_0"), ("impostor", "impostor_1")]
    for shares in (found.policy.overall, *(each.shares for each in found.policy.groups)):
        assert sum(share.value for share in shares.values()) == pytest.approx(1.0)
        assert all(0.0 <= share.low <= share.value <= share.high <= 1.0 for share in shares.values())


def test_classes_are_weighed_to_the_prior_whatever_the_table_is_made_of(found: Simulation) -> None:
    for band in Band:
        fraud, bona_fide = (group(found.policy, family).shares[band].value for family in ("", BONA_FIDE))
        assert found.policy.overall[band].value == pytest.approx(PRIOR * fraud + (1.0 - PRIOR) * bona_fide)


def test_the_cost_is_what_the_measures_and_the_missed_frauds_come_to(found: Simulation) -> None:
    costs = policy().costs
    expected = sum(
        1000.0 * weight * share.value * cost_of(band, costs, fraud=fraud)
        for family, fraud, weight in (("", True, PRIOR), (BONA_FIDE, False, 1.0 - PRIOR))
        for band, share in group(found.policy, family).shares.items()
    )
    cost = found.policy.cost
    assert cost.value == pytest.approx(expected)
    assert cost.low < cost.value < cost.high
    assert cost_of(Band.PROCEED, costs, fraud=True) == 10_000.0
    assert cost_of(Band.STEP_UP, costs, fraud=True) == pytest.approx(20.0 + 5_000.0)
    assert cost_of(Band.INSUFFICIENT, costs, fraud=False) == 20.0
    assert cost_of(Band.REFER, costs, fraud=True) == pytest.approx(150.0 + 2_000.0)
    wronged = replace(costs, false_referral=300.0)
    assert cost_of(Band.REFER, wronged, fraud=False) == 450.0
    for band, fraud in ((Band.REFER, True), (Band.STEP_UP, False), (Band.PROCEED, False)):
        assert cost_of(band, wronged, fraud=fraud) == cost_of(band, costs, fraud=fraud)


def test_an_interval_is_no_narrower_than_that_of_as_many_people() -> None:
    """Two interviews of one person are worth less than two people's; where nobody was let proceed, somebody still could be."""
    strict = replace(policy(), bands=Thresholds(1e-9, 0.999))
    share = group(simulate(candidate(strict), ROWS, replicates=50).policy, BONA_FIDE).shares[Band.PROCEED]
    assert share.value == 0.0
    assert share.high >= rate(0, 32).high


def test_a_policy_compared_with_itself_saves_exactly_nothing() -> None:
    found = simulate(candidate(), ROWS[:64], candidate(), replicates=50)
    assert found.against == found.policy
    assert found.saving is not None
    assert (found.saving.value, found.saving.low, found.saving.high, found.moved) == (0.0, 0.0, 0.0, 0)


def test_the_difference_is_paired_and_in_the_first_policys_costs() -> None:
    asks_more = policy(absences=Absences((Check((FACE,)), Check((VOICE,)))))
    found = simulate(candidate(), ROWS, candidate(asks_more), replicates=200)
    assert found.against is not None
    assert found.saving is not None
    assert found.moved is not None
    assert found.moved > 0
    assert found.saving.value == pytest.approx(found.against.cost.value - found.policy.cost.value)
    # What both have in common cancels out: paired, the interval is narrower than of two tables apart.
    width, *apart = (each.high - each.low for each in (found.saving, found.policy.cost, found.against.cost))
    assert width < 0.9 * hypot(*apart)
    shares = group(found.policy, BONA_FIDE).shares, group(found.against, BONA_FIDE).shares
    assert shares[1][Band.PROCEED].value < shares[0][Band.PROCEED].value


def test_the_same_table_gives_the_same_figures_in_any_order(found: Simulation) -> None:
    again = simulate(candidate(), list(reversed(ROWS)), replicates=50)
    for one, other in zip(found.policy.groups, again.policy.groups, strict=True):
        assert {b: s.value for b, s in one.shares.items()} == {b: s.value for b, s in other.shares.items()}


def test_a_table_of_one_outcome_is_refused() -> None:
    with pytest.raises(DatasetError, match="both outcomes"):
        simulate(candidate(), [row for row in ROWS if row.fraud])
