"""Re-drawing people, not interviews: what one person did comes and goes as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fraudmodel.calibration import FloatArray


def drawn_together(people: Sequence[tuple[str, ...]]) -> Callable[[np.random.Generator], FloatArray]:
    """Draws weights (N,) of one bootstrap over the people behind N interviews.

    An interview counts as often as its people were drawn together: one person's as often as that person was, one in which somebody stood in
    for another as often as both were (as `ScoreTable.draw`).
    """
    everybody = {name: place for place, name in enumerate(sorted({name for each in people for name in each}))}
    places = [np.array([everybody[name] for name in sorted(set(each))]) for each in people]
    most = max((len(each) for each in places), default=0)
    # Whoever is missing of a shorter row is a person who is drawn exactly once.
    padded = np.array([[*each, *[len(everybody)] * (most - len(each))] for each in places], dtype=np.intp)

    def draw(rng: np.random.Generator) -> FloatArray:
        count = len(everybody)
        times = np.append(
            np.bincount(rng.integers(count, size=count), minlength=count).astype(np.float64), 1.0
        )
        weights: FloatArray = times[padded].prod(axis=1)
        return weights

    return draw
