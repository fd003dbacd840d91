"""A plan filmed: frames as a camera delivers them before any codec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import sway
from biometrics.facs.faces import NeutralFace
from biometrics.facs.head import Skull, Turn, pivot, turns
from biometrics.facs.lattice import Field, Plane
from biometrics.facs.lids import Lid, closure, lids
from biometrics.facs.mesh import Floats
from biometrics.facs.mouth import Mouth, jaw_at
from biometrics.facs.plan import ClipPlan
from biometrics.facs.rig import OVERSAMPLED, Rig
from biometrics.facs.sensor import Film
from biometrics.media import Frame

_LIGHT_HZ = (0.03, 0.3)
_STRETCHED_LIPS = 0.25
"""Of the jaw's opening, how far the lips' corners go out and in again with each syllable."""
_MARGIN = 0.4
_Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class State:
    """A face at one moment: its head, its skin's shift on the lattice, lids closed 0..1, jaw open px."""

    turn: Turn
    skin: Field
    closed: float
    jaw_px: float


class Stage:
    """One face before one camera, ready to play a plan."""

    def __init__(self, rig: Rig, plan: ClipPlan) -> None:
        self.rig, self.plan = rig, plan
        unit = rig.own.inter_ocular_px
        self._x, self._y = rig.lattice.axes()
        self.skull = Skull(pivot(rig.landmarks, unit), rig.depth, rig.head, unit)
        self._movements = [(each, rig.movement(each)) for each in plan.movements]
        self.lids, self.mouth = lids(rig.landmarks), Mouth(rig.landmarks)
        self._lips = rig.unit("AU20", "left") + rig.unit("AU20", "right")
        self._dark = self.mouth.dark(rig.texture, rig.landmarks, OVERSAMPLED)
        height, width = rig.size
        self._columns, self._rows = np.meshgrid(
            np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)
        )

    def states(self, t: Floats) -> Iterator[State]:
        """The face at the times ``t`` (n,) s."""
        plan, unit = self.plan, self.rig.own.inter_ocular_px
        for at, turn in zip(t, turns(plan.head, t, plan.seed), strict=True):
            jaw = jaw_at(plan.speech, float(at), plan.seed)
            skin = np.zeros((*self.rig.lattice.shape, 2), np.float32)
            for planted, field in self._movements:
                if strength := planted.at(float(at)):
                    skin += np.float32(strength) * field
            if jaw:
                skin += np.float32(_STRETCHED_LIPS * jaw) * self._lips
            yield State(turn, skin, closure(plan.blinks, float(at)), jaw * unit)

    def forward(self, state: State) -> Field:
        """On the lattice: by how much skin and head take each place of the face at rest, px."""
        return self.skull.moved(state.turn, self._x, self._y, state.skin)

    def seen(self, state: State) -> NDArray[np.float32]:
        """What a perfect lens shows (H, W, 3), sRGB codes."""
        x, y = self.origins(state)
        parts = [(lid.box, _Pulled(lid, state.closed)) for lid in self.lids if state.closed > 0.0]
        if state.jaw_px > 0.0:
            parts.append((self.mouth.box, _Pulled(self.mouth, state.jaw_px)))
        u, v = x, y
        for box, pull in parts:
            u, v = u.copy(), v.copy()
            place = self._place(box)
            across, down = pull(x[place], y[place])
            u[place] -= across
            v[place] -= down
        seen = self._read(u, v)
        if state.jaw_px > 0.0:
            place = self._place(self.mouth.box)
            gap = self.mouth.gap(x[place], y[place], state.jaw_px)[:, :, np.newaxis]
            seen[place] += gap * (self._dark - seen[place])
        return seen

    def origins(self, state: State) -> tuple[Plane, Plane]:
        """Which place of the face at rest each px shows, lids and jaw aside: x and y (H, W)."""
        back = self.rig.lattice.refined(self.rig.lattice.inverse(self.forward(state)))
        return self._columns + back[:, :, 0], self._rows + back[:, :, 1]

    def _read(self, x: Plane, y: Plane) -> NDArray[np.float32]:
        half = np.float32((OVERSAMPLED - 1) / 2)
        u, v = (axis * np.float32(OVERSAMPLED) + half for axis in (x, y))
        seen = cv2.remap(self.rig.texture, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.asarray(seen, dtype=np.float32)

    def _place(self, box: tuple[float, float, float, float]) -> tuple[slice, slice]:
        margin = _MARGIN * self.rig.own.inter_ocular_px
        height, width = self.rig.size
        left, top = max(int(box[0] - margin), 0), max(int(box[1] - margin), 0)
        right, bottom = min(int(box[2] + margin), width), min(int(box[3] + margin), height)
        return slice(top, max(bottom, top)), slice(left, max(right, left))


@dataclass(frozen=True, slots=True)
class _Pulled:
    """A lid or the mouth, so far moved."""

    what: Lid | Mouth
    amount: float

    def __call__(self, x: Plane, y: Plane) -> tuple[Plane, Plane]:
        return self.what.pulled(x, y, self.amount)


def render(face: NeutralFace, plan: ClipPlan) -> Iterator[Frame]:
    """Film a face by a plan. A face that plays several plans is set up once: `Rig`, then `play`."""
    yield from play(Rig(face, plan.size, plan.inter_ocular_px), plan)


def play(rig: Rig, plan: ClipPlan) -> Iterator[Frame]:
    """Film a face that is set up. Raises ValueError where the rig was set up for another picture."""
    if rig.size != plan.size or abs(rig.own.inter_ocular_px - plan.inter_ocular_px) > 0.5:
        raise ValueError("the rig was set up for another size of picture or face than the plan's")
    stage = Stage(rig, plan)
    t = np.arange(plan.frames) / plan.fps
    film = Film(plan.sensor, plan.size, np.random.default_rng((plan.seed, 2)))
    light = 1.0 + sway(t, np.random.default_rng((plan.seed, 3)), _LIGHT_HZ, plan.light_drift)
    for index, state in enumerate(stage.states(t)):
        yield Frame(float(t[index]), index, film.frame(stage.seen(state), float(light[index])))
