"""The state machine: which step leads where, and what no sequence of steps can do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from interview.consent import Consent
from interview.problems import ConsentNeeded, IllegalStep, Rejected
from interview.session import OPEN, Decision, Outcome, Progress, State
from tests.interview.world import START, agreed

REASON = "身份一致，资料齐全，同意放款。"


def decision(reason: str = REASON) -> Decision:
    return Decision(Outcome.APPROVE, reason, "officer-1", START)


def at(state: State) -> Progress:
    """A progress that came to ``state`` by legal steps."""
    created = Progress()
    consented = created.consented(agreed())
    waiting = consented.applicant_joined(START)
    live = waiting.officer_joined(START)
    return {
        State.CREATED: created,
        State.CONSENTED: consented,
        State.WAITING: waiting,
        State.LIVE: live,
        State.INTERRUPTED: live.applicant_lost(),
        State.SEALED: live.ended(START),
        State.DECIDED: live.ended(START).decided(decision()),
    }[state]


@pytest.mark.parametrize("state", list(State))
def test_helper_reaches_every_state(state: State) -> None:
    assert at(state).state is state


def test_whole_way_keeps_every_mark() -> None:
    end = START + timedelta(minutes=20)
    progress = Progress().consented(agreed()).applicant_joined(START).officer_joined(START).ended(end)
    done = progress.decided(decision())
    assert (done.started_at, done.sealed_at, done.decision) == (START, end, decision())


def test_officer_first_then_applicant_is_live_at_once() -> None:
    progress = Progress().consented(agreed()).officer_joined(START)
    assert progress.state is State.CONSENTED
    assert progress.applicant_joined(START).state is State.LIVE


def test_officer_leaving_changes_no_state_and_the_applicant_comes_back_live() -> None:
    alone = at(State.LIVE).officer_left()
    assert alone.state is State.LIVE
    assert alone.applicant_lost().applicant_joined(START).state is State.LIVE


def test_start_is_kept_over_interruptions() -> None:
    back = at(State.INTERRUPTED).applicant_joined(START + timedelta(minutes=3))
    assert back.started_at == START


def test_applicant_lost_before_the_call_waits_again_later() -> None:
    assert at(State.WAITING).applicant_lost().state is State.CONSENTED


@pytest.mark.parametrize("state", sorted(set(State) - OPEN))
def test_nothing_joins_or_ends_after_sealing(state: State) -> None:
    progress = at(state)
    steps: list[Callable[[], Progress]] = [
        lambda: progress.applicant_joined(START),
        lambda: progress.officer_joined(START),
        lambda: progress.ended(START),
        lambda: progress.consented(agreed(behaviour=True)),
    ]
    for step in steps:
        with pytest.raises(IllegalStep, match=state.value):
            step()


@pytest.mark.parametrize("state", sorted(set(State) - {State.SEALED}))
def test_only_a_sealed_interview_is_decided(state: State) -> None:
    with pytest.raises(IllegalStep) as refused:
        at(state).decided(decision())
    assert refused.value.message_zh.startswith("该面谈")


@pytest.mark.parametrize("reason", ["", "too short", "          ", " 123456789 "])
def test_decision_needs_a_reason(reason: str) -> None:
    with pytest.raises(Rejected, match="at least 10"):
        at(State.SEALED).decided(decision(reason))


def test_joining_before_consent_says_what_comes_first() -> None:
    with pytest.raises(ConsentNeeded, match="Consent comes first"):
        Progress().applicant_joined(START)


def test_recording_cannot_be_refused_and_nothing_is_lost() -> None:
    before = Progress()
    with pytest.raises(ConsentNeeded, match="recorded"):
        before.consented(Consent(False, True, True, True, START))
    assert before.state is State.CREATED


@given(st.booleans(), st.booleans(), st.booleans())
def test_any_other_part_can_be_refused_and_a_decision_is_still_reached(
    face: bool, voice: bool, behaviour: bool
) -> None:
    progress = Progress().consented(agreed(face=face, voice=voice, behaviour=behaviour))
    progress = progress.applicant_joined(START).officer_joined(START).ended(START).decided(decision())
    assert progress.state is State.DECIDED
    assert progress.consent is not None
    named = {part for part, given in (("face", face), ("voice", voice), ("behaviour", behaviour)) if given}
    assert progress.consent.parts == named | {"recording"}


def test_answers_can_change_until_the_applicant_joins_and_the_same_answers_always_pass() -> None:
    changed = agreed(voice=False)
    assert at(State.CONSENTED).consented(changed).consent == changed
    with pytest.raises(IllegalStep):
        at(State.LIVE).consented(changed)
    later = agreed(START + timedelta(hours=1))
    assert at(State.LIVE).consented(later) == at(State.LIVE)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.CREATED, State.CREATED),
        (State.CONSENTED, State.CONSENTED),
        (State.WAITING, State.CONSENTED),
        (State.LIVE, State.INTERRUPTED),
        (State.INTERRUPTED, State.INTERRUPTED),
        (State.SEALED, State.SEALED),
        (State.DECIDED, State.DECIDED),
    ],
)
def test_after_a_restart_nobody_is_connected(state: State, after: State) -> None:
    recovered = at(state).recovered()
    assert (recovered.state, recovered.officer_present) == (after, False)
    assert recovered.recovered() == recovered


class AnyOrder(RuleBasedStateMachine):
    """Steps in any order: the illegal ones are refused and change nothing, the rest keep the laws."""

    def __init__(self) -> None:
        super().__init__()
        self.progress = Progress()

    def _try(self, step: str, *arguments: object) -> None:
        before = self.progress
        try:
            self.progress = getattr(before, step)(*arguments)
        except (IllegalStep, ConsentNeeded, Rejected):
            assert self.progress is before

    @rule(voice=st.booleans())
    def consent(self, voice: bool) -> None:
        self._try("consented", agreed(voice=voice))

    @rule()
    def applicant_joins(self) -> None:
        self._try("applicant_joined", START)

    @rule()
    def applicant_is_lost(self) -> None:
        self._try("applicant_lost")

    @rule()
    def officer_joins(self) -> None:
        self._try("officer_joined", START)

    @rule()
    def officer_leaves(self) -> None:
        self._try("officer_left")

    @rule()
    def service_restarts(self) -> None:
        self._try("recovered")

    @rule()
    def officer_decides(self) -> None:
        self._try("decided", decision())

    @precondition(lambda self: self.progress.started_at is not None)
    @rule()
    def officer_ends(self) -> None:
        self._try("ended", START)

    @invariant()
    def media_flows_only_with_consent(self) -> None:
        if self.progress.state in {State.WAITING, State.LIVE, State.INTERRUPTED}:
            assert self.progress.consent is not None
            assert self.progress.consent.recording

    @invariant()
    def an_outcome_has_an_officer_and_a_reason(self) -> None:
        made = self.progress.decision
        assert (made is not None) == (self.progress.state is State.DECIDED)
        assert made is None or (made.by and len(made.reason) >= 10)

    @invariant()
    def marks_fit_the_state(self) -> None:
        assert (self.progress.sealed_at is not None) == (self.progress.state not in OPEN)
        if self.progress.state in {State.LIVE, State.INTERRUPTED}:
            assert self.progress.started_at is not None
        if self.progress.state is State.WAITING:
            assert not self.progress.officer_present


TestAnyOrder = AnyOrder.TestCase
