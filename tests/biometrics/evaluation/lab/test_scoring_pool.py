"""What is kept of a render that was scored, and for which renders it holds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from biometrics.attacklab import store
from biometrics.attacklab.plan import Render
from biometrics.evaluation.lab.scoring import Scores
from biometrics.evaluation.lab.scoring_pool import is_of, trial_of
from tests.biometrics.attacklab.people import person

RENDER = Render(
    "bona_fide-a-test-00000", "bona_fide", "bona_fide", "a", "test", "anna", "anna", (), 42, 15.0, 0.6, 0.5, (160, 120)
)  # fmt: skip


def made(folder: Path, *, dubbed: bool = False) -> store.Stored:
    store.make(RENDER, {"anna": replace(person("anna", (120, 150, 200)), dubbed=dubbed)}, folder)
    (kept,) = store.stored(folder)
    return kept


@pytest.mark.parametrize("dubbed", [True, False])
def test_a_trial_says_whether_its_sound_was_dubbed(tmp_path: Path, dubbed: bool) -> None:
    assert trial_of(made(tmp_path, dubbed=dubbed), Scores({}, {}, {})).dubbed is dubbed


def test_scores_are_of_the_revision_that_was_scored(tmp_path: Path) -> None:
    kept = made(tmp_path)
    scored = trial_of(kept, Scores({"face_pad": 1.0}, {}, {}))
    assert is_of(scored, kept)
    assert not is_of(scored, replace(kept, revision=kept.revision + 1))
    assert not is_of(scored, replace(kept, light=kept.light / 2))
    assert not is_of(None, kept)
