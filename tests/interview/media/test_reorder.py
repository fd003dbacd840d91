"""The reorder buffer: nothing that came in time is discarded, nothing that did not is passed over in silence."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from aiortc.jitterbuffer import JitterBuffer
from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from interview.media.reorder import Release, Reorder, Requests

DEADLINE_S = 0.2


def deliver(arrivals: list[tuple[float, int]]) -> tuple[list[Release[int]], Reorder[int]]:
    """Push packet numbers at their arrival times, expiring every 10 ms in between and long after."""
    buffer: Reorder[int] = Reorder(DEADLINE_S)
    out: list[Release[int]] = []
    now_s = 0.0
    for at_s, number in sorted(arrivals):
        while now_s + 0.01 < at_s:
            now_s += 0.01
            out += buffer.expire(now_s)
        out += buffer.push(number & 0xFFFF, number, at_s)
    return out + buffer.expire(now_s + 10.0), buffer


@given(
    count=st.integers(1, 150),
    start=st.integers(0, 65535),
    loss=st.floats(0.0, 0.5),
    jitter_s=st.floats(0.0, DEADLINE_S * 0.9),
    seed=st.integers(0, 10_000),
)
def test_every_packet_within_the_deadline_comes_out_once_in_order_and_losses_are_counted_exactly(
    count: int, start: int, loss: float, jitter_s: float, seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - a network, not a secret
    sent = list(range(start, start + count))
    kept = [n for n in sent if n == start or dice.random() >= loss]
    arrivals = [((n - start) * 0.02 + (dice.uniform(0, jitter_s) if n > start else 0.0), n) for n in kept]
    out, buffer = deliver(arrivals)
    assert [release.item for release in out] == kept
    assert sum(release.lost for release in out) == kept[-1] - start + 1 - len(kept)
    assert buffer.lost == kept[-1] - start + 1 - len(kept)
    for before, after in pairwise(out):
        assert after.lost == after.item - before.item - 1


def test_a_gap_holds_up_what_follows_for_the_deadline_and_no_longer() -> None:
    buffer: Reorder[str] = Reorder(DEADLINE_S)
    assert buffer.push(1, "a", 0.00) == [Release("a")]
    assert buffer.push(3, "c", 0.05) == []
    assert buffer.expires_s == pytest.approx(0.25)
    assert buffer.missing() == [2]
    assert buffer.expire(0.24) == []
    assert buffer.expire(0.25) == [Release("c", lost=1)]
    assert buffer.push(2, "b", 0.26) == []
    assert (buffer.late, buffer.lost, buffer.expires_s) == (1, 1, None)


def test_a_duplicate_is_given_once() -> None:
    buffer: Reorder[str] = Reorder(DEADLINE_S)
    buffer.push(1, "a", 0.0)
    buffer.push(3, "c", 0.0)
    assert buffer.push(3, "c", 0.0) == []
    assert buffer.push(2, "b", 0.0) == [Release("b"), Release("c")]
    assert buffer.push(2, "b", 0.0) == []


def test_a_sender_that_starts_again_is_followed_and_the_break_is_marked() -> None:
    buffer: Reorder[str] = Reorder(DEADLINE_S)
    buffer.push(100, "a", 0.0)
    buffer.push(102, "c", 0.0)
    assert buffer.push(40_000, "x", 0.0) == [Release("c", lost=1), Release("x", lost=1)]
    assert buffer.push(40_001, "y", 0.0) == [Release("y")]


def test_the_buffer_is_bounded() -> None:
    buffer: Reorder[int] = Reorder(deadline_s=1e9, capacity=50)
    buffer.push(0, 0, 0.0)
    out = [release for n in range(2, 60) for release in buffer.push(n, n, 0.0)]
    assert out[0] == Release(2, lost=1)


@pytest.mark.parametrize("loss", [0.01, 0.02, 0.05, 0.10])
def test_audio_that_aiortc_discards_is_delivered(loss: float) -> None:
    """The same 5000 packets through both buffers: ours delivers all that came, aiortc's far fewer."""
    dice = random.Random(1)  # noqa: S311
    came = [n for n in range(5000) if n == 0 or dice.random() >= loss]
    out, _ = deliver([(n * 0.02, n) for n in came])
    stock, theirs = JitterBuffer(capacity=16, prefetch=4), 0
    for n in came:
        packet = RtpPacket(sequence_number=n & 0xFFFF, timestamp=n * 960)
        packet._data = b"x"  # type: ignore[attr-defined]
        theirs += stock.add(packet)[1] is not None
    assert len(out) == len(came)
    assert theirs < len(came) * (1 - loss)


def test_missing_packets_are_asked_for_at_once_and_again_after_the_interval() -> None:
    requests = Requests(interval_s=0.1)
    assert requests.due([5, 6], 0.00) == [5, 6]
    assert requests.due([5, 6], 0.05) == []
    assert requests.due([6, 7], 0.06) == [7]
    assert requests.due([6, 7], 0.11) == [6]
    assert requests.due([], 0.12) == []
