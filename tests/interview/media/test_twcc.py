"""Transport-cc feedback against an independent parser of the draft's layout."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from interview.media.twcc import FeedbackBuilder, pack_feedback


@dataclass(frozen=True)
class Parsed:
    sender_ssrc: int
    media_ssrc: int
    base: int
    count: int
    arrivals_us: list[int | None]


def parse(packet: bytes) -> Parsed:
    """Read a feedback packet as section 3.1 of the draft says, chunk by chunk."""
    first, packet_type, words = struct.unpack_from("!BBH", packet)
    assert (first >> 6, first & 0x1F, packet_type) == (2, 15, 205)
    assert len(packet) == (words + 1) * 4
    end = len(packet) - (packet[-1] if first & 0x20 else 0)
    sender_ssrc, media_ssrc, base, status_count, reference = struct.unpack_from("!IIHHI", packet, 4)
    at = 20
    symbols: list[int] = []
    while len(symbols) < status_count:
        (chunk,) = struct.unpack_from("!H", packet, at)
        at += 2
        if not chunk & 0x8000:
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    clock_us = (reference >> 8) * 64_000
    arrivals: list[int | None] = []
    for symbol in symbols[:status_count]:
        if symbol == 0:
            arrivals.append(None)
            continue
        delta = packet[at] if symbol == 1 else struct.unpack_from("!h", packet, at)[0]
        at += symbol
        clock_us += delta * 250
        arrivals.append(clock_us)
    assert at == end
    return Parsed(sender_ssrc, media_ssrc, base, reference & 0xFF, arrivals)


GAPS_US = st.lists(st.one_of(st.none(), st.integers(-3_000_000, 3_000_000)), max_size=300)


@given(GAPS_US, st.integers(0, 65535), st.integers(0, 255), st.integers(0, 2**40))
def test_what_is_packed_is_what_is_parsed_to_a_quarter_millisecond(
    gaps: list[int | None], base: int, count: int, start_us: int
) -> None:
    arrivals: list[int | None] = []
    at_us = start_us + 1_000_000_000
    for gap in gaps:
        if gap is not None:
            at_us += gap
        arrivals.append(None if gap is None else at_us)
    arrivals.append(at_us)
    read = parse(pack_feedback(7, 9, base, arrivals, count))
    assert (read.sender_ssrc, read.media_ssrc, read.base, read.count) == (7, 9, base, count)
    assert [a is None for a in read.arrivals_us] == [a is None for a in arrivals]
    wrap_us = (1 << 24) * 64_000
    for got, sent in zip(read.arrivals_us, arrivals, strict=True):
        if got is not None and sent is not None:
            assert 0 <= (sent - got) % wrap_us <= 250


def test_a_report_covers_what_was_lost_since_the_last_one() -> None:
    builder = FeedbackBuilder(sender_ssrc=1)
    builder.record(65534, 1_000_000)
    builder.record(1, 1_010_000)
    packet = builder.build(2)
    assert packet is not None
    read = parse(packet)
    assert read.base == 65534
    assert read.arrivals_us == [1_000_000, None, None, 1_010_000]
    assert builder.build(2) is None
    builder.record(4, 1_020_000)
    packet = builder.build(2)
    assert packet is not None
    assert (parse(packet).base, parse(packet).count, parse(packet).arrivals_us) == (
        2,
        1,
        [None, None, 1_020_000],
    )


def test_a_late_packet_is_reported_after_all() -> None:
    builder = FeedbackBuilder(sender_ssrc=1)
    for number in (10, 12):
        builder.record(number, 500_000)
    builder.build(2)
    builder.record(11, 600_000)
    builder.record(13, 600_250)
    packet = builder.build(2)
    assert packet is not None
    assert parse(packet).base == 11
    assert parse(packet).arrivals_us == [600_000, None, 600_250]


def test_a_long_outage_does_not_make_a_packet_larger_than_a_datagram() -> None:
    builder = FeedbackBuilder(sender_ssrc=1)
    builder.record(0, 0)
    builder.build(2)
    builder.record(30_000, 1_000_000)
    packet = builder.build(2)
    assert packet is not None
    assert len(packet) < 1200
    assert [a for a in parse(packet).arrivals_us if a is not None] == [1_000_000]
