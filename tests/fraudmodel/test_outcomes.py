"""From confirmed outcomes to behaviour that may count, or to a sentence why it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fraudmodel.behaviour import CAP_NATS, Validation
from fraudmodel.errors import DatasetError, FitError
from fraudmodel.fit import held_out_llrs
from fraudmodel.metrics import cllr
from fraudmodel.outcomes import Outcomes, parse_outcomes, validate
from fraudmodel.signal_parameters import SignalParameters, parse_signal, signal_document
from fraudmodel.signals import SignalKind

ANSWERS = SignalKind("behaviour")
HEADER = "interview,outcome,statistic"


def table(fraud: int, bona_fide: int, *, separation: float = 1.5, seed: int = 0) -> str:
    """Statistics N(0, 1) of bona fide interviews and N(d, 1) of fraud."""
    rng = np.random.default_rng(seed)
    drawn = rng.standard_normal(fraud + bona_fide) + separation * (np.arange(fraud + bona_fide) < fraud)
    names = ["fraud"] * fraud + ["bona_fide"] * bona_fide
    rows = (f"i{n},{name},{value:.6f}" for n, (name, value) in enumerate(zip(names, drawn, strict=True)))
    return "\n".join([HEADER, *rows])


def validated(outcomes: Outcomes) -> SignalParameters:
    return validate(
        outcomes,
        ANSWERS,
        model="own-baseline-1",
        version="3",
        analysis="A-7",
        approved_by="M. Li",
        on=date(2026, 11, 28),
    )


def test_confirmed_outcomes_become_parameters_that_a_session_loads() -> None:
    fitted = validated(parse_outcomes(table(60, 140), "bank.csv"))
    assert fitted.validation == Validation(60, 140, "A-7", date(2026, 11, 28), "M. Li")
    assert (fitted.kind, fitted.model, fitted.version, fitted.grade) == (
        ANSWERS,
        "own-baseline-1",
        "3",
        "measured",
    )
    assert fitted.measured["cllr"].high < 1.0
    assert fitted.measured["cllr"].n == 200
    assert parse_signal(signal_document(fitted), "behaviour.json") == fitted


@settings(max_examples=5, deadline=None)
@given(st.floats(0.8, 4.0), st.integers(0, 1000))
def test_however_well_it_tells_them_apart_it_counts_for_no_more_than_two(
    separation: float, seed: int
) -> None:
    fitted = validated(parse_outcomes(table(100, 150, separation=separation, seed=seed), "bank.csv"))
    low, high = fitted.limits
    assert -CAP_NATS <= low <= 0.0 <= high <= CAP_NATS


def test_the_figures_are_those_of_what_is_in_force_on_people_held_out() -> None:
    outcomes = parse_outcomes(table(100, 150, separation=3.0), "bank.csv")
    fitted = validated(outcomes)
    strength = min(fitted.data.bona_fide_effective, fitted.data.attack_effective)
    held_out = np.clip(held_out_llrs(outcomes.table, (), strength), *fitted.limits)
    expected = cllr(held_out, outcomes.table.attack, np.ones(250))
    assert fitted.measured["cllr"].value == pytest.approx(expected, abs=1e-6)
    # Nobody can do better than log2(1 + 1/2) bits where a likelihood ratio of 2 is the most that may be said.
    assert fitted.measured["cllr"].value > np.log2(1.5)


def test_too_few_outcomes_are_no_validation() -> None:
    with pytest.raises(
        FitError,
        match=r"bank\.csv counts 199 confirmed outcomes, and at least 200 are needed: behaviour stays",
    ):
        validated(parse_outcomes(table(60, 139), "bank.csv"))


def test_behaviour_that_tells_nothing_is_not_let_in() -> None:
    flat = parse_outcomes(table(100, 150, separation=0.35, seed=2), "bank.csv")
    with pytest.raises(FitError, match=r"tells no more than nothing does \(Cllr .*N = 250; 1 is nothing\)"):
        validated(flat)


def test_behaviour_that_points_the_other_way_is_not_let_in() -> None:
    with pytest.raises(FitError, match="scores do not rise with attacks"):
        validated(parse_outcomes(table(100, 150, separation=-2.0), "bank.csv"))


def test_interviews_of_one_applicant_stay_together() -> None:
    rows = table(100, 150).splitlines()
    people = [f"{row},p{n // 2}" for n, row in enumerate(rows[1:])]
    outcomes = parse_outcomes("\n".join([f"{HEADER},applicant", *people]), "bank.csv")
    assert len(outcomes.table.everybody) == 125
    assert validated(outcomes).data.subjects == 125


def test_what_measured_them_is_read_and_must_be_one() -> None:
    rows = table(100, 150).splitlines()
    header, body = f"{rows[0]},model", [f"{row},m-1" for row in rows[1:]]
    assert parse_outcomes("\n".join([header, *body]), "bank.csv").model == "m-1"
    with pytest.raises(DatasetError, match=r"bank\.csv: its statistics are of m-1 and m-2"):
        parse_outcomes("\n".join([header, *body[:-1], body[-1].replace("m-1", "m-2")]), "bank.csv")
    assert parse_outcomes("\n".join(rows), "bank.csv").model == ""


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("interview,outcome\n", "line 1: the column statistic is missing"),
        (f"{HEADER},name\n", "line 1: name is not a column that is known here"),
        (f"{HEADER}\na,fraud\n", "line 2: it must have 3 columns"),
        (f"{HEADER}\na,declined,1\n", 'line 2: outcome must be fraud or bona_fide, it is "declined"'),
        (f"{HEADER}\na,fraud,much\n", 'line 2: statistic must be a finite number, it is "much"'),
        (f"{HEADER}\na,fraud,nan\n", "line 2: statistic must be a finite number"),
        (f"{HEADER}\n ,fraud,1\n", "line 2: interview is empty"),
        (f"{HEADER}\na,fraud,1\na,bona_fide,2\n", "line 3: interview a stands in line 2 already"),
        (f"{HEADER}\na,fraud,1\n", "no outcome is bona_fide"),
        (f"{HEADER}\na,bona_fide,1\n", "no outcome is fraud"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_by_line(text: str, what: str) -> None:
    with pytest.raises(DatasetError) as refused:
        parse_outcomes(text, "bank.csv")
    assert str(refused.value).startswith("bank.csv")
    assert what in str(refused.value)


def test_what_is_fitted_cannot_be_loosened_afterwards() -> None:
    fitted = validated(parse_outcomes(table(60, 140), "bank.csv"))
    with pytest.raises(ValueError, match="stays within its cap"):
        replace(fitted, bounds=(-1.0, 1.0))
