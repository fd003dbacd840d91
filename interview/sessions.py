"""What can be done with an interview. Every step is checked, stored, audited and told to those who watch, in that order."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from biometrics.template import Template
from interview.analysis.protocol import Output
from interview.audit import APPLICANT, SYSTEM
from interview.calls import CallStatus, References
from interview.consent import PARTS, Consent
from interview.events import EventHub
from interview.jurisdiction import DEFAULT, jurisdiction
from interview.problems import EnrolmentRefused, NotFound
from interview.questions.templates import Templates
from interview.rules import Rules
from interview.session import OPEN, Decision, Outcome, Progress, require_reason
from interview.store.records import (
    AuditEntry,
    Detail,
    Link,
    Modality,
    NewSession,
    Reference,
    SessionRecord,
    StoredAssessment,
    StoredReading,
    StoredSpeech,
    User,
)
from interview.store.repository import Repository
from interview.tokens import LinkSigner, Opened, invalid, new_link, open_link


@dataclass(frozen=True, slots=True)
class Upload:
    """A file handed in: its content and its media type."""

    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class NewInterview:
    """What an officer fills in. The photo is what ``references.face`` was made of; the voice, or the recording of the earlier
    interview ``voice_from``, what ``references.voice`` was."""

    applicant_name: str
    product: str
    language: str
    references: References
    id_photo: Upload | None = None
    voice_reference: Upload | None = None
    simulated: bool = False
    voice_from: str | None = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """What every new interview takes from the deployment, and keeps. ``rules`` has its parameters and the policy of its product; ``prior`` is the
    fraud prevalence, 0..1; ``templates`` has the questions of its product."""

    rules: Rules
    prior: float
    link_valid: timedelta
    templates: Templates = field(default_factory=Templates)
    jurisdiction: str = DEFAULT


@dataclass(frozen=True, slots=True)
class Visit:
    """An applicant's browser that may use its link: the interview and, the first time, the secret to keep."""

    session: SessionRecord
    opened: Opened


