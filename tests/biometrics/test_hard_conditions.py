"""Real perception and every detector of faces on a real picture under hard conditions: measured, or abstained with a fitting reason.

The picture is the demo's animated portrait. What each condition may be answered with is in `CONDITIONS`; a detector of
the catalogue that has no line of its own in `OWN` is held to the condition's reasons and `NOT_YET`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import pytest

from biometrics.catalogue import detector_specs
from biometrics.detector import Detector, DetectorContext, Learner
from biometrics.enrolment import enrol_face
from biometrics.face.perception import FacePerception
from biometrics.media import Frame
from biometrics.template import Template
from biometrics.views import FaceView, Fact
from fraudmodel.assessor import Assessor
from fraudmodel.parameters import load_parameters
from fraudmodel.policy import load_policy
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason, Span
from interview.demo.prepare import prepare
from interview.settings import Settings
from models.hub import ModelHub
from tests.biometrics import hardships

pytestmark = pytest.mark.models

SPECS = tuple(spec for spec in detector_specs() if spec.view is FaceView and hardships.installed(spec.models))
KINDS = frozenset(str(spec.kind) for spec in SPECS)
SAMPLED = KINDS & {"face_pad", "face_match", "face_continuity"}
"""Detectors that ask for a good face."""
FACELESS = frozenset(kind for kind in KINDS if kind.startswith("injection_") or kind == "behaviour")
"""Detectors that look at the frame or at what others report, not at the face; or, where no question is asked, at nothing."""
WHOLE = Span(0.0, hardships.SECONDS)

OWN: Mapping[str, frozenset[Reason]] = {
    # An animated photo under no coloured light has no pulse, and is lit by something else than the screen.
    "flash_challenge": frozenset({Reason.NOT_CHALLENGED, Reason.AMBIENT_LIGHT, Reason.UNSTEADY}),
    "pose_challenge": frozenset({Reason.NOT_CHALLENGED, Reason.UNSTEADY}),
    "rppg": frozenset(
        {
            Reason.NOT_YET,
            Reason.UNSTEADY,
            Reason.STILL_SCENE,
            Reason.FLICKER,
            Reason.LOW_BITRATE,
            Reason.NO_PULSE,
        }
    ),
    # Nobody is heard, and the animated photo's mouth is small.
    "av_sync": frozenset({Reason.NO_AUDIO, Reason.FACE_TOO_SMALL}),
    "voice_over": frozenset({Reason.NO_AUDIO, Reason.FACE_TOO_SMALL}),
    "behaviour": frozenset({Reason.SHORT_BASELINE}),
    # Sessions of seconds are shorter than a face's rest, and the photo is small.
    "micro_expression": frozenset(
        {Reason.NOT_YET, Reason.FACE_TOO_SMALL, Reason.LOW_FRAME_RATE, Reason.UNSTEADY}
    ),
    "injection_light": frozenset({Reason.NO_TRANSPORT_REPORT}),
    "injection_frames": frozenset({Reason.NOT_YET, Reason.STILL_SCENE}),
}
"""What a detector may say of any condition, for reasons of its own."""


@dataclass(frozen=True, slots=True)
class Condition:
    """``reasons`` that fit it; ``blind`` the detectors that can measure nothing during ``trouble``, and have to say so."""

    frames: Callable[[Sequence[FaceView]], Iterator[Frame]]
    reasons: frozenset[Reason]
    blind: frozenset[str] = frozenset()
    trouble: Span = WHOLE


CONDITIONS: Mapping[str, Condition] = {
    "nothing is wrong": Condition(hardships.as_it_is, frozenset()),
    "the face leaves for seconds": Condition(
        hardships.away,
        frozenset({Reason.NO_FACE, Reason.CHALLENGE_UNSEEN}),
        KINDS - FACELESS,
        hardships.TROUBLE,
    ),
    "two faces": Condition(hardships.two_faces, frozenset({Reason.SEVERAL_FACES}), KINDS - FACELESS),
    "sunglasses": Condition(
        hardships.sunglasses, frozenset({Reason.OCCLUDED, Reason.NO_FACE, Reason.FACE_TURNED})
    ),
    "darkness": Condition(hardships.darkness, frozenset({Reason.TOO_DARK, Reason.NO_FACE}), SAMPLED),
    "a covered lens": Condition(
        hardships.covered_lens,
        frozenset({Reason.NO_FACE, Reason.TOO_DARK, Reason.CHALLENGE_UNSEEN}),
        KINDS - FACELESS,
        hardships.TROUBLE,
    ),
    "5 frames a second": Condition(
        hardships.five_a_second, frozenset({Reason.LOW_FRAME_RATE}), KINDS & {"flash_challenge", "rppg"}
    ),
    "a tenth of the frames is lost": Condition(
        hardships.lossy, frozenset({Reason.MEDIA_LOST, Reason.LOW_FRAME_RATE})
    ),
    "a thumbnail": Condition(
        hardships.tiny,
        frozenset({Reason.FACE_TOO_SMALL, Reason.NO_FACE, Reason.BLURRED}),
        SAMPLED | (KINDS & {"flash_challenge", "rppg"}),
    ),
    "a few pixels": Condition(
        hardships.specks,
        frozenset({Reason.NO_FACE, Reason.FACE_TOO_SMALL, Reason.CHALLENGE_UNSEEN}),
        KINDS - FACELESS,
    ),
    "the picture changes its size": Condition(
        hardships.resized,
        frozenset({Reason.FACE_TOO_SMALL, Reason.MEDIA_LOST, Reason.NO_FACE, Reason.BLURRED}),
    ),
}

every_condition = pytest.mark.parametrize("name", CONDITIONS)
Played = Callable[[str], Mapping[str, list[Reading]]]


@pytest.fixture(scope="module")
def clean(hub: ModelHub) -> list[FaceView]:
    """What perception sees of the clip as it is."""
    with FacePerception(hub) as perception:
        return [perception.observe(frame) for frame in hardships.clip_frames(prepare(Settings()).clip)]


@pytest.fixture(scope="module")
def references(hub: ModelHub) -> dict[str, Template]:
    """The applicant's ID photo, enrolled."""
    with FacePerception(hub) as perception:
        return {"face": enrol_face(prepare(Settings()).id_photo.read_bytes(), perception, hub)}


