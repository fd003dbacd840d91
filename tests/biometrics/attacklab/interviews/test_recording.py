"""Interviews as the service receives them, of drawn people."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np
import pytest

from biometrics.attacklab.channel import decoded
from biometrics.attacklab.interviews.network import (
    NETWORKS,
    PACKET_MS,
    Quality,
    draw_network,
    sounded,
    thinned,
)
from biometrics.attacklab.interviews.page import reports
from biometrics.attacklab.interviews.plan import Interview, plan
from biometrics.attacklab.interviews.recording import Recording, _stranger, record
from biometrics.attacklab.interviews.scenarios import BONA_FIDE, FRAUDS, Missing, Scenario
from biometrics.detectors.injection_page import InjectionPage
from biometrics.views import Fact
from fraudmodel.signals import Observation
from tests.biometrics.attacklab.interviews.people import everybody

CAST = everybody()
ABLE = tuple(each for each in (BONA_FIDE, *FRAUDS) if each.sound != "tts")
"""Text to speech is a program that not every machine has."""


def interview(scenario: str = "bona_fide", missing: Missing = "nothing", number: int = 0) -> Interview:
    """A small and short one."""
    planned = plan(CAST, 1, number + 1)[number]
    small = replace(planned, scenario=scenario, missing=missing, duration_s=4.0, size=(48, 40))
    return replace(small, fps=15.0, network="good", light=0.8)


def identity(recording: Recording) -> str:
    """Names everything in it."""
    digest = sha256()
    for coded in recording.video:
        digest.update(repr((coded.pts_ms, coded.lost_ms)).encode() + coded.data)
    for heard in recording.sound:
        digest.update(repr((heard.pts_ms, heard.lost_ms)).encode() + heard.data)
    told = (recording.facts, sorted(recording.conditions.items()), recording.other, recording.duration_s)
    digest.update(repr(told).encode() + (recording.photo or b""))
    return digest.hexdigest()


@pytest.mark.parametrize("number", [0, 1], ids=["train", "test"])
@pytest.mark.parametrize("scenario", [each.name for each in ABLE])
def test_every_kind_is_a_whole_interview(scenario: str, number: int) -> None:
    asked = interview(scenario, number=number)
    found = record(asked, CAST)
    assert found.duration_s == pytest.approx(4.0, abs=0.4)
    frames = list(decoded(found.video))
    assert len(frames) >= 30
    assert {frame.image.shape[2] for frame in frames} == {3}
    assert len(found.sound) * PACKET_MS / 1000 == pytest.approx(found.duration_s, abs=0.4)
    times = [fact["t"] for fact in found.facts]
    assert times == sorted(times)
    assert {"page", "flash"} <= {fact["topic"] for fact in found.facts}
    assert found.photo is not None
    honest_face = scenario in ("bona_fide", "virtual_transcode", "session_replay", "relight", "voice_replay")
    if honest_face:
        assert found.other == asked.subject
    elif scenario in ("impostor", "impostor_seen", "face_swap", "person_switch", "voice_conversion"):
        assert found.other == asked.other


def told(recording: Recording, topic: str) -> list[Mapping[str, Any]]:
    return [fact["values"] for fact in recording.facts if fact["topic"] == topic]


def test_what_is_missing_is_missing() -> None:
    assert record(interview(missing="microphone"), CAST).sound == ()
    assert record(interview(missing="face_reference"), CAST).photo is None
    assert record(interview(missing="voice_reference"), CAST).recordings == ()
    assert told(record(interview(missing="page_report"), CAST), "page") == []
    assert told(record(interview(missing="challenge"), CAST), "flash") == []
    (refused,) = told(record(interview(missing="challenge_refused"), CAST), "flash")
    assert refused["how"] == "refused"


def test_video_that_is_late_begins_with_a_keyframe() -> None:
    late = replace(interview(missing="late_video"), duration_s=9.0)
    found = record(late, CAST)
    assert found.video[0].pts_ms >= 4000
    assert found.video[0].keyframe
    assert found.conditions["late_s"] >= 4.0  # type: ignore[operator]


def test_the_screens_light_is_told_as_it_was_shown() -> None:
    found = record(replace(interview(), duration_s=20.0, fps=10.0), CAST)
    facts = [fact for fact in found.facts if fact["topic"] == "flash"]
    events = [fact["values"]["event"] for fact in facts]
    assert (events[0], events[-1]) == ("begin", "end")
    assert all(fact["t"] == fact["values"]["shown_s"] for fact in facts[1:-1])
    assert facts[0]["t"] < facts[1]["t"]
    assert facts[-1]["t"] < 20.0


def test_an_earlier_interview_that_is_played_again_is_remembered() -> None:
    (past,) = told(record(interview("session_replay"), CAST), "past")
    assert set(past) == {"stretches"}


@pytest.mark.parametrize("scenario", [each for each in ABLE if each.shows_other], ids=lambda each: each.name)
def test_nobody_who_moves_in_it_is_remembered(scenario: Scenario) -> None:
    asked = interview(scenario.name)
    assert _stranger(asked, scenario, CAST) is None
    more = replace(CAST, people=(*CAST.people, replace(CAST.people[0], name="p99")))
    stranger = _stranger(asked, scenario, more)
    assert stranger is not None
    assert stranger.name not in (asked.subject, asked.other)


def test_the_same_in_another_process() -> None:
    chosen = [interview("face_swap_cloned"), interview("voice_mixed", number=1)]
    here = [identity(record(each, CAST)) for each in chosen]
    code = (
        "from tests.biometrics.attacklab.interviews.test_recording import *\n"
        "print(*(identity(record(each, CAST)) for each in (interview('face_swap_cloned'), interview('voice_mixed', number=1))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": "7"},
    )  # fmt: skip
    assert done.stdout.split() == here


def page_score(injects: bool, seed: int) -> float:
    page, last = InjectionPage(), 0.0
    for fact in reports(injects, seed % 2 == 0, 25.0, np.random.default_rng(seed)):
        for reading in page.observe(Fact(fact["t"], fact["topic"], fact["values"])):
            last = reading.score if isinstance(reading, Observation) else last
    return last


def test_honest_pages_are_mostly_plain_and_injecting_ones_mostly_odd() -> None:
    honest = np.array([page_score(False, seed) for seed in range(200)])
    injecting = np.array([page_score(True, seed) for seed in range(200)])
    assert np.mean(honest == 0.0) > 0.85
    assert np.mean(honest < 2.0) > 0.95
    assert 0.3 < np.mean(injecting == 0.0) < 0.55
    assert np.mean(injecting >= 3.0) > 0.3


def test_lost_sound_is_marked_with_how_much_it_was() -> None:
    whole = sounded(np.zeros(16_000, np.float32), 16_000, 24)
    assert [each.pts_ms for each in whole] == [PACKET_MS * k for k in range(len(whole))]
    found = thinned(whole, 0.2, np.random.default_rng(1))
    assert 0 < len(found) < len(whole)
    at = 0
    for each in found:
        assert each.lost_ms == each.pts_ms - at
        at = each.pts_ms + PACKET_MS


@pytest.mark.parametrize("quality", sorted(set(NETWORKS)))
def test_networks_are_as_good_as_they_are_called(quality: Quality) -> None:
    kbps = {"good": (900, 2500), "fair": (400, 900), "poor": (150, 400)}[quality]
    found = [draw_network(quality, 25.0, np.random.default_rng(seed)) for seed in range(30)]
    assert all(kbps[0] <= each.video.kbps <= kbps[1] for each in found)
    assert (max(len(each.video.losses) for each in found) > 0) == (quality != "good")
