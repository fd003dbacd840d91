"""No two people's muscles pull alike: units as one person has them.

FACS says where skin goes, anatomy how much of it and how straight: muscles differ in insertion, direction and breadth from person to
person, and some people lack some of them (Waller, Cray and Burrows 2008). What is drawn is meant to cover such differences, and was
fitted to nobody.
"""

from __future__ import annotations

from dataclasses import replace
from math import cos, sin
from typing import Final

import numpy as np

from biometrics.facs.units import UNITS, ActionUnit, Anatomy, Pull

_TURN_RAD: Final = 0.2
_REACH: Final = 0.15
_NARROWEST, _WIDEST = 0.85, 1.4
_STRENGTH: Final = 0.2


def individual(rng: np.random.Generator) -> Anatomy:
    """Each unit's pulls turned by some 12 degrees, reaching some 15 % further or less far, some 20 % stronger or weaker than each other."""
    return {name: _own(unit, rng) for name, unit in UNITS.items()}


def _own(unit: ActionUnit, rng: np.random.Generator) -> ActionUnit:
    return replace(unit, pulls=tuple(_changed(pull, rng) for pull in unit.pulls))


def _changed(pull: Pull, rng: np.random.Generator) -> Pull:
    turn, wider, longer, stronger = np.clip(rng.normal(0.0, 1.0, 4), -2.0, 2.0).tolist()
    along, across = cos(_TURN_RAD * turn), sin(_TURN_RAD * turn)
    strength = float(np.exp(_STRENGTH * stronger))
    reach = np.clip(np.exp(_REACH * np.array((wider, longer))), _NARROWEST, _WIDEST) * pull.reach
    return Pull(
        anchors=pull.anchors,
        lateral=strength * (along * pull.lateral - across * pull.up),
        up=strength * (across * pull.lateral + along * pull.up),
        reach=(float(reach[0]), float(reach[1])),
    )
