"""Seconds of speech that a comparison could use: counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.views import SpeechView
from biometrics.voice.meter import SpeechHeard, SpeechMeter
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Reason, Span

WINDOW = 94
"""Frames of 32 ms in 3 s."""
HOP = 16


def white(frames: int, level: float, seed: int = 1) -> NDArray[np.float32]:
    """Noise of the whole band: of full bandwidth, and clipped where it is loud."""
    noise = np.random.default_rng(seed).normal(0.0, level, frames * VAD_FRAME)
    return np.clip(noise, -1.0, 1.0).astype(np.float32)


def view(start: int, speech: list[int], samples: NDArray[np.float32], lost_s: float = 0.0) -> SpeechView:
    """A view from frame ``start`` on."""
    span = Span(start * FRAME_S, (start + len(speech)) * FRAME_S)
    return SpeechView(span, samples, np.array(speech, dtype=np.float32), lost_s)


def hear(meter: SpeechMeter, start: int, speech: list[int], level: float = 0.1, hop: int = 16) -> SpeechHeard:
    """Play frames: speech at ``level``, the rest a quiet background."""
    loud, quiet = white(len(speech), level), white(len(speech), 1e-4)
    said = np.repeat(np.array(speech, dtype=bool), VAD_FRAME)
    samples = np.where(said, loud, quiet)
    for first in range(0, len(speech), hop):
        part = speech[first : first + hop]
        meter.push(view(start + first, part, samples[first * VAD_FRAME : (first + len(part)) * VAD_FRAME]))
    return meter.heard((start + len(speech)) * FRAME_S)


def test_nothing_heard() -> None:
    heard = hear(SpeechMeter(), 0, [0] * 50)
    assert (heard.net_speech_s, heard.usable_s, heard.waiting_s) == (0.0, 0.0, 0.0)
    assert (heard.snr_db, heard.reason) == (None, Reason.NO_SPEECH)
    assert (heard.verify_s, heard.enrol_s) == (3.0, 8.0)


def test_too_little_waits_to_be_judged() -> None:
    heard = hear(SpeechMeter(), 0, [0] * 20 + [1] * 60)
    assert heard.net_speech_s == heard.waiting_s == pytest.approx(60 * FRAME_S)
    assert (heard.usable_s, heard.reason) == (0.0, Reason.NOT_ENOUGH_SPEECH)


def test_three_seconds_at_once_and_then_half_a_second_at_a_time() -> None:
    heard = hear(SpeechMeter(), 0, [0] * 20 + [1] * WINDOW + [0] * 20 + [1] * (HOP + 5))
    assert heard.usable_s == pytest.approx((WINDOW + HOP) * FRAME_S)
    assert heard.waiting_s == pytest.approx(5 * FRAME_S)
    assert heard.net_speech_s == pytest.approx((WINDOW + HOP + 5) * FRAME_S)
    assert heard.reason is None
    assert heard.snr_db == pytest.approx(60.0, abs=1.0)
    assert (heard.rolloff_hz or 0.0) > 7000.0


def test_what_is_overdriven_is_heard_but_not_usable() -> None:
    meter = SpeechMeter()
    good = hear(meter, 0, [0] * 20 + [1] * WINDOW)
    loud = hear(meter, 20 + WINDOW, [1] * (2 * HOP), level=1.5)
    assert loud.usable_s == good.usable_s
    assert loud.net_speech_s > good.net_speech_s
    assert loud.reason is Reason.CLIPPED
    assert (loud.clipped or 0.0) > 0.005
    again = hear(meter, 20 + WINDOW + 2 * HOP, [1] * (WINDOW + HOP))
    assert again.reason is None, "the loud part has left the last 3 s"
    assert again.usable_s > good.usable_s


def test_lost_media_is_not_usable() -> None:
    meter = SpeechMeter()
    meter.push(view(0, [1] * 40, white(40, 0.1)))
    meter.push(view(60, [1] * 60, white(60, 0.1), lost_s=20 * FRAME_S))
    heard = meter.heard(4.0)
    assert (heard.usable_s, heard.reason) == (0.0, Reason.MEDIA_LOST)


def test_speech_too_far_apart_is_never_judged() -> None:
    meter = SpeechMeter()
    hear(meter, 0, [1] * 60)
    heard = hear(meter, 60, [0] * 1000 + [1] * 50)
    assert heard.net_speech_s == pytest.approx(110 * FRAME_S)
    assert heard.usable_s == 0.0
    assert heard.waiting_s == pytest.approx(50 * FRAME_S)


def test_a_new_meter_goes_on_from_the_last_one() -> None:
    before = hear(SpeechMeter(), 0, [0] * 20 + [1] * (WINDOW + 7))
    meter = SpeechMeter(before)
    assert meter.heard(before.t) == replace(before, waiting_s=0.0)
    after = hear(meter, 200, [0] * 20 + [1] * WINDOW)
    assert after.usable_s == pytest.approx(2 * WINDOW * FRAME_S)
    assert after.net_speech_s == pytest.approx((2 * WINDOW + 7) * FRAME_S)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.booleans(), max_size=400), st.integers(1, 40))
def test_usable_and_waiting_is_never_more_than_heard_and_hops_change_nothing(
    said: list[bool], hop: int
) -> None:
    speech = [int(each) for each in said]
    heard = hear(SpeechMeter(), 0, speech, hop=hop)
    assert heard == hear(SpeechMeter(), 0, speech)
    assert heard.net_speech_s == pytest.approx(sum(speech) * FRAME_S)
    assert heard.usable_s + heard.waiting_s <= heard.net_speech_s + 1e-9
