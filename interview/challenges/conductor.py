"""Leads one call's challenge: tells the page what to display, the analysis what was displayed, the officer how it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from fraudmodel.signals import Observation
from interview.challenges.conduct import Conduct, OutOfStep
from interview.challenges.proof import Claim, genuine
from interview.challenges.records import (
    Ack,
    Answer,
    Begin,
    Challenge,
    ChallengeState,
    ChallengeStatus,
    ClockUsed,
    Cue,
    End,
    How,
    Show,
)
from interview.challenges.results import better, is_of
from interview.challenges.script import Script, Step
from interview.media.journal import Told
from interview.problems import IllegalStep, NotFound, Rejected
from interview.store.challenges import is_over
from interview.store.records import StoredReading

_AHEAD_S: Final = 0.3
"""A display time lies no further after the arrival of its acknowledgement, or the page's clock is not believed."""
_BEHIND_S: Final = 1.0
"""Nor further before its step was pushed. Both are as far as the media clock lets a sender's clock run from arrivals."""


class Handle(Protocol):
    """A timer that runs."""

    def cancel(self) -> None: ...


class Timer(Protocol):
    """An event loop's clock, as much of it as is needed."""

    def time(self) -> float: ...

    def call_at(self, when: float, callback: Callable[[], object], /) -> Handle: ...


class Line(Protocol):
    """What a challenge needs of a live call. Everything runs on the event loop.

    ``fingerprint`` is that of the applicant's DTLS connection, "" before the first; ``page_key`` the public key of
    their page, None for one that has none.
    """

    id: str
    fingerprint: str
    page_key: str | None

    @property
    def reachable(self) -> bool:
        """Whether the applicant is connected and recorded."""
        ...

    @property
    def analysed(self) -> bool:
        """Whether an analysis watches that can judge what is displayed."""
        ...

    def now_s(self) -> float | None:
        """Media time now; None before the recording began."""
        ...

    def page_time_s(self, unix_s: float) -> float | None:
        """Media time of an instant on the clock of the applicant's machine; None before its first sender report."""
        ...

    def tell(self, told: Told) -> None:
        """Hand a fact to the analysis."""
        ...


