"""Packets to media: times, gaps, and never an invented sample."""

from __future__ import annotations

import ctypes
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.media import AudioChunk, Frame
from interview.analysis.decode import AudioDecoder, UndecodableError, VideoDecoder, encoded
from interview.media.packets import Packet
from interview.media.recording import read_packets
from tests.interview.analysis.files import recording
from tests.interview.analysis.media import audio, picture, video

_PADDING = 64
"""FFmpeg's AV_INPUT_BUFFER_PADDING_SIZE."""


def every(pts_ms: int) -> bool:
    return True


def frames_of(packets: list[Packet] | tuple[Packet, ...]) -> list[Frame]:
    decoder = VideoDecoder(every)
    return [frame for packet in packets for frame in decoder.feed(packet)] + list(decoder.finish())


def chunks_of(packets: list[Packet] | tuple[Packet, ...]) -> list[AudioChunk]:
    decoder = AudioDecoder()
    return [chunk for packet in packets for chunk in decoder.feed(packet)] + list(decoder.finish())


@pytest.mark.parametrize("size", [1, 31, 64, 1000])
def test_behind_a_packet_a_decoder_finds_zeros(size: int) -> None:
    one = bytes(range(1, 32)) * 33
    packet = encoded(Packet("audio", "aac", 20, keyframe=True, data=one[:size]))
    assert bytes(packet) == one[:size]
    assert ctypes.string_at(packet.buffer_ptr + size, _PADDING) == bytes(_PADDING)


def test_equal_packets_give_equal_pictures_wherever_they_lie_in_memory(tmp_path: Path) -> None:
    packets = list(read_packets(recording(tmp_path / "call.mkv", 6.0, sound=False)))
    packets = packets[:50] + packets[63:]
    first = [(frame.t, frame.image.tobytes()) for frame in frames_of(packets)]
    for value in range(8):
        litter = [bytes([255 - value]) * len(packet.data) for packet in packets]
        copies = [replace(packet, data=bytes(bytearray(packet.data))) for packet in packets]
        del litter
        assert [(frame.t, frame.image.tobytes()) for frame in frames_of(copies)] == first


@pytest.mark.parametrize("codec", ["libvpx", "libx264", "mpeg4"])
def test_every_frame_arrives_in_order_of_time_with_its_picture(codec: str) -> None:
    frames = frames_of(video(40, codec=codec))
    assert [frame.t for frame in frames] == [round(i * 1000 / 30) / 1000 for i in range(40)]
    assert [frame.index for frame in frames] == list(range(40))
    for frame in frames:
        assert frame.image.shape == picture(0).shape
        assert abs(float(frame.image.mean()) - float(picture(frame.index).mean())) < 4.0
    assert all(frame.lost_s == 0.0 for frame in frames)


def test_mpeg4_has_reordered_frames_here_so_that_reordering_is_tested() -> None:
    times = [packet.pts_ms for packet in video(40, codec="mpeg4")]
    assert times != sorted(times)


def test_a_gap_waits_for_the_next_keyframe_and_says_what_was_lost() -> None:
    packets = list(video(90))
    del packets[10:15]
    packets[10] = replace(packets[10], lost_ms=167)
    frames = frames_of(packets)
    assert [frame.index for frame in frames[:10]] == list(range(10))
    after = frames[10]
    assert after.t == 1.0
    assert after.lost_s == pytest.approx(1.0 - 0.333, abs=0.002)
    assert sum(frame.lost_s for frame in frames) == after.lost_s


def test_a_stream_that_starts_without_a_keyframe_waits_for_one() -> None:
    frames = frames_of(video(60)[5:])
    assert frames[0].t == 1.0
    assert frames[0].lost_s == pytest.approx(1.0 - 0.167)


def test_lost_time_survives_frames_that_are_not_due() -> None:
    packets = list(video(60)[5:])
    decoder = VideoDecoder(lambda pts_ms: pts_ms >= 1500)
    frames = [frame for packet in packets for frame in decoder.feed(packet)]
    assert frames[0].t == 1.5
    assert frames[0].lost_s == pytest.approx(1.0 - 0.167)


def test_a_damaged_packet_costs_time_until_the_next_keyframe_and_no_exception() -> None:
    packets = list(video(60, codec="libx264"))
    packets[7] = replace(packets[7], data=b"\xff" * 40)
    frames = frames_of(packets)
    assert frames[-1].t == pytest.approx(59 / 30, abs=0.001)
    assert sum(frame.lost_s for frame in frames) > 0.0


