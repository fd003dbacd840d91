"""Action units as fields of displacement over the 468 landmarks (Ekman, Friesen and Hager 2002, Facial Action Coding System).

A unit is what its muscle pulls: anchors on the skin, the direction in which FACS says that they go, and how far the pull
reaches over the skin around them. Left and right halves are separate, so that a movement can be one-sided. What FACS
describes in words, these fields put into numbers by hand: they carry where and whither a unit moves, not how any one person's skin does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from biometrics.facs.mesh import RIGID, Floats, mirrored

Side = Literal["left", "right"]
"""The person's own."""
SIDES: Final[tuple[Side, ...]] = ("left", "right")
_MIDLINE: Final = 0.08
"""Over this distance from the middle of the face one half's pull passes into the other's."""
_GUARD: Final = 0.07
"""Within this distance the rigid points hold the skin."""


@dataclass(frozen=True, slots=True)
class Pull:
    """Skin pulled at ``anchors`` (landmarks of the person's right side or the midline).

    Direction ``lateral`` (away from the midline) and ``up``; ``reach`` sigma of its fall-off across and along the face,
    in inter-ocular distances.
    """

    anchors: tuple[int, ...]
    lateral: float
    up: float
    reach: tuple[float, float]


@dataclass(frozen=True, slots=True)
class ActionUnit:
    """One unit of FACS. ``muscle`` that makes it; ``upper`` whether it moves brows, lids or the root of the nose."""

    name: str
    muscle: str
    upper: bool
    pulls: tuple[Pull, ...]


_ALL: Final = (
    ActionUnit("AU1", "frontalis, pars medialis", True, (
        Pull((107, 66, 55), 0.0, 1.0, (0.20, 0.26)),
    )),
    ActionUnit("AU2", "frontalis, pars lateralis", True, (
        Pull((105, 63, 70), 0.1, 1.0, (0.22, 0.26)),
    )),
    ActionUnit("AU4", "corrugator supercilii, depressor supercilii, procerus", True, (
        Pull((107, 55, 66), -0.6, -0.8, (0.18, 0.18)),
        Pull((105, 63, 52, 53), -0.25, -0.4, (0.20, 0.14)),
        Pull((9, 8), 0.0, -0.5, (0.12, 0.14)),
    )),
    ActionUnit("AU5", "levator palpebrae superioris", True, (
        Pull((161, 160, 159, 158, 157), 0.0, 1.0, (0.06, 0.05)),
    )),
    ActionUnit("AU6", "orbicularis oculi, pars orbitalis", True, (
        Pull((117, 118, 50), -0.1, 0.8, (0.20, 0.16)),
        Pull((144, 145, 153), 0.0, 0.4, (0.08, 0.05)),
        Pull((226, 35), -0.5, 0.1, (0.10, 0.10)),
    )),
    ActionUnit("AU7", "orbicularis oculi, pars palpebralis", True, (
        Pull((163, 144, 145, 153, 154), -0.2, 0.9, (0.06, 0.05)),
        Pull((160, 159, 158), 0.0, -0.4, (0.06, 0.05)),
    )),
    ActionUnit("AU9", "levator labii superioris alaeque nasi", True, (
        Pull((129, 98, 64, 48), 0.0, 1.0, (0.12, 0.14)),
        Pull((114, 217), 0.0, 0.5, (0.10, 0.12)),
        Pull((37, 39, 40), 0.0, 0.4, (0.12, 0.10)),
        Pull((55, 107), -0.2, -0.5, (0.14, 0.12)),
    )),
    ActionUnit("AU10", "levator labii superioris", False, (
        Pull((37, 39, 40), 0.0, 1.0, (0.12, 0.09)),
        Pull((203, 206, 142, 36), 0.05, 0.6, (0.14, 0.14)),
    )),
    ActionUnit("AU12", "zygomaticus major", False, (
        Pull((61,), 0.7, 0.7, (0.18, 0.16)),
        Pull((205, 187, 207, 50), 0.35, 0.5, (0.18, 0.18)),
    )),
    ActionUnit("AU14", "buccinator", False, (
        Pull((61,), 0.9, 0.15, (0.10, 0.10)),
        Pull((216, 212), -0.4, 0.0, (0.10, 0.14)),
    )),
    ActionUnit("AU15", "depressor anguli oris", False, (
        Pull((61,), 0.15, -1.0, (0.13, 0.12)),
        Pull((202, 204, 211), 0.0, -0.4, (0.14, 0.12)),
    )),
    ActionUnit("AU17", "mentalis", False, (
        Pull((175, 199, 200, 171), 0.0, 1.0, (0.18, 0.15)),
        Pull((17, 84, 18, 83), 0.0, 0.75, (0.16, 0.09)),
        Pull((0, 37), 0.0, 0.2, (0.18, 0.05)),
    )),
    ActionUnit("AU20", "risorius, platysma", False, (
        Pull((61,), 1.0, -0.15, (0.16, 0.14)),
        Pull((207, 214), 0.5, -0.05, (0.18, 0.18)),
        Pull((91, 181), 0.4, -0.1, (0.12, 0.10)),
    )),
    ActionUnit("AU23", "orbicularis oris", False, (
        Pull((61,), -0.6, 0.0, (0.11, 0.10)),
        Pull((0, 37, 39, 40), 0.0, -0.5, (0.12, 0.09)),
        Pull((17, 84, 181, 91), 0.0, 0.5, (0.12, 0.09)),
    )),
    ActionUnit("AU24", "orbicularis oris", False, (
        Pull((0, 37, 39), 0.0, -0.9, (0.14, 0.09)),
        Pull((17, 84, 181), 0.0, 0.9, (0.14, 0.09)),
        Pull((175, 18), 0.0, 0.15, (0.14, 0.09)),
    )),
)  # fmt: skip
UNITS: Final[Mapping[str, ActionUnit]] = {unit.name: unit for unit in _ALL}
"""The units by name."""


