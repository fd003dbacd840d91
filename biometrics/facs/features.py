"""What moves on a face apart from skin and head: lids, irises, jaw. Each says which part of the neutral picture it shows where."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from biometrics.facs.gaze import Iris, look_at
from biometrics.facs.lattice import Plane
from biometrics.facs.lids import Lid, closure
from biometrics.facs.mouth import Mouth, jaw_at
from biometrics.facs.plan import ClipPlan
from biometrics.facs.rig import OVERSAMPLED, Rig

_MARGIN = 0.4
"""How far from where a feature is at rest it is looked for, inter-ocular distances."""
_Box = tuple[float, float, float, float]
_Pull = Callable[[Plane, Plane], tuple[Plane, Plane]]


@dataclass(frozen=True, slots=True)
class Pose:
    """Features at one moment: lids ``closed`` 0..1, ``jaw_px`` open, ``look_px`` of the irises to the image's right and down."""

    closed: float
    jaw_px: float
    look_px: tuple[float, float]

    @property
    def resting(self) -> bool:
        """Whether all are as in the neutral picture."""
        return self.closed == 0.0 and self.jaw_px == 0.0 and self.look_px == (0.0, 0.0)


def pose_at(plan: ClipPlan, t: float, unit: float) -> Pose:
    """The features at a moment of a plan; ``unit`` px of one inter-ocular distance."""
    across, down = look_at(plan.glances, t)
    return Pose(
        closed=closure(plan.blinks, t),
        jaw_px=jaw_at(plan.speech, t, plan.seed) * unit,
        look_px=(across * unit, down * unit),
    )


class Features:
    """Those of one rig."""

    def __init__(self, rig: Rig) -> None:
        self._size, self._margin = rig.size, _MARGIN * rig.own.inter_ocular_px
        self._lids = [Lid(rig.landmarks, eye) for eye in range(2)]
        self._irises = [Iris(rig.landmarks, eye) for eye in range(2)]
        self._mouth = Mouth(rig.landmarks)
        self._dark = self._mouth.dark(rig.texture, rig.landmarks, OVERSAMPLED)

    def beneath(self, pose: Pose, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        """Which place of the neutral picture is seen at each place of the face: x and y (H, W), each near its own px."""
        if pose.resting:
            return x, y
        u, v = x.copy(), y.copy()
        for box, pull in self._pulls(pose):
            place = self._place(box)
            across, down = pull(u[place], v[place])
            u[place] -= across
            v[place] -= down
        return u, v

    def paint(self, pose: Pose, x: Plane, y: Plane, seen: NDArray[np.float32]) -> None:
        """Paint the mouth's dark inside over a picture (H, W, 3) whose px show the face's places x and y."""
        if pose.jaw_px > 0.0:
            place = self._place(self._mouth.box)
            gap = self._mouth.gap(x[place], y[place], pose.jaw_px)[:, :, np.newaxis]
            seen[place] += gap * (self._dark - seen[place])

    def _pulls(self, pose: Pose) -> Iterator[tuple[_Box, _Pull]]:
        """In the order in which they cover each other, the uppermost first."""
        if pose.jaw_px > 0.0:
            yield self._mouth.box, partial(self._mouth.pulled, jaw_px=pose.jaw_px)
        if pose.closed > 0.0:
            yield from ((lid.box, partial(lid.pulled, closed=pose.closed)) for lid in self._lids)
        if pose.look_px != (0.0, 0.0):
            yield from ((iris.box, partial(iris.pulled, look_px=pose.look_px)) for iris in self._irises)

    def _place(self, box: _Box) -> tuple[slice, slice]:
        height, width = self._size
        left, top = (max(int(side - self._margin), 0) for side in box[:2])
        right, bottom = min(int(box[2] + self._margin), width), min(int(box[3] + self._margin), height)
        return slice(top, max(bottom, top)), slice(left, max(right, left))
