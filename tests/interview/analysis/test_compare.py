"""A re-run by other weights says so."""

from __future__ import annotations

from dataclasses import replace
from math import inf

from interview.analysis.compare import compare
from tests.interview.world import observation


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
