"""Packets of a role, and what a meter reads of its connection."""

from __future__ import annotations

import pytest

from interview.media.assembly import Encoded
from interview.media.meter import LinkStats, Meter
from interview.media.peer import Totals
from interview.media.timeline import Timeline
from interview.media.webm import OPUS_HEAD

SILENCE = b"\xf8\xff\xfe"  # Opus, 20 ms


def test_audio_says_what_is_missing_before_it() -> None:
    timeline = Timeline()
    first = timeline.packet("audio", Encoded(0, SILENCE, keyframe=True), 0.0)
    assert (first.pts_ms, first.codec, first.extradata, first.lost_ms) == (0, "opus", OPUS_HEAD, 0)
    later = timeline.packet("audio", Encoded(4 * 960, SILENCE, keyframe=True, after_loss=True), 0.08)
    assert (later.pts_ms, later.lost_ms) == (80, 60)


def test_a_pause_of_a_silent_sender_is_no_loss() -> None:
    timeline = Timeline()
    timeline.packet("audio", Encoded(0, SILENCE, keyframe=True), 0.0)
    assert timeline.packet("audio", Encoded(20 * 960, SILENCE, keyframe=True), 0.4).lost_ms == 0


def test_a_new_connection_says_how_long_each_kind_was_away_once() -> None:
    timeline = Timeline()
    timeline.packet("audio", Encoded(0, SILENCE, keyframe=True), 0.0)
    timeline.packet("video", Encoded(0, b"v", keyframe=True), 0.0)
    timeline.reconnect()
    assert timeline.packet("video", Encoded(777, b"v", keyframe=True), 5.0).lost_ms == 5000 - 33
    assert timeline.packet("audio", Encoded(555, SILENCE, keyframe=True), 5.0).lost_ms == 5000 - 20
    assert timeline.packet("video", Encoded(777 + 3000, b"v", keyframe=True), 5.033).lost_ms == 0


def test_a_track_that_begins_anew_keeps_the_other_tracks_clock() -> None:
    """A camera exchanged mid-call: other numbers, the same person, sync restored by the next report."""
    timeline = Timeline()
    for n in range(50):
        timeline.packet("audio", Encoded(n * 960, SILENCE, keyframe=True), n * 0.02)
        timeline.packet("video", Encoded(n * 1800, b"v", keyframe=True), n * 0.02)
    timeline.clock.sender_report("audio", 1000.0, 49 * 960)
    timeline.clock.sender_report("video", 1000.0, 49 * 1800)
    timeline.new_source("video")
    first = timeline.packet("video", Encoded(3_000_000_000, b"v", keyframe=True), 2.4)
    assert (first.pts_ms, first.lost_ms) == (2400, 2400 - 980 - 33)
    timeline.clock.sender_report("video", 1001.0, 3_000_000_000)
    assert timeline.packet("video", Encoded(3_000_090_000, b"v", keyframe=True), 3.4).pts_ms == 2980


def totals(seconds: float, **changes: float) -> Totals:
    numbers = {"bytes": 125_000 * seconds, "packets": 100 * seconds, "frames": 30 * seconds, "lost": 0}
    return Totals(last_s=None, rtt_s=0.05, **{k: int(changes.get(k, v)) for k, v in numbers.items()})


def test_rates_are_those_between_two_readings() -> None:
    meter = Meter()
    meter.read(totals(0), connected=True, now_s=100.0)
    assert meter.stats == LinkStats(connected=True)
    meter.read(totals(2, lost=50), connected=True, now_s=102.0)
    assert meter.stats.kbps == pytest.approx(1000.0)
    assert meter.stats.fps == pytest.approx(30.0)
    assert meter.stats.loss == pytest.approx(0.2)
    assert meter.stats.rtt_ms == pytest.approx(50.0)


def test_a_new_connection_starts_at_zero_not_below() -> None:
    meter = Meter()
    meter.read(totals(10), connected=True, now_s=10.0)
    meter.read(totals(1), connected=True, now_s=11.0)
    assert meter.stats == LinkStats(connected=True)
    meter.read(None, connected=False, now_s=12.0)
    assert meter.stats == LinkStats()
