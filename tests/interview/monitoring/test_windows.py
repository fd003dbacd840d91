"""The service's own interviews, read for monitoring and assessed again."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from fraudmodel.confirmed import parse_confirmed
from fraudmodel.drift_alerts import alerts
from fraudmodel.monitored import EVERY
from fraudmodel.policy import load_policy
from fraudmodel.rescoring import Candidate
from fraudmodel.signals import Abstention, Observation, Reading, Reason, Span
from interview.errors import SessionError
from interview.monitoring.cases import silent, stored_cases
from interview.monitoring.devices import UNKNOWN
from interview.monitoring.windows import Span as Wall
from interview.monitoring.windows import drift_between, seen, spans_before
from interview.outcomes import import_outcomes
from interview.store.records import Role
from tests.fraudmodel.builders import MODEL
from tests.interview.monitoring.making import FACE, PHONE, VOICE, ended, parameters_in, past
from tests.interview.world import START, World, assessment, open_world

ALWAYS = Wall(START - timedelta(days=1), START + timedelta(days=365))


@pytest.fixture
def world(tmp_path: Path) -> World:
    return open_world(tmp_path)


def test_an_interview_is_seen_as_it_was_assessed(world: World, tmp_path: Path) -> None:
    parameters = parameters_in(tmp_path / "par")
    readings: list[Reading] = [
        Observation(FACE, Span(1.0, 2.0), 0.5, 0.4, MODEL),
        Observation(FACE, Span(2.0, 3.0), 0.9, 0.8, MODEL),
        Abstention(VOICE, Span(1.0, 3.0), Reason.NOISY),
    ]
    session = ended(world, world.person(), parameters, readings, PHONE, name=" 王  小明 ")
    found = next(seen(world.repository, ALWAYS, {}))
    last = world.repository.outputs.latest(session.id)
    assert last is not None
    assert (found.name, found.person, found.device, found.fraud) == (
        session.id,
        "王 小明",
        "Android, Chromium",
        None,
    )
    assert found.calibration == parameters.version
    assert found.at == session.progress.started_at
    contribution = last.assessment.contributions[0]
    face, voice = found.signals[FACE], found.signals[VOICE]
    assert (face.statistic, face.llr, face.reason) == (contribution.statistic, contribution.llr, None)
    assert face.quality == pytest.approx(0.6)
    assert face.models == (MODEL,)
    assert (voice.statistic, voice.llr, voice.reason, voice.models) == (None, None, Reason.NOISY, ())
    assert found.shift == pytest.approx(sum(each.contribution for each in last.assessment.contributions))
    world.repository.close()


def test_only_what_ended_with_somebody_in_the_span_is_seen(world: World, tmp_path: Path) -> None:
    parameters, officer = parameters_in(tmp_path / "par"), world.person()
    made = past(world, officer, parameters, 3)
    world.live(officer)
    middle = Wall(START + timedelta(hours=1, minutes=30), START + timedelta(hours=2, minutes=30))
    assert [each.name for each in seen(world.repository, ALWAYS, {})] == [each.id for each in made.records]
    assert [each.name for each in seen(world.repository, middle, {})] == [made.records[1].id]
    with pytest.raises(SessionError, match="No interview with an applicant began and ended"):
        drift_between(world.repository, Wall(START - timedelta(days=9), START - timedelta(days=8)), ALWAYS)
    world.repository.close()


def test_a_page_that_sent_no_report_is_of_no_family(world: World) -> None:
    session = world.live(world.person())
    world.repository.outputs.append(
        session.id, [], world.clock.now(), b'["v",0]\n["told","page",1,{"event":"stats"}]\n'
    )
    world.record(session.id, [assessment(1.0)])
    world.sessions.seal(session.id, session.officer_id)
    assert next(seen(world.repository, ALWAYS, {})).device == UNKNOWN
    world.repository.close()


def test_assessed_again_by_the_same_parameters_it_is_the_same(world: World, tmp_path: Path) -> None:
    parameters, officer = parameters_in(tmp_path / "par"), world.person()
    made = past(world, officer, parameters, 12, noisy=0.4)
    text = made.csv((world.clock.at + timedelta(days=1)).date().isoformat())
    lines = parse_confirmed(text, "out.csv", world.clock.at.date() + timedelta(days=2))
    import_outcomes(world.repository, lines, world.person("chen", Role.COMPLIANCE), world.clock.at)
    same = Candidate("same", parameters, load_policy(), 0.005)
    cases = list(stored_cases(world.repository, ALWAYS))
    assert [case.name for case in cases] == [each.id for each in made.records]
    assert [case.fraud for case in cases] == [made.fraud[each.id] for each in made.records]
    for case in cases:
        stored = world.repository.outputs.latest(case.name)
        assert stored is not None
        assert case.assess(same) == stored.assessment
        assert set(silent(stored.assessment)) <= {VOICE}
    world.repository.close()


def test_a_face_that_moved_is_found_in_the_service_s_own_record(world: World, tmp_path: Path) -> None:
    parameters, officer = parameters_in(tmp_path / "par"), world.person()
    past(world, officer, parameters, 70, fraud=0.0)
    middle = world.clock.at + timedelta(minutes=30)
    past(world, officer, parameters, 40, fraud=0.0, moved=2.0, seed=1)
    found = drift_between(
        world.repository, Wall(START, middle), Wall(middle, world.clock.at + timedelta(hours=1))
    )
    assert (found.reference, found.recent) == (70, 40)
    assert found.devices == ("Android, Chromium", "iOS, WebKit")
    assert {each.signal for each in alerts(found)} == {FACE, EVERY}
    assert {"statistic", "chart"} <= {each.what for each in alerts(found)}
    world.repository.close()


def test_the_reference_lies_before_the_span() -> None:
    until = datetime.fromisoformat("2026-11-28T00:00+00:00")
    reference, recent = spans_before(until, 7.0, 90.0)
    assert (recent.since, recent.until) == (until - timedelta(days=7), until)
    assert (reference.since, reference.until) == (until - timedelta(days=97), until - timedelta(days=7))
    assert str(recent) == "2026-11-21 00:00 to 2026-11-28 00:00 UTC"


def test_days_beyond_the_calendar_are_one_sentence() -> None:
    for days in (800_000.0, 1e10):
        with pytest.raises(SessionError, match="begin before the calendar does: give fewer"):
            spans_before(START, days, 1.0)
        with pytest.raises(SessionError, match="give fewer"):
            spans_before(START, 1.0, days)


def test_readings_are_read_when_a_case_is_assessed_and_not_kept(world: World, tmp_path: Path) -> None:
    """A year of interviews must not lie in memory: what the store holds by then is what is assessed."""
    parameters = parameters_in(tmp_path / "par")
    first: list[Reading] = [Observation(FACE, Span(1.0, 2.0), 0.5, 0.4, MODEL)]
    session = ended(world, world.person(), parameters, first, PHONE)
    day = world.clock.at.date() + timedelta(days=1)
    text = f"interview,outcome,confirmed_on,by,source\n{session.id},fraud,{day},Risk,case"
    lines = parse_confirmed(text, "out.csv", day)
    import_outcomes(world.repository, lines, world.person("chen", Role.COMPLIANCE), world.clock.at)
    (case,) = stored_cases(world.repository, ALWAYS)
    with sqlite3.connect(tmp_path / "candor.db") as database:
        database.execute(
            "INSERT INTO reading SELECT interview_id, 90, kind, 3.0, 4.0, score, quality, model, reason, detail, covariates, evidence FROM reading"
        )
    same = Candidate("same", parameters, load_policy(), 0.005)
    assert case.assess(same).contributions[0].observations == 2
    world.repository.close()
