"""The pipeline's laws: deterministic, isolating, honest about what is missing, and the same after a restart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.detector import DetectorSpec
from biometrics.media import Frame
from biometrics.views import FaceView, View
from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import Abstention, Observation, Reading, Reason, SignalKind, Span
from interview.analysis.codec import to_json
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Fault, Output, Resume
from interview.media.journal import FeedItem, Level, Restarted
from interview.media.packets import Packet
from models.errors import ModelNotInstalled
from tests.interview.analysis.fakes import (
    BRIGHTNESS,
    LOUDNESS,
    SPEC,
    Failing,
    FakeFaceSense,
    FakeHub,
    brightness_spec,
    failing_spec,
    loudness_spec,
    parts,
)
from tests.interview.analysis.media import audio, call, video


def run(pipeline: Pipeline, items: list[FeedItem] | tuple[FeedItem, ...]) -> list[Output]:
    return [output for item in items for output in pipeline.feed(item)] + pipeline.finish()


def of(outputs: list[Output], kind: type[Output]) -> list[Output]:
    return [output for output in outputs if isinstance(output, kind)]


def assessments(outputs: list[Output]) -> list[FraudAssessment]:
    return [output for output in outputs if isinstance(output, FraudAssessment)]


def readings(outputs: list[Output]) -> list[Reading]:
    return [output for output in outputs if isinstance(output, (Observation, Abstention))]


def test_assessments_come_every_half_second_of_media_and_at_the_end() -> None:
    times = [each.t for each in assessments(run(Pipeline(SPEC, parts()), call(2.2)))]
    assert times[:4] == [0.5, 1.0, 1.5, 2.0]
    assert times[4:] == [pytest.approx(2.2, abs=0.03)]


def test_a_jump_of_the_clock_gives_one_assessment_not_a_hundred() -> None:
    late = [replace(packet, pts_ms=packet.pts_ms + 60_000) for packet in call(1.0)]
    times = [each.t for each in assessments(run(Pipeline(SPEC, parts()), [*call(1.0), *late]))]
    assert times[:4] == [0.5, 1.0, 60.0, 60.5]


def test_every_reading_counts_in_the_assessment_after_it() -> None:
    outputs = run(Pipeline(SPEC, parts()), call(2.2))
    seen = 0
    for output in outputs:
        if isinstance(output, Observation):
            seen += 1
        elif isinstance(output, FraudAssessment):
            assert sum(each.observations for each in output.contributions) == seen
    assert seen > 10


def test_a_detector_that_raises_becomes_a_fault_and_is_not_called_again() -> None:
    failing = Failing(at=3)
    outputs = run(Pipeline(SPEC, parts([failing_spec(failing), brightness_spec()])), video(60))
    assert of(outputs, Fault) == [Fault(SignalKind("failing"), 0.067, "RuntimeError: the lens fell off")]
    assert (
        Abstention(SignalKind("failing"), Span(0.067, 0.067), Reason.DETECTOR_FAILED, "RuntimeError")
        in outputs
    )
    assert failing.calls == 3
    assert len([r for r in readings(outputs) if r.kind == BRIGHTNESS]) == 12


def test_a_detector_must_not_speak_for_another() -> None:
    spec = replace(brightness_spec(), kind=SignalKind("impostor"))
    outputs = run(Pipeline(SPEC, parts([spec])), video(30))
    assert [fault.kind for fault in outputs if isinstance(fault, Fault)] == ["impostor"]
    assert not of(outputs, Observation)


def test_without_consent_nothing_is_perceived() -> None:
    faces: list[FakeFaceSense] = []

    def face(hub: FakeHub) -> FakeFaceSense:
        faces.append(FakeFaceSense(hub))
        return faces[-1]

    spec = replace(SPEC, consents=frozenset({"voice"}))
    last = assessments(run(Pipeline(spec, parts(face=face)), call(1.2)))[-1]
    assert faces == []
    assert [(each.kind, each.reason) for each in last.absent] == [(BRIGHTNESS, Reason.NO_CONSENT)]


def test_a_missing_model_and_a_missing_reference_say_so() -> None:
    specs: list[DetectorSpec[Any]] = [brightness_spec(("nowhere",)), loudness_spec(needs_reference=True)]
    last = assessments(run(Pipeline(SPEC, parts(specs, FakeHub(frozenset({"nowhere"})))), call(1.0)))[-1]
    assert [(each.kind, each.reason) for each in last.absent] == [
        (BRIGHTNESS, Reason.MODEL_NOT_INSTALLED),
        (LOUDNESS, Reason.NO_REFERENCE),
    ]


def test_perception_without_its_model_makes_its_signals_absent() -> None:
    def blind(hub: FakeHub) -> FakeFaceSense:
        raise ModelNotInstalled("face_landmarker is not installed")

    outputs = run(Pipeline(SPEC, parts(face=blind)), call(1.0))
    assert [r for r in readings(outputs) if r.kind == BRIGHTNESS] == [
        Abstention(BRIGHTNESS, Span(0.0, 0.0), Reason.MODEL_NOT_INSTALLED, "face_landmarker is not installed")
    ]
    assert not of(outputs, Fault)


def test_perception_that_breaks_is_a_fault_and_the_other_sense_goes_on() -> None:
    class Broken(FakeFaceSense):
        def observe(self, frame: Frame) -> FaceView:
            raise OSError("lens cap")

    outputs = run(Pipeline(SPEC, parts(face=Broken)), call(1.2))
    assert [fault.kind for fault in outputs if isinstance(fault, Fault)] == ["face_perception"]
    assert [r.kind for r in readings(outputs) if isinstance(r, Observation)] == [LOUDNESS]


@pytest.mark.parametrize(
    ("packets", "silent", "reason"),
    [(video(150), LOUDNESS, Reason.NO_AUDIO), (audio(5.0), BRIGHTNESS, Reason.NO_VIDEO)],
    ids=["video only", "audio only"],
)
def test_a_missing_track_is_named(packets: tuple[Packet, ...], silent: SignalKind, reason: Reason) -> None:
    outputs = run(Pipeline(SPEC, parts()), packets)
    named = [r for r in readings(outputs) if r.kind == silent]
    assert [r.reason for r in named if isinstance(r, Abstention)] == [reason, reason]
    assert named[0].span.start == 0.0


def test_a_short_clip_of_one_track_names_the_other_at_the_end() -> None:
    outputs = run(Pipeline(SPEC, parts()), audio(1.0))
    assert [r.reason for r in readings(outputs) if isinstance(r, Abstention)] == [
        Reason.NO_VIDEO,
        Reason.NOT_ENOUGH_SPEECH,
    ]


def test_both_tracks_present_are_never_called_missing() -> None:
    reasons = {
        r.reason for r in readings(run(Pipeline(SPEC, parts()), call(5.0))) if isinstance(r, Abstention)
    }
    assert reasons <= {Reason.NOT_ENOUGH_SPEECH}


def test_an_unknown_codec_is_missing_media_with_the_sentence() -> None:
    outputs = run(Pipeline(SPEC, parts()), [Packet("video", "xyzzy", 0, True, b"?")])
    abstention = readings(outputs)[0]
    assert isinstance(abstention, Abstention)
    assert (abstention.reason, "xyzzy" in abstention.detail) == (Reason.NO_VIDEO, True)


def test_nothing_at_all_still_assesses() -> None:
    assert [type(output) for output in Pipeline(SPEC, parts()).finish()] == [FraudAssessment]


def test_a_level_thins_the_views() -> None:
    views: list[View] = []
    pipeline = Pipeline(SPEC, parts(), watch=views.append)
    run(pipeline, [Level(3), *video(60)])
    assert len(views) == 11  # 5 Hz over 2 s, the first at 0 s


def test_finishing_closes_perception_once() -> None:
    faces: list[FakeFaceSense] = []

    def face(hub: FakeHub) -> FakeFaceSense:
        faces.append(FakeFaceSense(hub))
        return faces[-1]

    pipeline = Pipeline(SPEC, parts(face=face))
    run(pipeline, video(5))
    pipeline.close()
    assert [each.closed for each in faces] == [True]


ITEMS = st.lists(
    st.sampled_from(["keep", "keep", "keep", "drop", "lose", "level", "restart"]), min_size=60, max_size=60
)


def disturbed(fates: list[str]) -> list[FeedItem]:
    items: list[FeedItem] = []
    for index, packet in enumerate(call(3.0)):
        fate = fates[index % len(fates)] if index % 4 == 0 else "keep"
        if fate == "level":
            items.append(Level(index % 4))
        elif fate == "restart":
            items.append(Restarted())
        if fate != "drop":
            items.append(replace(packet, lost_ms=20) if fate == "lose" else packet)
    return items


@settings(max_examples=25, deadline=None)
@given(ITEMS)
def test_the_same_items_give_the_same_outputs(fates: list[str]) -> None:
    items = disturbed(fates)
    assert run(Pipeline(SPEC, parts()), items) == run(Pipeline(SPEC, parts()), items)


@settings(max_examples=25, deadline=None)
@given(ITEMS, st.integers(0, 200))
def test_a_new_process_that_resumes_gives_what_one_process_gives(fates: list[str], at: int) -> None:
    """A worker dies after item ``at``; the new one gets the readings and a Restarted. The re-run is one process."""
    items = disturbed(fates)
    at = min(at, len(items))
    whole = run(Pipeline(SPEC, parts()), [*items[:at], Restarted(), *items[at:]])
    dead = Pipeline(SPEC, parts())
    before = [output for item in items[:at] for output in dead.feed(item)]
    resumed = Pipeline(SPEC, parts(), resume_from(before))
    after = run(resumed, [Restarted(), *items[at:]])
    assert [to_json(each) for each in before + after] == [to_json(each) for each in whole]


def test_a_new_process_goes_on_with_the_sequential_test_where_the_lost_one_had_left_it() -> None:
    """The bound is crossed at 1.5 s, and never again."""
    items = [*call(3.0)]
    at = next(index for index, each in enumerate(items) if each.t > 1.7)
    dead = Pipeline(SPEC, parts())
    before = [output for item in items[:at] for output in dead.feed(item)]
    after = run(Pipeline(SPEC, parts(), resume_from(before)), [Restarted(), *items[at:]])
    tests = [each.sequential for each in assessments([*before, *after])]
    assert [test.at if test else None for test in tests] == [None, None, *[1.5] * (len(tests) - 2)]
    assert len(assessments(after)) > 1


def resume_from(outputs: list[Output]) -> Resume:
    assessed = max([round(each.t / 0.5) for each in assessments(outputs)], default=0)
    speech = next(iter(reversed(of(outputs, SpeechHeard))), None)
    test = next((each.sequential for each in reversed(assessments(outputs))), None)
    return Resume(tuple(readings(outputs)), assessed, speech, test)  # type: ignore[arg-type]
