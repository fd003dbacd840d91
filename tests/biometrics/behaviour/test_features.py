"""What is measured in one answer, and what is missing where it cannot be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.behaviour.answers import Answer
from biometrics.behaviour.blinks import LONGEST_GAP_S
from biometrics.behaviour.features import NAMES, Measured, Unmeasured, measure, table
from biometrics.behaviour.memory import KEPT_S, Memory
from biometrics.behaviour.movements import Movements
from biometrics.media import Frame
from biometrics.micro.told import TOLD_S
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Reason, Span
from tests.biometrics.behaviour.making import FPS, Reply, interview

START = 1.0


def remembered(items: Iterable[FaceView | Fact]) -> Memory:
    memory = Memory()
    for item in items:
        if isinstance(item, FaceView):
            memory.see(item)
        elif item.topic == "speech":
            memory.hear(item)
        elif item.topic == "prosody":
            memory.pitch(item)
    return memory


def answer(seconds: float, start: float = START) -> Answer:
    return Answer("q1", 1, "probe", Span(start, start + seconds), closed=True)


def measured(reply: Reply, seconds: float = 20.0) -> Measured:
    found = measure(answer(seconds), remembered(interview([reply])))
    assert isinstance(found, Measured), found
    return found


def row(found: Measured, movements: Movements | None = None) -> dict[str, float]:
    values = table([found], movements or Movements())[0].tolist()
    return {name: value for name, value in zip(NAMES, values, strict=True) if not np.isnan(value)}


def test_every_feature_of_an_answer_is_what_was_planted() -> None:
    reply = Reply(latency_s=2.0, pause_s=0.8, averted=0.2, blink_every_s=2.5, sway_deg=6.0, pitch_sd_st=3.0)
    found = row(measured(reply))
    assert set(found) == set(NAMES) - {"brief_upper_per_min", "macro_per_min", "asymmetry"}
    assert found["latency_s"] == pytest.approx(2.0, rel=0.22)
    assert found["pause_ratio"] == pytest.approx(0.2, rel=0.35)
    assert found["averted_share"] == pytest.approx(0.2, rel=0.3)
    assert found["blinks_per_min"] == pytest.approx(24.0, rel=0.3)
    assert found["pitch_sd_st"] == pytest.approx(3.0, rel=0.15)
    assert found["syllables_per_s"] == pytest.approx(4.0, rel=0.1)
    assert found["head_deg_per_s"] == pytest.approx(6.0 * 2.0 / np.sqrt(2.0), rel=0.4)
    assert found["reading_share"] == 0.0


def test_an_answer_ends_a_second_after_its_last_word() -> None:
    found = measured(Reply(seconds=20.0), seconds=20.0)
    assert found.answer.span.end == pytest.approx(START + 20.0, abs=0.6)
    items = interview([Reply(seconds=10.0), Reply(seconds=20.0, speaks=False)])
    long = measure(answer(30.0), remembered(items))
    assert isinstance(long, Measured)
    assert long.answer.span.end == pytest.approx(START + 10.5, abs=0.6)


@pytest.mark.parametrize(
    ("reply", "seconds", "reason"),
    [
        (Reply(), 1.5, Reason.NOT_ENOUGH_SPEECH),
        (Reply(speaks=False), 20.0, Reason.NO_SPEECH),
        (Reply(seconds=5.0), 20.0, Reason.NO_AUDIO),
    ],
)
def test_what_is_short_silent_or_unheard_is_not_measured(
    reply: Reply, seconds: float, reason: Reason
) -> None:
    found = measure(answer(seconds), remembered(interview([reply])))
    assert isinstance(found, Unmeasured)
    assert found.reason is reason
    assert found.detail


def without_sound(items: Iterable[FaceView | Fact], start: float, end: float) -> list[FaceView | Fact]:
    """The same without the hops of sound that end after ``start`` and begin before ``end``."""
    return [
        item
        for item in items
        if isinstance(item, FaceView)
        or item.topic == "question"
        or not (item.values["to_s"] > start and item.values["from_s"] < end)
    ]


def test_lost_sound_is_neither_a_late_answer_nor_a_pause() -> None:
    items = interview([Reply(latency_s=2.0)])
    late = measure(answer(20.0), remembered(without_sound(items, START + 1.0, START + 4.5)))
    assert isinstance(late, Measured)
    assert "latency_s" not in row(late)
    whole = measure(answer(20.0), remembered(items))
    gap = measure(answer(20.0), remembered(without_sound(items, START + 5.0, START + 11.0)))
    assert isinstance(whole, Measured)
    assert isinstance(gap, Measured)
    assert row(gap)["latency_s"] == row(whole)["latency_s"]
    assert row(gap)["pause_ratio"] == pytest.approx(row(whole)["pause_ratio"], abs=0.05)


def test_who_is_speaking_when_the_question_is_marked_has_no_latency_and_who_was_silent_has_a_short_one() -> (
    None
):
    for speaks in (True, False):
        before = Reply(seconds=10.0, pause_s=0.0, speaks=speaks)
        items = interview([before, Reply(latency_s=0.15, pause_s=0.0)])
        # The sound of a question reaches to half a second before its end.
        start = START + (9.5 if speaks else 10.0)
        found = measure(answer(15.0, start=start - 0.2 * speaks), remembered(items))
        assert isinstance(found, Measured)
        assert row(found).get("latency_s") == (None if speaks else pytest.approx(0.15, abs=0.06))


def test_without_faces_the_voice_is_still_measured() -> None:
    items = [item for item in interview([Reply()]) if isinstance(item, Fact)]
    found = measure(answer(20.0), remembered(items))
    assert isinstance(found, Measured)
    assert set(row(found)) == {"latency_s", "pause_ratio", "pitch_sd_st", "syllables_per_s"}


def test_at_a_low_frame_rate_no_blinks_are_counted() -> None:
    items = [
        item
        for k, item in enumerate(interview([Reply()]))
        if isinstance(item, Fact) or round(item.t * FPS) % 2
    ]
    found = measure(answer(20.0), remembered(items))
    assert isinstance(found, Measured)
    assert "blinks_per_min" not in row(found)
    assert "averted_share" in row(found)


def test_where_no_face_is_seen_half_of_the_time_nothing_is_said_of_it() -> None:
    items = [
        FaceView(item.frame, None, Reason.NO_FACE, 0, FPS)
        if isinstance(item, FaceView) and item.t % 1.0 < 0.5
        else item
        for item in interview([Reply()])
    ]
    found = measure(answer(20.0), remembered(items))
    assert isinstance(found, Measured)
    assert not {"blinks_per_min", "averted_share", "head_deg_per_s"} & set(row(found))


def test_where_frames_are_missing_for_half_of_the_time_nothing_is_said_of_it() -> None:
    """The few that came are close together and all show the face: they are no answer without blinks."""
    items = [
        item
        for item in interview([Reply()])
        if isinstance(item, Fact) or not START + 4.0 <= item.t < START + 14.0
    ]
    found = measure(answer(20.0), remembered(items))
    assert isinstance(found, Measured)
    assert set(row(found)) == {"latency_s", "pause_ratio", "pitch_sd_st", "syllables_per_s"}


@given(st.lists(st.floats(1.0, 11.0), max_size=60))
def test_frames_stand_for_no_more_than_the_time_there_is(times: list[float]) -> None:
    memory, image = Memory(), np.zeros((1, 1, 3), np.uint8)
    for k, t in enumerate(sorted(times)):
        memory.see(FaceView(Frame(t, k, image), None, Reason.NO_FACE, 0, 20.0))
    looks = memory.looks(Span(1.0, 11.0))
    seen_s = looks.seen_s(np.ones(len(looks.t), np.bool_))
    assert 0.0 <= seen_s <= min(10.0, LONGEST_GAP_S * len(times)) + 1e-9
    if times:
        assert looks.held_s[-1] == pytest.approx(min(11.0 - max(times), LONGEST_GAP_S))


def test_home_is_where_the_gaze_mostly_is_whatever_the_role() -> None:
    """An answer that is averted throughout stands out against the others, and no order or role of them matters."""
    steady, away = measured(Reply(averted=0.1)), measured(Reply(averted=1.0))
    averted = NAMES.index("averted_share")
    values = table([steady, steady, away], Movements())[:, averted]
    assert values[2] > 0.8
    assert values[0] < 0.2
    np.testing.assert_array_equal(table([away, steady, steady], Movements())[:, averted], values[::-1])


def movement(apex_s: float, **values: Any) -> Fact:  # noqa: ANN401 - plain JSON
    usual = {"onset_s": apex_s - 0.1, "apex_s": apex_s, "offset_s": apex_s + 0.1, "amplitude": 0.02}
    return Fact(
        apex_s, "movement", usual | {"brief": 1, "upper": 1, "asymmetry": 0.2, "regions": []} | values
    )


def test_movements_are_counted_for_each_minute_that_was_watched() -> None:
    movements = Movements()
    for apex_s in (6.0, 7.0, 9.0, 500.0):
        movements.learn(movement(apex_s))
    movements.learn(movement(8.0, brief=0, asymmetry=-0.6))
    movements.learn(movement(10.0, upper=0))
    span = Span(1.0, 21.0)
    # From 5 s before the first to 5 s after the last of them.
    assert movements.during(span, 1000.0) == {
        "brief_upper_per_min": pytest.approx(3 * 60.0 / 14.0),
        "macro_per_min": pytest.approx(60.0 / 14.0),
        "asymmetry": pytest.approx(0.28),
    }
    movements.learn(Fact(21.0, "movement", {"watched_from_s": 11.0, "watched_to_s": 21.0}))
    assert movements.during(span, 1000.0)["macro_per_min"] == pytest.approx(3.0)
    assert movements.during(Span(16.0, 36.0), 1000.0) == {}


def test_before_all_of_an_answer_can_have_been_told_nothing_is_said_of_its_movements() -> None:
    """A window that has no movement is told as late as its end and what the detector waits after it: those that have one come sooner."""
    movements, span = Movements(), Span(1.0, 21.0)
    movements.learn(movement(6.0))
    movements.learn(Fact(21.0, "movement", {"watched_from_s": 1.0, "watched_to_s": 21.0}))
    assert movements.during(span, 21.0 + TOLD_S - 0.1) == {}
    assert movements.during(span, 21.0 + TOLD_S)["brief_upper_per_min"] == pytest.approx(3.0)


def test_a_watched_answer_without_a_movement_has_a_rate_of_0() -> None:
    movements = Movements()
    movements.learn(Fact(30.0, "movement", {"watched_from_s": 0.0, "watched_to_s": 30.0}))
    found = row(measured(Reply()), movements)
    assert (found["brief_upper_per_min"], found["macro_per_min"]) == (0.0, 0.0)
    assert "asymmetry" not in found


def test_only_the_stretches_that_were_searched_count_as_watched() -> None:
    """A break in the midst of an answer: two stretches, a little under half of it, and then half."""
    movements, span = Movements(), Span(0.0, 20.0)
    for start, end in ((12.0, 15.0), (2.0, 8.9)):
        movements.learn(Fact(20.0, "movement", {"watched_from_s": start, "watched_to_s": end}))
    assert movements.during(span, 1000.0) == {}
    movements.learn(Fact(20.0, "movement", {"watched_from_s": 8.9, "watched_to_s": 9.1}))
    assert movements.during(span, 1000.0)["brief_upper_per_min"] == 0.0


def test_the_memory_of_two_hours_is_three_minutes_long() -> None:
    memory = Memory()
    image = np.zeros((1, 1, 3), np.uint8)
    for k in range(2 * 3600):
        memory.see(FaceView(Frame(float(k), k, image), None, Reason.NO_FACE, 0, 1.0))
        memory.hear(
            Fact(
                k + 0.5,
                "speech",
                {"from_s": k, "to_s": k + 0.5, "speech": [1.0], "step_s": 0.016, "levels_db": []},
            )
        )
    assert memory.since_s == 2 * 3600 - 1 - KEPT_S
    assert len(memory.looks(Span(0.0, 7200.0)).t) == KEPT_S + 1
    assert len(memory.heard(Span(0.0, 7200.0)).at) <= KEPT_S + 2
