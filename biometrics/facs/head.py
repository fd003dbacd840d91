"""A head that is held still, and never is: slow sway and a little tremor of six degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.optics import rotation, sway
from biometrics.facs.lattice import Field, Plane
from biometrics.facs.mesh import Floats
from biometrics.facs.plan import ClipPlan

_SLOW_HZ = (0.05, 0.5)
_TREMOR_HZ = (1.0, 4.0)


@dataclass(frozen=True, slots=True)
class Turn:
    """Where the head is: ``turn`` (3, 3) from its rest, ``shift`` (2,) inter-ocular distances, ``scale`` of it."""

    turn: Floats
    shift: Floats
    scale: float


def turns(plan: ClipPlan, t: Floats) -> list[Turn]:
    """The head at the times ``t`` (n,) s. The same plan is the same motion, whichever times are asked for."""
    motion = plan.head
    rng = np.random.default_rng((plan.seed, 1))

    def wander(rms: float) -> Floats:
        slow, fast = sway(t, rng, _SLOW_HZ, rms), sway(t, rng, _TREMOR_HZ, rms * motion.tremor)
        return np.asarray(slow + fast)

    pitch, yaw, roll = (
        np.radians(wander(rms)) for rms in (motion.pitch_deg, motion.yaw_deg, motion.roll_deg)
    )
    for nod in plan.nods:
        gone = np.radians(_bump((t - nod.t) / nod.duration_s))
        pitch, yaw = pitch + nod.pitch_deg * gone, yaw - nod.yaw_deg * gone
    across, down, nearer = wander(motion.shift), wander(motion.shift), wander(motion.nearer)
    angles, shifts = np.stack([pitch, yaw, roll], axis=1), np.stack([across, down], axis=1)
    return [Turn(rotation(a), s, 1.0 + float(n)) for a, s, n in zip(angles, shifts, nearer, strict=True)]


def _bump(share: Floats) -> Floats:
    """0 up to 0, 1 at a half, 0 from 1 on, a raised cosine."""
    return np.asarray(0.5 - 0.5 * np.cos(2 * np.pi * np.clip(share, 0.0, 1.0)))


@dataclass(frozen=True, slots=True)
class Skull:
    """What turns: about ``pivot`` (x, y, z px), with ``depth`` (h, w) px away from the camera, as far as ``weight`` (h, w; 0..1) goes.

    ``unit`` px of one inter-ocular distance.
    """

    pivot: tuple[float, float, float]
    depth: Plane
    weight: Plane
    unit: float

    def moved(self, turn: Turn, x: Plane, y: Plane, skin: Field) -> Field:
        """Where the head's turn and the skin's own shift together take each place (h, w), as a shift in px."""
        m = (turn.scale * turn.turn[:2]).astype(np.float32)
        px, py, pz = (np.float32(each) for each in self.pivot)
        dx, dy, dz = x + skin[:, :, 0] - px, y + skin[:, :, 1] - py, self.depth - pz
        shift = (turn.shift * self.unit).astype(np.float32)
        rigid = [m[i, 0] * dx + m[i, 1] * dy + m[i, 2] * dz + shift[i] for i in range(2)]
        offset = np.stack([rigid[0] - dx, rigid[1] - dy], axis=2)
        return np.asarray(self.weight[:, :, np.newaxis] * offset + skin, dtype=np.float32)


def pivot(landmarks: NDArray[np.float32], unit: float) -> tuple[float, float, float]:
    """A head turns about the joint on its spine: between the ears, somewhat below the eyes and behind the face's outline."""
    middle = landmarks[[127, 356], :2].mean(axis=0)
    return float(middle[0]), float(middle[1]) + 0.5 * unit, 0.3 * unit
