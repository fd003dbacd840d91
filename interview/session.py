"""The state of one interview, and which step leads where. Pure: no clock, no store.

    created --consent--> consented --applicant joins--> waiting --officer joins--> live <--> interrupted
       any of these --end--> sealed --decide--> decided

The applicant joining while the officer is already there goes straight to live. The officer leaving changes nothing:
the call goes on. Nothing leaves ``decided``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal

from interview.consent import Consent, require_recording
from interview.problems import ConsentNeeded, IllegalStep, Rejected

Side = Literal["applicant", "officer"]
MIN_REASON_CHARACTERS: Final = 10


class State(StrEnum):
    """Where an interview is."""

    CREATED = "created"
    CONSENTED = "consented"
    WAITING = "waiting"
    LIVE = "live"
    INTERRUPTED = "interrupted"
    SEALED = "sealed"
    DECIDED = "decided"


class Outcome(StrEnum):
    """What a person decided."""

    APPROVE = "approve"
    DECLINE = "decline"
    REFER = "refer"


_ZH: Final[Mapping[State, str]] = {
    State.CREATED: "已创建",
    State.CONSENTED: "已授权",
    State.WAITING: "等待客户经理",
    State.LIVE: "通话中",
    State.INTERRUPTED: "已中断",
    State.SEALED: "已封存",
    State.DECIDED: "已决定",
}
OPEN: Final = frozenset(State) - {State.SEALED, State.DECIDED}
"""States in which the interview can still be joined and ended."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's decision: never a band, never without an officer and a reason. ``by`` is the officer's user id."""

    outcome: Outcome
    reason: str
    by: str
    decided_at: datetime


def require_reason(reason: str) -> str:
    """The reason without blanks around it. Raises Rejected for one that says nothing."""
    if len(reason.strip()) < MIN_REASON_CHARACTERS:
        raise Rejected(
            f"This needs a reason of at least {MIN_REASON_CHARACTERS} characters.",
            f"请填写不少于{MIN_REASON_CHARACTERS}个字的理由。",
            code="reason_too_short",
        )
    return reason.strip()


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an interview has come. Every step gives a new one, or raises IllegalStep with a sentence."""

    state: State = State.CREATED
    consent: Consent | None = None
    officer_present: bool = False
    started_at: datetime | None = None
    sealed_at: datetime | None = None
    decision: Decision | None = None

    def consented(self, consent: Consent) -> Progress:
        """The applicant agreed. May be given again, with other answers, until they join."""
        require_recording(consent)
        if self.consent is not None and self.consent.same_answers(consent) and self.state in OPEN:
            return self
        self._only("consent", "授权", State.CREATED, State.CONSENTED)
        return replace(self, state=State.CONSENTED, consent=consent)

    def applicant_joined(self, at: datetime) -> Progress:
        """The applicant's media arrives, for the first time or again. Raises ConsentNeeded before consent."""
        if self.state is State.CREATED:
            raise ConsentNeeded(
                "Consent comes first: agree to the recording, then join.", "请先完成授权，再加入面谈。"
            )
        self._only("join", "加入", *OPEN)
        if self.officer_present or self.started_at is not None:
            return replace(self, state=State.LIVE, started_at=self.started_at or at)
        return replace(self, state=State.WAITING)

    def applicant_lost(self) -> Progress:
        """The applicant's media stopped. Changes nothing where it was not arriving."""
        if self.state is State.LIVE:
            return replace(self, state=State.INTERRUPTED)
        if self.state is State.WAITING:
            return replace(self, state=State.CONSENTED)
        return self

    def officer_joined(self, at: datetime) -> Progress:
        """The officer's side is connected; an applicant who waits is put through."""
        self._only("join", "加入", *OPEN)
        there = replace(self, officer_present=True)
        if self.state is State.WAITING:
            return replace(there, state=State.LIVE, started_at=self.started_at or at)
        return there

    def officer_left(self) -> Progress:
        """The officer's side is gone; the call goes on."""
        return replace(self, officer_present=False)

    def ended(self, at: datetime) -> Progress:
        """The officer ended it: from here on nothing is added."""
        self._only("end", "结束", *OPEN)
        return replace(self, state=State.SEALED, officer_present=False, sealed_at=at)

    def decided(self, decision: Decision) -> Progress:
        """A person decided, once."""
        self._only("decide", "作出决定", State.SEALED)
        require_reason(decision.reason)
        return replace(self, state=State.DECIDED, decision=decision)

    def require_open(self, step: str, step_zh: str) -> None:
        """Raises IllegalStep, naming ``step``, once the interview is sealed."""
        self._only(step, step_zh, *OPEN)

    def recovered(self) -> Progress:
        """After the service was restarted: nobody is connected any more."""
        return self.officer_left().applicant_lost()

    def _only(self, step: str, step_zh: str, *allowed: State) -> None:
        if self.state not in allowed:
            raise IllegalStep(
                f"This interview is {self.state.value}: it is not possible to {step} now.",
                f"该面谈{_ZH[self.state]}，当前无法{step_zh}。",
            )
