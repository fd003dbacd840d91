from __future__ import annotations

import numpy as np
import pytest

from biometrics.views import SpeechView
from biometrics.voices.turns import Segment, Turns, level_db
from fraudmodel.signals import Span

FRAME_S = 0.032


def cut(pattern: str, lost_at: int | None = None) -> list[Segment]:
    """Segments of frames that are speech (x) or not (.), a view for each 16; every sample of frame k is k."""
    turns, found = Turns(), []
    for at in range(0, len(pattern), 16):
        part = pattern[at : at + 16]
        samples = np.repeat(np.arange(at, at + len(part)), 512).astype(np.float32)
        speech = np.array([0.9 if sign == "x" else 0.1 for sign in part], np.float32)
        span = Span(at * FRAME_S, (at + len(part)) * FRAME_S)
        found += turns.push(SpeechView(span, samples, speech, 0.1 if at == lost_at else 0.0))
    return [*found, *turns.end()]


def frames(segment: Segment) -> tuple[int, int]:
    return round(segment.span.start / FRAME_S), round(segment.span.end / FRAME_S)


def test_a_long_turn_is_cut_every_second() -> None:
    assert [frames(each) for each in cut("." * 5 + "x" * 100 + "." * 20)] == [(5, 37), (37, 69), (69, 101)]


def test_a_turn_ends_with_its_pause_and_keeps_what_is_long_enough() -> None:
    first, second = cut("x" * 30 + "." * 12 + "x" * 26 + "." * 30)
    assert (frames(first), frames(second)) == ((0, 30), (42, 68))
    assert first.speech_s == pytest.approx(0.96)


def test_a_short_pause_stays_in_one_piece_but_is_no_speech() -> None:
    (segment,) = cut("x" * 14 + "." * 5 + "x" * 16 + "." * 30)
    assert frames(segment) == (0, 35)
    assert len(segment.samples) == 35 * 512
    assert segment.speech_s == pytest.approx(30 * FRAME_S)
    assert set(segment.speech.tolist()) == {*range(14), *range(19, 35)}


def test_less_than_a_word_is_dropped() -> None:
    assert cut("x" * 20 + "." * 30 + "x" * 20) == []


def test_nothing_bridges_lost_media() -> None:
    assert [frames(each) for each in cut("x" * 60, lost_at=32)] == [(0, 32), (32, 60)]


def test_level() -> None:
    assert level_db(np.full(512, 0.1, np.float32)) == pytest.approx(-20.0, abs=1e-4)
    assert level_db(np.zeros(5, np.float32)) == level_db(np.zeros(0, np.float32)) == -100.0
