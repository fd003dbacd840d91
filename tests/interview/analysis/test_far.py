"""The officer's sound in the analysis: shown to those who leave its echo out, to nobody else, and the same in a re-run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from biometrics.views import FarView, View
from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import Abstention, Observation, Reason
from interview.analysis.compare import compare
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Fault, Output
from interview.analysis.recorded import rerun, run
from interview.errors import MediaError
from interview.media.journal import FeedItem, Restarted, Took, took
from interview.media.packets import Packet
from interview.media.recorder import SegmentRecorder
from tests.interview.analysis.fakes import ECHO, SPEC, echo_spec, parts
from tests.interview.analysis.media import audio, call

LISTENING = [echo_spec()]


def far(seconds: float, start_ms: int = 7) -> list[Packet]:
    return [replace(packet, kind="far") for packet in audio(seconds, start_ms)]


def both(seconds: float) -> list[Packet]:
    return sorted([*call(seconds), *far(seconds)], key=lambda packet: packet.pts_ms)


def echoes(outputs: Sequence[Output]) -> list[Observation]:
    return [each for each in outputs if isinstance(each, Observation) and each.kind == ECHO]


def recorded(path: Path, packets: Sequence[Packet]) -> Path:
    recorder = SegmentRecorder(path)
    recorder.write(packets)
    recorder.close()
    return path


def test_it_is_shown_to_a_detector_that_declares_it() -> None:
    *_, last = echoes(list(run(both(2.0), SPEC, parts(LISTENING))))
    assert last.covariates["pieces"] > 70
    assert last.score > 1000


def test_without_it_such_a_detector_works_and_hears_none() -> None:
    *_, last = echoes(list(run(call(2.0), SPEC, parts(LISTENING))))
    assert (last.score, last.covariates["pieces"]) == (0.0, 0.0)


def test_to_everybody_else_it_makes_no_difference() -> None:
    assert list(run(both(2.0), SPEC, parts())) == list(run(call(2.0), SPEC, parts()))


def test_it_is_shown_to_no_watcher() -> None:
    seen: list[View] = []
    list(run(both(1.0), SPEC, parts(LISTENING), watch=seen.append))
    assert seen
    assert not any(isinstance(view, FarView) for view in seen)


def test_where_nobody_needs_it_it_is_not_even_decoded() -> None:
    unknown = replace(far(0.02)[0], codec="nonsense")
    assert Pipeline(SPEC, parts()).feed(unknown) == []
    refused = replace(SPEC, consents=frozenset({"face"}))
    assert Pipeline(refused, parts(LISTENING)).feed(unknown) == []


def test_while_only_the_officer_is_heard_no_time_passes() -> None:
    pipeline = Pipeline(SPEC, parts())
    outputs = [output for packet in far(5.0) for output in pipeline.feed(packet)]
    assert outputs == []
    (last,) = [each for each in pipeline.finish() if isinstance(each, FraudAssessment)]
    assert last.t == 0.0


def test_where_it_cannot_be_decoded_what_needs_it_stops_and_says_so() -> None:
    pipeline = Pipeline(SPEC, parts(LISTENING))
    (reading,) = pipeline.feed(replace(far(0.02)[0], codec="nonsense"))
    assert isinstance(reading, Abstention)
    assert (reading.kind, reading.reason) == (ECHO, Reason.NO_OFFICER_TRACK)
    assert echoes([output for packet in both(1.0) for output in pipeline.feed(packet)]) == []


def test_what_nobody_expected_of_it_stops_what_needs_it_and_not_the_analysis() -> None:
    pipeline = Pipeline(SPEC, parts(LISTENING))
    broken = replace(far(0.02)[0], data=cast("bytes", None))
    found = pipeline.feed(broken)
    (fault,) = [each for each in found if isinstance(each, Fault)]
    assert fault.kind == "far_sound"
    (reading,) = [each for each in found if isinstance(each, Abstention)]
    assert (reading.kind, reading.reason) == (ECHO, Reason.DETECTOR_FAILED)
    assert [each for packet in call(2.0) for each in pipeline.feed(packet)]


def test_recording_and_journal_give_every_number_again(tmp_path: Path) -> None:
    items: list[FeedItem] = [*both(4.0)]
    items[200:200] = [Restarted()]
    live = list(run(items, SPEC, parts(LISTENING)))
    journal = [took(each) if isinstance(each, Packet) else each for each in items]
    applicant = recorded(tmp_path / "applicant.webm", call(4.0))
    officer = recorded(tmp_path / "officer.webm", [replace(each, kind="audio") for each in far(4.0)])
    again = list(rerun(applicant, journal, SPEC, parts(LISTENING), officer=officer))
    assert compare(live, again).equal
    assert len(echoes(again)) > 3
    with pytest.raises(MediaError, match="no far packet at 7 ms"):
        list(rerun(applicant, journal, SPEC, parts(LISTENING)))


def test_a_journal_from_before_it_was_taken_re_runs_as_it_did(tmp_path: Path) -> None:
    live = list(run(call(3.0), SPEC, parts(LISTENING)))
    applicant = recorded(tmp_path / "applicant.webm", call(3.0))
    journal = [Took(each.kind, each.pts_ms) for each in call(3.0)]
    missing = tmp_path / "officer.webm"
    assert compare(live, rerun(applicant, journal, SPEC, parts(LISTENING), officer=missing)).equal
