"""Challenges in the database: whole again when read, one open at a time, and none changed after its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from interview.challenges.records import Ack, Challenge, ChallengeState
from interview.problems import IllegalStep, NotFound
from interview.store.challenges import ChallengeStore
from interview.store.records import AuditEntry
from tests.interview.challenges.fakes import challenge
from tests.interview.world import START, World, open_world

ACKS = (
    Ack(-1, 1795338000123.4, 12.345, "arrival", 390, 844, "sig"),
    Ack(0, 1795338001123.0999, 13.345, "sender", 390, 844, "nature"),
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = open_world(tmp_path)
    yield world
    world.repository.close()


@pytest.fixture
def waiting(world: World) -> Challenge:
    """A challenge of an interview, stored."""
    session = world.live(world.person())
    one = challenge(session_id=session.id)
    world.repository.challenges.add(one, entry(one, "challenge.asked"))
    return one


def entry(one: Challenge, action: str) -> AuditEntry:
    return AuditEntry(START, "li", action, one.session_id, {"challenge": one.id})


def store(world: World) -> ChallengeStore:
    return world.repository.challenges


def actions(world: World, one: Challenge) -> list[str]:
    return [each.action for each in world.repository.audit.of_session(one.session_id)]


def test_comes_back_as_it_was(world: World, waiting: Challenge) -> None:
    assert store(world).get(waiting.session_id, waiting.id) == waiting
    done = replace(
        waiting, state=ChallengeState.DONE, step=32, started_s=12.0, ended_s=31.5, ended_at=START, detail="decided", acks=ACKS
    )  # fmt: skip
    store(world).change(done, [entry(done, "challenge.started"), entry(done, "challenge.ended")])
    assert store(world).of_session(waiting.session_id) == [done]
    assert actions(world, done)[-3:] == ["challenge.asked", "challenge.started", "challenge.ended"]


def test_second_one_is_refused_while_one_is_open(world: World, waiting: Challenge) -> None:
    second = replace(waiting, id="c2")
    with pytest.raises(IllegalStep, match="still going on"):
        store(world).add(second, entry(second, "challenge.asked"))
    assert actions(world, waiting).count("challenge.asked") == 1
    store(world).change(replace(waiting, state=ChallengeState.REFUSED))
    store(world).add(second, entry(second, "challenge.asked"))
    assert [one.id for one in store(world).of_session(waiting.session_id)] == ["c1", "c2"]


def test_ended_one_is_never_changed(world: World, waiting: Challenge) -> None:
    ended = replace(waiting, state=ChallengeState.EXPIRED)
    store(world).change(ended)
    with pytest.raises(IllegalStep, match="over"):
        store(world).change(replace(ended, state=ChallengeState.DONE), [entry(ended, "challenge.ended")])
    assert store(world).get(waiting.session_id, waiting.id) == ended
    assert "challenge.ended" not in actions(world, waiting)


def test_challenge_that_is_not_there(world: World, waiting: Challenge) -> None:
    for session_id, challenge_id in ((waiting.session_id, "c9"), ("another", waiting.id)):
        with pytest.raises(NotFound):
            store(world).get(session_id, challenge_id)
    with pytest.raises(NotFound):
        store(world).change(replace(waiting, id="c9"))
    assert store(world).of_session("another") == []


def test_what_a_restart_found_open_is_cancelled(world: World, waiting: Challenge) -> None:
    ended = store(world).cancel_open("service_restarted", "system", START)
    expected = replace(waiting, state=ChallengeState.CANCELLED, detail="service_restarted", ended_at=START)
    assert ended == [expected] == store(world).of_session(waiting.session_id)
    assert store(world).cancel_open("service_restarted", "system", START) == []
