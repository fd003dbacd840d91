from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.assessment import AbsentSignal, Band
from fraudmodel.errors import ParametersError
from fraudmodel.policy import load_policy, parse_policy
from fraudmodel.signals import Reason
from tests.fraudmodel.builders import FACE, PAD, policy

TEXT = json.dumps(
    {
        "version": "3",
        "product": "equipment",
        "costs": {
            "currency": "CNY",
            "missed_fraud": 10000,
            "referral": 150,
            "step_up": 20,
            "referral_catch": 0.8,
            "step_up_catch": 0.5,
        },
        "minimum_coverage": 0.4,
        "required": ["face_match"],
        "blocking": ["detector_failed"],
    },
    indent=1,
)
SHARES = st.floats(0.0, 1.0)
ORDER = [Band.PROCEED, Band.STEP_UP, Band.REFER]


def test_thresholds_are_where_the_costs_break_even() -> None:
    read = parse_policy(TEXT)
    assert read.step_up_at == pytest.approx(20.0 / (10_000.0 * 0.5))
    assert read.refer_at == pytest.approx(150.0 / (10_000.0 * 0.8))


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        (0.0039, Band.PROCEED),
        (0.004, Band.STEP_UP),
        (0.0187, Band.STEP_UP),
        (0.01875, Band.REFER),
        (1.0, Band.REFER),
    ],
)
def test_bands_begin_at_their_thresholds(probability: float, band: Band) -> None:
    assert policy().band(probability, 1.0, ()) is band


@given(SHARES, st.floats(0.0, 0.4, exclude_max=True))
def test_too_little_evidence_is_never_called_low_risk(probability: float, coverage: float) -> None:
    assert policy().band(probability, coverage, ()) is Band.INSUFFICIENT


@given(SHARES, SHARES)
def test_a_greater_probability_never_has_a_milder_band(a: float, b: float) -> None:
    lower, higher = (policy().band(p, 1.0, ()) for p in sorted((a, b)))
    assert ORDER.index(lower) <= ORDER.index(higher)


def test_a_required_signal_that_is_absent_forbids_proceeding() -> None:
    strict, absent = policy(required=frozenset({FACE})), AbsentSignal(FACE, Reason.NO_REFERENCE)
    assert strict.band(0.0, 1.0, [absent]) is Band.STEP_UP
    assert strict.band(0.0, 1.0, [AbsentSignal(PAD, Reason.NO_REFERENCE)]) is Band.PROCEED
    assert strict.band(0.5, 1.0, [absent]) is Band.REFER


def test_a_detector_that_failed_forbids_proceeding() -> None:
    assert policy().band(0.0, 1.0, [AbsentSignal(PAD, Reason.DETECTOR_FAILED)]) is Band.STEP_UP


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            '"step_up": 20',
            '"step_up": 900',
            "line 4: costs ask for a step-up from 0.18 and a referral from 0.0187",
        ),
        ('"step_up_catch": 0.5', '"step_up_catch": 1.5', r"costs\.step_up_catch must lie in 0\.\.1"),
        ('"missed_fraud": 10000', '"missed_fraud": 0', r"line 6: costs\.missed_fraud must be above 0"),
        ('"detector_failed"', '"crashed"', r"blocking\[0\] must be one of not_yet"),
        ('"product"', '"prodct"', 'lacks the field "product"'),
        ('"minimum_coverage": 0.4', '"minimum_coverage": 40', "minimum_coverage must lie in 0"),
    ],
)
def test_a_wrong_policy_is_refused_with_the_line(old: str, new: str, what: str) -> None:
    with pytest.raises(ParametersError, match=what):
        parse_policy(TEXT.replace(old, new))


def test_a_policy_is_named_by_version_and_content(tmp_path: Path) -> None:
    file = tmp_path / "equipment.json"
    file.write_text(TEXT)
    read = load_policy(str(file))
    assert read == parse_policy(TEXT)
    assert read.version.startswith("3+")
    assert parse_policy(TEXT.replace("150", "151")).version != read.version


def test_a_policy_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ParametersError, match='no policy file "nowhere'):
        load_policy("nowhere.json")
