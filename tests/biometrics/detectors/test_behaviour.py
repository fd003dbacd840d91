"""Answers against the applicant's own neutral answers: interviews with a known one that stands out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from biometrics.behaviour.features import NAMES
from biometrics.detector import DetectorContext
from biometrics.detectors.behaviour import EVERY_S, KIND, LATENCY_S, SETTLE_S, Behaviour, build
from biometrics.micro.told import TOLD_S
from biometrics.micro.windows import LATE_S, WINDOW_S
from biometrics.views import FaceView, Fact
from fraudmodel.latest import standing
from fraudmodel.signals import Abstention, Observation, Reading, Reason
from tests.biometrics.behaviour.making import Reply, interview

NEUTRAL = Reply()
PROBE = Reply("probe")
ODD = Reply("probe", latency_s=2.8, pause_s=2.0, averted=0.7, blink_every_s=1.2, pitch_sd_st=4.0)
PLAN = (NEUTRAL, NEUTRAL, NEUTRAL, PROBE, NEUTRAL, NEUTRAL, ODD, NEUTRAL, PROBE, NEUTRAL, NEUTRAL, NEUTRAL)


def play(items: Iterable[FaceView | Fact]) -> list[tuple[float, Reading]]:
    detector, given, now = Behaviour(), [], 0.0
    for item in items:
        now = max(now, item.t) if isinstance(item, FaceView) else now
        said = detector.observe(item) if isinstance(item, FaceView) else detector.learn(item)
        given += [(now, reading) for reading in said]
    return [*given, *((now, reading) for reading in detector.finish())]


def observations(given: Sequence[tuple[float, Reading]]) -> list[Observation]:
    return [reading for _, reading in given if isinstance(reading, Observation)]


def abstentions(given: Sequence[tuple[float, Reading]]) -> list[Abstention]:
    return [reading for _, reading in given if isinstance(reading, Abstention)]


def final(given: Sequence[tuple[float, Reading]]) -> dict[int, Observation]:
    """The last reading of each question."""
    return {int(each.covariates["question_number"]): each for each in observations(given)}


def event(fact: Fact, kind: str, t: float) -> Fact:
    return replace(fact, t=t, values={**fact.values, "event": kind})


def marks(items: Iterable[FaceView | Fact]) -> list[Fact]:
    return [item for item in items if isinstance(item, Fact) and item.topic == "question"]


def test_the_answer_that_stands_out_is_found_and_the_others_are_not() -> None:
    table = final(play(interview(PLAN)))
    assert set(table) == {4, 7, 9}
    odd = table[7]
    assert odd.score > 1.5 > 1.2 > max(table[4].score, table[9].score)
    assert odd.covariates["p"] == odd.covariates["p_least"] == pytest.approx(0.1)
    assert min(table[4].covariates["p"], table[9].covariates["p"]) > 0.1
    assert odd.covariates["q"] == pytest.approx(0.3)
    assert odd.covariates["z_latency_s"] > 3.0
    assert odd.covariates["z_averted_share"] > 3.0
    assert odd.covariates["z_pitch_sd_st"] > 2.0
    assert odd.covariates["latency_s"] == pytest.approx(2.8, rel=0.25)
    assert odd.covariates["baseline_answers"] == 9.0
    assert odd.covariates["baseline_s"] == pytest.approx(180.0, abs=9.0)
    assert odd.covariates["answers"] == 3.0
    assert 0.0 < odd.covariates["session_p"] <= 1.0
    assert odd.quality == pytest.approx(8 / len(NAMES))


def test_the_evidence_is_the_answer_and_the_span_reaches_to_what_it_was_compared_with() -> None:
    given = play(interview(PLAN))
    for now, reading in given:
        assert now - LATENCY_S - 0.1 <= reading.span.end <= now
    for reading in observations(given):
        video, audio = reading.evidence
        assert (video.media, audio.media, video.span) == ("video", "audio", audio.span)
        asked_s = 1.0 + 20.0 * (reading.covariates["question_number"] - 1)
        assert video.span.start == reading.span.start == asked_s
        assert video.span.end == pytest.approx(asked_s + 20.0, abs=1.0)
        assert video.span.end <= reading.span.end


def test_before_five_neutral_answers_of_ninety_seconds_it_says_how_many_there_are() -> None:
    given = play(interview([NEUTRAL, PROBE, NEUTRAL]))
    assert not observations(given)
    said = [(each.reason, each.detail) for each in abstentions(given)]
    assert {reason for reason, _ in said} == {Reason.SHORT_BASELINE}
    assert said[0][1] == "no question was marked"
    assert said[1][1].startswith("1 neutral answer of ")
    assert said[-1][1].startswith("2 neutral answers of ")
    assert said[-1][1].endswith("; 5 of 90 s are needed")
    short = play(interview([*[replace(NEUTRAL, seconds=10.0)] * 6, PROBE]))
    assert not observations(short)


def test_without_a_question_it_says_so_once() -> None:
    items = [item for item in interview([NEUTRAL, PROBE]) if item not in marks([item])]
    ((now, reading),) = play(items)
    assert isinstance(reading, Abstention)
    assert (now, reading.detail) == (reading.span.end, "no question was marked")


def test_questions_asked_before_the_baseline_was_full_are_read_once_it_is() -> None:
    given = play(interview([PROBE, ODD, *[NEUTRAL] * 6]))
    first = next(now for now, reading in given if isinstance(reading, Observation))
    assert first == pytest.approx(1.0 + 20.0 * 7 + LATENCY_S, abs=1.0)
    assert set(final(given)) == {1, 2}


def test_an_answer_that_cannot_be_measured_is_named_with_its_reason() -> None:
    given = play(interview([*[NEUTRAL] * 6, replace(PROBE, speaks=False), PROBE]))
    assert set(final(given)) == {8}
    (silent,) = [each for each in abstentions(given) if each.reason is Reason.NO_SPEECH]
    assert silent.detail == "question 7: nothing was said"


def test_marks_told_much_later_leave_the_same_table() -> None:
    soon, late = final(play(interview(PLAN))), final(play(interview(PLAN, late_s=25.0)))
    assert {number: each.covariates for number, each in soon.items()} == {
        number: each.covariates for number, each in late.items()
    }
    assert [each.score for each in soon.values()] == [each.score for each in late.values()]


def test_answers_from_before_the_analysis_began_are_lost_and_the_others_count() -> None:
    """After a worker died, every mark is told again before the first frame."""
    items = interview([*[NEUTRAL] * 7, PROBE])
    told = marks(items)
    given = play([*told[:2], *(item for item in items if item.t >= 30.0)])
    lost = [each.detail for each in abstentions(given) if each.reason is Reason.MEDIA_LOST]
    assert lost == [f"question {number}: before what the analysis remembers" for number in (1, 2)]
    assert final(given)[8].covariates["baseline_answers"] == 5.0


def test_a_mark_that_was_taken_back_leaves_no_answer_and_the_one_before_goes_on() -> None:
    items = interview(PLAN)
    mistaken = event(marks(items)[6], "withdrawn", marks(items)[6].t + 1.0)
    given = play(sorted([*items, mistaken], key=lambda item: item.t))
    assert set(final(given)) == {4, 9}
    table = final(play(items))
    assert final(given)[4].covariates["baseline_answers"] == table[4].covariates["baseline_answers"]


def test_a_question_that_ends_with_a_mark_ends_there() -> None:
    items = interview(PLAN)
    seventh = marks(items)[6]
    done = event(seventh, "answered", seventh.t + 12.0)
    table = final(play(sorted([*items, done], key=lambda item: item.t)))
    assert table[7].evidence[0].span.end == seventh.t + 12.0


def test_earlier_answers_are_read_again_only_where_it_matters() -> None:
    given = play(interview([*[NEUTRAL, NEUTRAL, PROBE] * 8]))
    numbers = [int(each.covariates["question_number"]) for each in observations(given)]
    assert set(numbers) == {3 * k for k in range(1, 9)}
    assert len(numbers) <= 8 * 9
    last = final(given)
    total = {each.covariates["answers"] for each in last.values()}
    assert 8.0 in total


def test_movements_count_where_they_were_watched() -> None:
    items = interview(PLAN)
    end = max(item.t for item in items)
    watched = [
        Fact(t, "movement", {"watched_from_s": t - 10.0, "watched_to_s": t}) for t in range(10, int(end), 10)
    ]
    moved = [
        Fact(t + 2.0, "movement", {
            "onset_s": t, "apex_s": t + 0.1, "offset_s": t + 0.3, "brief": 1, "upper": 1, "amplitude": 0.02,
            "asymmetry": 0.1, "regions": ["glabella"],
        })
        for t in (123.0, 126.0, 129.0, 131.0, 133.0)
    ]  # fmt: skip
    odd = final(play(sorted([*items, *watched, *moved], key=lambda item: item.t)))[7].covariates
    assert odd["brief_upper_per_min"] == pytest.approx(15.0, rel=0.1)
    assert odd["z_brief_upper_per_min"] > 3.0
    assert odd["z_macro_per_min"] == 0.0


def test_movements_count_once_all_of_them_have_been_told_and_the_answer_is_read_again_then() -> None:
    """Windows are told three seconds after their end. Counted before, the newest answer has fewer of them than the others."""
    items = interview([*[NEUTRAL] * 8, PROBE, NEUTRAL])
    end = max(item.t for item in items)
    windows = [
        Fact(t + LATE_S, "movement", {"watched_from_s": t - WINDOW_S, "watched_to_s": t})
        for t in np.arange(WINDOW_S, end - LATE_S, WINDOW_S).tolist()
    ]
    moved = [
        Fact(t + 1.0, "movement", {
            "onset_s": t, "apex_s": t + 0.1, "offset_s": t + 0.3, "brief": 1, "upper": 1, "amplitude": 0.02,
            "asymmetry": 0.1, "regions": ["glabella"],
        })
        for t in np.arange(3.0, end - 1.0, 6.0).tolist()
    ]  # fmt: skip
    given = play(sorted([*items, *windows, *moved], key=lambda item: item.t))
    probe = [(now, each) for now, each in given if isinstance(each, Observation)]
    (first_s, first), (again_s, again) = probe[0], probe[1]
    ended_s = first.evidence[0].span.end
    assert ended_s + SETTLE_S <= first_s <= ended_s + LATENCY_S + 1.0
    assert "brief_upper_per_min" not in first.covariates
    assert "latency_s" in first.covariates
    assert ended_s + TOLD_S <= again_s <= ended_s + TOLD_S + 2.0 * EVERY_S
    assert again.covariates["brief_upper_per_min"] == pytest.approx(10.0, rel=0.15)
    last = final(given)[9].covariates
    assert last["brief_upper_per_min"] == again.covariates["brief_upper_per_min"]


def test_movements_of_the_end_count_for_the_last_answer() -> None:
    """Whoever finds movements is finished first, and gives the last of them then."""
    items = interview([*[NEUTRAL] * 8, PROBE])
    end = max(item.t for item in items)
    watched = [
        Fact(t + LATE_S, "movement", {"watched_from_s": t - WINDOW_S, "watched_to_s": min(t, end)})
        for t in np.arange(WINDOW_S, end + WINDOW_S, WINDOW_S).tolist()
    ]
    given = play([*sorted([*items, *watched], key=lambda item: item.t)])
    assert final(given)[9].covariates["brief_upper_per_min"] == 0.0


def test_an_answer_that_was_read_and_whose_question_was_withdrawn_is_taken_back() -> None:
    items = interview(PLAN)
    seventh, eighth = marks(items)[6], marks(items)[7]
    mistaken = event(seventh, "withdrawn", eighth.t + 10.0)
    given = play(sorted([*items, mistaken], key=lambda item: item.t))
    (back,) = [each for each in abstentions(given) if each.reason is Reason.WITHDRAWN]
    assert (back.span.start, back.detail) == (seventh.t, "question 7")
    readings = [reading for _, reading in given]
    stand = [readings[place] for place in standing(readings, "question_number")]
    assert {each.covariates["question_number"] for each in stand if isinstance(each, Observation)} == {4, 9}


def test_a_question_asked_again_by_mistake_has_its_first_answer_back() -> None:
    items = interview(PLAN)
    fourth, ninth = marks(items)[3], marks(items)[8]
    again = event(fourth, "asked", ninth.t + 2.0)
    mistaken = event(fourth, "withdrawn", ninth.t + 12.0)
    given = play(sorted([*items, again, mistaken], key=lambda item: item.t))
    (back,) = [
        (now, each) for now, each in given if isinstance(each, Abstention) and each.reason is Reason.WITHDRAWN
    ]
    assert back[1].span.start == fourth.t
    assert again.t <= back[0] <= again.t + 2.0 * EVERY_S
    readings = [reading for _, reading in given]
    stand = [readings[place] for place in standing(readings, "question_number")]
    (restored,) = [
        each for each in stand if isinstance(each, Observation) and each.covariates["question_number"] == 4
    ]
    assert restored.evidence[0].span.start == fourth.t


def test_it_is_built_without_anything() -> None:
    assert isinstance(build(DetectorContext({})), Behaviour)
    assert KIND == "behaviour"
