"""Fields on a lattice: read between the nodes, refined to px, inverted."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.facs.lattice import Field, Lattice, Plane, pixels
from biometrics.facs.spline import ThinPlate


def wave(x: Plane, y: Plane) -> Field:
    """A smooth field of up to 3 px, slope up to 0.3."""
    return np.stack([3 * np.sin(x / 10), 2 * np.cos(y / 12)], axis=2).astype(np.float32)


@pytest.mark.parametrize("step", [1, 2, 3])
def test_refined_and_read_give_the_field_at_every_px(step: int) -> None:
    lattice = Lattice((60, 83), step, pad=4)
    field = wave(*lattice.axes())
    x, y = pixels(lattice.size)
    assert np.abs(lattice.refined(field) - wave(x, y)).max() < 0.02 * step
    assert np.abs(lattice.read(field, x, y) - wave(x, y)).max() < 0.02 * step + 0.01


@pytest.mark.parametrize("step", [1, 2, 3])
def test_the_inverse_takes_back(step: int) -> None:
    lattice = Lattice((60, 83), step, pad=4)
    field = wave(*lattice.axes())
    x, y = pixels(lattice.size)
    back = lattice.refined(lattice.inverse(field))
    there = wave(x + back[:, :, 0], y + back[:, :, 1])
    inner = np.s_[8:-8, 8:-8]
    assert np.abs(there + back)[inner].max() < 0.04 * step


def test_the_steepest_slope() -> None:
    lattice = Lattice((40, 40), 2, pad=4)
    x, y = lattice.axes()
    assert lattice.steepest(np.stack([0.3 * x, -0.7 * y], axis=2)) == pytest.approx(0.7, abs=1e-4)


def test_a_spline_goes_through_its_points_and_is_exact_for_planes() -> None:
    rng = np.random.default_rng(1)
    controls, elsewhere = rng.uniform(0, 200, (120, 2)), rng.uniform(0, 200, (50, 2))
    spline = ThinPlate(controls)
    values = rng.normal(0, 1, (120, 2))
    np.testing.assert_allclose(spline(values, controls), values, atol=0.01)

    def plane(at: np.ndarray) -> np.ndarray:
        return at @ np.array([[0.3, 0.1], [-0.2, 0.5]]) + 4.0

    np.testing.assert_allclose(spline(plane(controls), elsewhere), plane(elsewhere), atol=1e-6)
