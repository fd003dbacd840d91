"""Turns: one at a time for each key, and nothing left behind."""

from __future__ import annotations

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from interview.live.turns import Turns


@given(st.lists(st.tuples(st.sampled_from("ab"), st.booleans()), max_size=12))
def test_one_at_a_time_for_each_key(visits: list[tuple[str, bool]]) -> None:
    turns, inside, served = Turns(), {"a": 0, "b": 0}, []

    async def visit(number: int, key: str, fails: bool) -> None:
        async with turns.of(key):
            inside[key] += 1
            assert inside[key] == 1
            await asyncio.sleep(0)
            served.append((key, number))
            inside[key] -= 1
            if fails:
                raise ValueError(key)

    async def test() -> None:
        work = [visit(number, key, fails) for number, (key, fails) in enumerate(visits)]
        results = await asyncio.gather(*work, return_exceptions=True)
        assert [isinstance(result, ValueError) for result in results] == [fails for _, fails in visits]

    asyncio.run(test())
    assert len(turns) == 0
    for wanted in "ab":
        assert [n for key, n in served if key == wanted] == [
            n for n, (key, _) in enumerate(visits) if key == wanted
        ]


def test_who_gives_up_waiting_leaves_nothing() -> None:
    async def test() -> int:
        turns = Turns()
        async with turns.of("a"):
            waiting = asyncio.create_task(turns.of("a").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            assert len(turns) == 1
        return len(turns)

    assert asyncio.run(test()) == 0