def half(name: str, side: Side, points: Floats) -> Floats:
    """(468, 2) x and y displacement of a face's points (468, 3; its own frame) by one half of a unit.

    Both halves together move the landmark that goes farthest by 1.
    """
    both = {each: _half(UNITS[name], each, points) for each in SIDES}
    return np.asarray(both[side] / _peak(both["left"] + both["right"]))


def strengths(asymmetry: float) -> dict[Side, float]:
    """How strongly each half pulls at an asymmetry (left - right) / (left + right) of -1..1; the stronger one pulls by 1."""
    if not -1.0 <= asymmetry <= 1.0:
        raise ValueError(f"an asymmetry is between -1 and 1, not {asymmetry}")
    stronger = 1.0 + abs(asymmetry)
    return {"left": (1.0 + asymmetry) / stronger, "right": (1.0 - asymmetry) / stronger}


def combined(units: Mapping[str, float], asymmetry: float, points: Floats) -> Floats:
    """(468, 2): units of relative strengths together, not normalised: `halves` names its parts."""
    parts = halves(units, asymmetry)
    return np.asarray(sum(share * half(name, side, points) for (name, side), share in parts.items()))


def halves(units: Mapping[str, float], asymmetry: float) -> dict[tuple[str, Side], float]:
    """What each half contributes. Raises ValueError for a unit that there is not, or for nothing at all."""
    if unknown := sorted(set(units) - set(UNITS)):
        raise ValueError(f"there is no action unit {unknown[0]} here: there are {', '.join(UNITS)}")
    sides = strengths(asymmetry)
    parts = {(n, s): share * sides[s] for n, share in units.items() for s in SIDES if share * sides[s] != 0.0}
    if not parts:
        raise ValueError("a movement needs an action unit")
    return parts


def upper(units: Mapping[str, float]) -> bool:
    """Whether brows, lids or the root of the nose are among what moves."""
    return any(UNITS[name].upper for name, share in units.items() if share != 0.0)


def _half(unit: ActionUnit, side: Side, points: Floats) -> Floats:
    outward = 1.0 if side == "left" else -1.0
    moved = np.zeros((len(points), 2))
    for pull in unit.pulls:
        anchors = mirrored()[list(pull.anchors)] if side == "left" else np.array(pull.anchors)
        along = np.array((pull.lateral * outward, pull.up))
        moved += _near(points, points[anchors], pull.reach)[:, np.newaxis] * along
    own = 0.5 * (1.0 + np.tanh(outward * points[:, 0] / _MIDLINE))
    held = 1.0 - _near(points, points[list(RIGID)], (_GUARD, _GUARD))
    return np.asarray(moved * (own * held)[:, np.newaxis])


def _near(points: Floats, anchors: Floats, reach: tuple[float, float]) -> Floats:
    """(n,) 0..1: 1 at any anchor, a Gaussian's fall-off around it, smoothly united."""
    apart = (points[:, np.newaxis, :2] - anchors[np.newaxis, :, :2]) / reach
    return np.asarray(1.0 - np.prod(1.0 - np.exp(-0.5 * (apart**2).sum(axis=2)), axis=1))


def _peak(moved: Floats) -> float:
    return float(np.linalg.norm(moved, axis=1).max())
