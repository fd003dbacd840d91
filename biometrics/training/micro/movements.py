"""Which action units move together, and what the coding of research data calls it.

Drawn from the published criteria, not from data: CASME II (Yan et al. 2014, table 2), SAMM (Davison et al. 2018) and EMFACS
(Friesen & Ekman 1983) call AU12 or AU6 + 12 happiness, AU1 + 2 and AU5 surprise, and AU4, 7, 9, 10, 14, 15, 17, 20, 23, 24 and their
combinations disgust, anger, contempt, sadness, fear or repression, together negative. AU25 (lips part) and 26 (jaw drops) go with a jaw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.micro.classes import CLASSES

JAW: Final = "jaw"


@dataclass(frozen=True, slots=True)
class Together:
    """Units that move together, ``often`` as often as others of its class."""

    units: tuple[str, ...]
    often: float


def _together(often: float, *units: int | str) -> Together:
    return Together(tuple(JAW if unit == JAW else f"AU{unit}" for unit in units), often)


_NEGATIVE = (
    _together(4.0, 4), _together(4.0, 4, 7), _together(1.0, 4, 5), _together(1.0, 7),
    _together(1.5, 9), _together(1.0, 4, 9), _together(1.0, 10), _together(1.5, 4, 10),
    _together(0.5, 4, 9, 10), _together(0.5, 7, 10), _together(2.0, 14), _together(0.7, 4, 14),
    _together(1.5, 15), _together(1.0, 15, 17), _together(1.0, 17), _together(0.7, 17, 24),
    _together(0.7, 20), _together(0.5, 1), _together(1.0, 1, 4), _together(0.7, 1, 2, 4),
    _together(0.5, 23), _together(0.7, 24),
)  # fmt: skip
_POSITIVE = (
    _together(4.0, 12), _together(4.0, 6, 12), _together(0.7, 6), _together(0.7, 6, 7, 12),
    _together(0.7, 12, 14), _together(0.5, 10, 12), _together(0.5, 12, JAW),
)  # fmt: skip
_SURPRISE = (
    _together(4.0, 1, 2), _together(2.0, 1, 2, 5), _together(1.0, 2), _together(0.7, 5),
    _together(1.0, 1, 2, JAW), _together(0.7, 1, 2, 5, JAW), _together(0.3, 5, JAW),
)  # fmt: skip
MOVEMENTS: Final = dict(zip(CLASSES, (_NEGATIVE, _POSITIVE, _SURPRISE), strict=True))


def drawn(rng: np.random.Generator, number: int) -> tuple[str, ...]:
    """Units of one movement of class ``number``."""
    table = MOVEMENTS[CLASSES[number]]
    often = np.array([each.often for each in table])
    return table[int(rng.choice(len(table), p=often / often.sum()))].units
