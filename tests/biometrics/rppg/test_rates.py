"""How often simulated skin goes beyond the reader's limits: what its docstrings quote."""

from __future__ import annotations

import pytest

from biometrics.rppg.reading import Pulse, read
from fraudmodel.signals import Reason
from tests.biometrics.rppg.signals import skin

RUNS = 150


def flickers(wall: float, noise: float) -> int:
    """Of `RUNS`, beside a wall that beats in time with the skin by ``wall``, under white ``noise``."""
    return sum(read(skin(wall=wall, noise=noise, seed=seed)) is Reason.FLICKER for seed in range(RUNS))


@pytest.mark.slow
def test_walls_are_taken_for_what_made_the_pulse_where_they_flicker() -> None:
    assert flickers(0.0, 0.002) == pytest.approx(2, abs=1)
    assert flickers(0.003, 0.002) == RUNS
    assert flickers(0.003, 0.004) == pytest.approx(92, abs=3)


@pytest.mark.slow
def test_no_pulse_is_found_where_there_is_none() -> None:
    found = [read(skin(green=0.0, seed=seed)) for seed in range(400)]
    assert sum(isinstance(one, Pulse) and one.found for one in found) == 0
