"""What really moved: the exact displacement of every pixel between two moments of a plan."""

from __future__ import annotations

import numpy as np

from biometrics.facs.clip import Stage, State
from biometrics.facs.faces import NeutralFace
from biometrics.facs.lattice import Field, Plane
from biometrics.facs.mesh import FACE, Floats
from biometrics.facs.plan import ClipPlan, PlantedMovement
from biometrics.facs.rig import Rig

_STEPS = 20
_CALM = 0.7


def true_flow(face: NeutralFace, plan: ClipPlan, movement: PlantedMovement) -> Field:
    """(H, W, 2) px: where each pixel of the picture at a movement's onset is at its apex, head, lids and mouth included.

    What lids or lips uncover or hide between the two has no place in one of them: the nearest is given.
    """
    stage = Stage(Rig(face, plan.size, plan.inter_ocular_px), plan)
    return flow(stage, movement.onset_s, movement.apex_s)


def flow(stage: Stage, start_s: float, end_s: float) -> Field:
    """(H, W, 2) px: where each pixel of the picture at ``start_s`` is at ``end_s``."""
    before, after = stage.states(np.array([start_s, end_s]))
    skin = stage.features.beneath(before.features, *stage.origins(before))
    u, v = _landed(stage, after, *skin)
    shift = stage.rig.lattice.read(stage.forward(after), u, v)
    moved = (u + shift[:, :, 0] - stage.columns, v + shift[:, :, 1] - stage.rows)
    return np.stack(moved, axis=2).astype(np.float32)


def movement_flow(rig: Rig, movement: PlantedMovement) -> Field:
    """(H, W, 2) px: a movement alone, from rest to apex, on the face at rest: what a perfect alignment would leave."""
    return np.array(rig.lattice.refined(rig.movement(movement)), np.float32)


def landmarks_at(stage: Stage, t: Floats) -> Floats:
    """(n, 468, 2) px: where the face's landmarks are at the times ``t`` (n,) s; of the lids and lips as if nobody blinked or spoke."""
    rest = stage.rig.landmarks[:FACE, :2]
    x, y = (np.ascontiguousarray(rest[:, np.newaxis, axis]) for axis in (0, 1))
    moved = [stage.rig.lattice.read(stage.forward(state), x, y)[:, 0] for state in stage.states(t)]
    return np.asarray(rest + np.stack(moved), np.float64)


def _landed(stage: Stage, state: State, x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """Where lids, irises and jaw put places of the neutral picture: the inverse of `beneath`, by damped fixed-point iteration."""
    if state.features.resting:
        return x, y
    u, v = x, y
    for _ in range(_STEPS):
        back = stage.features.beneath(state.features, u, v)
        u, v = u + np.float32(_CALM) * (x - back[0]), v + np.float32(_CALM) * (y - back[1])
    return u, v
