"""Thin-plate splines through landmarks: values known at scattered points, smooth in between (Bookstein 1989)."""

from __future__ import annotations

import numpy as np

from biometrics.facs.mesh import Floats

_RIDGE = 1e-6
_CHUNK = 8192


class ThinPlate:
    """From values at ``controls`` (n, 2) to values anywhere. What is solved once serves any number of values."""

    def __init__(self, controls: Floats) -> None:
        self._middle, self._spread = controls.mean(axis=0), float(controls.std())
        self._controls = self._scaled(controls)
        count = len(controls)
        affine = np.column_stack([np.ones(count), self._controls])
        system = np.zeros((count + 3, count + 3))
        system[:count, :count] = _kernel(self._controls, self._controls) + _RIDGE * np.eye(count)
        system[:count, count:], system[count:, :count] = affine, affine.T
        self._inverse = np.linalg.inv(system)[:, :count]

    def __call__(self, values: Floats, at: Floats) -> Floats:
        """(m, k) values at ``at`` (m, 2), from ``values`` (n, k) at the controls."""
        weights = self._inverse @ values
        found = np.empty((len(at), values.shape[1]))
        for start in range(0, len(at), _CHUNK):
            part = self._scaled(at[start : start + _CHUNK])
            basis = np.column_stack([_kernel(part, self._controls), np.ones(len(part)), part])
            found[start : start + _CHUNK] = basis @ weights
        return found

    def _scaled(self, points: Floats) -> Floats:
        return np.asarray((points - self._middle) / self._spread)


def _kernel(a: Floats, b: Floats) -> Floats:
    """r^2 log r."""
    squared = ((a**2).sum(axis=1)[:, np.newaxis] + (b**2).sum(axis=1) - 2.0 * a @ b.T).clip(1e-12)
    return np.asarray(0.5 * squared * np.log(squared))
