"""The list of renders: nobody is in both splits, and a render never depends on how many there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.attacklab.catalogue import all_species, species_named
from biometrics.attacklab.clip import Clip
from biometrics.attacklab.plan import missing, plan, split_people

WARM, COOL = species_named("bona_fide"), species_named("person_switch")


def clip(subject: str, source: str, frames: int = 3) -> Clip:
    picture = np.zeros((frames, 8, 8, 3), np.uint8)
    return Clip(picture, 25.0, None, 16000, subject, source, np.zeros((frames, 478, 3), np.float32))


PEOPLE = [clip(name, f"{name}{take}") for name in ("ann", "bob", "cat", "dan") for take in (1, 2)]
PHOTOS = [clip(name, f"photo-{name}", 1) for name in ("eve", "fay", "ann")]
EVERYBODY = [*PEOPLE, *PHOTOS]


def test_nobody_is_in_both_splits() -> None:
    renders = plan(all_species(), EVERYBODY, 1, 6)
    subjects = {each.source: each.subject for each in EVERYBODY}
    shown: dict[str, set[str]] = {"train": set(), "test": set()}
    for render in renders:
        shown[render.split] |= {render.subject, *(subjects[name] for name in render.others)}
    assert shown["train"].isdisjoint(shown["test"])
    assert shown["train"]
    assert shown["test"]


def test_photos_share_the_split_of_the_person_whom_they_show() -> None:
    people = split_people(EVERYBODY)
    assert set(people) == {"ann", "bob", "cat", "dan", "eve", "fay"}
    assert [people[name] for name in ("ann", "bob", "cat", "dan")] == ["train", "test", "train", "test"]


def test_more_renders_leave_the_first_as_they_are() -> None:
    few = {render.name: render for render in plan([WARM, COOL], EVERYBODY, 1, 3)}
    many = {render.name: render for render in plan([WARM, COOL], EVERYBODY, 1, 9)}
    assert len(few) == 2 * 2 * 2 * 3
    assert {name: many[name] for name in few} == few


def test_another_seed_is_another_plan() -> None:
    one, other = (plan([WARM], EVERYBODY, seed, 2) for seed in (1, 2))
    assert [each.name for each in one] == [each.name for each in other]
    assert all(a.seed != b.seed for a, b in zip(one, other, strict=True))


def test_people_take_turns() -> None:
    train = plan([WARM], EVERYBODY, 1, 4, ("train",))
    assert [each.subject for each in train if each.renderer == "a"] == ["ann", "cat", "ann", "cat"]


def test_others_are_never_the_person_themselves() -> None:
    for render in plan([COOL], EVERYBODY, 3, 8):
        assert all(each.subject != render.subject for each in EVERYBODY if each.source in render.others)
        assert render.others


def test_a_single_person_is_for_testing_and_switches_with_nobody() -> None:
    alone = [clip("ann", "ann1")]
    renders = plan([WARM, COOL], alone, 1, 2)
    assert {render.split for render in renders} == {"test"}
    assert missing([WARM, COOL], renders) == ["person_switch"]


@pytest.mark.parametrize("longest_s", [4.0, 8.0])
def test_durations_are_what_the_species_can(longest_s: float) -> None:
    for render in plan([replace(WARM, longest_s=longest_s)], EVERYBODY, 1, 20):
        assert 3.0 <= render.duration_s <= longest_s
        assert 0.03 <= render.light <= 1.0
