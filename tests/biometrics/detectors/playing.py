"""Plays views and facts to a detector that learns of challenges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from biometrics.detector import Detector, DetectorContext, DetectorSpec, Learner
from biometrics.views import FaceView, Fact, SpeechView
from fraudmodel.signals import Absent, Abstention, Reading, Reason


def play(
    spec: DetectorSpec[FaceView], views: Iterable[FaceView], facts: Sequence[Fact], late_s: float
) -> list[tuple[float, Reading]]:
    """All readings after the first frame's, with the media time at which they were given; facts are told ``late_s`` late."""
    detector = spec.build(DetectorContext({}))
    assert not isinstance(detector, Absent)
    return played(detector, views, facts, late_s)


def played(
    detector: Detector[Any], views: Iterable[FaceView | SpeechView], facts: Iterable[Fact], late_s: float
) -> list[tuple[float, Reading]]:
    """As `play`, to a detector that is there."""
    assert isinstance(detector, Learner)
    events: list[tuple[float, Any]] = [
        *((view.t, view) for view in views),
        *((fact.t + late_s, fact) for fact in facts),
    ]
    given: list[tuple[float, Reading]] = []
    now = 0.0
    for now, event in sorted(events, key=lambda pair: pair[0]):
        read = detector.learn(event) if isinstance(event, Fact) else detector.observe(event)
        given += [(now, reading) for reading in read]
    given += [(now, reading) for reading in detector.finish()]
    (_, first), *rest = given
    assert isinstance(first, Abstention)
    assert first.reason is Reason.NOT_CHALLENGED
    return rest


def the_one(given: list[tuple[float, Reading]]) -> Reading:
    """The only reading."""
    assert len(given) == 1, given
    return given[0][1]
