from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.colour import coded_light, linear_light


def test_linear_light_is_that_of_the_standard() -> None:
    """IEC 61966-2-1: mid grey 0.5 is 0.2140, the two pieces meet at 0.04045."""
    np.testing.assert_allclose(
        linear_light(np.array([0.0, 0.04045, 0.5, 1.0])), [0, 0.0031308, 0.2140411, 1], atol=1e-6
    )


@settings(deadline=None)
@given(st.floats(0, 1))
def test_there_and_back(coded: float) -> None:
    value = np.array([coded])
    np.testing.assert_allclose(coded_light(linear_light(value)), value, atol=1e-6)
