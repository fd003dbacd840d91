"""An answer that is read again counts once, with what was read last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fraudmodel.latest import LatestPool, standing
from fraudmodel.pooling import Pool, Pooled, Pooling
from fraudmodel.scoring import Scorer
from fraudmodel.signals import Absent, Abstention, Observation, Reason, SignalKind, Span

KIND = SignalKind("behaviour")
scores = st.floats(-5.0, 5.0)


def read(number: int, score: float, t: float = 1.0) -> Observation:
    return Observation(KIND, Span(t, t + 1.0), score, 1.0, "m", covariates={"question_number": float(number)})


@given(st.lists(st.tuples(st.integers(1, 5), scores), min_size=1, max_size=30))
def test_it_is_the_pool_of_the_last_reading_of_each_question(read_again: list[tuple[int, float]]) -> None:
    pool, expected = LatestPool(Pooling(), "question_number"), Pool(Pooling())
    for number, score in read_again:
        pool.add(read(number, score))
    for number, score in sorted(dict(read_again).items()):
        expected.add(read(number, score))
    assert pool.pooled() == expected.pooled()


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), max_size=20))
def test_what_begins_where_an_answer_does_and_could_not_be_read_takes_it_back(
    events: list[tuple[int, bool]],
) -> None:
    """Of each question, whose answer begins at its number, the last event decides."""
    pool, expected = LatestPool(Pooling(), "question_number"), Pool(Pooling())
    taken = [
        read(number, float(place), t=float(number))
        if measured
        else Abstention(KIND, Span(float(number), 50.0), Reason.WITHDRAWN)
        for place, (number, measured) in enumerate(events)
    ]
    for reading in taken:
        pool.add(reading)
    last = {reading.span.start: reading for reading in taken}
    for start in sorted(last):
        if isinstance(last[start], Observation):
            expected.add(last[start])
    found, wanted = pool.pooled(), expected.pooled()
    assert found == wanted if isinstance(wanted, Pooled) else isinstance(found, Absent)
    stand = [taken[place] for place in standing(taken, "question_number")]
    assert [each for each in stand if isinstance(each, Abstention)] == [
        each for each in taken if isinstance(each, Abstention)
    ]


def test_readings_without_a_number_and_abstentions_count_as_in_any_pool() -> None:
    pool, plain = LatestPool(Pooling(), "question_number"), Pool(Pooling())
    for each in (
        Abstention(KIND, Span(0.0, 1.0), Reason.SHORT_BASELINE, "none"),
        Observation(KIND, Span(0.0, 1.0), 2.0, 1.0, "m"),
    ):
        pool.add(each)
        plain.add(each)
    assert pool.pooled() == plain.pooled()
    assert pool.abstentions == plain.abstentions == 1


def test_why_nothing_was_measured() -> None:
    pool = LatestPool(Pooling(), "question_number")
    assert pool.pooled() == Absent(Reason.NOT_YET)
    pool.add(Abstention(KIND, Span(0.0, 1.0), Reason.SHORT_BASELINE, "none"))
    assert pool.pooled() == Absent(Reason.SHORT_BASELINE, "none")


def test_the_scorer_of_behaviour_counts_each_question_once() -> None:
    scorer = Scorer(KIND, None, None)
    for score in (3.0, 2.0, 0.5):
        scorer.add(read(7, score))
    scorer.add(read(8, 1.5))
    assert scorer.score().statistic == 1.0
    assert scorer.score().observations == 2


def test_other_signals_pool_every_reading() -> None:
    scorer = Scorer(SignalKind("voice_pad"), None, None)
    for score in (3.0, 1.0):
        scorer.add(read(7, score))
    pooled = scorer.score()
    assert isinstance(pooled.statistic, float)
    assert pooled.observations == 2


def test_pooled_is_made_again_after_each_reading() -> None:
    pool = LatestPool(Pooling(), "question_number")
    pool.add(read(1, 1.0))
    first = pool.pooled()
    pool.add(read(1, 4.0))
    second = pool.pooled()
    assert isinstance(first, Pooled)
    assert isinstance(second, Pooled)
    assert (first.statistic, second.statistic) == (1.0, 4.0)
