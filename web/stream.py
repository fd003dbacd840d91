"""Server-sent events: bridges the thread-safe event hub to one HTTP response on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from interview.calls import CallStatus
from interview.challenges.records import Begin, ChallengeStatus, End, Show
from interview.events import Event, EventHub, Payload, Watcher, name_of
from interview.questions.status import QuestionsStatus
from interview.store.records import SessionRecord, StoredAssessment, StoredReading, StoredSpeech
from web import question_views, schemas, views

Render = Callable[[Payload], BaseModel | None]
"""What a payload looks like to this watcher; None for what it must not see."""


_WIRE: Final = {"cue": "challenge"}
"""Each side has its own kind of challenge event; on the wire both have one name."""


class EventStream(StreamingResponse):
    """A response of server-sent events."""

    media_type = "text/event-stream"


@dataclass(frozen=True, slots=True)
class Watch:
    """What one browser watches. ``last_id`` is what it saw last; ``snapshot`` what it is told first in any case.

    ``still_allowed`` is asked (in a thread) at every heartbeat: a sign-in that ended ends the stream.
    """

    session_id: str
    render: Render
    snapshot: tuple[Payload, ...]
    last_id: int | None
    heartbeat_s: float
    still_allowed: Callable[[], bool]


_FOR_OFFICER: Final[Mapping[type[Payload], Callable[[Any], BaseModel]]] = {
    SessionRecord: views.summary,
    StoredAssessment: views.assessment,
    StoredReading: views.reading,
    StoredSpeech: views.speech,
    CallStatus: views.call_status,
    ChallengeStatus: views.challenge,
    QuestionsStatus: question_views.questions,
}


def for_officer(payload: Payload) -> BaseModel | None:
    """Everything but the applicant's cues, as the console shows it."""
    show = _FOR_OFFICER.get(type(payload))
    return None if show is None else show(payload)


def for_applicant(payload: Payload) -> BaseModel | None:
    """The state, and what a challenge asks: an applicant never sees a number of the analysis."""
    match payload:
        case SessionRecord():
            return schemas.ApplicantState(state=payload.progress.state)
        case Begin() | Show() | End():
            return views.cue(payload)
        case _:
            return None


def parse_last_id(header: str | None) -> int | None:
    """The ``Last-Event-ID`` of a returning browser; None when it has none of ours."""
    return int(header) if header and header.isascii() and header.isdigit() and len(header) < 19 else None


def respond(hub: EventHub, watch: Watch) -> EventStream:
    """Stream events until the browser leaves, the sign-in ends or the service stops."""
    return EventStream(events(hub, watch), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def events(hub: EventHub, watch: Watch) -> AsyncIterator[str]:
    """The lines of one stream: what it missed, then what happens, and a comment as heartbeat for as long as the watcher is allowed."""
    yield "retry: 2000\n\n"
    for payload in watch.snapshot:
        for line in _lines(watch.render, payload):
            yield line
    woken = asyncio.Event()
    watcher = hub.watch(watch.session_id, _waker(woken), watch.last_id)
    try:
        async for line in _follow(watcher, woken, watch):
            yield line
    finally:
        hub.unwatch(watch.session_id, watcher)


async def _follow(watcher: Watcher, woken: asyncio.Event, watch: Watch) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    # Of what happens a watcher may be shown nothing, as an applicant of the call's status: that must not keep the heartbeat back.
    due_s = loop.time() + watch.heartbeat_s
    while True:
        for event in watcher.take():
            for line in _lines(watch.render, event.payload, event):
                yield line
        if watcher.closed:
            return
        if loop.time() >= due_s:
            if not await run_in_threadpool(watch.still_allowed):
                return
            yield ": still here\n\n"
            due_s = loop.time() + watch.heartbeat_s
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due_s):
                await woken.wait()
        woken.clear()


def _lines(render: Render, payload: Payload, event: Event | None = None) -> Iterable[str]:
    shown = render(payload)
    if shown is not None:
        number = f"id: {event.id}\n" if event else ""
        yield f"event: {_WIRE.get(name := name_of(payload), name)}\n{number}data: {shown.model_dump_json()}\n\n"


def _waker(woken: asyncio.Event) -> Callable[[], None]:
    loop = asyncio.get_running_loop()

    def wake() -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(woken.set)

    return wake