def test_an_unknown_codec_is_named() -> None:
    with pytest.raises(UndecodableError, match="xyzzy"):
        frames_of([Packet("video", "xyzzy", 0, True, b"1")])


def test_sound_comes_at_16_khz_with_the_right_pitch_and_without_gaps() -> None:
    chunks = chunks_of(audio(2.0))
    samples = np.concatenate([chunk.samples for chunk in chunks])
    assert {chunk.sample_rate for chunk in chunks} == {16_000}
    assert len(samples) == pytest.approx(32_000, abs=400)
    spectrum = np.abs(np.fft.rfft(samples[8000:24000]))
    assert int(spectrum.argmax()) == 440
    assert float(np.abs(samples[8000:24000]).max()) == pytest.approx(0.5, abs=0.1)
    for before, after in pairwise(chunks):
        assert after.t == pytest.approx(before.end, abs=1e-9)


def test_a_gap_in_sound_is_marked_and_not_filled() -> None:
    packets = list(audio(2.0))
    kept = packets[:30] + packets[50:]
    chunks = chunks_of(kept)
    marked = [chunk for chunk in chunks if chunk.lost_s > 0.0]
    assert len(marked) == 1
    assert marked[0].t == pytest.approx(1.0)
    assert marked[0].lost_s == pytest.approx(0.4, abs=0.01)
    assert sum(len(chunk.samples) for chunk in chunks) / 16_000 == pytest.approx(1.6, abs=0.05)


def test_a_declared_gap_counts_even_where_timestamps_go_on() -> None:
    packets = list(audio(1.0))
    packets[20] = replace(packets[20], lost_ms=40)
    assert [chunk.lost_s for chunk in chunks_of(packets) if chunk.lost_s] == [0.04]


def test_sound_before_zero_is_cut() -> None:
    packets = audio(0.5, start_ms=-25)
    chunks = chunks_of(packets)
    assert chunks[0].t == 0.0
    assert chunks[-1].end == pytest.approx(packets[-1].t + 0.020, abs=0.001)


def test_jitter_of_timestamps_moves_no_sample() -> None:
    jittered = [replace(packet, pts_ms=packet.pts_ms + (7 * i) % 11) for i, packet in enumerate(audio(1.0))]
    steady, shaken = chunks_of(audio(1.0)), chunks_of(jittered)
    assert [chunk.t for chunk in steady] == [chunk.t for chunk in shaken]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(steady, shaken, strict=True))


def test_an_opus_header_changes_nothing() -> None:
    header = b"OpusHead\x01\x01\x38\x01\x80\xbb\x00\x00\x00\x00\x00"
    recorded = [replace(packet, extradata=header) for packet in audio(1.0)]
    plain, stored = chunks_of(audio(1.0)), chunks_of(recorded)
    assert [chunk.t for chunk in plain] == [chunk.t for chunk in stored]
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(plain, stored, strict=True))


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(["keep", "drop", "damage", "lose"]), min_size=50, max_size=50))
def test_whatever_the_line_does_times_increase_and_twice_is_the_same(fates: list[str]) -> None:
    received = list(mangled(audio(1.0), fates))
    first, second = chunks_of(received), chunks_of(received)
    for before, after in pairwise(first):
        assert after.t >= before.end - 1e-9
    assert [(chunk.t, chunk.lost_s, chunk.samples.tobytes()) for chunk in first] == [
        (chunk.t, chunk.lost_s, chunk.samples.tobytes()) for chunk in second
    ]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.sampled_from(["keep", "keep", "keep", "drop", "damage", "lose"]), min_size=60, max_size=60)
)
def test_whatever_the_line_does_frames_increase_and_twice_is_the_same(fates: list[str]) -> None:
    received = list(mangled(video(60, keyframe_every=10), fates))
    first, second = frames_of(received), frames_of(received)
    assert all(after.t > before.t for before, after in pairwise(first))
    assert [(frame.t, frame.lost_s, frame.image.tobytes()) for frame in first] == [
        (frame.t, frame.lost_s, frame.image.tobytes()) for frame in second
    ]


def mangled(packets: tuple[Packet, ...], fates: list[str]) -> list[Packet]:
    received = []
    for packet, fate in zip(packets, fates, strict=False):
        match fate:
            case "keep":
                received.append(packet)
            case "damage":
                received.append(replace(packet, data=packet.data[: len(packet.data) // 2] or b"\x00"))
            case "lose":
                received.append(replace(packet, lost_ms=33))
            case _:
                continue
    return received
