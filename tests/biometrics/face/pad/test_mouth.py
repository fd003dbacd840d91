"""The mouth during speech: known openings, silence, and what turning does to a rigid face."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from biometrics.face.pad.mouth import (
    FLOOR,
    FOLLOWING,
    HELD_S,
    LAGGING,
    LEAST_FOLLOWING,
    LEAST_PARTING_S,
    LEAST_SPEECH_S,
    LIVELY,
    PARTING,
    MouthWatch,
    openings,
)
from biometrics.views import Face, FaceQuality, Fact, HeadPose

FPS = 15.0


def _landmarks(
    gap: float, yaw: float = 0.0, height: float = 200.0, inner: float = 0.01
) -> NDArray[np.float32]:
    """A face of ``height`` px whose lips' outer edges are ``gap`` of it apart and whose inner ones are ``inner``, turned by
    ``yaw`` radians about its own axis."""
    points = np.random.default_rng(5).normal(0, 30, (478, 3))
    points[10], points[152] = (0, -height / 2, 0), (0, height / 2, 0)
    points[0], points[17] = (0, 40 - gap * height / 2, 20), (0, 40 + gap * height / 2, 20)
    points[13], points[14] = (0, 40 - inner * height / 2, 20), (0, 40 + inner * height / 2, 20)
    turn = np.array(
        [[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]], dtype=np.float64
    )
    return np.asarray(points @ turn.T + (180, 240, 0), dtype=np.float32)


def _face(landmarks: NDArray[np.float32], track: int = 0) -> Face:
    return Face((100, 100, 160, 200), landmarks, HeadPose(0, 0, 0), FaceQuality(80, 120, 100, 1.0), track)


def _speech(start: float, end: float, share: float = 1.0) -> Iterable[Fact]:
    hop = 0.5
    for k in range(round((end - start) / hop)):
        at = start + k * hop
        yield Fact(at + hop, "speech", {"from_s": at, "to_s": at + hop, "speech_s": share * hop})


def _watched(gaps: Iterable[tuple[float, float]], speech: Iterable[Fact]) -> float | None:
    watch = MouthWatch()
    for fact in speech:
        watch.hear(fact)
    for k, (gap, inner) in enumerate(gaps):
        watch.push(k / FPS, _face(_landmarks(gap, inner=inner)))
    return watch.take()


def _watch(gaps: Iterable[float], speech: Iterable[Fact]) -> float | None:
    return _watched([(gap, 0.01) for gap in gaps], speech)


def _stillness(deviation: float) -> float:
    return float(np.log((deviation + FLOOR) / (LIVELY + FLOOR)))


def test_a_mouth_that_hardly_opens_gives_the_deviation_of_its_opening() -> None:
    gaps = 0.03 + 0.007 * np.sin(np.arange(60))
    assert _watch(gaps, _speech(0, 4)) == pytest.approx(_stillness(float(np.std(gaps))), abs=1e-3)


def test_a_mouth_that_speaks_says_nothing_for_or_against() -> None:
    assert _watch(0.03 + 0.02 * np.sin(np.arange(60)), _speech(0, 4)) == 0.0
    assert _watch(0.03 + 0.03 * np.sin(np.arange(60)), _speech(0, 4)) == 0.0


def test_a_rigid_mouth_says_no_more_than_the_floor() -> None:
    assert _watch([0.03] * 60, _speech(0, 4)) == pytest.approx(_stillness(0.0), abs=1e-3)


@given(yaw=st.floats(-0.4, 0.4), gap=st.floats(0.0, 0.1))
def test_turning_a_face_leaves_its_openings(yaw: float, gap: float) -> None:
    turned, facing = openings(_landmarks(gap, yaw, inner=gap / 2)), openings(_landmarks(gap, inner=gap / 2))
    assert turned == pytest.approx(facing, abs=1e-5)
    assert facing == pytest.approx((gap, gap / 2), abs=1e-5)


def test_silence_says_nothing() -> None:
    assert _watch([0.03] * 60, []) is None
    assert _watch([0.03] * 60, _speech(0, 4, share=0.4)) is None


def test_less_than_a_second_of_speech_says_nothing() -> None:
    assert _watch([0.03] * 60, _speech(0, LEAST_SPEECH_S / 2)) is None


def test_moments_of_silence_do_not_count() -> None:
    """A listener who yawns is no talker: only the two spoken seconds are judged."""
    gaps = [0.03] * 30 + [0.2, 0.0] * 15
    assert _watch(gaps, _speech(0, 2)) == pytest.approx(_stillness(0.0), abs=1e-3)


def test_a_window_forgets_the_looks_of_the_one_before() -> None:
    watch = MouthWatch()
    for fact in _speech(0, 8):
        watch.hear(fact)
    for k in range(60):
        watch.push(k / FPS, _face(_landmarks(0.03 + 0.02 * (k % 2))))
    moving = watch.take()
    for k in range(60, 120):
        watch.push(k / FPS, _face(_landmarks(0.03)))
    still = watch.take()
    assert moving is not None
    assert still is not None
    assert moving > still + 1.0


def _stretches(
    second_track: int, pause_s: float, second_speech: bool = False
) -> tuple[float | None, float | None]:
    """A still mouth that is heard for 4 s, and after a pause another stretch of 4 s."""
    watch = MouthWatch()
    after = 4.0 + pause_s
    for fact in [*_speech(0, 4), *(_speech(after, after + 4) if second_speech else [])]:
        watch.hear(fact)
    for k in range(60):
        watch.push(k / FPS, _face(_landmarks(0.03)))
    first = watch.take()
    for k in range(60):
        gap = 0.03 + 0.02 * np.sin(k) if second_speech else 0.03
        watch.push(after + k / FPS, _face(_landmarks(gap), track=second_track))
    return first, watch.take()


def test_a_rigid_mouth_does_not_come_alive_by_falling_silent() -> None:
    first, second = _stretches(second_track=0, pause_s=0.0)
    assert first == second == pytest.approx(_stillness(0.0), abs=1e-3)


def test_a_mouth_that_speaks_again_is_judged_anew() -> None:
    assert _stretches(second_track=0, pause_s=0.0, second_speech=True)[1] == 0.0


def test_what_is_long_past_or_was_another_face_does_not_count() -> None:
    assert _stretches(second_track=1, pause_s=0.0)[1] is None
    assert _stretches(second_track=0, pause_s=HELD_S + 0.5)[1] is None
    assert _stretches(second_track=0, pause_s=HELD_S - 0.5)[1] is not None


WAVE = np.sin(2 * np.pi * 3 * np.arange(60) / FPS + 0.3)
"""A mouth that opens and closes three times a second."""


def _talk(outer: float, inner: float) -> float | None:
    """The lips' edges move together, by these amplitudes."""
    return _watched([(0.05 + outer * w, 0.03 + inner * w) for w in WAVE], _speech(0, 4))


