"""What is noted is stored, once and in order, by whoever settles first; what fails is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from interview.challenges.ledger import Ledger
from interview.challenges.records import Challenge
from interview.problems import IllegalStep
from interview.store.challenges import ChallengeStore
from interview.store.records import AuditEntry
from tests.interview.challenges.fakes import challenge
from tests.interview.world import START


@dataclass
class StumblingStore:
    """Remembers what it was given; fails so many times, or with what it is told to."""

    fails: list[Exception] = field(default_factory=list)
    given: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)

    def change(self, one: Challenge, entries: Sequence[AuditEntry] = ()) -> None:
        if self.fails:
            raise self.fails.pop(0)
        self.given.append((one.step, tuple(entry.action for entry in entries)))


def ledger(store: StumblingStore) -> Ledger:
    return Ledger(cast("ChallengeStore", store))


def entry(action: str) -> AuditEntry:
    return AuditEntry(START, "system", action, "s")


def test_what_the_store_refuses_for_now_is_stored_later_with_what_came_since() -> None:
    async def test() -> None:
        store = StumblingStore([OSError("disk full")])
        books = ledger(store)
        books.note(challenge(step=1), entry("one"))
        await books.settle("s")
        assert store.given == []
        books.note(challenge(step=2), entry("two"))
        await books.settle("s")
        await books.settle("s")
        assert store.given == [(2, ("one", "two"))]

    asyncio.run(test())


def test_what_may_not_be_changed_is_not_tried_again() -> None:
    async def test() -> None:
        store = StumblingStore([IllegalStep("over", "结束")])
        books = ledger(store)
        books.note(challenge(), entry("one"))
        await books.settle("s")
        await books.settle("s")
        assert (store.fails, store.given) == ([], [])

    asyncio.run(test())


def test_settling_at_once_from_many_sides_stores_everything_once() -> None:
    async def test() -> None:
        store = StumblingStore()
        books = ledger(store)
        books.note(challenge(step=1), entry("one"))
        first = asyncio.create_task(books.settle("s"))
        await asyncio.sleep(0)
        books.note(challenge(step=2), entry("two"))
        await asyncio.gather(first, *(books.settle("s") for _ in range(5)))
        await books.settle("nobody")
        assert store.given == [(1, ("one",)), (2, ("two",))]

    asyncio.run(test())


def test_notes_of_several_challenges_are_stored_each() -> None:
    async def test() -> None:
        store = StumblingStore()
        books = ledger(store)
        books.note(challenge(step=1), entry("one"))
        books.note(replace(challenge(step=5), id="c2"), entry("other"))
        await books.settle("s")
        assert store.given == [(1, ("one",)), (5, ("other",))]

    asyncio.run(test())
