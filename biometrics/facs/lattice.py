"""Smooth fields of displacement, kept on a coarse lattice over a picture and read anywhere between."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.facs.mesh import Floats

Plane = NDArray[np.float32]
"""(h, w) float32."""
Field = NDArray[np.float32]
"""(h, w, 2) float32: shift in x and y, px."""
_STEPS = 5


@dataclass(frozen=True, slots=True)
class Lattice:
    """Nodes every ``step`` px over a picture of ``size`` (height, width) and ``pad`` nodes beyond each edge.

    A node is the centre of its step x step px, so that `cv2.resize` refines it exactly.
    """

    size: tuple[int, int]
    step: int
    pad: int

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns) of nodes."""
        rows, columns = (-(-side // self.step) + 2 * self.pad for side in self.size)
        return rows, columns

    def axes(self) -> tuple[Plane, Plane]:
        """x and y in px of every node."""
        rows, columns = self.shape
        x, y = (self._place(np.arange(n)) for n in (columns, rows))
        across, down = np.meshgrid(x, y)
        return across.astype(np.float32), down.astype(np.float32)

    def points(self) -> Floats:
        """(rows x columns, 2) the nodes' places."""
        return np.stack([axis.ravel() for axis in self.axes()], axis=1).astype(np.float64)

    def read(self, values: Field, x: Plane, y: Plane) -> Field:
        """A field's values at places (h, w), px; beyond the lattice those of its edge."""
        offset = np.float32((self.step - 1) / 2)
        near = np.float32(self.pad * self.step)
        columns, rows = ((axis + near - offset) * np.float32(1 / self.step) for axis in (x, y))
        return np.asarray(cv2.remap(values, columns, rows, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE))

    def refined(self, values: Field) -> Field:
        """A field at every px of the picture."""
        if self.step > 1:
            values = np.asarray(
                cv2.resize(values, None, fx=self.step, fy=self.step, interpolation=cv2.INTER_CUBIC)
            )
        margin = self.pad * self.step
        return values[margin : margin + self.size[0], margin : margin + self.size[1]]

    def inverse(self, forward: Field) -> Field:
        """The field that takes back: where x goes to x + forward(x), y comes from y + inverse(y).

        By fixed-point iteration, which converges where the field nowhere folds (its slope stays below 1).
        """
        x, y = self.axes()
        back = -forward
        for _ in range(_STEPS):
            back = -self.read(forward, x + back[:, :, 0], y + back[:, :, 1])
        return back

    def steepest(self, values: Field) -> float:
        """The most that a field changes from one px to the next; from 1 on it may fold."""
        return max(float(np.abs(np.diff(values, axis=axis)).max()) for axis in (0, 1)) / self.step

    def _place(self, index: NDArray[np.int64]) -> Floats:
        return np.asarray((index - self.pad) * float(self.step) + (self.step - 1) / 2)


def pixels(size: tuple[int, int]) -> tuple[Plane, Plane]:
    """x and y of every px of a picture of (height, width)."""
    columns, rows = np.meshgrid(np.arange(size[1], dtype=np.float32), np.arange(size[0], dtype=np.float32))
    return columns, rows
