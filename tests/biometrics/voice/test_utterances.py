from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.views import SpeechView
from biometrics.voice.utterances import Utterances
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Span

PAUSE = 9
"""Frames of 32 ms in 0.3 s."""
LEAST = 62
"""Frames in 2 s."""


def cut(speech: list[int], hop: int = 16) -> list[list[int]]:
    """The numbers of the frames of each utterance."""
    cutter, found = Utterances(), list[list[int]]()
    for first in range(0, len(speech), hop):
        part = speech[first : first + hop]
        numbers = np.repeat(np.arange(first, first + len(part), dtype=np.float32), VAD_FRAME)
        span = Span(first * FRAME_S, (first + len(part)) * FRAME_S)
        found += [
            each[::VAD_FRAME].astype(int).tolist()
            for each in cutter.push(SpeechView(span, numbers, np.array(part, np.float32), 0.0))
        ]
    return found + [each[::VAD_FRAME].astype(int).tolist() for each in cutter.finish()]


def test_a_pause_divides_two_utterances_and_a_breath_does_not() -> None:
    speech = [1] * LEAST + [0] * (PAUSE - 1) + [1] * 5 + [0] * PAUSE + [1] * (LEAST + 3)
    first, second = cut(speech)
    assert len(first) == LEAST + 5
    assert second == list(range(len(speech) - LEAST - 3, len(speech)))


def test_a_word_goes_with_what_is_said_after_it() -> None:
    speech = [1] * 10 + [0] * 50 + [1] * (LEAST - 10)
    assert [len(each) for each in cut(speech)] == [LEAST]


def test_a_rest_that_is_too_short_is_left_out() -> None:
    assert [len(each) for each in cut([1] * LEAST + [0] * PAUSE + [1] * (LEAST - 1))] == [LEAST]
    assert cut([0] * 100) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 80), st.integers(0, 20)), max_size=8), st.integers(1, 50))
def test_utterances_are_speech_in_order_and_hops_change_nothing(
    runs: list[tuple[int, int]], hop: int
) -> None:
    speech = [value for said, silent in runs for value in [1] * said + [0] * silent]
    found = cut(speech, hop)
    assert found == cut(speech)
    frames = [frame for each in found for frame in each]
    spoken = [k for k, value in enumerate(speech) if value]
    assert frames == spoken[: len(frames)], "only a rest is left out, and nothing is said twice"
    assert all(len(each) >= LEAST for each in found)
