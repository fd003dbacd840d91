"""Who takes part in which interviews."""

from __future__ import annotations

from collections import Counter

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.attacklab.interviews.cast import as_card, cast, digest_of
from biometrics.attacklab.interviews.plan import RENDERERS, plan
from biometrics.attacklab.interviews.scenarios import BONA_FIDE, FRAUDS, scenario_named
from biometrics.errors import EvaluationError
from fraudmodel.fusion_rows import expert_of
from fraudmodel.parameters import load_parameters
from tests.biometrics.attacklab.interviews.people import everybody, films, voices

CAST = everybody()


@given(st.integers(0, 10**6), st.integers(1, 80), st.integers(1, 80))
@settings(max_examples=20, deadline=None)
def test_a_first_part_of_a_plan_is_a_plan(seed: int, count: int, more: int) -> None:
    assert plan(CAST, seed, count + more)[:count] == plan(CAST, seed, count)


def test_half_are_honest_and_every_kind_comes_about_as_often() -> None:
    interviews = plan(CAST, 1, 4 * len(FRAUDS))
    counts = Counter(each.scenario for each in interviews)
    assert counts[BONA_FIDE.name] == len(interviews) // 2
    assert {counts[each.name] for each in FRAUDS} == {2}
    first = Counter(each.scenario for each in interviews[:40])
    assert first[BONA_FIDE.name] == 20
    assert max(count for name, count in first.items() if name != BONA_FIDE.name) <= 2


def test_nobody_and_no_renderer_is_on_both_sides() -> None:
    interviews = plan(CAST, 3, 400)
    people = {split: set[str]() for split in RENDERERS}
    for each in interviews:
        people[each.split] |= {each.subject, each.other}
        assert each.renderer == RENDERERS[each.split]
        assert each.subject != each.other
    assert not people["train"] & people["test"]
    assert people["train"] | people["test"] == {person.name for person in CAST.people}


def test_of_whom_there_are_only_photos_no_film_is_shown() -> None:
    for each in plan(CAST, 3, 400):
        subject, scenario = CAST.named(each.subject), scenario_named(each.scenario)
        assert subject.moves or not scenario.needs_film
        assert subject.speaks or not scenario.needs_voice
        assert CAST.named(each.other).moves


def test_a_name_tells_nobody() -> None:
    assert [person.name for person in CAST.people] == [f"p{k:02d}" for k in range(1, 7)]
    assert set(digest_of(CAST)) == {person.name for person in CAST.people}


def test_what_the_bank_has_is_never_shown() -> None:
    clips = {clip.subject: clip for clip in films()}
    for person in CAST.people[:4]:
        assert person.likeness == "other_part"
        whole = clips[person.seen.subject]
        assert np.array_equal(person.seen.frames, whole.frames[: len(person.seen.frames)])
        later = whole.frames[len(person.seen.frames) :]
        assert all(any(np.array_equal(known, each) for each in later) for known in person.known)
    for person in CAST.people[4:]:
        assert person.likeness == "other_file"
        assert not any(np.array_equal(known, person.seen.frames[0]) for known in person.known)


def test_voices_go_to_people_in_films_first() -> None:
    few = cast(films(), voices(3))
    assert [person.speaks for person in few.people] == [True, True, True, False]


def test_one_person_on_each_side_is_too_few() -> None:
    with pytest.raises(EvaluationError, match="two people with a film and a voice"):
        plan(cast(films()[:2], voices(2)), 1, 4)


def test_families_are_those_of_the_fraud_model() -> None:
    known = {component.family for component in expert_of(load_parameters().fusion).components}
    assert {each.family for each in FRAUDS} == known


def test_a_card_is_a_smaller_picture_of_the_same() -> None:
    image = CAST.people[0].known[0]
    card = cv2.imdecode(np.frombuffer(as_card(image, np.random.default_rng(1)), np.uint8), cv2.IMREAD_COLOR)
    assert card is not None
    small = cv2.resize(card, image.shape[1::-1], interpolation=cv2.INTER_AREA).astype(float)
    assert np.corrcoef(small.ravel(), image.astype(float).ravel())[0, 1] > 0.9
    assert card.shape[0] / card.shape[1] == pytest.approx(image.shape[0] / image.shape[1], rel=0.02)
