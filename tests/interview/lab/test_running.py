"""A row of the table: every signal of the pipeline, measured or with the reason why not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from biometrics.errors import EvaluationError
from biometrics.evaluation.lab.scoring import pooling_of
from fraudmodel.parameters import load_parameters
from fraudmodel.pooling import Pool, Pooled
from fraudmodel.signals import Absent, Abstention, Observation, Reason, SignalKind, Span
from interview.analysis import stack
from interview.analysis.protocol import AnalysisSpec
from interview.lab.keeping import Keeper
from interview.lab.running import InterviewRunner
from tests.biometrics.attacklab.interviews.people import everybody
from tests.biometrics.attacklab.interviews.test_recording import interview
from tests.interview.analysis.fakes import brightness_spec, parts
from tests.interview.lab.fakes import WITHOUT_MODELS, FakeEnroller, runner

PAGE = SignalKind("injection_page")
FACES = SignalKind("face_continuity")


def test_every_signal_is_there_or_says_why_not() -> None:
    row = runner().row(interview("face_swap_cloned"))
    assert set(row.measured) | set(row.absent) == set(WITHOUT_MODELS)
    assert not set(row.measured) & set(row.absent)
    assert row.measured[PAGE].observations >= 1
    assert row.absent[SignalKind("pose_challenge")].reason is Reason.NOT_CHALLENGED
    assert (row.family, row.species, row.split, row.renderer) == (
        "injected",
        "face_swap_cloned",
        "train",
        "a",
    )
    assert row.other != row.subject
    assert all(isinstance(value, int | float | str) for value in row.conditions.values())


def test_who_refuses_the_face_is_not_looked_at() -> None:
    row = runner().row(interview(missing="face_consent"))
    assert row.absent[SignalKind("pose_challenge")].reason is Reason.NO_CONSENT


def test_without_a_page_there_is_no_report() -> None:
    row = runner().row(interview(missing="page_report"))
    assert PAGE in row.absent


def test_a_photo_that_the_bank_would_refuse_is_no_reference() -> None:
    row = runner(FakeEnroller(refuses=True)).row(interview())
    assert "photo_refused" in row.conditions


def test_each_voice_is_enrolled_once() -> None:
    enroller = FakeEnroller()
    run = runner(enroller)
    for _ in range(2):
        run.row(interview())
    assert enroller.voices == 1


class Failing:
    def observe(self, view: object) -> list[Observation]:
        raise RuntimeError("a defect")

    def finish(self) -> list[Observation]:
        return []


def test_no_failure_is_taken_for_an_absence() -> None:
    failing = parts([replace(brightness_spec(), build=lambda context: Failing())])
    run = InterviewRunner(everybody(), failing, FakeEnroller())
    with pytest.raises(EvaluationError, match=r"brightness failed at .* a defect"):
        run.row(interview())


def test_what_is_kept_is_what_the_session_would_have_pooled() -> None:
    parameters = load_parameters()
    expected = {FACES: None, PAGE: None, SignalKind("rppg"): Absent(Reason.NO_CONSENT)}
    keeper = Keeper(stack.assessor(AnalysisSpec("s"), expected), parameters, expected)
    pool = Pool(parameters.signals[FACES].pooling)
    for k, score in enumerate((0.2, 0.3, 0.9, 0.25)):
        reading = Observation(FACES, Span(k, k), score, 0.8, "m", covariates={"fps": 20.0 + k})
        keeper.add(reading)
        pool.add(reading)
    keeper.add(Abstention(PAGE, Span(1, 1), Reason.NO_PAGE_REPORT))
    measured, absent = keeper.found()
    pooled = pool.pooled()
    assert isinstance(pooled, Pooled)
    assert measured[FACES].pooled() == pooled
    assert {kind: each.reason for kind, each in absent.items()} == {
        PAGE: Reason.NO_PAGE_REPORT,
        "rppg": Reason.NO_CONSENT,
    }
    keeper.withdraw(FACES, Absent(Reason.DETECTOR_FAILED))
    assert keeper.found()[1][FACES].reason is Reason.DETECTOR_FAILED
    assert keeper.assess(4.0).t == 4.0


def test_challenges_that_have_no_parameters_are_pooled_as_in_the_lab() -> None:
    kind = SignalKind("pose_challenge")
    keeper = Keeper(stack.assessor(AnalysisSpec("s"), {kind: None}), load_parameters(), {kind: None})
    for score in (2.0, -5.0):
        keeper.add(Observation(kind, Span(0, 1), score, 1.0, "m"))
    assert pooling_of(kind).strategy == "strongest"
    assert keeper.found()[0][kind].statistic == -5.0
