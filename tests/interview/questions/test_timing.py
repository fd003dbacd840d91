"""Timing files: facts in order of media time, and one sentence for everything that can be wrong."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.errors import ParametersError
from interview.errors import MediaError
from interview.media.journal import Told
from interview.questions.templates import load_templates
from interview.questions.timing import parse_timing, require_within

TEMPLATES = load_templates()


def entry(number: int, asked_s: float, answered_s: float | None = None, **changes: object) -> dict[str, Any]:
    made: dict[str, Any] = {"question": f"q{number}", "number": number, "role": "probe", "asked_s": asked_s}
    return made | ({} if answered_s is None else {"answered_s": answered_s}) | changes


def facts(document: object) -> tuple[Told, ...]:
    return parse_timing(orjson.dumps(document).decode(), "timing.json", TEMPLATES)


def said(told: tuple[Told, ...]) -> list[tuple[int, str, int, str, str]]:
    names = ("question", "number", "role", "event")
    return [(each.t_ms, *(each.values[name] for name in names)) for each in told]


def test_a_list_of_questions() -> None:
    told = facts([entry(1, 4.0, role="baseline"), entry(7, 31.2, 44.0)])
    assert said(told) == [
        (4000, "q1", 1, "baseline", "asked"),
        (31_200, "q7", 7, "probe", "asked"),
        (44_000, "q7", 7, "probe", "answered"),
    ]
    assert {each.topic for each in told} == {"question"}


def test_times_of_a_template_take_numbers_and_roles_from_it() -> None:
    told = facts({"template": "working-capital", "asked_s": {"q1": 4, "q3": 31.2}, "answered_s": {"q3": 44}})
    assert said(told) == [
        (4000, "q1", 1, "baseline", "asked"),
        (31_200, "q3", 3, "probe", "asked"),
        (44_000, "q3", 3, "probe", "answered"),
    ]


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_facts_are_in_order_whatever_the_times(gaps_ms: list[int]) -> None:
    t, document = 0, []
    for number, gap in enumerate(gaps_ms, 1):
        document.append(entry(number, t / 1000, (t + gap) / 1000))
        t += gap
    times = [each.t_ms for each in facts(document)]
    assert times == sorted(times)
    assert len(times) == 2 * len(gaps_ms)


@pytest.mark.parametrize(
    ("document", "told"),
    [
        ([entry(1, 4.0, role="control")], r"\[0\].role must be one of baseline, probe; it is 'control'"),
        ([entry(1, 4.0, 3.0)], r"\[0\].answered_s is out of order: 3 s comes before 4 s"),
        ([entry(1, 4.0, 9.0), entry(2, 8.0)], r"\[1\].asked_s is out of order: 8 s comes before 9 s"),
        ([entry(1, -1.0)], r"\[0\].asked_s must lie in 0"),
        ([entry(1, 4.0), entry(2, 8.0, question="q1")], r"\[1\].question names q1 a second time"),
        ([entry(1, 4.0), entry(1, 8.0, question="q2")], r"\[1\].number names question 1 a second time"),
        ([entry(0, 4.0)], r"\[0\].number must be 1 or more"),
        ([{"question": "q1", "number": 1, "role": "probe"}], r'\[0\] lacks the field "asked_s"'),
        ([], "the document names no question"),
        ("q1", "the document must be a list"),
        ({"template": "nothing", "asked_s": {"q1": 4}}, "template must be one of equipment, general, trade"),
        ({"template": "trade", "asked_s": {"q99": 4}}, "asked_s.q99 is no question of trade: they go from q1 to q18"),
        ({"template": "trade", "asked_s": {}}, "the document names no question"),
        (
            {"template": "trade", "asked_s": {"q1": 4}, "answered_s": {"q2": 5}},
            "answered_s.q2 ends an answer to a question that was not asked",
        ),
        ({"template": "trade", "asked_s": {"q3": 31, "q1": 4}}, "asked_s.q1 is out of order: 4 s comes before 31 s"),
    ],
)  # fmt: skip
def test_a_mistake_is_answered_with_its_place(document: object, told: str) -> None:
    with pytest.raises(ParametersError, match=rf"timing.json, line 1: {told}") as refused:
        facts(document)
    assert "\n" not in str(refused.value)


def test_questions_beyond_the_end_are_refused() -> None:
    told = facts([entry(1, 4.0, 9.0)])
    require_within(told, 9.0, "timing.json")
    require_within(told, None, "timing.json")
    with pytest.raises(
        MediaError, match=r"timing.json: question q1 at 9 s lies beyond the end of the recording, 8.0 s"
    ):
        require_within(told, 8.0, "timing.json")
