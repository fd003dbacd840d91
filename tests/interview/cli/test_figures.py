from __future__ import annotations

from fraudmodel.intervals import Estimate
from interview.cli.figures import per_cent, with_interval


def test_a_figure_stands_with_its_interval() -> None:
    assert with_interval(Estimate(0.2899, 0.0073, 1.615, 1)) == "0.29 [0.0073, 1.61]"
    assert per_cent(Estimate(0.05, 0.01, 0.0904, 20)) == "5 [1, 9.04]"


def test_what_was_not_measured_is_a_dash() -> None:
    assert per_cent(None) == "-"


def test_large_sums_are_written_out() -> None:
    assert with_interval(Estimate(2.2e5, 208_123.0, 239_049.0, 1)) == "220000 [208000, 239000]"
