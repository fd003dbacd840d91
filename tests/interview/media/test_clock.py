"""The session clock: increasing, immune to jitter, honest about steps."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interview.media.clock import RTP_HZ, MediaClock, Stamp
from interview.media.packets import Kind

NTP_S = 3_970_000_000.0
KINDS: Final[tuple[Kind, Kind]] = ("video", "audio")


class Sender:
    """A browser: captures both tracks on one clock, each with its own random RTP origin."""

    def __init__(self, origins: dict[Kind, int], drift: float = 0.0) -> None:
        self._origins = origins
        self._drift = drift

    def rtp(self, kind: Kind, t: float) -> int:
        return (self._origins[kind] + round(t * RTP_HZ[kind] * (1 + self._drift))) % 2**32

    def report(self, clock: MediaClock, kind: Kind, t: float) -> None:
        clock.sender_report(kind, NTP_S + t, self.rtp(kind, t))


def ticks(duration_s: float) -> Iterator[tuple[float, Kind]]:
    """Capture times of 30 fps video and 20 ms audio, in order."""
    video: list[tuple[float, Kind]] = [(n / 30, "video") for n in range(int(duration_s * 30))]
    audio: list[tuple[float, Kind]] = [(n / 50, "audio") for n in range(int(duration_s * 50))]
    return iter(sorted([*video, *audio]))


def run(
    sender: Sender, delays: dict[Kind, tuple[float, float]], duration_s: float, seed: int
) -> dict[Kind, list[tuple[float, Stamp]]]:
    """Capture time and stamp of every packet, with delay plus uniform jitter per kind, and a report a second."""
    dice = random.Random(seed)  # noqa: S311 - a network, not a secret
    clock = MediaClock()
    out: dict[Kind, list[tuple[float, Stamp]]] = {"video": [], "audio": []}
    arrived: dict[Kind, float] = {"video": 0.0, "audio": 0.0}
    reported: dict[Kind, float] = {"video": 0.4, "audio": 0.9}
    for t, kind in ticks(duration_s):
        base, jitter = delays[kind]
        arrived[kind] = max(arrived[kind], t + base + dice.uniform(0.0, jitter))
        if t > reported[kind]:
            sender.report(clock, kind, t)
            reported[kind] += 1.0
        out[kind].append((t, clock.stamp(kind, sender.rtp(kind, t), arrived[kind])))
    return out


def av_offset_ms(stamps: dict[Kind, list[tuple[float, Stamp]]], after_s: float) -> float:
    """Mean of (session time - capture time) of video minus that of audio."""
    means = []
    for kind in KINDS:
        errors = [s.pts_ms - t * 1000 for t, s in stamps[kind] if t > after_s]
        means.append(sum(errors) / len(errors))
    return means[0] - means[1]


ORIGINS = st.fixed_dictionaries({"video": st.integers(0, 2**32 - 1), "audio": st.integers(0, 2**32 - 1)})


@given(origins=ORIGINS, seed=st.integers(0, 1000), late=st.sampled_from(["video", "audio"]))
def test_jitter_of_300_ms_on_one_track_moves_the_av_offset_less_than_10_ms(
    origins: dict[Kind, int], seed: int, late: Kind
) -> None:
    delays: dict[Kind, tuple[float, float]] = {"video": (0.03, 0.0), "audio": (0.03, 0.0)}
    delays[late] = (0.03, 0.3)
    assert abs(av_offset_ms(run(Sender(origins), delays, 4.0, seed), after_s=2.0)) < 10.0


@given(origins=ORIGINS, seed=st.integers(0, 1000), jitter=st.floats(0.0, 0.5))
def test_times_increase_strictly_whatever_the_network_does(
    origins: dict[Kind, int], seed: int, jitter: float
) -> None:
    stamps = run(Sender(origins), {"video": (0.1, jitter), "audio": (0.0, jitter)}, 3.0, seed)
    for kind in KINDS:
        times = [s.pts_ms for _, s in stamps[kind]]
        assert times[0] >= 0
        assert all(a < b for a, b in pairwise(times))


def test_without_jitter_time_is_capture_time_to_the_millisecond_across_a_timestamp_wrap() -> None:
    sender = Sender({"video": 2**32 - 45_000, "audio": 2**32 - 24_000})
    stamps = run(sender, {"video": (0.0, 0.0), "audio": (0.0, 0.0)}, 3.0, seed=1)
    for kind in KINDS:
        assert [s.pts_ms for _, s in stamps[kind]] == [round(t * 1000) for t, _ in stamps[kind]]
        assert all(s.step_ms == 0 for _, s in stamps[kind])


def test_a_constant_difference_of_delay_is_removed_by_one_reported_step() -> None:
    stamps = run(Sender({"video": 7, "audio": 9}), {"video": (0.0, 0.0), "audio": (0.2, 0.0)}, 4.0, seed=1)
    steps = [s.step_ms for _, s in stamps["audio"] if s.step_ms]
    assert steps == [-200]
    assert abs(av_offset_ms(stamps, after_s=2.0)) < 2.0


def test_a_packet_that_arrives_earlier_than_the_first_lowers_the_anchor_before_any_report() -> None:
    clock = MediaClock()
    assert clock.stamp("video", 0, 0.30).pts_ms == 300
    assert clock.stamp("video", 36_000, 0.45) == Stamp(450, step_ms=-250)


def test_a_drifting_sound_card_is_followed_by_reports() -> None:
    """500 ppm over a minute is 30 ms; reports hold sync within the tolerance."""
    clock = MediaClock()
    for n in range(60 * 50):
        t = n / 50
        timestamp = round(t * 48_000 * 1.0005)
        if n % 50 == 49:
            clock.sender_report("audio", NTP_S + t, timestamp)
        stamp = clock.stamp("audio", timestamp, t)
        assert abs(stamp.pts_ms - t * 1000) <= 7


def test_a_reconnect_goes_on_later_never_earlier() -> None:
    clock = MediaClock()
    assert clock.stamp("video", 90_000, 10.0).pts_ms == 10_000
    clock.reconnect()
    assert clock.stamp("video", 4_000_000, 17.5).pts_ms == 17_500


@pytest.mark.parametrize("lie_s", [3600.0, 5.0, -3600.0])
def test_a_report_that_lies_about_the_time_does_not_move_the_session(lie_s: float) -> None:
    """The sender's clock is under the applicant's control: media stay within 1.3 s of when they came."""
    clock = MediaClock()
    for n in range(20 * 30):
        t = n / 30
        if n == 60:
            clock.sender_report("video", NTP_S + t, n * 3000)
        if n == 120:
            clock.sender_report("video", NTP_S + t + lie_s, n * 3000)
        stamp = clock.stamp("video", n * 3000, t)
    assert abs(stamp.pts_ms - t * 1000) <= 1300


def test_reports_before_any_packet_are_of_no_use_and_do_no_harm() -> None:
    clock = MediaClock()
    clock.sender_report("audio", NTP_S, 123)
    assert clock.stamp("audio", 480_000, 1.0) == Stamp(1000, 0)
