"""A plan filmed: frames as a camera delivers them before any codec."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import sway
from biometrics.facs.faces import NeutralFace
from biometrics.facs.features import Features, Pose, pose_at
from biometrics.facs.head import Skull, Turn, pivot, turns
from biometrics.facs.lattice import Field, Plane, pixels
from biometrics.facs.mesh import Floats
from biometrics.facs.plan import ClipPlan
from biometrics.facs.rig import Rig
from biometrics.facs.sensor import Film
from biometrics.media import Frame

_LIGHT_HZ = (0.03, 0.3)
_STRETCHED_LIPS = 0.25
"""Of the jaw's opening, how far the lips' corners go out and in again with each syllable."""


@dataclass(frozen=True, slots=True)
class State:
    """A face at one moment: its head, its skin's shift on the lattice (px), its lids, irises and jaw."""

    turn: Turn
    skin: Field
    features: Pose


class Stage:
    """One face before one camera, ready to play a plan."""

    def __init__(self, rig: Rig, plan: ClipPlan) -> None:
        self.rig, self.plan = rig, plan
        self.features = Features(rig)
        self._unit = rig.own.inter_ocular_px
        self._x, self._y = rig.lattice.axes()
        self._skull = Skull(pivot(rig.landmarks, self._unit), rig.depth, rig.head, self._unit)
        self._movements = [(each, rig.movement(each)) for each in plan.movements]
        self._lips = rig.unit("AU20", "left") + rig.unit("AU20", "right")
        self.columns, self.rows = pixels(rig.size)

    def states(self, t: Floats) -> Iterator[State]:
        """The face at the times ``t`` (n,) s."""
        for at, turn in zip(t.tolist(), turns(self.plan, t), strict=True):
            features = pose_at(self.plan, at, self._unit)
            skin = np.float32(_STRETCHED_LIPS * features.jaw_px / self._unit) * self._lips
            for planted, field in self._movements:
                if strength := planted.at(at):
                    skin += np.float32(strength) * field
            yield State(turn, skin, features)

    def forward(self, state: State) -> Field:
        """On the lattice: by how much skin and head take each place of the face at rest, px."""
        return self._skull.moved(state.turn, self._x, self._y, state.skin)

    def origins(self, state: State) -> tuple[Plane, Plane]:
        """Which place of the face at rest each px shows, lids, irises and jaw aside: x and y (H, W)."""
        back = self.rig.lattice.refined(self.rig.lattice.inverse(self.forward(state)))
        return self.columns + back[:, :, 0], self.rows + back[:, :, 1]

    def seen(self, state: State) -> NDArray[np.float32]:
        """What a perfect lens shows (H, W, 3), sRGB codes."""
        x, y = self.origins(state)
        seen = self.rig.read(*self.features.beneath(state.features, x, y))
        self.features.paint(state.features, x, y, seen)
        return seen


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
