from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from heapq import merge
from math import log
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.attacklab.store import sound_of
from biometrics.detector import DetectorContext
from biometrics.detectors.face_pad import (
    BONA_FIDE,
    COMBINATION,
    DETECTOR,
    LEAST_FACES,
    SCALES,
    FacePad,
    explain,
    interpret,
    prepare,
)
from biometrics.face.pad.window import CUES, DISTANCES
from biometrics.face.perception import FacePerception
from biometrics.media import Frame
from biometrics.views import Face, FaceView, Fact, HeadPose
from biometrics.voice.perception import SpeechPerception, heard
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from models.hub import ModelHub, ModelId, Rows
from models.manifest import Manifest
from tests.biometrics.face.fakes import Answering, a_face, a_view

NAMES = (*CUES, *DISTANCES)
OPERATING_POINT = 0.0
"""Mean log-odds of a recording at which it is flagged: models/cards/pad_window.md says what that costs."""


@dataclass
class Combining:
    """A combination that gives the network's cue as its score, and remembers what it was given."""

    given: list[tuple[Rows, ...]] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        return ModelId(COMBINATION, "fake", "c" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        self.given.append(inputs)
        values = np.arange(len(NAMES), dtype=np.float32)[np.newaxis]
        return inputs[0][:, :1], values, values / 10


def network(name: str, live: float) -> Answering:
    return Answering(name, lambda _: [(1 - live) / 2, live, (1 - live) / 2])


def build(v2: float, v1se: float) -> tuple[FacePad, dict[str, Answering], Combining]:
    networks = {"pad_v2": network("pad_v2", v2), "pad_v1se": network("pad_v1se", v1se)}
    combination = Combining()
    built = DETECTOR.build(DetectorContext({**networks, COMBINATION: combination}))
    assert isinstance(built, FacePad)
    return built, networks, combination


def watch(detector: FacePad, seconds: float, face: Face | None, fps: float = 25.0) -> list[Reading]:
    reason = None if face else Reason.NO_FACE
    views = [a_view(k / fps, face, reason) for k in range(int(seconds * fps))]
    return [one for view in views for one in detector.observe(view)]


def test_a_windows_score_is_what_its_combination_says_of_the_mean_of_both_networks() -> None:
    detector, _, combination = build(0.9, 0.5)
    (reading,) = watch(detector, 4.1, a_face())
    assert isinstance(reading, Observation)
    assert reading.score == pytest.approx(log(0.3 / 0.7), rel=1e-5)
    assert reading.model == "pad_v2@eeeeeeee+pad_v1se@eeeeeeee+pad_window@cccccccc"
    assert (reading.span.start, reading.span.end) == pytest.approx((0.0, 3.96))
    (rows,) = combination.given
    assert [row.shape for row in rows] == [(1, 13), (1, 13), (1, 3), (1, 354), (1, 2)]


def test_the_combinations_inputs_are_the_manifests() -> None:
    detector, _, combination = build(0.9, 0.5)
    watch(detector, 4.1, a_face())
    specs = Manifest.default().entry(COMBINATION)
    assert len(combination.given[0]) == len(specs.inputs)
    assert all(spec.accepts(row.shape) for spec, row in zip(specs.inputs, combination.given[0], strict=True))
    assert {spec.shape for spec in specs.outputs} == {(-1, 1), (-1, len(NAMES))}


def test_every_cue_and_its_part_is_a_covariate() -> None:
    detector, _, _ = build(0.5, 0.5)
    (reading,) = watch(detector, 4.1, a_face())
    assert isinstance(reading, Observation)
    told = reading.covariates
    unknown = {"planarity", "comotion", "mouth"}
    assert {name for name in NAMES if name in told} == set(NAMES) - unknown
    assert told["moire"] == NAMES.index("moire")
    assert told["texture_part"] == pytest.approx(NAMES.index("texture") / 10)
    assert told["faces"] == 12.0
    assert "kbps" not in told


def test_what_was_not_measured_is_not_told() -> None:
    found = explain([1.0] * len(NAMES), [0.5] * len(NAMES), [name == "bezel" for name in NAMES])
    assert found == {"bezel": 1.0, "bezel_part": 0.5}


def test_each_network_sees_its_own_crop_in_bgr_0_to_255() -> None:
    detector, networks, _ = build(0.5, 0.5)
    view = a_view(0.0, a_face())
    list(detector.observe(view))
    for name, scale in SCALES.items():
        (row,) = networks[name].rows
        assert row.shape == (3, 80, 80)
        assert row.max() > 1.0
        assert view.face is not None
        assert np.array_equal(row, prepare(view.frame.image, view.face.box, scale)[0])
    assert not np.array_equal(networks["pad_v2"].rows[0], networks["pad_v1se"].rows[0])


def test_channels_are_not_swapped() -> None:
    image = np.full((480, 640, 3), (10, 20, 30), np.uint8)
    assert prepare(image, (240.0, 160.0, 160.0, 160.0), 2.7)[0, :, 40, 40].tolist() == [10, 20, 30]


def test_the_networks_see_three_faces_a_second() -> None:
    detector, networks, _ = build(0.5, 0.5)
    assert len(watch(detector, 8.01, a_face())) == 1
    assert len(networks["pad_v2"].rows) == 24


def test_a_turned_face_is_not_measured() -> None:
    detector, networks, _ = build(0.5, 0.5)
    readings = [*watch(detector, 4.1, a_face(pose=HeadPose(26.0, 0.0, 0.0))), *detector.finish()]
    assert [one.reason for one in readings if isinstance(one, Abstention)] == [Reason.FACE_TURNED] * 2
    assert not networks["pad_v2"].rows


def test_a_short_rest_is_not_judged_and_a_long_one_is() -> None:
    detector, _, _ = build(0.5, 0.5)
    watch(detector, 1.5, a_face())
    assert [one.reason for one in detector.finish() if isinstance(one, Abstention)] == [Reason.NOT_YET]
    assert list(detector.finish()) == []
    longer, _, _ = build(0.5, 0.5)
    watch(longer, 2.5, a_face())
    assert [type(one) for one in longer.finish()] == [Observation]


def test_few_faces_are_not_judged() -> None:
    detector, _, _ = build(0.5, 0.5)
    readings = [
        one
        for k in range(100)
        for one in detector.observe(
            a_view(k / 25, a_face()) if k < (LEAST_FACES - 1) * 8 else a_view(k / 25, None, Reason.NO_FACE)
        )
    ]
    assert [one.reason for one in [*readings, *detector.finish()] if isinstance(one, Abstention)] == [
        Reason.NO_FACE
    ]


def test_the_evidence_is_the_window_at_its_most_attack_like_face() -> None:
    detector, networks, _ = build(0.5, 0.5)
    moved = replace(a_face(), box=(0.0, 0.0, 160.0, 160.0))
    networks["pad_v2"].answer = lambda row: [0.0, 0.1 if len(networks["pad_v2"].rows) == 5 else 0.9, 0.1]
    readings = [
        one
        for k in range(104)
        for one in detector.observe(a_view(k / 25, moved if 33 <= k < 40 else a_face()))
    ]
    (reading,) = readings
    assert isinstance(reading, Observation)
    (evidence,) = reading.evidence
    assert evidence.box == pytest.approx((0.0, 0.0, 0.25, 1 / 3))
    assert evidence.span == reading.span


def test_the_bit_rate_is_told_where_it_is_known() -> None:
    detector, _, _ = build(0.5, 0.5)
    readings: list[Reading] = []
    for k in range(104):
        view = a_view(k / 25, a_face())
        readings += detector.observe(replace(view, frame=replace(view.frame, coded_bytes=2500)))
    assert isinstance(readings[0], Observation)
    assert readings[0].covariates["kbps"] == pytest.approx(500, rel=0.02)


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2), st.floats(0, 1))
def test_a_livelier_answer_never_raises_the_score(live: list[float], more: float) -> None:
    livelier = [max(one, more) for one in live]
    assert interpret(livelier) <= interpret(live)
    assert -8.0 <= interpret(live) <= 8.0


