"""The WebRTC channel: bit rates, losses, and that the service's own decoder sees the same."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.attacklab.channel import Channel, Coded, Loss, decoded, draw_channel, encode, sent_size
from interview.analysis.decode import VideoDecoder
from interview.media.packets import Packet


@pytest.fixture(scope="module")
def moving() -> tuple[np.ndarray, np.ndarray]:
    """Three seconds of a textured picture that drifts."""
    rng = np.random.default_rng(0)
    wide = cv2.resize(
        rng.integers(0, 256, (80, 110, 3), dtype=np.uint8), (440, 320), interpolation=cv2.INTER_CUBIC
    )
    frames = np.stack([wide[20 + k % 20 : 260 + k % 20, k : k + 320] for k in range(75)])
    return np.ascontiguousarray(frames), np.arange(75) / 25


@pytest.mark.parametrize("kbps", [400, 800, 1600])
def test_it_keeps_its_bit_rate(moving: tuple[np.ndarray, np.ndarray], kbps: int) -> None:
    frames, t = moving
    packets = encode(frames, t, Channel(kbps))
    sent = sum(len(packet.data) for packet in packets) * 8 / 1000 / 3.0
    assert sent == pytest.approx(kbps, rel=0.25)


def test_the_same_pictures_give_the_same_packets(moving: tuple[np.ndarray, np.ndarray]) -> None:
    assert encode(*moving, Channel(500)) == encode(*moving, Channel(500))


def test_more_bits_are_closer_to_what_was_sent(moving: tuple[np.ndarray, np.ndarray]) -> None:
    frames, t = moving
    errors = []
    for kbps in (400, 2500):
        seen = {frame.index: frame.image for frame in decoded(encode(frames, t, Channel(kbps)))}
        errors.append(float(abs(seen[40].astype(float) - frames[40]).mean()))
    assert errors[1] < 0.8 * errors[0]


def test_only_the_first_frame_is_whole_unless_one_is_asked_for(moving: tuple[np.ndarray, np.ndarray]) -> None:
    packets = encode(*moving, Channel(800))
    assert [packet.keyframe for packet in packets].count(True) == 1
    assert packets[0].keyframe


def test_what_was_lost_is_missing_until_the_keyframe_that_was_asked_for(
    moving: tuple[np.ndarray, np.ndarray],
) -> None:
    packets = encode(*moving, Channel(1600, (Loss(1.0, 0.2),)))
    keyframes = [packet for packet in packets if packet.keyframe]
    assert [packet.pts_ms for packet in keyframes] == [0, 1200]
    assert [packet.lost_ms for packet in packets if packet.lost_ms] == [200]
    assert not [packet for packet in packets if 1000 <= packet.pts_ms < 1200]


def test_the_services_decoder_sees_the_same_frames(moving: tuple[np.ndarray, np.ndarray]) -> None:
    packets = encode(*moving, Channel(1600, (Loss(1.0, 0.2),)))
    decoder = VideoDecoder(lambda pts_ms: True)
    theirs = [
        frame
        for each in packets
        for frame in decoder.feed(
            Packet("video", "vp8", each.pts_ms, each.keyframe, each.data, lost_ms=each.lost_ms)
        )
    ]
    ours = list(decoded(packets))
    assert len(ours) == len(theirs) == len(packets)
    for one, other in zip(ours, theirs, strict=True):
        assert (one.t, one.lost_s, one.coded_bytes, one.keyframe) == (
            other.t, other.lost_s, other.coded_bytes, other.keyframe,
        )  # fmt: skip
        assert (one.image == other.image).all()


def test_few_bits_make_the_picture_smaller() -> None:
    assert sent_size((480, 360), 2000, 30) == (480, 360)
    assert sent_size((480, 360), 200, 30) == (360, 270)
    assert sent_size((480, 360), 50, 30) == (240, 180)


@given(st.integers(0, 2**32 - 1))
def test_a_drawn_channel_is_one_that_calls_have(seed: int) -> None:
    channel = draw_channel(np.random.default_rng(seed), 3.5, lossy=1.0)
    assert 250 <= channel.kbps <= 2500
    times = [loss.t for loss in channel.losses]
    assert times == sorted(times)
    assert all(0 < t < 3.5 for t in times)


def test_equal_times_become_milliseconds_that_rise() -> None:
    frames = np.zeros((3, 32, 32, 3), np.uint8)
    packets = encode(frames, np.array([0.0, 0.0001, 0.0002]), Channel(300))
    times = [packet.pts_ms for packet in packets]
    assert times == sorted(set(times))
    assert isinstance(packets[0], Coded)
