"""The evaluation of mouth and sound, on speakers whose truth is known."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from biometrics.av.tracks import REACH
from biometrics.errors import EvaluationError
from biometrics.evaluation.av_clips import played, rows_of, together
from biometrics.evaluation.av_fit import fit_weights
from biometrics.evaluation.av_page import page
from biometrics.evaluation.av_still import StillFigures
from biometrics.evaluation.av_trials import SHIFTS_MS, SWAPPED, AvFigures, Bench, av_figures
from biometrics.views import Fact
from fraudmodel.intervals import rate
from tests.biometrics.av.talking import speaker


@pytest.fixture(scope="module")
def bench() -> Bench:
    return Bench([speaker(9.6, seed) for seed in range(1, 6)])


@pytest.fixture(scope="module")
def figures(bench: Bench) -> AvFigures:
    return av_figures(bench, 2, lambda done, total, what: None)


def test_weights_find_the_moment_that_the_sound_goes_with() -> None:
    weights = fit_weights([rows_of(speaker(12.0, seed)) for seed in range(1, 5)])
    assert int(np.argmax(np.abs(weights).sum(axis=1))) in (REACH - 1, REACH, REACH + 1)


def test_a_clip_with_an_offset_of_its_own_does_not_blur_the_others() -> None:
    talks = [speaker(12.0, 1, late_s=0.16), *(speaker(12.0, seed) for seed in range(2, 6))]
    aligned = fit_weights([rows_of(talk) for talk in talks])
    alone = fit_weights([rows_of(talk) for talk in talks[1:]])
    assert np.corrcoef(aligned.ravel(), alone.ravel())[0, 1] > 0.95


def test_the_people_of_a_trial_did_not_teach_its_weights(bench: Bench) -> None:
    names = sorted(bench.talks)
    others = fit_weights([bench.rows(name) for name in names[1:]])
    assert np.array_equal(bench.without([names[0]]), others)


def test_groups_hold_enough_speech_and_no_more_people_than_needed(bench: Bench) -> None:
    assert {len(group) for group in bench.groups(99)} == {2}
    assert len(bench.groups(99)) == 10


def test_shifts_are_read_and_swaps_told_apart(figures: AvFigures) -> None:
    assert all(figures.within(shift).value == 1.0 for shift in SHIFTS_MS)
    longest = [row for row in figures.eers if row.duration_s == 16.0 and row.kind == SWAPPED]
    assert [row.eer.value for row in longest] == [0.0]
    assert longest[0].eer.high > 0.3, "nobody knows more of an error rate than so few people tell"
    assert figures.jitter_equal.value == 1.0


def test_joined_clips_follow_each_other(bench: Bench) -> None:
    talk = together([bench.talks[name] for name in sorted(bench.talks)[:2]])
    times = [item.t for item in played(talk)]
    assert times == sorted(times)
    starts = [item.values["from_s"] for item in played(talk) if isinstance(item, Fact)]
    assert min(np.diff(starts)) > 0.5


def test_too_few_or_too_short_clips_are_said_so() -> None:
    with pytest.raises(EvaluationError, match="at least 4 talking people"):
        Bench([speaker(3.0)])
    with pytest.raises(EvaluationError, match="no half of the clips holds 16 s of speech"):
        Bench([speaker(3.0, seed) for seed in range(1, 5)]).groups(4)


def test_the_page_holds_its_curves_and_needs_nothing_else(figures: AvFigures) -> None:
    still = StillFigures(rate(3, 3), (2.0, 2.0, 2.0), rate(0, 9), rate(0, 3))
    text = page(figures, still, (), datetime(2026, 11, 28, tzinfo=UTC), "candor evaluate av --data <x>")
    assert text.count("<polyline") == len({row.duration_s for row in figures.eers if row.kind == SWAPPED})
    assert "&lt;x&gt;" in text
    assert "http" not in text
