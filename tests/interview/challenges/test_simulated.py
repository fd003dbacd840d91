"""The page without a browser against the conductor that leads a browser's."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise

import pytest

from interview.challenges.conductor import Conductor
from interview.challenges.proof import Claim
from interview.challenges.records import Answer, Challenge, ChallengeStatus, Cue, Kind
from interview.challenges.script import script_of
from interview.challenges.simulated import SimulatedPage
from interview.errors import ServiceError
from interview.problems import Problem
from tests.interview.challenges.fakes import EPOCH_MS, FakeLine, ManualTimer, challenge
from tests.interview.world import START
from web import views


class Hung(Exception):
    """The test's way to end a page that never ends by itself."""


@dataclass
class Wire:
    """A conductor behind the join API. Time passes while the page waits, and while it waits for a cue.

    ``tampered`` changes a claim on its way. The stream breaks after the challenge, and again and again.
    """

    timer: ManualTimer = field(default_factory=ManualTimer)
    tampered: Callable[[Claim], Claim] = lambda claim: claim
    told: deque[Cue] = field(default_factory=deque)
    refused: list[str] = field(default_factory=list)
    opened: int = 0

    def __post_init__(self) -> None:
        self.line = FakeLine(self.timer)
        self.conductor = Conductor(self.line, self.timer, self._publish, lambda one: None, lambda: START)

    def _publish(self, payload: ChallengeStatus | Cue) -> None:
        if not isinstance(payload, ChallengeStatus):
            self.told.append(payload)

    async def cues(self) -> AsyncIterator[Mapping[str, object]]:
        self.opened += 1
        if self.opened == 3:
            raise Hung
        while self.told or self.conductor.busy:
            if self.told:
                yield views.cue(self.told.popleft()).model_dump(mode="json")
            else:
                self.timer.go_on(0.05)
        raise ServiceError("the stream broke")

    async def answer(self, challenge_id: str, answer: Answer) -> None:
        self.conductor.answer(challenge_id, answer)

    async def shown(self, challenge_id: str, claim: Mapping[str, object]) -> None:
        try:
            self.conductor.shown(challenge_id, self.tampered(Claim(**claim)))  # type: ignore[arg-type]
        except Problem as problem:
            self.refused.append(problem.code)
            raise ServiceError(problem.message) from problem

    async def wait(self, seconds: float) -> None:
        self.timer.go_on(seconds)

    def now_s(self) -> float:
        return EPOCH_MS / 1000 + self.timer.now_s

    def challenged(self, page: SimulatedPage, kind: Kind) -> Challenge:
        """Put one challenge to the page, and give it as it ended."""
        one = challenge(kind=kind, page_key=page.public_key)
        self.conductor.begin(one, script_of(kind, one.seed))
        with pytest.raises(Hung):
            asyncio.run(page.follow())
        status = self.conductor.status
        assert status is not None
        return status.challenge


@pytest.mark.parametrize("kind", ["flash", "pose", "digits"])
def test_every_step_is_displayed_when_it_is_due_and_its_signature_believed(kind: Kind) -> None:
    wire = Wire()
    ended = wire.challenged(SimulatedPage(wire, now_s=wire.now_s, wait=wire.wait), kind)
    script = script_of(kind, ended.seed)
    assert (ended.state, ended.step) == ("done", script.count)
    assert [ack.k for ack in ended.acks] == [step.k for step in script.steps]
    times = [ack.shown_s for ack in ended.acks]
    gaps = [after - before for before, after in pairwise(times)]
    assert gaps == pytest.approx([step.after_s for step in script.steps[1:]], abs=0.06)
    assert wire.refused == []
    assert wire.opened == 3


def test_colours_are_shown_in_order_and_taken_away_in_the_end() -> None:
    wire, seen = Wire(), list[str | None]()
    ended = wire.challenged(SimulatedPage(wire, show=seen.append, now_s=wire.now_s, wait=wire.wait), "flash")
    steps = script_of("flash", ended.seed).steps
    assert seen[: len(steps)] == [step.colour for step in steps]
    assert set(seen[len(steps) :]) == {None}


def test_what_the_page_does_not_take_it_declines() -> None:
    wire = Wire()
    page = SimulatedPage(wire, lambda kind: kind != "pose", now_s=wire.now_s, wait=wire.wait)
    ended = wire.challenged(page, "pose")
    assert (ended.state, ended.step, ended.detail) == ("refused", 0, "")


def test_a_claim_that_was_changed_on_its_way_is_not_believed_and_the_page_goes_on() -> None:
    wire = Wire(tampered=lambda claim: Claim(**(asdict(claim) | {"shown_at_ms": claim.shown_at_ms + 1})))
    ended = wire.challenged(SimulatedPage(wire, now_s=wire.now_s, wait=wire.wait), "digits")
    assert (ended.state, ended.step) == ("unseen", 0)
    assert wire.refused == ["bad_signature"]


def test_a_stream_that_breaks_is_told_of(caplog: pytest.LogCaptureFixture) -> None:
    wire = Wire()
    wire.challenged(SimulatedPage(wire, now_s=wire.now_s, wait=wire.wait), "flash")
    assert [record.getMessage() for record in caplog.records] == [
        "challenges cannot be heard of now: the stream broke"
    ] * 2
