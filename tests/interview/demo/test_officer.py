"""The demo's officer marks questions of the template, whatever the service answers."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest

from interview.demo.officer import ask

TEMPLATE = {"questions": [{"id": f"q{n}"} for n in range(1, 19)]}


def asked(template: object, status: int = 201) -> tuple[list[tuple[str, bytes]], float]:
    """What was sent, and for how long the officer waited in all."""
    sent: list[tuple[str, bytes]] = []
    waited = 0.0

    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, text=json.dumps(template))
        sent.append((request.url.path, request.content))
        return httpx.Response(status, json={})

    async def sleep(seconds: float) -> None:
        nonlocal waited
        assert seconds >= 0
        waited += seconds

    async def test() -> None:
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(transport=transport, base_url="http://candor.test") as web:
            await ask(web, "s1", 20.0, sleep)

    asyncio.run(test())
    return sent, waited


def test_questions_are_marked_in_order_within_the_time() -> None:
    sent, waited = asked(TEMPLATE)
    assert [(path.split("/")[-2], b"asked" in body) for path, body in sent] == [
        ("q1", True),
        ("q1", False),
        ("q2", True),
        ("q3", True),
        ("q3", False),
    ]
    assert waited == pytest.approx(20.0)


def test_an_interview_without_questions_is_held_all_the_same() -> None:
    sent, waited = asked(None)
    assert sent == []
    assert waited == pytest.approx(20.0)


def test_an_applicant_who_is_not_there_yet_does_not_end_the_demo() -> None:
    assert len(asked(TEMPLATE, 409)[0]) == 5
    with pytest.raises(httpx.HTTPStatusError):
        asked(TEMPLATE, 500)
