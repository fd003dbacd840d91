"""Questions over HTTP: the interview's own officer marks, compliance reads, both streams tell the right side, nobody else."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing
from dataclasses import replace
from typing import Any

import pytest

from interview.store.records import SessionRecord
from tests.interview.questions.fakes import Asking, compared, too_short
from tests.web.conftest import Site
from web import stream


@pytest.fixture
def session(site: Site) -> SessionRecord:
    return site.world.live(site.officer)


@pytest.fixture
def line(site: Site, session: SessionRecord) -> Asking:
    asking = Asking(session.id)
    site.services.questions.attach(asking)
    return asking


def path(session: SessionRecord, question: str = "") -> str:
    base = f"/api/sessions/{session.id}/questions"
    return f"{base}/{question}/marks" if question else base


def test_officer_marks_and_compliance_reads(site: Site, session: SessionRecord, line: Asking) -> None:
    officer = site.as_(site.officer)
    line.t = 31.2
    answer = officer.post(path(session, "q3"), {"event": "asked"})
    assert answer.status_code == 201, answer.text
    line.t = 44.0
    marked = officer.post(path(session, "q3"), {"event": "answered"}).json()
    assert site.as_(site.compliance).get(path(session)).json() == marked
    assert {name: marked[name] for name in ("version", "product", "marks", "absent")} == {
        "version": "2026.11",
        "product": "working-capital",
        "marks": [
            {"question": "q3", "event": "asked", "t": 31.2, "at": "2026-11-24T09:00:00Z"},
            {"question": "q3", "event": "answered", "t": 44.0, "at": "2026-11-24T09:00:00Z"},
        ],
        "absent": None,
    }
    third = marked["questions"][2]
    assert set(third.pop("text")) == {"zh-Hans", "zh-Hant", "en"}
    assert third == {
        "id": "q3",
        "number": 3,
        "role": "probe",
        "expected_s": 25.0,
        "state": "answered",
        "asked_s": 31.2,
        "ended_s": 44.0,
        "until_s": 44.0,
        "behaviour": None,
    }
    assert [each["state"] for each in marked["questions"]].count("open") == 17


def test_what_was_measured_in_an_answer(site: Site, session: SessionRecord, line: Asking) -> None:
    officer = site.as_(site.officer)
    for question, t in (("q3", 31.2), ("q5", 60.0)):
        line.t = t
        assert officer.post(path(session, question), {"event": "asked"}).status_code == 201
    numbers = {"z_latency_s": 2.1, "z_pause_ratio": -0.4, "baseline_answers": 6.0, "baseline_s": 101.5}
    given = [too_short(0, 0.0, 58.0).reading, compared(1, 3, 31.2, 60.0, **numbers).reading]
    site.world.record(session.id, [given[0]])
    absent = officer.get(path(session)).json()
    assert (absent["absent"]["reason"], absent["absent"]["detail"]) == ("short_baseline", "3 of 5")
    assert absent["questions"][2]["behaviour"]["reason"] == "short_baseline"
    site.world.record(session.id, given[1:])
    told = officer.get(path(session)).json()
    assert told["absent"] is None
    assert told["questions"][2]["behaviour"] == {
        "seq": 1,
        "differs": True,
        "p": 0.02,
        "q": 0.06,
        "baseline_answers": 6.0,
        "baseline_s": 101.5,
        "deviations": [{"feature": "latency_s", "z": 2.1}, {"feature": "pause_ratio", "z": -0.4}],
        "reason": None,
        "detail": "",
        "evidence": [
            {"media": medium, "start": 31.2, "end": 60.0, "box": None} for medium in ("video", "audio")
        ],
    }


def test_nobody_else_takes_part(site: Site, session: SessionRecord, line: Asking) -> None:
    body = {"event": "asked"}
    assert site.browser().get(path(session)).status_code == 401
    assert site.browser().post(path(session, "q1"), body).status_code == 401
    assert site.as_(site.colleague).get(path(session)).status_code == 404
    assert site.as_(site.colleague).post(path(session, "q1"), body).status_code == 404
    assert site.as_(site.compliance).post(path(session, "q1"), body).status_code == 403
    assert site.as_(site.admin).post(path(session, "q1"), body).status_code == 403
    assert line.told == []


@pytest.mark.parametrize(
    ("question", "body", "status", "code"),
    [
        ("q1", {"event": "answered"}, 409, "question_not_asked"),
        ("q99", {"event": "asked"}, 404, "not_found"),
        ("q1", {"event": "lied"}, 422, "invalid"),
        ("q1", {"event": "asked", "t": 4.0}, 422, "invalid"),
    ],
)
def test_what_cannot_be_marked(
    site: Site, session: SessionRecord, line: Asking, question: str, body: object, status: int, code: str
) -> None:
    answer = site.as_(site.officer).post(path(session, question), body)
    assert answer.status_code == status
    assert answer.json()["code"] == code or status == 422


def test_before_the_recording_begins_a_sentence_says_so(site: Site, session: SessionRecord) -> None:
    answer = site.as_(site.officer).post(path(session, "q1"), {"event": "asked"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_recorded")
    assert "mark questions once the applicant is in the call" in answer.json()["message"]


def test_an_interview_without_questions_has_null(site: Site) -> None:
    deployment = replace(
        site.world.sessions._deployment, templates=type(site.world.sessions._deployment.templates)()
    )
    site.world.sessions._deployment = deployment
    session = site.world.interview(site.officer)
    answer = site.as_(site.officer).get(path(session))
    assert (answer.status_code, answer.json()) == (200, None)


def test_another_page_of_the_officer_follows_and_the_applicant_hears_nothing(
    site: Site, session: SessionRecord, line: Asking
) -> None:
    marked = site.as_(site.officer).post(path(session, "q1"), {"event": "asked"}).json()

    async def first(render: stream.Render) -> list[tuple[str, Any]]:
        watch = stream.Watch(session.id, render, (), None, 0.01, lambda: False)
        found = []
        async with aclosing(stream.events(site.world.events, watch)) as lines:  # type: ignore[type-var]
            async for each in lines:
                if each.startswith("event:"):
                    name, *_, data = each.strip().split("\n")
                    found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
        return found

    assert dict(asyncio.run(first(stream.for_officer)))["questions"] == marked
    assert [name for name, _ in asyncio.run(first(stream.for_applicant))] == ["state"]
