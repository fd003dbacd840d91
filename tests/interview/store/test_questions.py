"""Questions in the database: the template stays as it was, and marks are only added, while the interview is open."""

from __future__ import annotations

import pytest

from interview.problems import IllegalStep, NotFound
from interview.questions.records import Mark
from interview.questions.templates import load_templates
from interview.store.records import AuditEntry
from tests.interview.questions.fakes import mark
from tests.interview.world import START, World


def add(world: World, session_id: str, made: Mark) -> tuple[Mark, ...]:
    entry = AuditEntry(START, "li", "question.marked", session_id, {"question": made.question})
    return world.repository.questions.add(session_id, made, entry)


def actions(world: World, session_id: str) -> int:
    entries = world.repository.audit.of_session(session_id)
    return sum(each.action == "question.marked" for each in entries)


def test_marks_come_back_as_they_were_in_order(world: World) -> None:
    session, other = world.live(world.person()), world.interview(world.person("wang"))
    made = (mark("q1", "asked", 4.001), mark("q1", "answered", 9.5), mark("q3", "asked", 9.5))
    assert [len(add(world, session.id, each)) for each in made] == [1, 2, 3]
    assert world.repository.questions.marks(session.id) == made
    assert world.repository.questions.marks(other.id) == ()
    assert actions(world, session.id) == 3


def test_a_refused_mark_leaves_no_entry(world: World) -> None:
    session = world.live(world.person())
    with pytest.raises(IllegalStep):
        add(world, session.id, mark("q1", "answered", 4.0))
    with pytest.raises(NotFound, match="no such question"):
        add(world, session.id, mark("q99", "asked", 4.0))
    with pytest.raises(NotFound, match="no such interview"):
        add(world, "nowhere", mark("q1", "asked", 4.0))
    assert (world.repository.questions.marks(session.id), actions(world, session.id)) == ((), 0)


def test_nothing_is_added_once_it_is_sealed(world: World) -> None:
    session = world.sealed(world.person())
    with pytest.raises(IllegalStep, match="mark a question"):
        add(world, session.id, mark("q1", "asked", 4.0))


def test_the_template_is_the_one_of_the_product(world: World) -> None:
    session = world.interview(world.person())
    assert world.repository.questions.set_of(session.id) == load_templates().sets["working-capital"]


def test_an_interview_from_before_has_none(world: World) -> None:
    with pytest.raises(NotFound) as refused:
        world.repository.questions.set_of("from before")
    assert refused.value.code == "no_questions"
