"""The rules of interviews over a real database: every step is stored, audited and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from fraudmodel.signals import Abstention, Observation
from interview.calls import CallStatus
from interview.consent import Consent
from interview.events import Payload
from interview.problems import ConsentNeeded, EnrolmentRefused, IllegalStep, LinkRefused, NotFound, Rejected
from interview.session import Outcome, State
from interview.sessions import Upload
from interview.store.records import SessionRecord, StoredReading, User
from tests.interview.world import START, World, agreed, form, open_world, outputs, template

REASON = "Same face, same voice, papers in order."


def actions(world: World, session_id: str) -> list[str]:
    return [entry.action for entry in world.repository.audit.of_session(session_id)]


def watch(world: World, session_id: str) -> list[Payload]:
    """Everything told about the session from now on; filled while the test goes on."""
    told: list[Payload] = []
    watcher = world.events.watch(session_id, lambda: told.extend(event.payload for event in watcher.take()))
    return told


def states(told: list[Payload]) -> list[State]:
    return [payload.progress.state for payload in told if isinstance(payload, SessionRecord)]


def test_whole_interview_is_stored_audited_and_told(world: World) -> None:
    officer = world.person()
    session = world.interview(officer)
    told = watch(world, session.id)
    world.sessions.consent(session.id, agreed())
    world.sessions.applicant_joined(session.id)
    world.sessions.officer_joined(session.id)
    world.sessions.applicant_lost(session.id)
    world.sessions.applicant_joined(session.id)
    world.clock.go_on(minutes=20)
    world.sessions.seal(session.id, officer.id)
    decided = world.sessions.decide(session.id, Outcome.APPROVE, f"  {REASON} ", officer)
    assert states(told) == [
        State.CONSENTED,
        State.WAITING,
        State.LIVE,
        State.INTERRUPTED,
        State.LIVE,
        State.SEALED,
        State.DECIDED,
    ]
    assert actions(world, session.id) == [
        "session.created",
        "consent.given",
        "applicant.joined",
        "officer.joined",
        "applicant.lost",
        "applicant.joined",
        "session.sealed",
        "session.decided",
    ]
    assert world.sessions.get(session.id) == decided
    assert decided.progress.decision is not None
    assert (decided.progress.decision.reason, decided.decider_name) == (REASON, "Li")
    assert (decided.progress.started_at, decided.progress.sealed_at) == (START, START + timedelta(minutes=20))


def test_refused_step_leaves_no_trace(world: World) -> None:
    officer = world.person()
    session = world.interview(officer)
    told = watch(world, session.id)
    steps: list[Callable[[], object]] = [
        lambda: world.sessions.decide(session.id, Outcome.DECLINE, REASON, officer),
        lambda: world.sessions.applicant_joined(session.id),
        lambda: world.sessions.consent(session.id, Consent(False, True, True, True, START)),
    ]
    for step in steps:
        with pytest.raises((IllegalStep, ConsentNeeded)):
            step()
    assert world.sessions.get(session.id) == session
    assert actions(world, session.id) == ["session.created"]
    assert told == []


def test_step_that_changes_nothing_is_not_told_again(world: World) -> None:
    session = world.live(world.person())
    told = watch(world, session.id)
    told.clear()
    before = actions(world, session.id)
    world.sessions.officer_joined(session.id)
    world.sessions.applicant_joined(session.id)
    assert actions(world, session.id) == before
    assert told == []


def test_decision_is_made_once_and_never_without_a_reason(world: World) -> None:
    officer = world.person()
    session = world.sealed(officer)
    with pytest.raises(Rejected):
        world.sessions.decide(session.id, Outcome.DECLINE, "because", officer)
    world.sessions.decide(session.id, Outcome.DECLINE, REASON, officer)
    with pytest.raises(IllegalStep):
        world.sessions.decide(session.id, Outcome.APPROVE, REASON, officer)


def test_references_are_kept_as_enrolled(world: World) -> None:
    session = world.sessions.create(world.person(), form())
    kept = world.repository.interviews.templates(session.id)
    given = form().references
    assert given.face is not None
    assert given.voice is not None
    assert set(kept) == {"face", "voice"} == session.modalities
    for stored, other in ((kept["face"], given.face), (kept["voice"], given.voice)):
        assert stored.vector.tobytes() == other.vector.tobytes()
        assert (stored.model, stored.covariates) == (other.model, other.covariates)


def test_voice_reference_is_optional(world: World) -> None:
    session = world.sessions.create(world.person(), form(voice=False))
    assert session.modalities == {"face"}
    assert world.repository.interviews.reference(session.id, "voice") is None


def approved(world: World, officer: User, outcome: Outcome = Outcome.APPROVE) -> SessionRecord:
    return world.sessions.decide(world.sealed(officer).id, outcome, REASON, officer)


def test_an_approved_interview_can_give_the_voice(world: World) -> None:
    officer = world.person()
    source = approved(world, officer)
    assert world.sessions.voice_source(source.id, " 王小明 ") == source
    made = replace(form(voice=False), references=form().references, voice_from=source.id)
    session = world.sessions.create(officer, made)
    (face, voice) = session.references
    assert (face.taken_from, voice.taken_from, voice.version) == (None, source.id, 1)
    assert session.modalities == {"face", "voice"}
    created = world.repository.audit.of_session(session.id)[0]
    assert created.detail == {
        "product": "working-capital",
        "face": True,
        "voice": True,
        "voice_from": source.id,
        "questions": "working-capital 2026.11",
        "policy": session.policy,
        "parameters": session.parameters,
    }


def test_no_other_interview_can(world: World) -> None:
    officer = world.person()
    silent = world.interview(officer)
    world.sessions.consent(silent.id, agreed(world.clock.now(), voice=False))
    world.sessions.officer_joined(silent.id)
    world.sessions.applicant_joined(silent.id)
    world.sessions.seal(silent.id, officer.id)
    world.sessions.decide(silent.id, Outcome.APPROVE, REASON, officer)
    revoked = approved(world, officer)
    world.sessions.revoke(revoked.id, "voice", REASON, officer.id)
    cases = (
        (revoked.id, "王小明", "was revoked"),
        (world.interview(officer).id, "王小明", "approved"),
        (world.sealed(officer).id, "王小明", "approved"),
        (approved(world, officer, Outcome.DECLINE).id, "王小明", "approved"),
        (approved(world, officer, Outcome.REFER).id, "王小明", "approved"),
        (silent.id, "王小明", "did not agree"),
        (approved(world, officer).id, "王大明", "another name"),
    )
    for source, name, said in cases:
        with pytest.raises(EnrolmentRefused, match=said) as refused:
            world.sessions.voice_source(source, name)
        assert refused.value.field == "voice_from"


def test_an_interview_whose_revoked_voice_was_replaced_can(world: World) -> None:
    officer = world.person()
    session = world.interview(officer)
    world.sessions.revoke(session.id, "voice", REASON, officer.id)
    world.sessions.replace_voice(session.id, template("voice", 7), Upload(b"RIFF", "audio/wav"), officer.id)
    world.sessions.consent(session.id, agreed(world.clock.now()))
    world.sessions.officer_joined(session.id)
    world.sessions.applicant_joined(session.id)
    world.sessions.seal(session.id, officer.id)
    world.sessions.decide(session.id, Outcome.APPROVE, REASON, officer)
    assert world.sessions.voice_source(session.id, "王小明").id == session.id


def test_a_voice_reference_is_replaced_until_the_interview_starts(world: World) -> None:
    officer = world.person()
    session = world.interview(officer)
    told = watch(world, session.id)
    again = world.sessions.replace_voice(
        session.id, template("voice", 7), Upload(b"RIFF", "audio/wav"), officer.id
    )
    assert [(each.modality, each.version, again.uses(each)) for each in again.references] == [
        ("face", 1, True),
        ("voice", 1, False),
        ("voice", 2, True),
    ]
    assert told[-1] == again
    used = world.repository.interviews.templates(session.id)["voice"]
    assert used.vector.tobytes() == template("voice", 7).vector.tobytes()
    kept = world.repository.interviews.reference(session.id, "voice")
    assert kept is not None
    assert (kept.source, kept.media_type) == (b"RIFF", "audio/wav")
    assert world.repository.audit.of_session(session.id)[-1].detail == {"modality": "voice", "voice_from": ""}
    live = world.live(officer)
    with pytest.raises(IllegalStep, match="has started"):
        world.sessions.replace_voice(live.id, template("voice"), Upload(b"RIFF", "audio/wav"), officer.id)


def test_what_was_revoked_is_compared_with_nothing_new(world: World) -> None:
    officer = world.person()
    session = world.interview(officer)
    world.sessions.replace_voice(session.id, template("voice", 7), Upload(b"RIFF", "audio/wav"), officer.id)
    with pytest.raises(Rejected, match="reason"):
        world.sessions.revoke(session.id, "voice", "because", officer.id)
    revoked = world.sessions.revoke(session.id, "voice", REASON, officer.id)
    assert revoked.modalities == {"face"}
    assert set(world.repository.interviews.templates(session.id)) == {"face"}
    assert world.repository.interviews.reference(session.id, "voice") is None
    assert [each.revoked is not None for each in revoked.references] == [False, True, True]
    world.sessions.revoke(session.id, "voice", REASON, officer.id)
    assert actions(world, session.id).count("reference.revoked") == 1
    third = world.sessions.replace_voice(
        session.id, template("voice", 9), Upload(b"RIFF", "audio/wav"), officer.id
    )
    assert [each.version for each in third.references if third.uses(each)] == [1, 3]


def test_a_started_interview_goes_on_with_what_it_was_compared_with(world: World) -> None:
    """Its numbers must be there again in a re-run."""
    officer = world.person()
    session = world.live(officer)
    before = world.repository.interviews.templates(session.id)
    world.clock.go_on(minutes=5)
    revoked = world.sessions.revoke(session.id, "voice", REASON, officer.id)
    assert revoked.modalities == {"face", "voice"}
    after = world.repository.interviews.templates(session.id)
    assert after["voice"].vector.tobytes() == before["voice"].vector.tobytes()


def test_link_opens_once_and_comes_back_in_the_same_browser(world: World) -> None:
    session = world.interview(world.person())
    token = world.sessions.token(session)
    first = world.sessions.visit(token, None)
    assert first.opened.first
    again = world.sessions.visit(token, first.opened.secret)
    assert not again.opened.first
    with pytest.raises(LinkRefused) as refused:
        world.sessions.visit(token, None)
    assert refused.value.code == "link_used"
    assert actions(world, session.id) == ["session.created", "link.opened"]


def test_renewed_link_replaces_the_one_before_and_can_be_opened_elsewhere(world: World) -> None:
    officer = world.person()
    session = world.interview(officer)
    old = world.sessions.token(session)
    bound = world.sessions.visit(old, None)
    renewed = world.sessions.renew_link(session.id, officer.id)
    with pytest.raises(LinkRefused) as refused:
        world.sessions.visit(old, bound.opened.secret)
    assert refused.value.code == "link_replaced"
    assert world.sessions.visit(world.sessions.token(renewed), None).opened.first


def test_link_to_no_interview_is_invalid_rather_than_not_found(world: World) -> None:
    session = world.interview(world.person())
    with pytest.raises(LinkRefused, match="not valid"):
        world.sessions.visit(world.signer.token("nothing", session.link), None)


def test_sealed_interview_has_no_new_link(world: World) -> None:
    officer = world.person()
    with pytest.raises(IllegalStep, match="sealed"):
        world.sessions.renew_link(world.sealed(officer).id, officer.id)


def test_outputs_are_told_at_once_and_kept_with_their_journal(world: World) -> None:
    session = world.live(world.person())
    told = watch(world, session.id)
    told.clear()
    first = outputs(2)[0]
    assert isinstance(first, Observation | Abstention)
    world.sessions.announce(session.id, StoredReading(0, first))
    world.sessions.tell(session.id, CallStatus())
    assert told[-2:] == [StoredReading(0, first), CallStatus()]
    world.sessions.keep(session.id, outputs(2), b'["v",0]\n["a",0]\n')
    world.sessions.keep(session.id, [], b'["v",40]\n')
    stored = world.repository.outputs
    assert list(stored.all(session.id)) == outputs(2)
    assert stored.count(session.id) == len(outputs(2))
    assert list(stored.journal(session.id)) == [b'["v",0]', b'["a",0]', b'["v",40]']
    after = world.sessions.get(session.id)
    assert (after.probability, after.band, after.duration_s) == (0.0123456789, "proceed", 1.5)


def test_nothing_is_added_once_sealed(world: World) -> None:
    session = world.sealed(world.person())
    with pytest.raises(IllegalStep, match="nothing can be added"):
        world.sessions.keep(session.id, outputs(1), b'["v",0]\n')
    assert list(world.repository.outputs.all(session.id)) == []
    assert list(world.repository.outputs.journal(session.id)) == []


def test_unknown_interview(world: World) -> None:
    steps: list[Callable[[], object]] = [
        lambda: world.sessions.get("nothing"),
        lambda: world.sessions.applicant_lost("nothing"),
        lambda: world.sessions.keep("nothing", outputs(1), b""),
    ]
    for step in steps:
        with pytest.raises(NotFound):
            step()


def test_restart_interrupts_what_was_running_and_nothing_else(tmp_path: Path) -> None:
    before = open_world(tmp_path)
    officer = before.person()
    live, sealed, created = before.live(officer), before.sealed(officer), before.interview(officer)
    before.repository.close()

    after = open_world(tmp_path)
    assert after.sessions.recover() == [live.id]
    assert after.sessions.get(live.id).progress.state is State.INTERRUPTED
    assert after.sessions.get(sealed.id) == sealed
    assert after.sessions.get(created.id) == created
    assert actions(after, live.id)[-1] == "service.restarted"
    assert after.sessions.recover() == []
    after.repository.close()
