from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.views import SpeechView
from biometrics.voice.segments import SpeechSegments, SpeechWindow, speech_only
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Span

WINDOW = 94
"""Frames of 32 ms in 3 s."""
HOP = 47


def view(start: float, speech: list[float], first: int = 0, lost_s: float = 0.0) -> SpeechView:
    """A view whose n-th frame holds the number ``first`` + n in every sample."""
    numbers = np.arange(first, first + len(speech), dtype=np.float32)
    samples = np.repeat(numbers, VAD_FRAME)
    span = Span(start, start + len(speech) * FRAME_S)
    return SpeechView(span, samples, np.array(speech, dtype=np.float32), lost_s)


def frame_numbers(window: SpeechWindow) -> NDArray[np.float32]:
    return window.samples[::VAD_FRAME]


def cut(speech: list[float], sizes: int = 16) -> list[SpeechWindow]:
    segments = SpeechSegments()
    windows = []
    for first in range(0, len(speech), sizes):
        windows += segments.push(view(first * FRAME_S, speech[first : first + sizes], first))
    return windows


def test_windows_hold_three_seconds_and_start_every_one_and_a_half() -> None:
    windows = cut([1.0] * (WINDOW + 2 * HOP))
    assert [frame_numbers(window)[0] for window in windows] == [0, HOP, 2 * HOP]
    assert all(len(window.samples) == WINDOW * VAD_FRAME for window in windows)
    assert windows[0].net_speech_s == pytest.approx(3.008)
    assert windows[1].span.start == pytest.approx(HOP * FRAME_S)
    assert windows[1].span.end == pytest.approx((HOP + WINDOW) * FRAME_S)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.3, 0.5, 0.9]), max_size=500), st.integers(1, 40))
def test_windows_are_the_speech_frames_in_order(speech: list[float], sizes: int) -> None:
    frames = [index for index, value in enumerate(speech) if value >= 0.5]
    expected = [frames[start : start + WINDOW] for start in range(0, len(frames) - WINDOW + 1, HOP)]
    windows = cut(speech, sizes)
    assert [list(frame_numbers(window)) for window in windows] == expected
    for window in windows:
        held = sum(stretch.duration_s for stretch in window.stretches)
        assert window.net_speech_s - 1e-6 <= held <= window.span.duration_s + 1e-6
        assert window.stretches[0].start == window.span.start
        assert window.stretches[-1].end == window.span.end


def test_pauses_split_the_evidence_only_where_they_are_long() -> None:
    speech = [1.0] * 40 + [0.0] * 5 + [1.0] * 20 + [0.0] * 20 + [1.0] * 34
    (window,) = cut(speech)
    assert [(round(s.start / FRAME_S), round(s.end / FRAME_S)) for s in window.stretches] == [
        (0, 65),
        (85, 119),
    ]


def test_old_speech_does_not_wait_for_ever() -> None:
    silence = [0.0] * round(31 / FRAME_S)
    assert cut([1.0] * 90 + silence + [1.0] * 90) == []
    assert len(cut([1.0] * 90 + silence[:300] + [1.0] * 90)) == 2


def test_held_speech_and_when_it_was_last_heard() -> None:
    segments = SpeechSegments()
    assert not segments.heard_since(0.0)
    segments.push(view(0.0, [1.0] * 10 + [0.0] * 6))
    assert segments.held_s == pytest.approx(10 * FRAME_S)
    assert segments.heard_since(9 * FRAME_S)
    assert not segments.heard_since(10 * FRAME_S)


def test_the_background_is_the_median_of_pauses() -> None:
    segments = SpeechSegments()
    quiet = np.concatenate([np.full(VAD_FRAME * 9, 0.01), np.full(VAD_FRAME, 0.5)]).astype(np.float32)
    segments.push(SpeechView(Span(0.0, 10 * FRAME_S), quiet, np.zeros(10, dtype=np.float32), 0.0))
    (window,) = segments.push(view(10 * FRAME_S, [1.0] * WINDOW))
    assert window.noise_power == pytest.approx(1e-4)


def test_too_little_background_is_none_at_all() -> None:
    (window,) = cut([0.0] * 7 + [1.0] * WINDOW)
    assert window.noise_power is None


def test_what_is_neither_speech_nor_pause_counts_for_neither() -> None:
    (window,) = cut([0.3] * 30 + [1.0] * WINDOW)
    assert window.noise_power is None
    assert frame_numbers(window)[0] == 30


def test_a_window_says_how_much_of_its_media_was_lost() -> None:
    segments = SpeechSegments()
    segments.push(view(5.0, [1.0] * 47, lost_s=5.0))
    lost_s = 1.0
    start = 5.0 + 47 * FRAME_S + lost_s
    (window,) = segments.push(view(start, [1.0] * 47, 47, lost_s))
    assert window.lost == pytest.approx(lost_s / (lost_s + WINDOW * FRAME_S))
    assert len(window.stretches) == 2


def test_speech_only_keeps_just_the_speech() -> None:
    assert list(speech_only(view(0.0, [1.0, 0.0, 0.5]))[::VAD_FRAME]) == [0.0, 2.0]
