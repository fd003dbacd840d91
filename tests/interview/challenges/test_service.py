"""Who may ask for a challenge and when, and that each is stored, audited and told, whatever happens to its call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pytest

from fraudmodel.signals import Abstention, Observation, Reason, SignalKind, Span
from interview.audit import AuditLog
from interview.challenges.conduct import ANSWER_S, SILENCE_S
from interview.challenges.proof import nonce_of, seed_of
from interview.challenges.records import Begin, Challenge, ChallengeState, Cue, End, Kind, Show
from interview.challenges.script import script_of
from interview.challenges.service import Challenges
from interview.problems import ConsentNeeded, IllegalStep, NotFound, Rejected
from interview.store.records import StoredReading, User
from tests.interview.challenges.fakes import FINGERPRINT, FakeLine, ManualTimer, Page
from tests.interview.world import KEY, World, agreed, open_world


@dataclass
class Room:
    """Challenges over a real store, with one live interview whose page is here too."""

    world: World
    officer: User
    timer: ManualTimer = field(default_factory=ManualTimer)

    def __post_init__(self) -> None:
        self.challenges = self.service()
        self.session = self.world.live(self.officer)
        self.page = Page(self.timer)
        self.line = FakeLine(self.timer, self.session.id, page_key=self.page.key.public)
        self._watcher = self.world.events.watch(self.session.id, lambda: None)

    def service(self) -> Challenges:
        audit = AuditLog(self.world.repository.audit, self.world.clock.now)
        return Challenges(
            self.world.repository, self.world.events, audit, KEY, self.world.clock.now, lambda: self.timer
        )

    def listen(self) -> None:
        """The page takes what came on its stream."""
        for event in self._watcher.take():
            if isinstance(event.payload, Begin | Show | End):
                self.page.cues.append(event.payload)

    async def ask(self, kind: Kind = "flash") -> Challenge:
        self.world.clock.go_on(seconds=1)
        status = await self.challenges.ask(self.session, kind, self.officer.id)
        self.listen()
        return status.challenge

    async def running(self) -> Challenge:
        challenge = await self.ask()
        await self.challenges.answer(self.session.id, challenge.id, "ready")
        self.listen()
        return challenge

    async def shown(self, k: int, **changes: object) -> None:
        self.timer.go_on(0.12)
        await self.challenges.shown(self.session.id, self.page.begun.id, self.page.claim(k, **changes))
        self.timer.go_on(1.0)
        self.listen()

    def stored(self) -> list[Challenge]:
        return self.world.repository.challenges.of_session(self.session.id)

    def audited(self) -> list[tuple[str, str]]:
        """Actor and action of everything about challenges."""
        entries = self.world.repository.audit.of_session(self.session.id)
        return [(one.actor, one.action) for one in entries if one.action.startswith("challenge.")]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    world = open_world(tmp_path)
    yield Room(world, world.person())
    world.repository.close()


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(cast("Coroutine[object, object, None]", test()))


def test_a_challenge_from_asking_to_its_record(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        asked = await room.running()
        cues: list[Cue] = room.page.cues
        assert cues[:1] == [Begin(asked.id, "flash", asked.nonce, 32)]
        for k in range(-1, 33):
            await room.shown(k)
        assert cues[-1] == End(asked.id, "done")
        await room.challenges.detach(room.session.id)
        [done] = room.stored()
        assert (done.state, done.step, len(done.acks)) == (ChallengeState.DONE, 32, 34)
        assert done.seed == seed_of(KEY, room.session.id, done.id, done.issued_at, FINGERPRINT)
        assert done.nonce == nonce_of(done.seed)
        colours = [cue.colour for cue in cues if isinstance(cue, Show)]
        assert colours == [step.colour for step in script_of("flash", done.seed).steps]
        assert room.challenges.ended(room.session.id, done.id).challenge == done
        assert room.audited() == [
            (room.officer.id, "challenge.asked"),
            ("applicant", "challenge.started"),
            ("system", "challenge.ended"),
        ]

    run(test)


def test_every_challenge_has_a_seed_of_its_own(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        for _ in range(3):
            challenge = await room.ask()
            await room.challenges.answer(room.session.id, challenge.id, "refused")
        assert len({one.seed for one in room.stored()}) == 3

    run(test)


def test_one_at_a_time(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        first, second = await asyncio.gather(room.ask(), room.ask(), return_exceptions=True)
        assert isinstance(first, Challenge)
        assert isinstance(second, IllegalStep)
        assert second.code == "challenge_open"
        with pytest.raises(IllegalStep, match="still going on"):
            await room.ask()
        await room.challenges.cancel(room.session.id, first.id)
        await room.ask()
        assert [one.state for one in room.stored()] == ["cancelled", "waiting"]

    run(test)


@pytest.mark.parametrize("kind", ["flash", "pose", "digits"])
def test_without_an_analysis_nobody_would_judge_the_answer(room: Room, kind: Kind) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        room.line.analysed = False
        with pytest.raises(IllegalStep) as refused:
            await room.ask(kind)
        assert refused.value.code == "not_analysed"
        assert room.stored() == []

    run(test)


def test_nobody_to_ask(room: Room) -> None:
    async def refused(code: str) -> None:
        with pytest.raises(IllegalStep) as refused:
            await room.ask()
        assert refused.value.code == code

    async def test() -> None:
        await refused("applicant_away")
        room.challenges.attach(room.line)
        room.line.reachable = False
        await refused("applicant_away")
        room.line.reachable, room.line.analysed = True, False
        await refused("not_analysed")
        room.line.analysed, room.line.page_key = True, None
        await refused("page_cannot_sign")
        room.line.page_key, room.line.fingerprint = room.page.key.public, ""
        await refused("page_cannot_sign")
        room.line.fingerprint = FINGERPRINT
        room.session = room.world.sessions.applicant_lost(room.session.id)
        await refused("applicant_away")
        assert room.stored() == []

    run(test)


@pytest.mark.parametrize(
    ("kind", "face", "voice", "what"),
    [("flash", False, True, "face"), ("pose", False, True, "face"), ("digits", True, False, "voice")],
)
def test_consent_comes_first(room: Room, kind: Kind, face: bool, voice: bool, what: str) -> None:
    async def test() -> None:
        session = room.world.interview(room.officer)
        for consented in (None, agreed(face=face, voice=voice)):
            if consented is not None:
                session = room.world.sessions.consent(session.id, consented)
            with pytest.raises(ConsentNeeded, match=f"did not agree to {what}"):
                await room.challenges.ask(session, kind, room.officer.id)

    run(test)


def test_what_the_page_claims_falsely_is_refused_and_audited_within_bounds(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        challenge = await room.running()
        for _ in range(25):
            with pytest.raises(Rejected, match="not visible"):
                await room.shown(-1, visible=False)
            room.timer.now_s -= 1.12
        with pytest.raises(NotFound):
            await room.challenges.shown(room.session.id, "other", room.page.claim(-1))
        entries = room.world.repository.audit.of_session(room.session.id)
        refused = [one for one in entries if one.action == "challenge.ack_refused"]
        assert len(refused) == 20
        assert (refused[0].actor, refused[0].detail) == (
            "applicant",
            {"challenge": challenge.id, "k": -1, "why": "page_hidden"},
        )

    run(test)


def test_an_ended_challenge_takes_nothing_more(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        first = await room.ask()
        await room.challenges.answer(room.session.id, first.id, "photosensitive")
        second = await room.running()
        claim = room.page.claim(-1)
        for step in (
            room.challenges.answer(room.session.id, first.id, "ready"),
            room.challenges.shown(room.session.id, first.id, claim),
            room.challenges.cancel(room.session.id, first.id),
        ):
            with pytest.raises(IllegalStep, match="This challenge is over"):
                await step
        await room.challenges.cancel(room.session.id, second.id)
        with pytest.raises(IllegalStep, match="This challenge is over"):
            await room.challenges.cancel(room.session.id, second.id)
        with pytest.raises(NotFound):
            await room.challenges.cancel("another interview", second.id)
        spared, cancelled = room.stored()
        assert (spared.state, spared.detail) == ("spared", "photosensitive")
        assert (cancelled.state, cancelled.detail) == ("cancelled", "officer")
        assert ("applicant", "challenge.ended") in room.audited()
        assert (room.officer.id, "challenge.ended") in room.audited()

    run(test)


@pytest.mark.parametrize(
    ("answered", "seconds", "state"), [(False, ANSWER_S, "expired"), (True, SILENCE_S + 1.0, "unseen")]
)
def test_what_ends_by_itself_is_stored_by_itself(
    room: Room, answered: bool, seconds: float, state: str
) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        await (room.running() if answered else room.ask())
        room.timer.go_on(seconds)
        await room.challenges.detach(room.session.id)
        assert [one.state for one in room.stored()] == [state]

    run(test)


@pytest.mark.parametrize(
    ("happens", "detail"),
    [
        (lambda room: room.challenges.restarted(room.session.id), "analysis_restarted"),
        (lambda room: setattr(room.line, "fingerprint", "sha-256 00"), "reconnected"),
        (lambda room: None, "interview_ended"),
    ],
)
def test_what_happens_to_the_call_ends_its_challenge(
    room: Room, happens: Callable[[Room], object], detail: str
) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        await room.running()
        happens(room)
        room.challenges.rebound(room.session.id)
        await room.challenges.detach(room.session.id)
        await room.challenges.detach(room.session.id)
        assert [(one.state, one.detail) for one in room.stored()] == [("cancelled", detail)]
        assert room.line.told[-1].values["how"] == "cancelled"

    run(test)


def test_calls_that_are_not_there_change_nothing(room: Room) -> None:
    room.challenges.rebound("nobody")
    room.challenges.restarted("nobody")
    room.challenges.heard("nobody", StoredReading(0, Abstention(SignalKind("x"), Span(0, 0), Reason.NOT_YET)))
    assert room.challenges.of_session("nobody") == []


def test_call_that_ended_while_the_question_was_stored(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        asked = asyncio.create_task(room.ask())
        await asyncio.sleep(0)
        await room.challenges.detach(room.session.id)
        assert (await asked).state is ChallengeState.CANCELLED
        await room.challenges.detach(room.session.id)
        assert [one.detail for one in room.stored()] == ["interview_ended"]
        assert room.timer.pending == []

    run(test)


def test_result_is_told_at_once_and_found_again_among_the_readings(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        challenge = await room.running()
        for k in range(-1, 18):
            await room.shown(k)
        now_s = room.line.now_s()
        seen = Observation(SignalKind("flash_challenge"), Span(now_s - 5, now_s), -3.5, 0.9, "m@1")
        [stored] = room.world.repository.outputs.append(room.session.id, [seen], room.world.clock.now())
        assert isinstance(stored, StoredReading)
        room.challenges.heard(room.session.id, stored)
        [present] = room.challenges.of_session(room.session.id)
        assert (present.challenge.state, present.challenge.detail) == ("done", "decided")
        assert present.result == stored
        await room.challenges.detach(room.session.id)
        assert room.challenges.of_session(room.session.id) == [present]
        assert room.challenges.ended(room.session.id, challenge.id) == present

    run(test)


def test_record_of_an_open_challenge_stays_secret(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        challenge = await room.running()
        with pytest.raises(IllegalStep, match="still going on"):
            room.challenges.ended(room.session.id, challenge.id)
        with pytest.raises(NotFound):
            room.challenges.ended("another interview", challenge.id)
        await room.challenges.detach(room.session.id)

    run(test)


def test_restart_of_the_service_ends_what_was_open(room: Room) -> None:
    async def test() -> None:
        room.challenges.attach(room.line)
        await room.running()

    run(test)
    again = room.service()
    again.recover()
    again.recover()
    [left] = room.stored()
    assert (left.state, left.detail, left.ended_at) == (
        "cancelled",
        "service_restarted",
        room.world.clock.now(),
    )
    assert room.audited()[-1] == ("system", "challenge.ended")
    assert room.audited().count(("system", "challenge.ended")) == 1
