"""The report of a stored interview: its facts, its models, and the faces that its evidence points at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fraudmodel.signals import EvidenceRef, Observation, SignalKind, Span
from interview.errors import MediaError
from interview.live.reporting import Report, faces_of, facts_of, frame_at, models_used
from interview.media.recorder import SegmentRecorder
from interview.questions.spans import AnswerSpan
from interview.session import Outcome
from models.manifest import Manifest
from tests.interview.analysis.fakes import parts
from tests.interview.analysis.moving import SeesFace, movement, record
from tests.interview.live.material import record_segment
from tests.interview.live.stage import Stage
from tests.interview.world import START, abstention, assessment, observation

SECONDS = 3.0


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("recording") / "applicant.webm"
    record_segment(path, SECONDS)
    return path


def seen(end: float, quality: float, box: tuple[float, float, float, float] | None) -> Observation:
    evidence = (EvidenceRef("video", Span(end, end), box),)
    return Observation(SignalKind("face_match"), Span(end, end), 0.1, quality, "m@00000000", evidence)


def test_page_says_what_was_stored(stage: Stage, recording: Path) -> None:
    session = stage.world.sealed(stage.officer).id
    record = stage.sessions.decide(session, Outcome.REFER, "Income to be checked on site.", stage.officer)
    outputs = (observation(0.5), abstention(), assessment(1.0, 0.25))
    job = Report(
        "王小明 <script>",
        recording,
        outputs,
        (),
        START,
        "0.1.0",
        "zh",
        facts_of(replace(record, simulated=True)),
    )
    page = job(parts())
    for said in (
        session,
        "Income to be checked on site.",
        "Li",
        "recording, face, voice",
        "录制、面部、声音",
        "Refer: Income to be checked on site.",
        "转复核：Income to be checked on site.",
        "申请人并非真人",
        'aria-label="Face against ID photo · 人脸与证件照比对"',
        "0.1.0",
    ):
        assert said in page
    assert "<script>" not in page
    assert "data:image" in page


def test_movement_is_pictured_with_the_question_it_fell_in(tmp_path: Path) -> None:
    path = record(tmp_path / "applicant.webm")
    answers = (AnswerSpan(7, 0.5, 2.0),)
    outputs = (movement(), assessment(1.0, 0.25))
    page = Report("a", path, outputs, (), START, "0.1.0", "en", answers=answers)(parts(face=SeesFace))
    assert "right inner eyebrow, right outer eyebrow" in page
    assert '<td class="n">7</td>' in page
    assert page.count('class="still"') == 1


def test_recording_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone.webm"
    with pytest.raises(MediaError, match=r"gone\.webm"):
        Report("a", gone, (assessment(1.0),), (), START, "0.1.0", "en")(parts())


def test_models_are_found_by_name_and_hash() -> None:
    entries = list(Manifest.default().entries.values())[:3]
    named = [f"{entry.name}@{entry.sha256[:8]}" for entry in entries]
    found = models_used(
        [f"{named[0]}+{named[1]}", named[1], "unknown@12345678", "rest-1"], Manifest.default()
    )
    assert sorted(model.name for model in found) == sorted(entry.name for entry in entries[:2])


def test_own_weights_replaced_ones_and_those_that_are_gone_are_told_apart() -> None:
    shipped = Manifest.default().entry("campplus")
    own = replace(shipped, version="ours", sha256="ab" * 32, licence="ours", own=Path("ours.onnx"))
    installed = Manifest({**Manifest.default().entries, "campplus": own})
    named = ["campplus@00000000", "campplus@abababab", f"campplus@{shipped.sha256[:8]}"]
    ours, replaced, gone = models_used(named, installed)
    assert (ours.version, ours.sha256, ours.licence) == ("ours", "ab" * 32, "ours")
    assert (replaced.version, replaced.sha256) == (shipped.version, shipped.sha256)
    assert (gone.name, gone.sha256, gone.use) == ("campplus", "00000000", "")
    assert "not among the models here now" in gone.licence


def test_frame_is_the_first_at_or_after_its_time(recording: Path) -> None:
    start, later, again = (frame_at(recording, t) for t in (0.0, 1.5, 1.5))
    assert start is not None
    assert later is not None
    assert start.shape == (120, 160, 3)
    assert np.array_equal(later, again if again is not None else start)
    assert not np.array_equal(start, later)
    assert frame_at(recording, SECONDS + 1) is None


def test_sound_alone_has_no_faces(tmp_path: Path) -> None:
    path = tmp_path / "tone.webm"
    packets = [packet for packet in record_segment(tmp_path / "both.webm", 3.0) if packet.kind == "audio"]
    recorder = SegmentRecorder(path)
    recorder.write(packets)
    recorder.close()
    assert frame_at(path, 0.0) is None
    assert faces_of(path, [seen(1.0, 1.0, (0.0, 0.0, 1.0, 1.0))]) == []


def test_best_face_of_each_stretch_in_order_of_time(recording: Path) -> None:
    box = (0.25, 0.25, 0.5, 0.5)
    outputs = [seen(t, q, box) for t, q in ((2.9, 0.3), (0.1, 0.2), (0.2, 0.9), (0.3, 0.4), (1.6, 0.5))]
    faces = faces_of(recording, [*outputs, seen(1.0, 1.0, None), abstention(), assessment(1.0)])
    assert [(face.t, face.merit) for face in faces] == [(0.2, 0.9), (1.6, 0.5), (2.9, 0.3)]
    assert all(face.image.shape == (192, 192, 3) for face in faces)


def test_box_beyond_the_picture_is_cut_and_one_past_the_end_is_left_out(recording: Path) -> None:
    beyond = seen(1.0, 1.0, (-0.5, -0.5, 3.0, 3.0))
    outside = seen(2.0, 1.0, (1.5, 1.5, 0.1, 0.1))
    assert [face.t for face in faces_of(recording, [beyond, outside])] == [1.0]
    assert faces_of(recording, [seen(SECONDS + 60, 1.0, (0.0, 0.0, 1.0, 1.0))]) == []
    assert faces_of(recording, []) == []
