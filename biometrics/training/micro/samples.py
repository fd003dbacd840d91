"""Movements that people have labelled, as recognition learns from them and is judged by them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.errors import EvaluationError
from biometrics.micro.classes import CLASSES
from biometrics.micro.maps import Maps


@dataclass(frozen=True, slots=True)
class Samples:
    """``maps`` (n, 3, 28, 28), ``classes`` (n,) index in `CLASSES`, ``subjects`` (n,) and ``datasets`` (n,) by name.

    A subject's name holds the dataset's, so that two datasets' first subjects are two people.
    """

    maps: Maps
    classes: NDArray[np.intp]
    subjects: NDArray[np.str_]
    datasets: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.classes)

    @property
    def people(self) -> list[str]:
        """Every subject once, in order."""
        return [str(name) for name in np.unique(self.subjects)]

    def checked(self) -> Samples:
        """Itself. Raises EvaluationError where nobody could learn from it: fewer than two subjects, or a class without a sample."""
        if len(self.people) < 2:
            raise EvaluationError(f"leaving one subject out needs two or more: there is {len(self.people)}")
        counts = np.bincount(self.classes, minlength=len(CLASSES))
        if missing := [name for name, count in zip(CLASSES, counts, strict=True) if not count]:
            raise EvaluationError(f"there is no sample of class {missing[0]}")
        return self