@given(amplitude=st.floats(0.024, 0.028), share=st.floats(FOLLOWING + 0.01, 2.0))
def test_lips_that_move_as_a_whole_are_alive(amplitude: float, share: float) -> None:
    assert _talk(share * amplitude, amplitude) == 0.0


@given(share=st.floats(LEAST_FOLLOWING, FOLLOWING))
def test_lips_that_part_in_a_hole_leave_their_printed_edges_behind(share: float) -> None:
    found = _talk(share * 0.028, 0.028)
    edges_alone = _talk(share * 0.028, 0.0)
    assert edges_alone is not None
    assert found == pytest.approx(min(LAGGING * np.log(share / FOLLOWING), edges_alone), abs=0.06)


@given(inner=st.floats(2 * PARTING, 0.029), outer=st.floats(0.0, 0.028), more=st.floats(0.0, 0.01))
def test_the_more_the_outer_edges_move_the_less_rigid(inner: float, outer: float, more: float) -> None:
    less, greater = _talk(outer, inner), _talk(outer + more, inner)
    assert less is not None
    assert greater is not None
    assert less <= greater + 1e-6


@given(hz=st.floats(4.2, 7.2), phase=st.floats(0.0, 6.3))
def test_landmarks_that_tremble_bring_no_printed_edge_to_life(hz: float, phase: float) -> None:
    """By their deviation alone the edges would seem to follow by more than `FOLLOWING`; they follow by 0.4 only."""
    inner = 0.025 * WAVE
    outer = 0.4 * inner + 0.012 * np.sin(2 * np.pi * hz * np.arange(60) / FPS + phase)
    assert float(np.std(outer)) > FOLLOWING * float(np.std(inner))
    found = _watched(zip(0.05 + outer, 0.03 + inner, strict=True), _speech(0, 4))
    assert found is not None
    assert found < -0.5


def test_edges_that_stand_still_lag_no_more_than_the_least() -> None:
    assert _talk(0.0, 0.025) == pytest.approx(LAGGING * np.log(LEAST_FOLLOWING / FOLLOWING))
    assert _talk(-0.02, 0.025) == pytest.approx(LAGGING * np.log(LEAST_FOLLOWING / FOLLOWING))


def test_a_single_word_spreads_lips_without_parting_them() -> None:
    """Of one second of speech no slope is taken, of two it is."""
    gaps = [(0.05 + 0.016 * w, 0.03 + 0.028 * w) for w in WAVE]
    assert _watched(gaps, _speech(0, LEAST_PARTING_S - 0.1)) == 0.0
    longer = _watched(gaps, _speech(0, LEAST_PARTING_S + 0.5))
    assert longer is not None
    assert longer < 0.0


def test_a_head_that_turns_slowly_parts_no_lips() -> None:
    slow = np.linspace(0.0, 0.1, 60)
    assert _watched([(0.05 + 0.6 * each, 0.03 + each) for each in slow], _speech(0, 4)) == 0.0


def test_lips_that_hardly_part_are_judged_by_their_outer_edges_only() -> None:
    assert _talk(0.0, 0.8 * PARTING) == pytest.approx(_stillness(0.0), abs=1e-3)
