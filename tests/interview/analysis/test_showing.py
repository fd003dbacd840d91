"""Movements for a report: the strongest brief ones with pictures out of the recording, all of them with their question."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from fraudmodel.signals import Observation, Span
from interview.analysis.showing import PICTURES, MovementShown, movements_shown, shown_again
from interview.questions.spans import AnswerSpan
from tests.interview.analysis.fakes import parts
from tests.interview.analysis.moving import SeesFace, SeesNobody, movement, record
from tests.interview.world import observation


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record(tmp_path_factory.mktemp("recording") / "applicant.webm")


def at(start: float, score: float, *, brief: bool = True) -> Observation:
    """A movement that begins elsewhere; a longer one lasts for a second."""
    span = Span(start, start + (0.24 if brief else 1.0))
    return replace(movement(score, apex_s=start + 0.12, brief=float(brief)), span=span)


def test_all_are_listed_with_their_question_and_the_strongest_brief_ones_pictured(recording: Path) -> None:
    readings = [
        movement(9.0),
        observation(),
        at(0.3, 20.0, brief=False),
        movement(movement=0.0),
        at(0.7, 5.0),
        at(0.5, 4.0),
        at(0.6, 3.0),
    ]
    shown = movements_shown(readings, recording, parts(face=SeesFace), [AnswerSpan(7, 0.65, 0.75)])
    assert [each.movement.onset_s for each in shown] == [0.3, 0.5, 0.6, 0.7, 0.8]
    assert [each.question for each in shown] == [None, None, None, 7, None]
    pictured = [each for each in shown if each.still is not None]
    assert len(pictured) == PICTURES
    assert [each.movement.strength for each in pictured] == [4.0, 5.0, 9.0]
    assert all(each.still is not None and each.still.shape == (256, 768, 3) for each in pictured)
    assert all(each.factor >= 2.0 for each in pictured)


def test_one_that_cannot_be_shown_is_listed_all_the_same(recording: Path) -> None:
    bare = MovementShown(shown(recording, SeesNobody).movement, None, {})
    assert shown(recording, SeesNobody) == bare
    assert shown(recording.with_name("gone.webm"), SeesFace) == bare


def shown(recording: Path, sense: type[SeesFace]) -> MovementShown:
    (only,) = movements_shown([movement()], recording, parts(face=sense), ())
    return only


def test_resemblance_comes_along(recording: Path) -> None:
    compared = movement(negative=0.2, positive=0.1, surprise=0.7)
    (only,) = movements_shown([compared], recording, parts(face=SeesNobody), ())
    assert only.resembles == {"negative": 0.2, "positive": 0.1, "surprise": 0.7}
    assert shown_again(recording, only.movement, parts(face=SeesNobody)) is None
