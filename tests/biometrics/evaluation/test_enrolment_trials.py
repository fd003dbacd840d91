"""A second voice in a reference, with synthetic voices."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.errors import EvaluationError
from biometrics.evaluation.enrolment_trials import EnrolmentFigures, measure
from biometrics.evaluation.voice_pairs import Sitting
from biometrics.voice.enrolment import ONE_VOICE
from tests.biometrics.evaluation.test_voice_pairs import silent, utterance
from tests.biometrics.voice.fakes import FakeHub


def sitting(name: str, number: int, seconds: float = 14.0) -> Sitting:
    """Three utterances, where it is long enough."""
    return Sitting(name, f"{name}/{number}", utterance(name, number, seconds))


@pytest.fixture(scope="module")
def figures() -> EnrolmentFigures:
    sittings = [
        sitting("ada", 0),
        sitting("ada", 1),
        sitting("ben", 0),
        sitting("di", 0),
        sitting("cy", 0, 5.0),
    ]
    return measure(sittings, FakeHub(), silent)


def test_each_sitting_is_tried_alone_and_with_every_other_speaker(figures: EnrolmentFigures) -> None:
    assert (figures.speakers, figures.short) == (3, 1)
    assert len(figures.alone) == 4
    assert len(figures.mixed) == 4 * 2
    assert len(figures.pairs) == 4 * 3
    assert figures.utterances == 4 * 3 + 1


def test_the_widest_of_one_voice_is_that_of_its_pairs_and_another_voice_is_wider(
    figures: EnrolmentFigures,
) -> None:
    assert figures.alone.tolist() == figures.pairs.reshape(4, 3).max(axis=1).tolist()
    assert figures.alone.max() < ONE_VOICE < figures.mixed.min()
    assert (figures.refused.value, figures.refused.n) == (0.0, 4)
    assert (figures.noticed.value, figures.noticed.n) == (1.0, 8)


def test_other_limits_are_counted_from_the_same_distances() -> None:
    made = EnrolmentFigures(2, 6, 0, np.array([0.5, 0.7]), np.array([0.6, 0.8, 0.9, 1.0]), np.array([0.5]))
    assert made.at([0.65]) == [{"limit": 0.65, "refused": 0.5, "noticed": 0.75}]
    assert (made.refused.value, made.noticed.value) == (0.5, 0.75)


@pytest.mark.parametrize(("others", "left"), [((), 1), (("ben",), 1)])
def test_one_speaker_alone_is_too_few(others: tuple[str, ...], left: int) -> None:
    sittings = [sitting("ada", 0), sitting("ada", 1), *(sitting(name, 0, 3.0) for name in others)]
    with pytest.raises(EvaluationError, match=f"{left} of these speakers have .* and 2 are needed"):
        measure(sittings, FakeHub(), silent)


def test_nobody_is_too_few() -> None:
    with pytest.raises(EvaluationError, match="0 of these speakers have"):
        measure([sitting("ada", 0, 3.0)], FakeHub(), silent)
