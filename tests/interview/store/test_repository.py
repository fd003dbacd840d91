"""The stores: lists, segments, outputs, and what comes back after a restart."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import SignalKind
from interview.analysis.protocol import Fault, Output
from interview.problems import NotFound
from interview.session import State
from interview.store.records import AuditEntry, Segment, StoredAssessment
from tests.interview.world import START, World, abstention, assessment, observation, open_world, outputs

FAULT = Fault(SignalKind("face_pad"), 1.5, "division by zero")


def test_list_is_newest_first_and_paged(world: World) -> None:
    officer = world.person()
    made = []
    for n in range(7):
        made.append(world.interview(officer, f"客户{n}").id)
        world.clock.go_on(seconds=1)
    find = world.repository.interviews.find
    pages = [find(offset=offset, limit=3) for offset in (0, 3, 6, 9)]
    assert [item.id for page in pages for item in page.items] == made[::-1]
    assert {page.total for page in pages} == {7}


def test_list_is_filtered_by_state_officer_and_name(world: World) -> None:
    li, wang = world.person("li"), world.person("wang")
    live, sealed = world.live(li), world.sealed(li)
    other = world.interview(wang, "陈 100% 贸易_公司")

    def ids(**wanted: object) -> set[str]:
        return {item.id for item in world.repository.interviews.find(**wanted).items}  # type: ignore[arg-type]

    assert ids() == {live.id, sealed.id, other.id}
    assert ids(states=[State.LIVE]) == {live.id}
    assert ids(states=[State.LIVE, State.SEALED]) == {live.id, sealed.id}
    assert ids(officer_id=wang.id) == {other.id}
    assert ids(query=" 贸易 ") == {other.id}
    assert ids(query=other.id[:6].upper()) >= {other.id}
    assert ids(query="小明", states=[State.SEALED]) == {sealed.id}


@pytest.mark.parametrize(
    ("query", "found"), [("100%", True), ("0_%", False), ("%", True), ("贸易_", True), ("易公", False)]
)
def test_signs_in_a_query_mean_themselves(world: World, query: str, found: bool) -> None:
    world.interview(world.person(), "陈 100% 贸易_公司")
    assert bool(world.repository.interviews.find(query=query).total) is found


def test_segments_are_kept_with_their_spans(world: World) -> None:
    session = world.live(world.person())
    interviews = world.repository.interviews
    interviews.add_segment(session.id, Segment("applicant", 0, "applicant-0.webm", 0.0, None))
    interviews.add_segment(session.id, Segment("officer", 0, "officer-0.webm", 1.0, None))
    interviews.add_segment(session.id, Segment("applicant", 1, "applicant-1.webm", 14.0, None))
    interviews.end_segment(session.id, Segment("applicant", 0, "applicant-0.webm", 0.0, 12.5))
    interviews.end_segment(session.id, Segment("officer", 0, "officer-0.webm", 1.0, 99.0))
    kept = world.sessions.get(session.id)
    assert [(one.side, one.index, one.start, one.end) for one in kept.segments] == [
        ("applicant", 0, 0.0, 12.5),
        ("applicant", 1, 14.0, None),
        ("officer", 0, 1.0, 99.0),
    ]
    assert kept.duration_s == 12.5
    with pytest.raises(NotFound):
        interviews.end_segment(session.id, Segment("officer", 5, "", 0.0, 1.0))


def test_models_are_named_once_and_in_order(world: World) -> None:
    session = world.interview(world.person())
    world.repository.interviews.set_models(session.id, ["silero_vad@2", "campplus@1", "silero_vad@2"])
    assert world.sessions.get(session.id).models == ("campplus@1", "silero_vad@2")


def test_outputs_come_back_in_order_with_faults(world: World) -> None:
    session = world.live(world.person())
    given: list[Output] = [observation(), FAULT, assessment(0.5), abstention(), assessment(1.0)]
    world.repository.outputs.append(session.id, given[:2], START)
    world.repository.outputs.append(session.id, given[2:], START)
    assert list(world.repository.outputs.all(session.id)) == given
    faults = [
        entry for entry in world.repository.audit.of_session(session.id) if entry.action == "analysis.fault"
    ]
    assert [dict(entry.detail) for entry in faults] == [
        {"kind": "face_pad", "t": 1.5, "message": "division by zero"}
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(st.sampled_from("oaf"), max_size=6), max_size=5))
def test_batches_do_not_matter(world: World, batches: list[list[str]]) -> None:
    make: dict[str, Output] = {"o": observation(), "a": assessment(3.25), "f": FAULT}
    officer = world.accounts.everyone()[0] if world.accounts.everyone() else world.person()
    session = world.live(officer)
    for batch in batches:
        world.repository.outputs.append(session.id, [make[one] for one in batch], START)
    assert list(world.repository.outputs.all(session.id)) == [make[one] for batch in batches for one in batch]


def test_review_gets_the_last_assessment_of_each_second(world: World) -> None:
    session = world.live(world.person())
    for t in (0.0, 0.5, 1.0, 1.5, 2.0, 7.999, 8.0):
        world.repository.outputs.append(session.id, [observation(t), assessment(t)], START)
    kept = world.repository.outputs.assessments(session.id)
    assert [one.assessment.t for one in kept] == [0.5, 1.5, 2.0, 7.999, 8.0]
    assert all(one.seq < other.seq for one, other in pairwise(kept))
    assert world.repository.outputs.latest(session.id) == StoredAssessment(13, assessment(8.0))
    assert [one.seq for one in world.repository.outputs.readings(session.id)] == [0, 2, 4, 6, 8, 10, 12]


def test_a_page_that_has_the_first_assessments_gets_only_those_after(world: World) -> None:
    session = world.live(world.person())
    world.record(session.id, [assessment(t) for t in (0.0, 0.5, 1.0, 1.5, 2.0)])
    after = world.repository.outputs.assessments
    assert [one.seq for one in after(session.id, 0)] == [1, 3, 4]
    assert [one.seq for one in after(session.id, 2)] == [3, 4]
    assert after(session.id, 4) == []


def test_one_reading_is_found_by_its_place(world: World) -> None:
    session = world.live(world.person())
    world.record(session.id, [assessment(0.5), observation(), abstention()])
    find = world.repository.outputs.reading
    assert [find(session.id, seq) for seq in range(4)] == [None, observation(), abstention(), None]
    assert find("another", 1) is None


def test_no_outputs_yet(world: World) -> None:
    session = world.live(world.person())
    store = world.repository.outputs
    assert (store.latest(session.id), store.readings(session.id), store.assessments(session.id)) == (
        None,
        [],
        [],
    )


def test_sessions_do_not_mix(world: World) -> None:
    officer = world.person()
    one, other = world.live(officer), world.live(officer)
    world.repository.outputs.append(one.id, outputs(2), START)
    world.repository.outputs.append(other.id, [assessment(9.0)], START)
    assert list(world.repository.outputs.all(other.id)) == [assessment(9.0)]
    assert world.repository.outputs.assessments(one.id)[-1].assessment.t == 1.5


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    before = open_world(tmp_path)
    session = before.live(before.person())
    before.repository.outputs.append(session.id, outputs(3), START)
    kept = before.sessions.get(session.id)
    before.repository.close()

    after = open_world(tmp_path)
    assert after.sessions.get(session.id) == kept
    assert list(after.repository.outputs.all(session.id)) == outputs(3)
    after.repository.close()


def test_reader_of_a_long_interview_does_not_stop_the_writer(world: World) -> None:
    session = world.live(world.person())
    world.repository.outputs.append(session.id, outputs(400), START)
    reading = world.repository.outputs.all(session.id)
    first = next(reading)
    world.repository.outputs.append(session.id, [assessment(1000.0)], START)
    rest = list(reading)
    assert first == outputs(1)[0]
    assert [one for one in rest if isinstance(one, FraudAssessment)][-1].t == 399.5


def test_audit_entries_come_back_in_order(world: World) -> None:
    store = world.repository.audit
    for n in range(3):
        store.add(
            AuditEntry(START, "system", f"step.{n}", "s", {"n": n, "ok": True, "why": "好", "none": None})
        )
    store.add(AuditEntry(START, "system", "elsewhere", "t"))
    store.add(AuditEntry(START, "system", "nowhere"))
    entries = store.of_session("s")
    assert [entry.action for entry in entries] == ["step.0", "step.1", "step.2"]
    assert dict(entries[2].detail) == {"n": 2, "ok": True, "why": "好", "none": None}
    assert [entry.seq for entry in entries] == sorted({entry.seq for entry in entries})


def test_journal_comes_back_in_the_order_in_which_it_was_kept(world: World) -> None:
    session = world.live(world.person())
    store = world.repository.outputs
    for n in range(12):
        store.append(session.id, [], START, f'["v",{n}]\n["a",{n}]\n'.encode())
    lines = [line for n in range(12) for line in (f'["v",{n}]'.encode(), f'["a",{n}]'.encode())]
    assert list(store.journal(session.id)) == lines
