"""Which of three kinds of movement does a brief movement look like, and which action units went?

Read from flow and strain between two straight pictures of one face, at onset and at apex (`align`), by a small network that learnt from
synthetic movements of action units alone. It names movements like those that its training material calls negative, positive or surprise;
what a person felt, it does not know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.facs.units import SIDES, UNITS
from biometrics.micro.align import EYE_LINE_PX, INTER_OCULAR_PX, SIZE_PX, Grey
from biometrics.micro.classes import CLASSES, MovementClass
from biometrics.micro.maps import EYE_LINE, INTER_OCULAR, MIDDLE, SIZE, Maps, maps_of, optical_strain
from models.hub import Model

MODEL: Final = "micro_expression"
HALVES: Final = tuple(f"{name}_{side}" for name in UNITS for side in SIDES)
"""The network's units in its order."""
UNIT: Final = "unit_"
"""What the covariates of action units that went begin with."""
WENT: Final = 0.5
"""Half of a unit that went no further is not told: of what is told of fresh synthetic movements 94 in 100 were planted, and 86 in 100 that
were planted are told (`candor evaluate microexpression --quick`)."""
_FINE = 2
_BLUR_PX = 1.0


@dataclass(frozen=True, slots=True)
class Recognised:
    """``probabilities`` by class, of classes that are equally likely beforehand; ``units`` how far each half of an action unit went.

    Units are relative to the whole movement (1 is about half of its strongest places), 0 where a half did not move.
    """

    probabilities: Mapping[MovementClass, float]
    units: Mapping[str, float]

    @property
    def covariates(self) -> dict[str, float]:
        """What a reading carries of it: the probability of each class, and the halves of units that went."""
        went = {f"{UNIT}{half}": far for half, far in self.units.items() if not far < WENT}
        return {**{str(name): share for name, share in self.probabilities.items()}, **went}


class Recogniser:
    """Asks the network. Its flow keeps nothing from one movement to the next."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)

    @property
    def model(self) -> str:
        """Which weights answer."""
        return str(self._model.id)

    def __call__(self, onset: Grey, apex: Grey) -> Recognised:
        """One movement, of the straight pictures (128, 128) at its onset and at its apex."""
        flow = self._flow.calc(onset, apex, np.zeros((*onset.shape, 2), np.float32))
        return self.recognised(event_map(np.asarray(flow, np.float32)))[0]

    def recognised(self, maps: Maps) -> list[Recognised]:
        """Movements whose maps (n, 3, 28, 28) are there."""
        probabilities, units = self._model(maps)
        return [
            Recognised(
                dict(zip(CLASSES, each.tolist(), strict=True)),
                dict(zip(HALVES, np.expm1(went).tolist(), strict=True)),
            )
            for each, went in zip(probabilities, units, strict=True)
        ]


def event_map(flow: NDArray[np.float32]) -> Maps:
    """(1, 3, 28, 28): a flow (128, 128, 2; px, right and down) between straight pictures, as the network reads it."""
    fine = SIZE * _FINE
    scale = INTER_OCULAR_PX / (INTER_OCULAR * _FINE)
    left = (SIZE_PX - 1) / 2 - scale * ((MIDDLE + 0.5) * _FINE - 0.5)
    top = EYE_LINE_PX - scale * ((EYE_LINE + 0.5) * _FINE - 0.5)
    place = np.array([[scale, 0.0, left], [0.0, scale, top]])
    soft = cv2.GaussianBlur(flow, (0, 0), _BLUR_PX)
    reads = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    u, v = np.moveaxis(
        cv2.warpAffine(soft, place, (fine, fine), flags=reads, borderMode=cv2.BORDER_REPLICATE), 2, 0
    )
    planes = np.stack([u, v, optical_strain(u, v)])
    coarse = planes.reshape(3, 1, SIZE, _FINE, SIZE, _FINE).mean(axis=(3, 5))
    return maps_of(*coarse)[0]
