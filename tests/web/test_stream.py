"""Server-sent events: what a browser gets, in order, and when a stream ends."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace

import pytest

from biometrics.voice.meter import SpeechHeard
from interview.calls import CallStatus
from interview.events import EventHub
from interview.store.records import StoredSpeech
from tests.interview.world import agreed, assessment, observation
from tests.web.conftest import Site
from web import stream


@dataclass(frozen=True, slots=True)
class Said:
    """One event as EventSource would hand it over."""

    event: str
    id: int | None
    data: dict[str, object]


def parse(block: str) -> Said | None:
    """The event of one block of lines; None for a comment or a retry."""
    fields = dict(line.split(": ", 1) for line in block.strip().splitlines() if not line.startswith(":"))
    if "data" not in fields:
        return None
    number = int(fields["id"]) if "id" in fields else None
    return Said(fields["event"], number, json.loads(fields["data"]))


def watching(site: Site, session_id: str, **changes: object) -> stream.Watch:
    record = site.world.sessions.get(session_id)
    watch = stream.Watch(session_id, stream.for_officer, (record,), None, 60.0, lambda: True)
    return replace(watch, **changes)  # type: ignore[arg-type]


async def take(lines: AsyncIterator[str], count: int) -> list[Said]:
    said: list[Said] = []
    if count == 0:
        return said
    async for block in lines:
        event = parse(block)
        if event is not None:
            said.append(event)
        if len(said) == count:
            return said
    return said


def collect(
    hub: EventHub, watch: stream.Watch, count: int, *, then: Callable[[], object] | None = None
) -> list[Said]:
    """The first ``count`` events, ``then`` being called once the first has come."""

    async def run() -> list[Said]:
        async with aclosing(stream.events(hub, watch)) as lines:  # type: ignore[type-var]
            said = await take(lines, 1)
            if then is not None:
                await asyncio.to_thread(then)
            return said + await take(lines, count - 1)

    return asyncio.run(run())


def test_state_comes_first_then_what_happens(site: Site) -> None:
    session = site.world.live(site.officer)
    site.world.events.forget(session.id)

    def happen() -> None:
        site.world.record(session.id, [observation(), assessment(0.5)])
        site.world.sessions.applicant_lost(session.id)

    said = collect(
        site.world.events,
        watching(site, session.id),
        4,
        then=happen,
    )
    assert [one.event for one in said] == ["state", "reading", "assessment", "state"]
    assert said[0].id is None
    assert (said[0].data["state"], said[3].data["state"]) == ("live", "interrupted")
    assert (said[1].data["seq"], said[2].data["seq"]) == (0, 1)
    assert said[3].data["probability"] == 0.0123456789
    numbers = [one.id for one in said[1:] if one.id is not None]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == 3


def test_returning_browser_gets_what_it_missed(site: Site) -> None:
    session = site.world.live(site.officer)
    site.world.record(session.id, [observation(0.0), observation(1.0), observation(2.0)])
    first = collect(site.world.events, watching(site, session.id), 5)
    assert [one.data.get("seq") for one in first if one.event == "reading"] == [0, 1, 2]
    seen = next(one.id for one in first if one.data.get("seq") == 1)
    back = collect(site.world.events, watching(site, session.id, last_id=seen), 2)
    assert [(one.event, one.data.get("seq")) for one in back] == [("state", None), ("reading", 2)]


def test_the_officer_hears_of_usable_speech_and_of_its_latest_only(site: Site) -> None:
    session = site.world.live(site.officer)
    site.world.record(session.id, [SpeechHeard(1.0, 0.5), SpeechHeard(2.0, 1.5)])
    said = collect(site.world.events, watching(site, session.id), 3)
    assert [(one.data["t"], one.data["net_speech_s"]) for one in said if one.event == "speech"] == [
        (2.0, 1.5)
    ]
    assert stream.for_applicant(StoredSpeech(0, SpeechHeard(2.0))) is None


def test_applicant_learns_the_state_and_no_number(site: Site) -> None:
    session = site.interview()
    watch = watching(site, session.id, render=stream.for_applicant)

    def happen() -> None:
        site.world.sessions.consent(session.id, agreed())
        site.world.sessions.officer_joined(session.id)
        site.world.sessions.applicant_joined(session.id)
        site.world.record(session.id, [observation(), assessment(0.5)])
        site.world.sessions.seal(session.id, site.officer.id)

    said = collect(site.world.events, watch, 2, then=happen)
    assert [one.data for one in said] == [{"state": "created"}, {"state": "sealed"}]


def test_idle_stream_is_kept_alive_until_the_sign_in_ends(site: Site) -> None:
    session = site.interview()
    answers = iter([True, True, False])
    watch = watching(site, session.id, heartbeat_s=0.001, still_allowed=lambda: next(answers))

    async def run() -> list[str]:
        return [block async for block in stream.events(site.world.events, watch)]

    blocks = asyncio.run(run())
    assert blocks[0] == "retry: 2000\n\n"
    assert blocks[2:] == [": still here\n\n"] * 2


def test_what_a_watcher_is_not_shown_does_not_hold_the_heartbeat_back(site: Site) -> None:
    """A call's status comes every few seconds and is nothing for the applicant, whose proxy ends a stream that stays silent."""
    session = site.interview()
    answers = iter([True, True, False])
    watch = watching(
        site,
        session.id,
        render=stream.for_applicant,
        heartbeat_s=0.001,
        still_allowed=lambda: next(answers),
    )

    async def run() -> list[str]:
        over = asyncio.Event()

        async def tell() -> None:
            while not over.is_set():
                site.world.events.publish(session.id, CallStatus())
                await asyncio.sleep(0)

        async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
            tasks.create_task(tell())
            blocks = [block async for block in stream.events(site.world.events, watch)]
            over.set()
        return blocks

    assert asyncio.run(run())[2:] == [": still here\n\n"] * 2