class Conductor:
    """One call's challenges, one after another. Lives on the event loop.

    ``publish`` tells the officer and the applicant's page; ``changed`` is told when a challenge has to be stored.
    """

    def __init__(
        self,
        line: Line,
        timer: Timer,
        publish: Callable[[ChallengeStatus | Cue], object],
        changed: Callable[[Challenge], object],
        now: Callable[[], datetime],
    ) -> None:
        self._line = line
        self._timer = timer
        self._publish = publish
        self._changed = changed
        self._now = now
        self._status: ChallengeStatus | None = None
        self._conduct: Conduct | None = None
        self._script: Script | None = None
        self._handle: Handle | None = None
        self._pushed_s = 0.0

    @property
    def status(self) -> ChallengeStatus | None:
        """The latest challenge of this call, open or over."""
        return self._status

    @property
    def line(self) -> Line:
        """The call."""
        return self._line

    @property
    def busy(self) -> bool:
        """Whether a challenge is open."""
        return self._status is not None and self._status.challenge.open

    def begin(self, challenge: Challenge, script: Script) -> None:
        """Put a challenge to the applicant, who has to answer in time."""
        self._status = ChallengeStatus(challenge)
        self._script, self._conduct = script, Conduct(script, self._timer.time())
        self._publish(Begin(challenge.id, challenge.kind, challenge.nonce, challenge.steps))
        self._publish(self._status)
        self._wait()

    def answer(self, challenge_id: str, answer: Answer) -> None:
        """The applicant is ready, or is not, or has had enough while it runs. Raises IllegalStep after the end and for a second ready."""
        challenge, conduct = self._open(challenge_id)
        is_running = challenge.state is ChallengeState.RUNNING
        if is_running and answer == "ready":
            raise IllegalStep("This challenge was answered already.", "该互动核验已回应。")
        if answer == "ready":
            at_s = self._tell("begin", self._line.now_s(), seed=challenge.seed.hex(), **self._facts())
            running = replace(challenge, state=ChallengeState.RUNNING, started_s=at_s)
            self._set(running)
            self._changed(running)
            conduct.start(self._timer.time())
            self._go_on()
        elif answer == "refused":
            self.end("refused", "stopped" if is_running else "")
        else:
            self.end("spared", answer)

    def shown(self, challenge_id: str, claim: Claim) -> None:
        """The page displayed a step. Raises IllegalStep or Rejected for whatever cannot be believed."""
        challenge, conduct = self._open(challenge_id)
        self._check(challenge, claim)
        now_s = self._timer.time()
        try:
            conduct.acknowledge(claim.k, now_s)
        except OutOfStep as error:
            raise IllegalStep(
                f"Step {claim.k} is not the one that this challenge waits for.",
                f"第{claim.k}步不是当前等待确认的步骤。",
                code="out_of_step",
            ) from error
        arrived_s = self._line.now_s() or 0.0
        at_s, clock = self._placed(claim.shown_at_ms / 1000.0, arrived_s)
        at_s = self._tell("show", at_s, k=claim.k, clock=clock)
        ack = Ack(
            k=claim.k,
            shown_at_ms=claim.shown_at_ms,
            shown_s=at_s,
            clock=clock,
            width=claim.width,
            height=claim.height,
            signature=claim.signature,
            pushed_s=round(self._pushed_s, 3),
            arrived_s=round(arrived_s, 3),
        )
        self._set(replace(challenge, acks=(*challenge.acks, ack), step=conduct.shown))
        self._go_on()

    def end(self, how: How, detail: str = "") -> None:
        """End what is open; nothing otherwise. ``detail`` is a word for programs."""
        if self._status is None or not self._status.challenge.open:
            return
        self._stop()
        at_s = self._tell("end", self._line.now_s(), how=how, detail=detail)
        challenge = self._status.challenge
        ended = replace(
            challenge, state=ChallengeState(how), detail=detail, ended_s=at_s, ended_at=self._now()
        )
        self._publish(End(challenge.id, how))
        self._set(ended)
        self._changed(ended)

    def heard(self, stored: StoredReading) -> None:
        """The analysis gave a reading: perhaps this challenge's result, with which the rest of it is not needed."""
        status = self._status
        if status is None or not is_of(status.challenge, stored):
            return
        self._status = replace(status, result=better(status.result, stored))
        if status.challenge.open and isinstance(stored.reading, Observation):
            self.end("done", "decided")
        else:
            self._publish(self._status)

    def rebound(self) -> None:
        """The applicant connected: a challenge of another connection is void."""
        if self._status is not None and self._line.fingerprint != self._status.challenge.fingerprint:
            self.end("cancelled", "reconnected")

    def _open(self, challenge_id: str) -> tuple[Challenge, Conduct]:
        if self._status is None or self._status.challenge.id != challenge_id:
            raise NotFound("There is no such challenge.", "互动核验不存在。")
        if not self._status.challenge.open or self._conduct is None:
            raise is_over()
        return self._status.challenge, self._conduct

    def _check(self, challenge: Challenge, claim: Claim) -> None:
        """Whether the claim can be believed. The order is from what cannot be forged to what it says."""
        if self._line.fingerprint != challenge.fingerprint:
            raise IllegalStep(
                "This challenge belongs to another connection.",
                "该互动核验属于另一连接。",
                code="other_connection",
            )
        if not genuine(challenge.page_key, challenge.id, challenge.nonce, claim):
            raise Rejected("The signature does not fit.", "签名不匹配。", code="bad_signature")
        if not claim.visible:
            raise Rejected("The page was not visible.", "页面不在前台。", code="page_hidden")
        if challenge.acks and claim.shown_at_ms <= challenge.acks[-1].shown_at_ms:
            raise Rejected(
                "A step is displayed after the one before it.",
                "显示时间必须晚于上一步。",
                code="time_went_back",
            )

    def _placed(self, unix_s: float, arrived_s: float) -> tuple[float, ClockUsed]:
        """Media time of what the page displayed then: after the step was pushed, and before the acknowledgement arrived.

        A page that displays and acknowledges late looks like a slow network: that alone is not told apart.
        """
        by_page_s = self._line.page_time_s(unix_s)
        if by_page_s is not None and self._pushed_s - _BEHIND_S <= by_page_s <= arrived_s + _AHEAD_S:
            return by_page_s, "sender"
        return arrived_s, "arrival"

    def _tell(self, event: str, at_s: float | None, **values: object) -> float:
        """Tell the analysis; gives the media time that it was told, whole milliseconds."""
        if self._status is None:
            raise RuntimeError("there is no challenge to tell of")
        challenge = self._status.challenge
        t_ms = max(0, round((at_s or 0.0) * 1000))
        said: dict[str, Any] = {"event": event, "challenge": challenge.id, **values}
        if event == "show":
            said["shown_s"] = t_ms / 1000.0
        self._line.tell(Told(challenge.kind, t_ms, said))
        return t_ms / 1000.0

    def _facts(self) -> dict[str, int]:
        return {} if self._script is None else dict(self._script.facts)

    def _set(self, challenge: Challenge) -> None:
        if self._status is not None:
            self._status = replace(self._status, challenge=challenge)
            self._publish(self._status)

    def _go_on(self) -> None:
        """Do whatever is due, then wait for what is next."""
        self._stop()
        while self._conduct is not None and self.busy:
            match self._conduct.due(self._timer.time()):
                case None:
                    self._wait()
                    return
                case Step() as step:
                    self._push(step)
                case how:
                    self.end(how)

    def _push(self, step: Step) -> None:
        if self._status is not None:
            self._pushed_s = self._line.now_s() or 0.0
            after_ms = round(step.after_s * 1000)
            self._publish(
                Show(self._status.challenge.id, step.k, after_ms, step.colour, step.direction, step.digit)
            )

    def _wait(self) -> None:
        if self._conduct is not None:
            self._handle = self._timer.call_at(self._conduct.due_s, self._go_on)

    def _stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