class Sessions:
    """The rules of interviews over the store. Blocking; safe for use by several threads."""

    def __init__(
        self,
        repository: Repository,
        events: EventHub,
        signer: LinkSigner,
        deployment: Deployment,
        now: Callable[[], datetime],
    ) -> None:
        self._interviews = repository.interviews
        self._repository = repository
        self._events = events
        self._signer = signer
        self._deployment = deployment
        self._now = now

    @property
    def repository(self) -> Repository:
        """The store beneath, for reading."""
        return self._repository

    def create(self, officer: User, form: NewInterview) -> SessionRecord:
        """A new interview of this officer, with its link. Raises Rejected for a product without a policy.

        It keeps the questions, the parameters, the policy and the prior that are in force now, whatever comes into force later.
        """
        now, rules = self._now(), self._deployment.rules
        questions, policy = self._deployment.templates.of(form.product), rules.policy_of(form.product).policy
        new = NewSession(
            id=secrets.token_hex(8),
            applicant_name=form.applicant_name,
            product=form.product,
            language=form.language,
            officer_id=officer.id,
            created_at=now,
            link=new_link(now, self._deployment.link_valid),
            references=tuple(_references(form)),
            parameters=rules.parameters.version,
            policy=policy.version,
            rulebook=rules.rulebook(form.product),
            prior=self._deployment.prior,
            jurisdiction=self._deployment.jurisdiction,
            simulated=form.simulated,
            questions=questions,
        )
        detail: Detail = {
            "product": form.product,
            "face": form.id_photo is not None,
            "voice": form.references.voice is not None,
            "voice_from": form.voice_from or "",
            "questions": "" if questions is None else f"{questions.product} {questions.version}",
            "policy": policy.version,
            "parameters": rules.parameters.version,
        }
        return self._interviews.create(new, AuditEntry(now, officer.id, "session.created", new.id, detail))

    def voice_source(self, source_id: str, applicant_name: str) -> SessionRecord:
        """The earlier interview, where its recording may show how this applicant sounds. Raises EnrolmentRefused with what is in the way.

        Only a person's approval says that whoever spoke there was the applicant.
        """
        source = self._interviews.get(source_id)
        decision, consent = source.progress.decision, source.progress.consent
        if decision is None or decision.outcome is not Outcome.APPROVE:
            raise _no_source(
                "Only an interview that was approved can give the voice reference: choose another one, or a recording.",
                "仅可使用已批准的面谈作为声纹样本，请另选面谈或上传录音。",
            )
        if consent is None or not consent.voice:
            raise _no_source(
                "In that interview the applicant did not agree to voice analysis: choose another one, or a recording.",
                "该面谈中申请人未同意语音分析，请另选面谈或上传录音。",
            )
        voices = [each for each in source.references if each.modality == "voice"]
        latest = max(voices, key=lambda each: each.version, default=None)
        if latest is not None and latest.revoked is not None:
            raise _no_source(
                "The voice reference of that interview was revoked: choose another one, or a recording.",
                "该面谈的声纹样本已撤销，请另选面谈或上传录音。",
            )
        if source.applicant_name.split() != applicant_name.split():
            raise _no_source(
                "That interview was with somebody of another name: choose one with this applicant, or a recording.",
                "该面谈的申请人姓名不同，请选择同一申请人的面谈或上传录音。",
            )
        return source

    def replace_voice(
        self, session_id: str, template: Template, made_of: Upload | str, by: str
    ) -> SessionRecord:
        """The next version of the voice reference, made of a file or of an earlier interview's recording. Raises IllegalStep
        once the interview has started."""
        reference = _voice(template, made_of)
        detail: Detail = {"modality": "voice", "voice_from": reference.taken_from or ""}
        entry = AuditEntry(self._now(), by, "reference.replaced", session_id, detail)
        return self._told(self._interviews.replace_reference(session_id, reference, entry))

    def revoke(self, session_id: str, modality: Modality, why: str, by: str) -> SessionRecord:
        """Take a reference back, in all its versions: nothing new is compared with it. Raises Rejected without a reason.

        An interview that has started keeps what it compares with, so that its numbers can still be computed again.
        """
        reason = require_reason(why)
        detail: Detail = {"modality": modality, "why": reason}
        entry = AuditEntry(self._now(), by, "reference.revoked", session_id, detail)
        return self._told(self._interviews.revoke_references(session_id, modality, reason, entry))

    def get(self, session_id: str) -> SessionRecord:
        """The interview. Raises NotFound."""
        return self._interviews.get(session_id)

    def token(self, session: SessionRecord) -> str:
        """The token of the interview's present link."""
        return self._signer.token(session.id, session.link)

    def renew_link(self, session_id: str, by: str) -> SessionRecord:
        """A new link; the one before stops working, in the browser that had opened it too. Raises IllegalStep when sealed."""
        self._interviews.get(session_id).progress.require_open("invite the applicant", "邀请申请人")
        now = self._now()
        link = new_link(now, self._deployment.link_valid)
        entry = AuditEntry(now, by, "link.renewed", session_id)
        return self._interviews.change_link(session_id, lambda _: link, entry)

    def visit(self, token: str, secret: str | None, *, bind: bool = True) -> Visit:
        """Open a link, again in the same browser or, with ``bind``, for the first time. Raises LinkRefused."""
        now = self._now()
        claims = self._signer.read(token)
        opened: list[Opened] = []

        def rebind(link: Link) -> Link:
            opened.append(open_link(link, claims, secret, now, bind=bind))
            return opened[-1].link

        entry = AuditEntry(now, APPLICANT, "link.opened", claims.session_id)
        try:
            record = self._interviews.change_link(claims.session_id, rebind, entry)
        except NotFound as error:
            raise invalid() from error
        return Visit(record, opened[-1])

    def consent(self, session_id: str, consent: Consent) -> SessionRecord:
        """The applicant agreed, in parts. Raises ConsentNeeded or IllegalStep.

        Nobody is asked for what is off where the interview takes place, so nothing that a page sends there counts as consent.
        """
        off = jurisdiction(self._interviews.get(session_id).jurisdiction).channels_off
        given = consent.without(off)
        detail = {part: part in given.parts for part in PARTS if part not in off}
        return self._advance(session_id, lambda p: p.consented(given), APPLICANT, "consent.given", **detail)

    def applicant_joined(self, session_id: str) -> SessionRecord:
        """The applicant's media arrives."""
        now = self._now()
        return self._advance(session_id, lambda p: p.applicant_joined(now), APPLICANT, "applicant.joined")

    def applicant_lost(self, session_id: str) -> SessionRecord:
        """The applicant's media stopped: they left, or the network did."""
        return self._advance(session_id, Progress.applicant_lost, APPLICANT, "applicant.lost")

    def officer_joined(self, session_id: str) -> SessionRecord:
        """The officer's side is connected."""
        now, officer = self._now(), self._interviews.get(session_id).officer_id
        return self._advance(session_id, lambda p: p.officer_joined(now), officer, "officer.joined")

    def officer_left(self, session_id: str) -> SessionRecord:
        """The officer's side is gone."""
        officer = self._interviews.get(session_id).officer_id
        return self._advance(session_id, Progress.officer_left, officer, "officer.left")

    def seal(self, session_id: str, by: str) -> SessionRecord:
        """Close the record: recording and analysis are complete. Raises IllegalStep when it was already."""
        now = self._now()
        record = self._advance(session_id, lambda p: p.ended(now), by, "session.sealed")
        self._events.forget(session_id)
        return record

    def decide(self, session_id: str, outcome: Outcome, reason: str, by: User) -> SessionRecord:
        """A person decides. Raises IllegalStep before the interview is sealed, Rejected without a reason."""
        decision = Decision(outcome, reason.strip(), by.id, self._now())
        record = self._advance(
            session_id, lambda p: p.decided(decision), by.id, "session.decided", outcome=outcome.value
        )
        self._events.forget(session_id)
        return record

    def announce(self, session_id: str, stored: StoredReading | StoredAssessment | StoredSpeech) -> None:
        """Tell those who watch what the analysis gave; `keep` stores it soon after."""
        self._events.publish(session_id, stored)

    def keep(self, session_id: str, outputs: Sequence[Output], journal: bytes) -> None:
        """Store what the analysis gave and the journal lines that it gave it for. Raises IllegalStep once sealed."""
        self._repository.outputs.append(session_id, outputs, self._now(), journal)

    def tell(self, session_id: str, status: CallStatus) -> None:
        """Tell those who watch how the call is doing."""
        self._events.publish(session_id, status)

    def recover(self) -> list[str]:
        """After a restart nobody is connected: mark what was running as interrupted; gives the ids of those interviews."""
        running = self._interviews.ids_in(*OPEN)
        return [
            session_id
            for session_id in running
            if self._step(session_id, Progress.recovered, SYSTEM, "service.restarted")[1]
        ]

    def _told(self, record: SessionRecord) -> SessionRecord:
        self._events.publish(record.id, record)
        return record

    def _advance(
        self,
        session_id: str,
        step: Callable[[Progress], Progress],
        actor: str,
        action: str,
        **detail: str | bool,
    ) -> SessionRecord:
        return self._step(session_id, step, actor, action, **detail)[0]

    def _step(
        self,
        session_id: str,
        step: Callable[[Progress], Progress],
        actor: str,
        action: str,
        **detail: str | bool,
    ) -> tuple[SessionRecord, bool]:
        entry = AuditEntry(self._now(), actor, action, session_id, detail)
        record, changed = self._interviews.advance(session_id, step, entry)
        if changed:
            self._events.publish(session_id, record)
        return record, changed


def _references(form: NewInterview) -> Iterator[Reference]:
    photo, face, voice = form.id_photo, form.references.face, form.references.voice
    if photo is not None and face is not None:
        yield Reference("face", photo.media_type, photo.content, face)
    made_of = form.voice_from or form.voice_reference
    if made_of is not None and voice is not None:
        yield _voice(voice, made_of)


def _voice(template: Template, made_of: Upload | str) -> Reference:
    if isinstance(made_of, str):
        return Reference("voice", "", b"", template, taken_from=made_of)
    return Reference("voice", made_of.media_type, made_of.content, template)


def _no_source(message: str, message_zh: str) -> EnrolmentRefused:
    return EnrolmentRefused(message, message_zh, field="voice_from")
