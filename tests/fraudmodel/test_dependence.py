from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fraudmodel.dependence import dependent_sum


def by_rank(llrs: np.ndarray, correlation: float) -> float:
    """The definition, one signal after the other."""
    decay = (1.0 - correlation) / (1.0 + correlation)
    towards = sorted((each for each in llrs if each > 0.0), reverse=True)
    against = sorted(each for each in llrs if each < 0.0)
    return float(sum(decay**k * each for part in (towards, against) for k, each in enumerate(part)))


@given(st.integers(1, 6), st.floats(0.0, 0.99), st.data())
def test_few_rows_and_many_are_summed_up_alike(signals: int, correlation: float, data: st.DataObject) -> None:
    few = data.draw(hnp.arrays(np.float64, (3, signals), elements=st.floats(-20.0, 20.0)))
    expected = [by_rank(row, correlation) for row in few]
    assert dependent_sum(few, correlation) == pytest.approx(expected, abs=1e-9)
    many = np.tile(few, (400, 1)).reshape(400, 3, signals)
    assert dependent_sum(many, correlation) == pytest.approx(np.tile(expected, (400, 1)), abs=1e-9)
