from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fraudmodel.calibration import FloatArray
from fraudmodel.errors import DatasetError, FitError
from fraudmodel.prevalence import most_likely, propose, read_llrs

SEPARATION = 3.5


def interviews(prevalence: float, count: int = 20_000, seed: int = 0) -> FloatArray:
    """Calibrated LLRs of Gaussian scores, among which so many are fraud."""
    rng = np.random.default_rng(seed)
    fraud = np.arange(count) < round(prevalence * count)
    return SEPARATION * (rng.standard_normal(count) + SEPARATION * fraud) - SEPARATION**2 / 2.0


@pytest.mark.parametrize("prevalence", [0.002, 0.01, 0.05])
def test_a_known_prevalence_is_recovered(prevalence: float) -> None:
    found = propose(interviews(prevalence))
    assert found.found == pytest.approx(prevalence, rel=0.35)
    assert found.low < prevalence < found.high
    assert found.proposed == found.found
    assert not found.guarded


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    inside = [
        found.low <= 0.02 <= found.high
        for found in (propose(interviews(0.02, 2000, seed)) for seed in range(100))
    ]
    assert np.mean(inside) >= 0.88


@pytest.mark.parametrize("start", [0.0005, 0.005, 0.3])
def test_where_it_starts_does_not_matter(start: float) -> None:
    assert most_likely(interviews(0.02), start) == pytest.approx(most_likely(interviews(0.02)), rel=1e-5)


def test_it_is_the_prevalence_of_the_greatest_likelihood() -> None:
    llrs = interviews(0.02, 4000)
    grid = np.linspace(0.001, 0.08, 400)
    likelihood = [np.log1p(prior * np.expm1(llrs)).sum() for prior in grid]
    assert most_likely(llrs) == pytest.approx(grid[int(np.argmax(likelihood))], abs=3e-4)


@pytest.mark.parametrize(("prevalence", "proposed"), [(0.0, 0.0005), (0.4, 0.10)])
def test_no_proposal_leaves_the_guard(prevalence: float, proposed: float) -> None:
    llrs = interviews(prevalence, 4000) if prevalence else np.full(4000, -3.0)
    found = propose(llrs)
    assert found.proposed == proposed
    assert found.guarded
    assert found.low <= found.found <= found.high


def test_too_few_interviews_are_refused() -> None:
    with pytest.raises(FitError, match="at least 2000 interviews, there are 1999"):
        propose(np.zeros(1999))


def test_llrs_are_read_from_a_column(tmp_path: Path) -> None:
    file = tmp_path / "recent.csv"
    file.write_text("interview,llr\na,0.5\nb,-1.25\n")
    assert read_llrs(file).tolist() == [0.5, -1.25]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("interview,llr\na,much\n", r"recent\.csv, line 2: llr"),
        ("interview\na\n", "llr"),
        ("interview,llr\n", r"recent\.csv"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "recent.csv"
    file.write_text(text)
    with pytest.raises(DatasetError, match=what):
        read_llrs(file)
