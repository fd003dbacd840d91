"""Frames out of payloads."""

from __future__ import annotations

import pytest

from interview.media.assembly import AudioAssembly, Encoded, Piece, VideoAssembly, opus_duration_ms
from interview.media.reorder import Release

KEY = b"\x10\x00\x00\x9d\x01\x2a\x80\x02\xe0\x01"
DELTA = b"\x31" + bytes(20)


def feed(assembly: VideoAssembly, *pieces: tuple[Piece, int]) -> list[Encoded]:
    return [unit for piece, lost in pieces for unit in assembly.take(Release(piece, lost))]


def whole(timestamp: int, data: bytes) -> Piece:
    return Piece(timestamp, data)


def test_a_frame_of_three_packets_is_whole_with_its_marker() -> None:
    pieces = [
        (Piece(1, KEY, begins=True, ends=False), 0),
        (Piece(1, b"mid", begins=False, ends=False), 0),
        (Piece(1, b"end", begins=False, ends=True), 0),
    ]
    assert feed(VideoAssembly(), *pieces) == [Encoded(1, KEY + b"midend", keyframe=True)]


def test_nothing_before_the_first_keyframe() -> None:
    assembly = VideoAssembly()
    assert feed(assembly, (whole(1, DELTA), 0), (whole(2, KEY), 0), (whole(3, DELTA), 0)) == [
        Encoded(2, KEY, keyframe=True),
        Encoded(3, DELTA, keyframe=False),
    ]
    assert assembly.dropped == 1


def test_after_a_loss_nothing_until_a_keyframe_which_says_so() -> None:
    assembly = VideoAssembly()
    feed(assembly, (whole(1, KEY), 0))
    out = feed(
        assembly,
        (Piece(2, DELTA, begins=True, ends=False), 0),
        (Piece(2, b"tail", begins=False, ends=True), 1),
        (whole(3, DELTA), 0),
    )
    assert (out, assembly.waiting) == ([], True)
    assert feed(assembly, (whole(4, KEY), 0)) == [Encoded(4, KEY, keyframe=True, after_loss=True)]
    assert feed(assembly, (whole(5, DELTA), 0)) == [Encoded(5, DELTA, keyframe=False)]


def test_a_frame_without_a_marker_ends_with_the_next_timestamp() -> None:
    assembly = VideoAssembly()
    out = feed(
        assembly, (Piece(1, KEY, begins=True, ends=False), 0), (Piece(2, DELTA, begins=True, ends=True), 0)
    )
    assert [unit.timestamp for unit in out] == [1, 2]


def test_padding_is_no_frame_and_breaks_none() -> None:
    padding = (Piece(1, b"", begins=True, ends=False), 0)
    out = feed(
        VideoAssembly(),
        (Piece(1, KEY, True, False), 0),
        padding,
        (Piece(1, b"end", begins=False, ends=True), 0),
    )
    assert out == [Encoded(1, KEY + b"end", keyframe=True)]


def test_audio_after_a_loss_says_so_once_even_over_padding() -> None:
    assembly = AudioAssembly()
    assert assembly.take(Release(Piece(1, b""), lost=2)) == []
    assert assembly.take(Release(Piece(2, b"x"))) == [Encoded(2, b"x", keyframe=True, after_loss=True)]
    assert assembly.take(Release(Piece(3, b"y"))) == [Encoded(3, b"y", keyframe=True)]


@pytest.mark.parametrize(
    ("data", "expected_ms"),
    [
        (b"\x78", 20.0),
        (b"\xfc", 20.0),
        (b"\x00", 10.0),
        (b"\x18", 60.0),
        (b"\x79", 40.0),
        (b"\x7b\x03", 60.0),
        (b"\x60", 10.0),
        (b"\x80", 2.5),
        (b"", 0.0),
        (b"\x7b", 0.0),
    ],
)
def test_opus_durations_of_rfc_6716(data: bytes, expected_ms: float) -> None:
    assert opus_duration_ms(data) == expected_ms
