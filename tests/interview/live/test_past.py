"""Earlier interviews become known again, and are told to the next one."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import av
import numpy as np
import orjson
import pytest

from biometrics.injection.hashes import Fingerprint
from interview.analysis.senses import Parts
from interview.errors import MediaError
from interview.live.fingerprinting import MakeFingerprint
from interview.live.past import MOST, PastSessions
from interview.media.journal import Told
from interview.problems import Rejected, Unavailable
from interview.session import Outcome, State
from tests.interview.live.stage import Stage, joined
from tests.interview.media.clients import until
from tests.interview.world import agreed

STRETCH = {"start_s": 0.0, "hashes": "AAAAAAAAAAE=", "known": "gA=="}


@dataclass
class Fingerprints:
    """Makes them, or raises."""

    error: Exception | None = None
    asked: list[str] = field(default_factory=list)

    def __call__(self, session_id: str) -> Mapping[str, Any]:
        self.asked.append(session_id)
        if self.error is not None:
            raise self.error
        return {"stretches": [STRETCH]}


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage.set_up(tmp_path)


def sealed(stage: Stage, recorded: bool = True) -> str:
    """An interview that is over."""
    session_id = stage.interview()
    stage.sessions.seal(session_id, stage.officer.id)
    folder = stage.reels.folder(session_id)
    folder.mkdir(parents=True, exist_ok=True)
    if recorded:
        (folder / "applicant.webm").write_bytes(b"a recording")
    return session_id


def past(stage: Stage, fingerprints: Fingerprints) -> PastSessions:
    return PastSessions(stage.sessions, stage.reels, fingerprints)


def test_one_at_a_time_the_latest_first_and_each_once(stage: Stage) -> None:
    first, second, fingerprints = sealed(stage), sealed(stage), Fingerprints()
    sealed(stage, recorded=False)
    for _ in range(4):
        past(stage, fingerprints).catch_up()
    assert fingerprints.asked == [second, first]
    told = past(stage, fingerprints).of("the next one")
    assert [each["session"] for each in told] == [second, first]
    assert [each["session"] for each in past(stage, fingerprints).of(second)] == [first]
    assert len(Fingerprint.of(told[0]).stretches[0].hashes) == 1


def test_what_cannot_be_made_for_now_is_tried_again_and_what_never_can_is_not(stage: Stage) -> None:
    session_id = sealed(stage)
    busy = Fingerprints(Unavailable("The clerk died.", "稍后重试。"))
    damaged = Fingerprints(Rejected("The record is not whole.", "记录不完整。", code="record_not_whole"))
    for fingerprints, times in ((busy, 2), (damaged, 1)):
        past(stage, fingerprints).catch_up()
        past(stage, fingerprints).catch_up()
        assert fingerprints.asked == [session_id] * times
    assert past(stage, damaged).of("the next one") == []


def test_an_interview_whose_face_was_not_to_be_analysed_is_not_remembered(stage: Stage) -> None:
    session = stage.world.interview(stage.officer)
    stage.world.sessions.consent(session.id, agreed(stage.world.clock.now(), face=False))
    stage.sessions.seal(session.id, stage.officer.id)
    folder = stage.reels.folder(session.id)
    folder.mkdir(parents=True)
    (folder / "applicant.webm").write_bytes(b"a recording")
    fingerprints = Fingerprints()
    past(stage, fingerprints).catch_up()
    assert fingerprints.asked == []


def test_only_so_many_are_told(stage: Stage) -> None:
    for _ in range(MOST + 2):
        session_id = sealed(stage, recorded=False)
        path = stage.reels.folder(session_id) / "motion.json"
        path.write_bytes(orjson.dumps({"session": session_id, "stretches": [STRETCH]}))
    assert len(past(stage, Fingerprints()).of("the next one")) == MOST


def test_what_was_declined_is_not_pushed_out_by_what_came_after(stage: Stage) -> None:
    """A bank may hold more interviews in a day than are looked for; a recording that was found out comes again next week."""
    found_out = sealed(stage, recorded=False)
    stage.sessions.decide(found_out, Outcome.DECLINE, "A recording was played.", stage.officer)
    for session_id in (found_out, *(sealed(stage, recorded=False) for _ in range(MOST + 2))):
        path = stage.reels.folder(session_id) / "motion.json"
        path.write_bytes(orjson.dumps({"session": session_id, "stretches": [STRETCH]}))
    told = [each["session"] for each in past(stage, Fingerprints()).of("the next one")]
    assert told[0] == found_out
    assert len(told) == MOST


def test_the_next_interview_is_told_as_it_begins_and_again_after_a_worker_died(stage: Stage) -> None:
    async def test() -> None:
        earlier = sealed(stage)
        stage.clerk.answer = {"stretches": [STRETCH]}
        calls = stage.calls()
        async with calls.running():
            await calls.tidy()
            session_id = stage.interview()
            async with joined(calls, session_id, "applicant"), joined(calls, session_id, "officer"):
                await until(lambda: stage.state(session_id) is State.LIVE)
                await until(lambda: stage.feed().told)
                assert [told.values["session"] for told in stage.feed().told if told.topic == "past"] == [
                    earlier
                ]
            await calls.end(session_id, stage.officer.id)
        kept = [
            entry for entry in stage.journal(session_id) if isinstance(entry, Told) and entry.topic == "past"
        ]
        assert [entry.values for entry in kept] == [{"session": earlier, "stretches": [STRETCH]}]

    asyncio.run(test())


def test_a_recording_becomes_a_fingerprint(tmp_path: Path) -> None:
    """Twelve seconds of moving discs through VP8: some eight of them are remembered."""
    path, rng, t = tmp_path / "applicant.webm", np.random.default_rng(1), np.arange(180) / 15
    x, y = (
        sum(
            a * np.sin(2 * np.pi * (f * t + p)) for a, f, p in rng.uniform([10, 0.1, 0], [40, 0.9, 1], (3, 3))
        )
        for _ in range(2)
    )
    rows, columns = np.mgrid[:120, :160]
    with av.open(str(path), "w", format="webm") as out:
        stream: Any = out.add_stream("libvpx", rate=15)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        stream.options = {"deadline": "realtime", "cpu-used": "8"}
        for k in range(len(t)):
            disc = (columns - 80 - x[k]) ** 2 + (rows - 60 - y[k]) ** 2 < 900
            image = np.where(disc[:, :, np.newaxis], 200, 60).repeat(3, axis=2).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="bgr24")
            frame.pts, frame.time_base = k, Fraction(1, 15)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    found = Fingerprint.of(MakeFingerprint(path)(cast("Parts", None)))
    assert 1 <= len(found.stretches) <= 2
    assert all(stretch.known.sum() >= 25 for stretch in found.stretches)


def test_a_file_that_is_no_recording_raises(tmp_path: Path) -> None:
    (tmp_path / "applicant.webm").write_bytes(b"nothing")
    with pytest.raises(MediaError):
        MakeFingerprint(tmp_path / "applicant.webm")(cast("Parts", None))
