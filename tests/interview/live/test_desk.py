"""Enrolment, re-runs and reports: what is asked of the clerk, and what is said where it cannot be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import pytest

from fraudmodel.signals import Reason
from interview.analysis.compare import Counts, Difference
from interview.calls import MovementReplay, References, RerunResult
from interview.errors import MediaError, ServiceError
from interview.live.clerk import Clerk
from interview.live.desk import Desk
from interview.live.enrolling import Enrol, Refusal
from interview.live.replaying import ShowAgain
from interview.live.reporting import Report
from interview.live.rerunning import Rerun
from interview.media.journal import Took, encode
from interview.problems import (
    EnrolmentRefused,
    IllegalStep,
    NotAllowed,
    NotFound,
    Problem,
    Rejected,
    Unavailable,
)
from models.errors import ModelNotInstalled
from tests.interview.analysis.moving import movement
from tests.interview.live.fakes import FakeClerk
from tests.interview.live.material import record_segment
from tests.interview.live.stage import Stage
from tests.interview.world import agreed, assessment, observation, template


@dataclass
class Scene:
    """A desk and its clerk, with an interview that has ended."""

    stage: Stage
    clerk: FakeClerk
    desk: Desk
    session: str


@pytest.fixture
def scene(stage: Stage) -> Scene:
    clerk = FakeClerk()
    desk = Desk(stage.sessions, stage.reels, lambda: cast("Clerk", clerk), stage.world.clock.now, "0.1.0")
    session = stage.world.live(stage.officer).id
    entries: Sequence[Took] = (Took("video", 0), Took("audio", 3))
    stage.sessions.keep(session, [observation(), assessment(0.5)], b"".join(map(encode, entries)))
    record_segment(stage.reels.folder(session) / "applicant-000.webm")
    stage.reels.finish(session)
    stage.sessions.seal(session, stage.officer.id)
    return Scene(stage, clerk, desk, session)


def test_enrolment(scene: Scene) -> None:
    scene.clerk.answer = References(template(), None)
    assert scene.desk.enrol(b"photo", None) is scene.clerk.answer
    assert scene.clerk.jobs == [Enrol(b"photo", None)]


def test_enrolment_from_an_earlier_interview_is_given_its_recording(scene: Scene) -> None:
    scene.clerk.answer = References(None, template("voice"))
    assert scene.desk.enrol(None, None, scene.session) is scene.clerk.answer
    recording = scene.stage.reels.finished(scene.session, "applicant")
    assert scene.clerk.jobs == [Enrol(None, None, recording)]
    never = scene.stage.world.interview(scene.stage.officer)
    with pytest.raises(IllegalStep):
        scene.desk.enrol(None, None, never.id)


@pytest.mark.parametrize("field", ["id_photo", "voice_reference", "voice_from"])
def test_file_that_cannot_become_a_reference_is_refused_in_both_languages(scene: Scene, field: str) -> None:
    scene.clerk.answer = Refusal(field, "Choose another file.", None)
    with pytest.raises(EnrolmentRefused) as refused:
        scene.desk.enrol(b"photo", b"voice")
    assert (refused.value.field, refused.value.message) == (field, "Choose another file.")
    assert "请" in refused.value.message_zh


@pytest.mark.parametrize("reason", [None, *Reason])
def test_every_refusal_has_a_chinese_sentence(reason: Reason | None) -> None:
    assert Refusal("id_photo", "No.", reason).problem().message_zh.endswith("。")


def test_rerun_is_given_what_was_recorded_taken_and_stored(scene: Scene) -> None:
    scene.clerk.answer = Difference(0.25, "assessment 3: probability", Counts(7, 0, 3), Counts(8, 0, 4))
    result = scene.desk.rerun(scene.session)
    assert result == RerunResult(0.25, "assessment 3: probability", 8, 4, False, result.duration_s)
    (job,) = scene.clerk.jobs
    assert isinstance(job, Rerun)
    assert job.journal == (Took("video", 0), Took("audio", 3))
    assert job.stored == (observation(), assessment(0.5))
    assert (job.recording.name, job.spec.session_id) == ("applicant.webm", scene.session)
    assert job.spec.rulebook == scene.stage.world.repository.documents.rulebook(scene.session) is not None


def test_report(scene: Scene) -> None:
    scene.clerk.answer = "<html>"
    assert [scene.desk.report(scene.session, language) for language in ("en", "zh-Hant")] == ["<html>"] * 2
    assert all(isinstance(job, Report) for job in scene.clerk.jobs)
    assert [job.language for job in scene.clerk.jobs] == ["en", "zh"]
    assert scene.clerk.jobs[0].outputs == (observation(), assessment(0.5))


@pytest.mark.parametrize(
    ("error", "problem", "said"),
    [
        (MediaError("applicant.webm lacks the video at 40 ms"), Rejected, "lacks the video at 40 ms"),
        (ServiceError("the service is stopping"), Unavailable, "the service is stopping"),
        (ModelNotInstalled("campplus is not installed"), Unavailable, "campplus is not installed"),
    ],
)
def test_what_is_in_the_clerks_way_is_said(
    scene: Scene, error: Exception, problem: type[Problem], said: str
) -> None:
    scene.clerk.answer = error
    for ask in (scene.desk.rerun, lambda session: scene.desk.report(session, "en")):
        with pytest.raises(problem, match=said):
            ask(scene.session)


def test_damaged_journal_is_said(scene: Scene) -> None:
    session = scene.stage.world.live(scene.stage.officer).id
    scene.stage.sessions.keep(session, [], b'["v", 0]\nnonsense\n')
    record_segment(scene.stage.reels.folder(session) / "applicant-000.webm")
    scene.stage.reels.finish(session)
    scene.stage.sessions.seal(session, scene.stage.officer.id)
    with pytest.raises(Rejected, match="line 2 of the journal"):
        scene.desk.rerun(session)


def test_before_the_end_and_without_a_recording_there_is_nothing(scene: Scene) -> None:
    stage = scene.stage
    asks = (
        scene.desk.rerun,
        lambda session: scene.desk.report(session, "en"),
        lambda session: scene.desk.replay(session, 0),
    )
    for ask in asks:
        with pytest.raises(IllegalStep, match="end it first"):
            ask(stage.world.live(stage.officer).id)
        with pytest.raises(NotFound, match="was not recorded"):
            ask(stage.world.sealed(stage.officer).id)


REPLAY = MovementReplay((0.5, 0.8, 0.92, 1.04), 1, 2, 3, 6.0, 8, 256, b"jpeg")


def moved(scene: Scene, *, behaviour: bool = True, face: bool = True) -> str:
    """An ended interview whose first reading is of a movement, its second of something else, its third of none."""
    stage = scene.stage
    session = stage.world.interview(stage.officer).id
    stage.sessions.consent(session, agreed(stage.world.clock.now(), behaviour=behaviour, face=face))
    stage.sessions.officer_joined(session)
    stage.sessions.applicant_joined(session)
    stage.sessions.keep(session, [movement(), observation(), movement(movement=0.0)], b"")
    record_segment(stage.reels.folder(session) / "applicant-000.webm")
    stage.reels.finish(session)
    stage.sessions.seal(session, stage.officer.id)
    return session


def test_movement_is_shown_again_and_made_once(scene: Scene) -> None:
    session = moved(scene)
    scene.clerk.answer = REPLAY
    assert [scene.desk.replay(session, 0) for _ in range(2)] == [REPLAY, REPLAY]
    (job,) = scene.clerk.jobs
    assert job == ShowAgain(scene.stage.reels.folder(session) / "applicant.webm", job.movement)
    assert (job.movement.onset_s, job.movement.apex_s, job.movement.offset_s) == (0.8, 0.92, 1.04)


@pytest.mark.parametrize("seq", [1, 2, 99])
def test_what_is_no_movement_cannot_be_shown(scene: Scene, seq: int) -> None:
    with pytest.raises(NotFound, match="not of a movement"):
        scene.desk.replay(moved(scene), seq)


def test_movement_without_a_face_is_said_and_asked_for_again(scene: Scene) -> None:
    session = moved(scene)
    for _ in range(2):
        with pytest.raises(NotFound, match="No face is found"):
            scene.desk.replay(session, 0)
    assert len(scene.clerk.jobs) == 2


@pytest.mark.parametrize("refused", ["behaviour", "face"])
def test_what_the_applicant_refused_is_not_shown(scene: Scene, refused: str) -> None:
    session = moved(scene, behaviour=refused != "behaviour", face=refused != "face")
    with pytest.raises(NotAllowed, match="did not agree"):
        scene.desk.replay(session, 0)
    assert scene.clerk.jobs == []


def test_interview_without_an_assessment_has_no_report(scene: Scene) -> None:
    session = scene.stage.world.live(scene.stage.officer).id
    record_segment(scene.stage.reels.folder(session) / "applicant-000.webm")
    scene.stage.reels.finish(session)
    scene.stage.sessions.seal(session, scene.stage.officer.id)
    with pytest.raises(NotFound, match="Nothing was assessed"):
        scene.desk.report(session, "en")
