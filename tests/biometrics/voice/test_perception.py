from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.media import AudioChunk
from biometrics.views import SpeechView
from biometrics.voice.perception import HOP, SpeechPerception
from biometrics.voice.vad import VAD_FRAME, VoiceActivity
from tests.biometrics.voice.fakes import FakeHub, LoudIsSpeech, hush, low_voice

RATE = 16_000


def ramp(count: int) -> NDArray[np.float32]:
    """Every sample has a value of its own, so that a lost or doubled one shows."""
    return (np.arange(count) / 2**22).astype(np.float32)


def hear(*chunks: AudioChunk) -> list[SpeechView]:
    perception = SpeechPerception(FakeHub())
    views = [view for chunk in chunks for view in perception.feed(chunk)]
    return views + perception.finish()


def chunk(t: float, samples: NDArray[np.float32], lost_s: float = 0.0) -> AudioChunk:
    return AudioChunk(t, samples, RATE, lost_s)


def test_activity_carries_state_and_context_from_frame_to_frame() -> None:
    model = LoudIsSpeech()
    activity = VoiceActivity(model)
    samples = ramp(4 * VAD_FRAME)
    activity(samples[: 3 * VAD_FRAME])
    activity(samples[3 * VAD_FRAME :])
    assert model.states == [0.0, 1.0, 2.0, 3.0]
    assert np.array_equal(model.rows[0][:64], np.zeros(64))
    for index in range(1, 4):
        start = index * VAD_FRAME
        assert np.array_equal(model.rows[index], samples[start - 64 : start + VAD_FRAME])


def test_activity_forgets_on_reset() -> None:
    model = LoudIsSpeech()
    activity = VoiceActivity(model)
    activity(low_voice(0.32))
    activity.reset()
    activity(low_voice(0.032))
    assert model.states[-1] == 0.0
    assert not model.rows[-1][:64].any()


def test_activity_refuses_a_part_of_a_frame() -> None:
    with pytest.raises(ValueError, match="512"):
        VoiceActivity(LoudIsSpeech())(ramp(513))


def test_hops_are_half_a_second_with_sixteen_probabilities() -> None:
    views = hear(chunk(2.0, ramp(2 * HOP + VAD_FRAME + 100)))
    assert [len(view.samples) for view in views] == [HOP, HOP, VAD_FRAME]
    assert [len(view.speech) for view in views] == [16, 16, 1]
    assert [view.span.start for view in views] == pytest.approx([2.0, 2.512, 3.024])
    assert views[-1].span.end == pytest.approx(3.056)
    assert all(view.lost_s == 0 for view in views)


def test_speech_is_where_it_is_loud() -> None:
    views = hear(chunk(0.0, np.concatenate([hush(0.512), low_voice(0.512)])))
    assert views[0].speech.max() == 0.0
    assert views[1].speech.mean() > 0.5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=12))
def test_how_audio_is_cut_into_chunks_makes_no_difference(sizes: list[int]) -> None:
    samples = ramp(sum(sizes))
    ends = np.cumsum(sizes)
    pieces = [
        chunk((end - size) / RATE, samples[end - size : end]) for size, end in zip(sizes, ends, strict=True)
    ]
    apart, whole = hear(*pieces), hear(chunk(0.0, samples))
    assert [view.span.end for view in apart] == pytest.approx([view.span.end for view in whole])
    for one, other in zip(apart, whole, strict=True):
        assert np.array_equal(one.samples, other.samples)
        assert np.array_equal(one.speech, other.speech)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(1, 9_000), st.sampled_from([0.0, 0.0, 0.005, 0.02, 0.06, 0.3, 2.0])),
        min_size=1,
        max_size=10,
    )
)
def test_nothing_is_invented_doubled_or_lost_in_silence(pieces: list[tuple[int, float]]) -> None:
    t, chunks = 0.0, []
    for count, lost_s in pieces:
        t += lost_s
        chunks.append(chunk(t, ramp(count), lost_s))
        t += count / RATE
    views = hear(*chunks)
    for before, after in pairwise(views):
        assert after.span.start >= before.span.end - 1e-9
        assert after.span.start - before.span.end == pytest.approx(after.lost_s, abs=1e-6)
    for view in views:
        assert view.span.duration_s == pytest.approx(len(view.samples) / RATE)
        assert len(view.speech) * VAD_FRAME == len(view.samples)
    if views:
        accounted = sum(view.span.duration_s for view in views) + sum(view.lost_s for view in views)
        assert accounted == pytest.approx(views[-1].span.end, abs=1e-6)


def test_a_gap_ends_a_view_and_is_told_by_the_next() -> None:
    views = hear(chunk(0.0, ramp(1_000)), chunk(1.0, ramp(HOP), lost_s=1.0 - 1_000 / RATE))
    assert [len(view.samples) for view in views] == [VAD_FRAME, HOP]
    assert views[0].lost_s == 0.0
    assert views[1].span.start == 1.0
    assert views[1].lost_s == pytest.approx(1.0 - VAD_FRAME / RATE)


def test_a_step_forward_of_the_clock_is_a_gap() -> None:
    views = hear(chunk(0.0, ramp(HOP)), chunk(0.7, ramp(HOP)))
    assert views[1].span.start == 0.7
    assert views[1].lost_s == pytest.approx(0.7 - 0.512)


def test_a_step_back_of_the_clock_does_not_hear_twice() -> None:
    views = hear(chunk(0.0, ramp(HOP)), chunk(0.256, ramp(2 * HOP)))
    assert [view.span.end for view in views] == pytest.approx([0.512, 1.024, 1.28])
    assert views[1].samples[0] == ramp(HOP)[HOP // 2]


def test_rounding_of_timestamps_is_no_gap() -> None:
    views = hear(chunk(0.0, ramp(HOP)), chunk(0.513, ramp(HOP)))
    assert [view.span.start for view in views] == pytest.approx([0.0, 0.512])
    assert views[1].lost_s == 0.0


@pytest.mark.parametrize(("gap_s", "fresh"), [(0.06, False), (0.6, True)])
def test_activity_starts_afresh_only_after_a_long_gap(gap_s: float, fresh: bool) -> None:
    hub = FakeHub()
    perception = SpeechPerception(hub)
    perception.feed(chunk(0.0, ramp(HOP)))
    perception.feed(chunk(0.512 + gap_s, ramp(HOP), lost_s=gap_s))
    assert hub.activity.states[16] == (0.0 if fresh else 16.0)


def test_media_may_begin_with_a_loss() -> None:
    (view,) = hear(chunk(3.0, ramp(VAD_FRAME), lost_s=3.0))
    assert view.lost_s == 3.0
    assert view.span.start == 3.0


@pytest.mark.parametrize(
    "wrong",
    [AudioChunk(0.0, ramp(100), 48_000), AudioChunk(0.0, ramp(100).reshape(50, 2), RATE)],
    ids=["48 kHz", "stereo"],
)
def test_only_16_khz_mono_is_taken(wrong: AudioChunk) -> None:
    with pytest.raises(ValueError, match="16000 Hz mono"):
        hear(wrong)


def test_nothing_heard_gives_no_view() -> None:
    assert SpeechPerception(FakeHub()).finish() == []
    assert hear(chunk(0.0, ramp(0))) == []
