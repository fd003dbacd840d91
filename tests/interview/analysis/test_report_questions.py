"""A question's readings in the report: the last one, over its answer."""

from __future__ import annotations

from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span
from interview.analysis.report.questions import last_of_each_question

KIND = SignalKind("behaviour")


def of(number: float, answer: Span, end: float) -> Observation:
    return Observation(
        KIND,
        Span(answer.start, end),
        1.0,
        1.0,
        "m",
        (EvidenceRef("video", answer),),
        {"question_number": number},
    )


def test_a_question_that_was_read_again_stands_once_and_over_its_answer() -> None:
    first, second = Span(10.0, 20.0), Span(30.0, 45.0)
    none = Abstention(KIND, Span(0.0, 1.0), Reason.SHORT_BASELINE)
    readings: list[Reading] = [none, of(3.0, first, 20.0), of(4.0, second, 45.0), of(3.0, first, 90.0)]
    kept = last_of_each_question(readings)
    assert [each.span for each in kept] == [none.span, second, first]


def test_readings_of_other_signals_stay_as_they_are() -> None:
    plain = Observation(
        SignalKind("face_match"), Span(0.0, 4.0), 0.1, 1.0, "m", (EvidenceRef("video", Span(2.0, 2.0)),)
    )
    assert last_of_each_question([plain, plain]) == [plain, plain]
