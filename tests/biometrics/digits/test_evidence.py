from __future__ import annotations

from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.digits.evidence import content_ratio, followed, log_ratio, regularity

P = st.floats(5e-5, 1.0)
CV = st.one_of(st.none(), st.floats(0.0, 1.0))


def test_a_fit_that_no_other_order_has_and_human_timing_support_a_person() -> None:
    assert log_ratio(5e-5, 0.2, too_fast=False) == pytest.approx(-6.2, abs=0.1)


def test_words_that_are_not_understood_support_nothing_either_way() -> None:
    assert log_ratio(1.0, 0.2, too_fast=False) == 0.0
    assert log_ratio(1.0, None, too_fast=False) == pytest.approx(0.0, abs=1e-12)


def test_the_right_digits_as_even_as_a_machine_point_the_other_way() -> None:
    assert log_ratio(5e-5, 0.03, too_fast=False) > 1.5


def test_the_two_kinds_of_timing_cross_at_eight_per_cent() -> None:
    assert regularity(0.04) > 5.0
    assert regularity(0.08) == pytest.approx(1.0, abs=0.3)
    assert regularity(0.17) < 0.1


@given(P, CV)
def test_the_content_alone_never_counts_against_anybody(p_value: float, cv: float | None) -> None:
    if cv is None or regularity(cv) <= 1.0:
        assert log_ratio(p_value, cv, too_fast=False) <= 1e-9


@given(P, CV)
def test_nothing_weighs_more_than_its_share_allows(p_value: float, cv: float | None) -> None:
    assert log_ratio(p_value, cv, too_fast=True) == pytest.approx(log(0.7 + 0.3 * 20.0))
    assert log_ratio(p_value, cv, too_fast=False) <= log(0.7 + 0.3 * 20.0) + 1e-9


@given(P, P, CV)
def test_a_better_fit_never_weighs_more_against_human_timing(p: float, q: float, cv: float | None) -> None:
    if cv is None or regularity(cv) <= 1.0:
        assert log_ratio(min(p, q), cv, too_fast=False) <= log_ratio(max(p, q), cv, too_fast=False) + 1e-9


def test_the_calibrator_gains_nothing_on_average_where_nothing_depends_on_the_order() -> None:
    """Integral of SHAPE * p ^ (SHAPE - 1) over 0..1 is 1: an e-value."""
    p = np.linspace(0.0, 1.0, 200_001)[1:]
    above = np.array([0.2 * value ** (-0.8) for value in p])
    assert above.mean() == pytest.approx(1.0, abs=0.1)
    assert content_ratio(1e-4) == pytest.approx(0.2 * 1e-4**-0.8)


def test_followed_needs_the_fit_the_answers_and_the_time() -> None:
    assert followed(1e-3, 8, 8, too_fast=False)
    assert not followed(1e-2, 8, 8, too_fast=False)
    assert not followed(1e-3, 4, 8, too_fast=False)
    assert not followed(1e-3, 8, 8, too_fast=True)
