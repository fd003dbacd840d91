"""Challenges as the service knows them: who may ask for one, and that each is stored and audited."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from interview.audit import APPLICANT, SYSTEM, AuditLog
from interview.challenges.conductor import Conductor, Line, Timer
from interview.challenges.ledger import Ledger
from interview.challenges.proof import Claim, nonce_of, seed_of
from interview.challenges.records import Answer, Challenge, ChallengeState, ChallengeStatus, Kind
from interview.challenges.results import result_of
from interview.challenges.script import script_of
from interview.events import EventHub
from interview.problems import ConsentNeeded, IllegalStep, Problem
from interview.session import State
from interview.store.challenges import is_over, one_at_a_time
from interview.store.records import AuditEntry, Detail, SessionRecord, StoredReading
from interview.store.repository import Repository

_REFUSED_ACKS: Final = 20
"""So many refused acknowledgements of one challenge go to the audit log: more say nothing new."""


@dataclass(slots=True)
class _Call:
    """One call's conductor. ``asking`` while a challenge is being stored that the applicant does not know of yet."""

    conductor: Conductor
    asking: bool = False
    refused_acks: int = 0


class Challenges:
    """Coroutines and what calls tell run on the event loop; `of_session`, `ended` and `recover` block.

    ``key`` is that of the seeds; ``timer`` gives the loop that times challenges.
    """

    def __init__(
        self,
        repository: Repository,
        events: EventHub,
        audit: AuditLog,
        key: bytes,
        now: Callable[[], datetime],
        timer: Callable[[], Timer] = asyncio.get_running_loop,
    ) -> None:
        self._store = repository.challenges
        self._outputs = repository.outputs
        self._ledger = Ledger(repository.challenges)
        self._events = events
        self._audit = audit
        self._key = key
        self._now = now
        self._timer = timer
        self._calls: dict[str, _Call] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def recover(self) -> None:
        """After a restart no challenge goes on."""
        self._store.cancel_open("service_restarted", SYSTEM, self._now())

    async def ask(self, session: SessionRecord, kind: Kind, by: str) -> ChallengeStatus:
        """Put a challenge to the applicant. Raises IllegalStep where nobody can take it now, ConsentNeeded without consent."""
        _require_consent(session, kind)
        call, fingerprint, page_key = self._reachable(session)
        if not call.conductor.line.analysed:
            raise IllegalStep(
                "The analysis of this call is not running, so nothing would judge the answer.",
                "本次通话的分析未在运行，无法对结果作出判断。",
                code="not_analysed",
            )
        if call.asking or call.conductor.busy:
            raise one_at_a_time()
        call.asking = True
        try:
            challenge = self._drawn(session.id, kind, by, fingerprint, page_key)
            await self._ledger.settle(session.id)
            asked = _entry(challenge, self._now(), by, "challenge.asked", kind=kind)
            await asyncio.to_thread(self._store.add, challenge, asked)
        finally:
            call.asking = False
        call.refused_acks = 0
        call.conductor.begin(challenge, script_of(kind, challenge.seed))
        if self._calls.get(session.id) is not call:
            call.conductor.end("cancelled", "interview_ended")
        call.conductor.rebound()
        return _present(call)

    async def answer(self, session_id: str, challenge_id: str, answer: Answer) -> None:
        """The applicant's answer. Raises IllegalStep after the end and for a second one, NotFound for another's challenge."""
        call = await self._call(session_id, challenge_id)
        call.conductor.answer(challenge_id, answer)
        await self._ledger.settle(session_id)

    async def shown(self, session_id: str, challenge_id: str, claim: Claim) -> None:
        """The page displayed a step. Raises IllegalStep or Rejected, audited, for what cannot be believed."""
        call = await self._call(session_id, challenge_id)
        try:
            call.conductor.shown(challenge_id, claim)
        except Problem as problem:
            call.refused_acks += 1
            if call.refused_acks <= _REFUSED_ACKS:
                told: Detail = {"challenge": challenge_id, "k": claim.k, "why": problem.code}
                entry = partial(self._audit.write, APPLICANT, "challenge.ack_refused", session_id, **told)
                await asyncio.to_thread(entry)
            raise

    async def cancel(self, session_id: str, challenge_id: str) -> ChallengeStatus:
        """The officer takes it back. Raises IllegalStep after the end."""
        call = await self._call(session_id, challenge_id)
        if not call.conductor.busy:
            raise is_over()
        call.conductor.end("cancelled", "officer")
        await self._ledger.settle(session_id)
        return _present(call)

    def of_session(self, session_id: str) -> list[ChallengeStatus]:
        """Every challenge of an interview with its result, oldest first."""
        stored = self._store.of_session(session_id)
        readings = self._outputs.readings(session_id) if stored else []
        call = self._calls.get(session_id)
        present = call.conductor.status if call is not None else None
        return [
            present
            if present is not None and present.challenge.id == one.id
            else ChallengeStatus(one, result_of(one, readings))
            for one in stored
        ]

    def ended(self, session_id: str, challenge_id: str) -> ChallengeStatus:
        """An ended challenge, its secret included. Raises NotFound, and IllegalStep while it is open."""
        challenge = self._store.get(session_id, challenge_id)
        if challenge.open:
            raise IllegalStep(
                "This challenge is still going on: its record is there once it has ended.",
                "互动核验结束后可查看记录。",
                code="challenge_open",
            )
        return ChallengeStatus(challenge, result_of(challenge, self._outputs.readings(session_id)))

    def attach(self, line: Line) -> None:
        """A call is there whose applicant can be challenged."""
        publish = partial(self._events.publish, line.id)
        self._calls[line.id] = _Call(Conductor(line, self._timer(), publish, self._changed, self._now))

    async def detach(self, session_id: str) -> None:
        """The call ends: so does its challenge, and it is stored. Idempotent."""
        call = self._calls.pop(session_id, None)
        if call is not None:
            call.conductor.end("cancelled", "interview_ended")
        await self._ledger.settle(session_id)

    def rebound(self, session_id: str) -> None:
        """The applicant connected, perhaps anew."""
        call = self._calls.get(session_id)
        if call is not None:
            call.conductor.rebound()

    def restarted(self, session_id: str) -> None:
        """The analysis began anew: of a challenge that is going on it knows nothing."""
        call = self._calls.get(session_id)
        if call is not None:
            call.conductor.end("cancelled", "analysis_restarted")

    def heard(self, session_id: str, stored: StoredReading) -> None:
        """The analysis gave a reading."""
        call = self._calls.get(session_id)
        if call is not None:
            call.conductor.heard(stored)

    def _changed(self, challenge: Challenge) -> None:
        """It began or ended: store that soon."""
        if challenge.state is ChallengeState.RUNNING:
            entry = _entry(challenge, self._now(), APPLICANT, "challenge.started")
        else:
            entry = _entry(
                challenge,
                self._now(),
                _ended_by(challenge),
                "challenge.ended",
                how=challenge.state.value,
                detail=challenge.detail,
                step=challenge.step,
            )
        self._ledger.note(challenge, entry)
        task = asyncio.get_running_loop().create_task(self._ledger.settle(challenge.session_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _call(self, session_id: str, challenge_id: str) -> _Call:
        """The call of which this is the latest challenge. Raises IllegalStep for one before it, NotFound for none."""
        call = self._calls.get(session_id)
        status = call.conductor.status if call is not None else None
        if call is None or status is None or status.challenge.id != challenge_id:
            await asyncio.to_thread(self._store.get, session_id, challenge_id)
            raise is_over()
        return call

    def _reachable(self, session: SessionRecord) -> tuple[_Call, str, str]:
        """The call, and what its applicant is bound by. Raises IllegalStep."""
        call = self._calls.get(session.id)
        if call is None or not call.conductor.line.reachable or session.progress.state is not State.LIVE:
            raise IllegalStep(
                "The applicant is not in the call: ask again once you see their picture.",
                "申请人不在通话中，请在看到对方画面后重试。",
                code="applicant_away",
            )
        line = call.conductor.line
        if not line.fingerprint or line.page_key is None:
            raise IllegalStep(
                "The applicant's page cannot sign what it displays: ask them to reload it.",
                "申请人的页面无法对显示内容签名，请对方刷新页面。",
                code="page_cannot_sign",
            )
        return call, line.fingerprint, line.page_key

    def _drawn(self, session_id: str, kind: Kind, by: str, fingerprint: str, page_key: str) -> Challenge:
        challenge_id, now = secrets.token_hex(8), self._now()
        seed = seed_of(self._key, session_id, challenge_id, now, fingerprint)
        return Challenge(
            id=challenge_id,
            session_id=session_id,
            kind=kind,
            state=ChallengeState.WAITING,
            steps=script_of(kind, seed).count,
            issued_at=now,
            issued_by=by,
            nonce=nonce_of(seed),
            fingerprint=fingerprint,
            page_key=page_key,
            seed=seed,
        )


def _require_consent(session: SessionRecord, kind: Kind) -> None:
    consent = session.progress.consent
    if kind == "digits" and not (consent is not None and consent.voice):
        raise ConsentNeeded(
            "The applicant did not agree to voice analysis: read the digits yourself and listen.",
            "申请人未授权声音分析，无法进行数字朗读测试。",
        )
    if kind != "digits" and not (consent is not None and consent.face):
        raise ConsentNeeded(
            "The applicant did not agree to face analysis: this challenge would say nothing.",
            "申请人未授权人脸分析，无法进行此项互动核验。",
        )


def _present(call: _Call) -> ChallengeStatus:
    status = call.conductor.status
    if status is None:
        raise RuntimeError("no challenge was begun")
    return status


def _ended_by(challenge: Challenge) -> str:
    match challenge.state, challenge.detail:
        case ((ChallengeState.REFUSED | ChallengeState.SPARED), _):
            return APPLICANT
        case ChallengeState.CANCELLED, "officer":
            return challenge.issued_by
    return SYSTEM


def _entry(
    challenge: Challenge, at: datetime, actor: str, action: str, **detail: str | float | bool | None
) -> AuditEntry:
    return AuditEntry(at, actor, action, challenge.session_id, {"challenge": challenge.id, **detail})