def test_stream_ends_when_the_service_stops_and_lets_go_of_the_hub(site: Site) -> None:
    session = site.interview()
    said = collect(site.world.events, watching(site, session.id), 99, then=site.world.events.close)
    assert [one.event for one in said] == ["state"]


def test_stream_left_by_its_browser_is_no_longer_told(site: Site) -> None:
    session = site.interview()
    watched: list[int] = []

    def happen() -> None:
        site.world.sessions.consent(session.id, agreed())
        watched.append(site.world.events.watching(session.id))

    async def run() -> None:
        async with aclosing(stream.events(site.world.events, watching(site, session.id))) as lines:  # type: ignore[type-var]
            await take(lines, 1)
            await asyncio.to_thread(happen)
            await take(lines, 1)
            watched.append(site.world.events.watching(session.id))

    asyncio.run(run())
    assert [*watched, site.world.events.watching(session.id)] == [0, 1, 0]


@pytest.mark.parametrize(
    ("header", "number"),
    [(None, None), ("", None), ("17", 17), ("-1", None), ("1e9", None), ("٣", None), ("9" * 40, None)],
)
def test_last_event_id_is_a_number_or_nothing(header: str | None, number: int | None) -> None:
    assert stream.parse_last_id(header) == number


def test_officers_stream_over_http(site: Site) -> None:
    session = site.world.live(site.officer)
    site.world.record(session.id, [assessment(0.5)])
    browser = site.as_(site.officer)
    site.world.events.close()  # a client in this process sees a stream only when it has ended
    answer = browser.get(f"/api/sessions/{session.id}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-store"
    said = [event for block in answer.text.split("\n\n") if (event := parse(block))]
    assert [one.event for one in said[:3]] == ["state", "assessment", "call"]
    assert said[2].data == {
        "applicant": {"connected": False, "kbps": 0.0, "fps": 0.0, "loss": 0.0},
        "officer": {"connected": False, "kbps": 0.0, "fps": 0.0, "loss": 0.0},
        "analysis": {"state": "running", "level": 1, "lag_s": 0.25},
    }
    ids = [one.id for one in said if one.id is not None]
    again = browser.get(f"/api/sessions/{session.id}/events", headers={"Last-Event-ID": str(max(ids))})
    assert "id:" not in again.text


def test_applicants_stream_over_http(site: Site) -> None:
    session = site.interview()
    site.world.events.close()
    browser = site.browser()
    browser.get(f"/api/join/{site.token(session)}")
    answer = browser.get(f"/api/join/{site.token(session)}/events")
    assert [parse(block) for block in answer.text.split("\n\n")[1:2]] == [
        Said("state", None, {"state": "created"})
    ]


def test_signing_out_ends_the_stream(site: Site) -> None:
    session = site.interview()
    browser = site.as_(site.officer)
    site.world.clock.go_on(hours=1)
    secret = str(browser.cookies.get("candor_session"))
    watch = watching(
        site,
        session.id,
        heartbeat_s=0.001,
        still_allowed=lambda: site.world.accounts.user_of(secret) is not None,
    )
    site.world.accounts.sign_out(secret)

    async def run() -> int:
        return len([block async for block in stream.events(site.world.events, watch)])

    assert asyncio.run(run()) == 2