@pytest.fixture(scope="module")
def played(hub: ModelHub, clean: list[FaceView], references: dict[str, Template]) -> Played:
    """Every detector's readings of a condition, in order. A detector that raises fails the test."""

    @cache
    def play(name: str) -> Mapping[str, list[Reading]]:
        detectors = {str(spec.kind): (spec, _built(spec, hub, references)) for spec in SPECS}
        given: dict[str, list[Reading]] = {kind: [] for kind in detectors}
        with FacePerception(hub) as perception:
            moments = list(_moments(CONDITIONS[name].frames(clean), perception))
        for moment in moments:
            for kind, (spec, detector) in detectors.items():
                given[kind] += _shown(spec, detector, moment)
        for view in _again(moments):
            for kind, (spec, detector) in detectors.items():
                given[kind] += [] if spec.models else detector.observe(view)
        for kind, (_, detector) in detectors.items():
            given[kind] += detector.finish()
        return given

    return play


def _built(spec: Any, hub: ModelHub, references: Mapping[str, Template]) -> Detector[Any]:  # noqa: ANN401
    built = spec.build(DetectorContext({name: hub.get(name) for name in spec.models}, references))
    assert not isinstance(built, Absent), f"{spec.kind}: {built}"
    return built  # type: ignore[no-any-return]


def _moments(frames: Iterator[Frame], perception: FacePerception) -> Iterator[FaceView | Fact]:
    facts = hardships.facts()
    for frame in frames:
        while facts and facts[0].t <= frame.t:
            yield facts.pop(0)
        yield perception.observe(frame)
    yield from facts


def _again(moments: Sequence[FaceView | Fact]) -> Iterator[FaceView]:
    """The same twice more: some detectors that need no model look at half a minute."""
    for later_s in (hardships.SECONDS, 2 * hardships.SECONDS):
        for view in moments:
            if isinstance(view, FaceView):
                yield replace(view, frame=replace(view.frame, t=view.t + later_s))


def _shown(spec: Any, detector: Detector[Any], moment: FaceView | Fact) -> list[Reading]:  # noqa: ANN401
    if isinstance(moment, FaceView):
        return list(detector.observe(moment))
    return (
        list(detector.learn(moment)) if isinstance(detector, Learner) and moment.topic in spec.topics else []
    )


@every_condition
def test_everything_said_is_a_finite_measurement_or_has_a_fitting_reason(name: str, played: Played) -> None:
    fitting = CONDITIONS[name].reasons
    for kind, readings in played(name).items():
        assert readings, f"{kind} said nothing"
        for reading in readings:
            if isinstance(reading, Observation):
                values = (reading.score, reading.quality, *reading.covariates.values())
                assert all(map(math.isfinite, values)), reading
            else:
                assert reading.reason in fitting | OWN.get(kind, frozenset()) | {Reason.NOT_YET}, reading


@every_condition
def test_where_nothing_can_be_measured_no_number_is_given(name: str, played: Played) -> None:
    condition = CONDITIONS[name]
    for kind in condition.blind:
        readings = played(name)[kind]
        assert not [one for one in readings if _within(one, condition.trouble)], f"{kind} measured"
        said = {one.reason for one in readings if isinstance(one, Abstention)}
        assert said & condition.reasons, f"{kind} never said why: {said}"


def _within(reading: Reading, trouble: Span) -> bool:
    """A measurement of nothing but the trouble. Its first half second is still being noticed."""
    noticed = trouble.start + 0.5 if trouble.start > 0 else 0.0
    return (
        isinstance(reading, Observation) and noticed <= reading.span.start and reading.span.end < trouble.end
    )


@every_condition
def test_a_signal_that_only_abstained_has_no_score(name: str, played: Played) -> None:
    assessor = Assessor(load_parameters(), load_policy(), 0.005, {spec.kind: None for spec in SPECS})
    for readings in played(name).values():
        for reading in readings:
            assessor.add(reading)
    for score in assessor.scores():
        measured = [one for one in played(name).get(score.kind, []) if isinstance(one, Observation)]
        assert score.observations == len(measured)
        if not measured:
            assert isinstance(score.llr, Absent), f"{score.kind} is {score.llr} without a measurement"
            assert score.statistic is None
        else:
            assert score.statistic is not None
            assert math.isfinite(score.statistic)


def test_without_trouble_the_detectors_of_faces_measure(played: Played) -> None:
    """Otherwise nothing above would be about the trouble."""
    for kind in SAMPLED | {"face_continuity"}:
        assert any(isinstance(reading, Observation) for reading in played("nothing is wrong")[kind]), kind


def test_after_the_trouble_the_face_is_measured_again(played: Played) -> None:
    for name in ("the face leaves for seconds", "a covered lens", "the picture changes its size"):
        after = hardships.TROUBLE.end
        for kind in SAMPLED:
            ends = [one.span.end for one in played(name)[kind] if isinstance(one, Observation)]
            assert max(ends) > after, f"{kind} never came back: {name}"
