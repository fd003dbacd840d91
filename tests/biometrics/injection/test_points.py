"""A score is the sum of its points, and every point can be read off."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.injection.points import LARGEST_SCORE, Tally


@given(st.dictionaries(st.sampled_from("abcdef"), st.floats(-5, 5)))
def test_the_covariates_add_up_to_the_score(points: dict[str, float]) -> None:
    tally = Tally(measured={"fps": 30.0})
    for cue, worth in points.items():
        tally.add(cue, worth)
    covariates = tally.covariates()
    total = sum(value for name, value in covariates.items() if name.startswith("cue_"))
    assert tally.score == pytest.approx(min(max(total, -LARGEST_SCORE), LARGEST_SCORE))
    assert covariates["fps"] == 30.0
