"""The discount of simulated LLRs: the prior without outcomes, Bayes' rule with them, and nothing of it adopted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import dblquad
from scipy.special import expit

from fraudmodel.calibration import Logistic
from fraudmodel.discount import PRIOR_MEAN, PRIOR_SD, Discounted, discounts, posterior, with_discounts
from fraudmodel.rescoring import Candidate, Case, cases_of
from fraudmodel.signal_parameters import parse_signal
from tests.fraudmodel.builders import FACE, VOICE, parameters, policy, signal
from tests.fraudmodel.test_comparison import row

SEES = {FACE: frozenset({"impostor"}), VOICE: frozenset({"voice_attack"})}


def candidate(slope: float, **of_face: object) -> Candidate:
    """A face whose LLR is ``slope`` times what N(0, 1) and N(2, 1) are worth, learnt from simulations; a voice that was measured."""
    calibrator = Logistic(0.0, (-2.0 * slope, 2.0 * slope))
    face = replace(signal(FACE, calibrator), grade="simulated", discount=0.5, bounds=(-0.5, 0.5), **of_face)  # type: ignore[arg-type]
    return Candidate("sim", parameters(face, signal(VOICE, calibrator)), policy())


def cases(count: int, seed: int = 0, family: str = "impostor", people: int = 10_000) -> list[Case]:
    rng = np.random.default_rng(seed)
    rows = [
        row(f"i{n}", n % 4 == 0, rng.normal(2.0 * (n % 4 == 0), 1.0, 2).tolist(), f"p{n % people}")
        for n in range(count)
    ]
    return [replace(each, family=family if each.fraud else "") for each in cases_of(rows)]


def only(found: list[Discounted]) -> Discounted:
    assert [each.kind for each in found] == [FACE]  # a measured signal has no discount to find
    return found[0]


def test_before_any_outcome_the_prior_stands() -> None:
    found = only(discounts(candidate(1.0), [], SEES))
    assert found.found.value == pytest.approx(PRIOR_MEAN, abs=1e-3)
    assert (found.proposed, found.now) == (0.5, 0.5)
    assert found.found.low == pytest.approx(PRIOR_MEAN - 1.96 * PRIOR_SD, abs=2e-3)
    assert found.found.high == pytest.approx(PRIOR_MEAN + 1.96 * PRIOR_SD, abs=2e-3)


def test_genuine_applicants_alone_prove_nothing() -> None:
    genuine = [each for each in cases(100) if not each.fraud]
    found = only(discounts(candidate(1.0), genuine, SEES))
    assert (found.proposed, found.fraud, found.bona_fide) == (0.5, 0, 75)


def test_the_posterior_is_that_of_the_integral() -> None:
    rng = np.random.default_rng(3)
    fraud = np.arange(12) % 3 == 0
    llrs = rng.normal(np.where(fraud, 1.5, -1.5), 1.7)

    def density(intercept: float, rho: float) -> float:
        odds = intercept + rho * llrs
        likelihood = np.where(fraud, expit(odds), expit(-odds)).prod()
        return float(likelihood * np.exp(-0.5 * ((rho - PRIOR_MEAN) / PRIOR_SD) ** 2))

    whole = dblquad(density, -0.7, 2.2, -12.0, 12.0, epsabs=1e-9)[0]
    mean = dblquad(lambda a, rho: rho * density(a, rho), -0.7, 2.2, -12.0, 12.0, epsabs=1e-9)[0] / whole
    assert posterior(llrs, fraud, np.ones(12))[0] == pytest.approx(mean, abs=0.01)


def test_real_frauds_raise_the_discount_of_llrs_that_hold_and_lower_that_of_those_that_do_not() -> None:
    holds = only(discounts(candidate(1.0), cases(400), SEES))
    assert holds.found.low < 1.0 < holds.found.high
    assert 0.8 < holds.proposed <= 1.0
    sure = only(discounts(candidate(3.0), cases(400), SEES))
    assert sure.proposed < 0.5
    few = only(discounts(candidate(1.0), cases(8), SEES))
    assert abs(few.proposed - 0.5) < abs(holds.proposed - 0.5)
    assert few.found.high - few.found.low > holds.found.high - holds.found.low


def test_bounds_and_caps_do_not_hide_what_an_llr_is_worth() -> None:
    one, other = (only(discounts(candidate(1.0, cap=cap), cases(200), SEES)) for cap in (0.1, 3.0))
    assert one.found == other.found


def test_frauds_that_a_signal_is_not_meant_to_see_do_not_count() -> None:
    for family in ("voice_attack", ""):
        found = only(discounts(candidate(1.0), cases(200, family=family), SEES))
        assert (found.fraud, found.proposed) == (0, 0.5)


def test_one_person_interviewed_often_is_one_person() -> None:
    often = only(discounts(candidate(1.0), cases(200, people=4), SEES))
    once = only(discounts(candidate(1.0), cases(200), SEES))
    assert (often.people, once.people) == (4, 200)
    assert often.found.high - often.found.low > 1.5 * (once.found.high - once.found.low)


def test_only_what_changed_is_written_and_says_so() -> None:
    given = candidate(1.0)
    found = discounts(given, cases(400), SEES)
    written = with_discounts(given.parameters, found, "outcomes-2026-11-29")
    face = parse_signal(written[FACE], "face_match.json")
    before = given.parameters.signals[FACE]
    assert (face.discount, face.version) == (found[0].proposed, f"{before.version}+outcomes-2026-11-29")
    assert replace(face, discount=before.discount, version=before.version) == before
    assert with_discounts(given.parameters, discounts(given, [], SEES), "any") == {}