def test_certainty_is_held_at_8() -> None:
    assert (interpret([0.0, 0.0]), interpret([1.0, 1.0]), interpret([0.5, 0.5])) == (8.0, -8.0, 0.0)
    assert interpret([1.0 + 1e-7]) == -8.0, "a network rounds"


@pytest.mark.parametrize("broken", [float("nan"), float("inf"), float("-inf"), 1.5, -0.2])
def test_what_is_no_probability_is_no_score(broken: float) -> None:
    with pytest.raises(ValueError, match="no probability"):
        interpret([0.5, broken])


@pytest.mark.models
def test_red_and_blue_exchanged_are_another_face_to_the_networks(hub: ModelHub) -> None:
    """A channel that slipped would go unnoticed otherwise."""
    rng = np.random.default_rng(0)
    crop = cv2.GaussianBlur(rng.uniform(0, 255, (80, 80, 3)), (0, 0), 4)
    crop = (crop - crop.mean()) * 8 + np.array([90, 110, 170])
    row = np.clip(crop, 0, 255).astype(np.float32).transpose(2, 0, 1)[np.newaxis]
    for name in SCALES:
        straight, swapped = (hub.get(name)(np.ascontiguousarray(each))[0][0] for each in (row, row[:, ::-1]))
        assert abs(straight[BONA_FIDE] - swapped[BONA_FIDE]) > 1e-3, name


