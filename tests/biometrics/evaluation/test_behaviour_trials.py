"""The evaluation of behaviour: it sees what is planted, and what an evaluation must not miss."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.behaviour.features import NAMES
from biometrics.evaluation import behaviour_trials as trials
from biometrics.evaluation.behaviour_scene import draw_answers, draw_person
from biometrics.evaluation.behaviour_trials import Draw, Row


def quiet(done: int, total: int, what: str) -> None:
    """No progress is shown."""


def a_row(draw: Draw, neutral: int, probes: int, sessions: int = 60) -> Row:
    return trials.row_of("a test", neutral, probes, draw, sessions, quiet)


def test_null_interviews_stay_below_what_chance_gives() -> None:
    row = a_row(trials.null(), 5, 4)
    assert max(row.question_distance, row.session_distance) <= row.bound
    assert row.found is None
    assert row.false_rate.value == 0.0


def test_moved_answers_are_found_together() -> None:
    row = a_row(trials.moved(4.0, 0), 10, 6, sessions=30)
    assert row.session_rate.value > 0.5
    assert row.found is not None
    assert row.found.n == 30 * 3


def test_time_passes_for_the_questions_unless_neutral_ones_are_spread() -> None:
    first = a_row(trials.drifting(spread_out=False), 6, 6)
    spread = a_row(trials.drifting(spread_out=True), 6, 6)
    assert first.session_distance > 2.0 * first.bound
    assert spread.session_distance <= spread.bound


def test_the_answers_of_real_people_keep_to_one_person() -> None:
    people = [np.full((8, len(NAMES)), value) for value in (1.0, 2.0)]
    neutral, probes, moved = trials.shuffled(people)(np.random.default_rng(0), 5, 3)
    assert (neutral.shape, probes.shape, moved.sum()) == ((5, len(NAMES)), (3, len(NAMES)), 0.0)
    assert len({*neutral.ravel().tolist(), *probes.ravel().tolist()}) == 1


def test_simulated_answers_are_unlike_normal_ones() -> None:
    rng = np.random.default_rng(1)
    values = draw_answers(draw_person(rng), 500, rng)
    assert 0.05 < np.isnan(values).mean() < 0.15
    assert np.nanmin(values) >= 0.0
    counted = values[:, NAMES.index("brief_upper_per_min")]
    assert (counted[~np.isnan(counted)] == 0.0).any()


@pytest.mark.slow
def test_the_whole_evaluation_prints_as_json() -> None:
    figures = trials.behaviour_figures(
        3, quiet, [draw_answers(draw_person(np.random.default_rng(2)), 9, np.random.default_rng(3))]
    )
    found = figures.as_json()
    assert {row["name"] for row in found["rows"]} >= {"null", "null, real voices"}
    assert found["update_ms"] > 0.0
