"""A re-run by other weights says so."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from fraudmodel.assessment import AbsentSignal
from fraudmodel.signals import Reason, SignalKind
from interview.analysis.compare import compare
from tests.interview.world import assessment, observation


def test_other_weights_are_named_before_the_numbers_that_they_changed() -> None:
    stored = observation()
    fresh = replace(stored, model="dlib_resnet@ffffffff", score=0.9, evidence=())
    difference = compare([stored], [fresh])
    assert difference.largest == inf
    assert not difference.equal
    assert difference.where == (
        "output 1 (face_match at 1.000 s): measured by other weights: "
        "dlib_resnet@0123abcd in the record, dlib_resnet@ffffffff now"
    )


def test_the_same_weights_are_equal_and_a_number_is_named_with_its_field() -> None:
    stored = observation()
    assert compare([stored], [stored]).equal
    difference = compare([stored], [replace(stored, quality=0.5)])
    assert (difference.largest, difference.where) == (0.25, "output 1 (face_match at 1.000 s): quality")


def test_signals_that_the_record_does_not_know_are_named() -> None:
    stored = assessment(1.0)
    news = AbsentSignal(SignalKind("behaviour"), Reason.SHORT_BASELINE)
    fresh = replace(stored, absent=(news, *stored.absent))
    difference = compare([stored], [fresh])
    assert difference.largest == inf
    assert (
        difference.where
        == "output 1 (assessment at 1.000 s): signals that the record does not know: behaviour"
    )
    assert compare([fresh], [stored]).where.endswith("signals that the re-run does not know: behaviour")


def test_a_sentence_that_was_put_better_since_makes_no_other_assessment() -> None:
    stored = assessment(1.0)
    later = replace(stored, taxonomy="2027.01+aaaaaaaa", checks="2027.01+bbbbbbbb")
    assert compare([stored], [later]).equal
    recoded = replace(later, codes=stored.codes[:1])
    assert compare([stored], [recoded]).where.endswith("codes (in both, unlike)")


def test_a_record_from_before_the_reach_of_the_test_was_told_is_no_other_one() -> None:
    stored = assessment(1.0)
    assert stored.sequential is not None
    told = replace(stored, sequential=replace(stored.sequential, lowest=-1.3, highest=3.9))
    assert compare([stored], [told]).equal
    assert not compare([told], [stored]).equal
    assert compare(
        [told], [replace(told, sequential=replace(stored.sequential, lowest=-1.3, highest=4.0))]
    ).largest == pytest.approx(0.1)