def real(hub: ModelHub) -> FacePad:
    built = DETECTOR.build(DetectorContext({name: hub.get(name) for name in DETECTOR.models}))
    assert isinstance(built, FacePad)
    return built


def still_views(path: Path, perception: FacePerception) -> Iterator[FaceView]:
    """A photo, shown to the detector for four seconds as if its face looked ahead: on F1, turned by 34 degrees, it abstains."""
    image = np.asarray(cv2.imread(str(path)), np.uint8)
    face = perception.locate_still(image)
    assert isinstance(face, Face)
    ahead = replace(face, pose=HeadPose(0.0, 0.0, 0.0), track=1)
    for k in range(42):
        yield FaceView(Frame(k / 10, k, image), ahead, None, 0, 10.0)


@pytest.mark.models
@pytest.mark.shared
def test_recaptured_faces_are_told_from_a_live_one(shared: Path, hub: ModelHub) -> None:
    """Minivision's samples: their README calls F1 and F2 attacks and T1 live. None of them was trained on by us."""
    score = {}
    with FacePerception(hub) as perception:
        for name in ("F1", "F2", "T1"):
            detector = real(hub)
            path = shared / "data" / "pad_samples" / f"image_{name}.jpg"
            readings = [one for view in still_views(path, perception) for one in detector.observe(view)]
            assert isinstance(readings[0], Observation)
            score[name] = readings[0].score
    assert score["F1"] > OPERATING_POINT
    assert score["F2"] > OPERATING_POINT
    assert score["T1"] < OPERATING_POINT


def clip_views(path: Path, perception: FacePerception, seconds: float, fps: float) -> Iterator[FaceView]:
    """The beginning of a recording."""
    last = float("-inf")
    with av.open(str(path)) as media:
        for index, picture in enumerate(media.decode(video=0)):
            t = float((picture.pts or 0) * (picture.time_base or 0))
            if t > seconds:
                return
            if t - last >= 0.9 / fps:
                last = t
                yield perception.observe(
                    Frame(t, index, np.asarray(picture.to_ndarray(format="bgr24"), np.uint8))
                )


@pytest.mark.models
@pytest.mark.shared
@pytest.mark.parametrize("number", ["01", "02", "03", "11", "12", "13", "14", "15"])
def test_no_real_talk_is_flagged(shared: Path, hub: ModelHub, number: str) -> None:
    """With what they say, which makes the mouth count."""
    detector, path = real(hub), shared / "data" / "clips" / f"talking_{number}.mp4"
    ears = SpeechPerception(hub)
    spoken: list[FaceView | Fact] = [heard(view) for chunk in sound_of(path) for view in ears.feed(chunk)]
    readings: list[Reading] = []
    with FacePerception(hub) as perception:
        for moment in merge(spoken, clip_views(path, perception, 9.0, 15.0), key=lambda each: each.t):
            readings += detector.learn(moment) if isinstance(moment, Fact) else detector.observe(moment)
    read = [one for one in [*readings, *detector.finish()] if isinstance(one, Observation)]
    assert read
    assert all(one.score < OPERATING_POINT for one in read)
    assert read[0].covariates["mouth"] == 0.0
