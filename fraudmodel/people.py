"""Re-drawing people, not interviews: what one person did comes and goes as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fraudmodel.calibration import FloatArray


def drawn_together(people: Sequence[str]) -> Callable[[np.random.Generator], FloatArray]:
    """Draws weights (N,) of one bootstrap over the people behind N interviews, each of which is one person's."""
    _, place = np.unique(np.asarray(people), return_inverse=True)
    count = int(place.max()) + 1 if len(place) else 0

    def draw(rng: np.random.Generator) -> FloatArray:
        times = np.bincount(rng.integers(count, size=count), minlength=count).astype(np.float64)
        weights: FloatArray = times[place]
        return weights

    return draw
