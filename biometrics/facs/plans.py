"""Plans drawn at random: brief movements of three classes among everything else that a face does.

Which units make which class follows what CASME II and SAMM were labelled by, after EMFACS (Yan et al. 2014; Davison et al. 2018;
Friesen and Ekman 1983), merged into three classes as MEGC2019 does (See et al. 2019). A class is a name for units that
moved together, and no statement about what anybody felt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.facs.plan import (
    Blink,
    ClipPlan,
    Glance,
    HeadMotion,
    Nod,
    PlantedMovement,
    Sensor,
    Utterance,
)

NEGATIVE, POSITIVE, SURPRISE = "negative", "positive", "surprise"
CLASSES: Final = (NEGATIVE, POSITIVE, SURPRISE)
MACRO: Final = "macro"
"""Label of an ordinary, longer expression."""
Units = Mapping[str, float]
_COMBINATIONS: Final[Mapping[str, tuple[tuple[float, Units], ...]]] = {
    NEGATIVE: (
        (0.20, {"AU4": 1.0}),
        (0.15, {"AU4": 1.0, "AU7": 0.6}),
        (0.04, {"AU7": 1.0}),
        (0.05, {"AU9": 1.0}),
        (0.06, {"AU4": 0.8, "AU9": 1.0}),
        (0.06, {"AU10": 1.0}),
        (0.05, {"AU4": 1.0, "AU10": 0.8}),
        (0.08, {"AU15": 1.0}),
        (0.07, {"AU17": 1.0}),
        (0.06, {"AU15": 0.8, "AU17": 1.0}),
        (0.08, {"AU14": 1.0}),
        (0.05, {"AU1": 1.0, "AU4": 0.8}),
        (0.02, {"AU20": 1.0}),
        (0.015, {"AU23": 1.0}),
        (0.015, {"AU24": 1.0}),
    ),
    POSITIVE: (
        (0.50, {"AU12": 1.0}),
        (0.35, {"AU6": 0.6, "AU12": 1.0}),
        (0.10, {"AU12": 1.0, "AU14": 0.6}),
        (0.05, {"AU6": 0.6, "AU12": 1.0, "AU14": 0.5}),
    ),
    SURPRISE: (
        (0.50, {"AU1": 1.0, "AU2": 1.0}),
        (0.20, {"AU1": 0.8, "AU2": 1.0, "AU5": 0.4}),
        (0.15, {"AU2": 1.0}),
        (0.15, {"AU5": 1.0}),
    ),
}
_ONE_SIDED: Final = {"AU14": 0.5, "AU2": 0.2, "AU10": 0.25, "AU12": 0.15}
"""How often a unit that came first is seen on one side alone."""
_ONSET_S, _OFFSET_S, _HOLD_S, _LONGEST_S = (0.06, 0.20), (0.08, 0.30), (0.0, 0.1), 0.5
_MACRO_S, _MACRO_AMPLITUDE = (0.6, 3.0), (0.03, 0.08)
_NARROW: Final = frozenset({"AU5", "AU6", "AU7", "AU14", "AU23", "AU24"})
"""Units of small reach: farther than 4.5 % they would fold the skin."""
_NARROW_MOST: Final = 0.045
_APART_S = 0.7


@dataclass(frozen=True, slots=True)
class Mix:
    """How much of what is in a clip. Rates a minute; ``amplitude`` of brief movements, drawn log-uniformly, inter-ocular distances.

    ``speech`` share of the time in which the person talks; ``iso`` and ``inter_ocular_px`` ranges drawn from.
    """

    brief: float = 15.0
    macro: float = 4.0
    blinks: float = 17.0
    glances: float = 12.0
    nods: float = 4.0
    speech: float = 0.4
    amplitude: tuple[float, float] = (0.005, 0.03)
    iso: tuple[float, float] = (100.0, 1600.0)
    inter_ocular_px: tuple[float, float] = (80.0, 110.0)


def draw_movement(
    rng: np.random.Generator, onset_s: float, label: str, amplitude: tuple[float, float]
) -> PlantedMovement:
    """A brief movement of a class, from ``onset_s``."""
    units = draw_units(rng, label)
    rise, fall, hold = (float(rng.uniform(*each)) for each in (_ONSET_S, _OFFSET_S, _HOLD_S))
    hold = max(min(hold, _LONGEST_S - rise - fall), 0.0)
    return PlantedMovement(
        onset_s=onset_s,
        apex_s=onset_s + rise,
        offset_s=onset_s + rise + hold + fall,
        units=units,
        amplitude=_log_uniform(rng, amplitude),
        asymmetry=draw_asymmetry(rng, units),
        hold_s=hold,
        label=label,
    )


def draw_units(rng: np.random.Generator, label: str) -> dict[str, float]:
    """Units of a class with strengths of their own, the strongest 1."""
    table = _COMBINATIONS[label]
    odds = np.array([odd for odd, _ in table])
    chosen = table[int(rng.choice(len(table), p=odds / odds.sum()))][1]
    drawn = {name: share * float(rng.uniform(0.6, 1.4)) for name, share in chosen.items()}
    return {name: share / max(drawn.values()) for name, share in drawn.items()}


def draw_asymmetry(rng: np.random.Generator, units: Units) -> float:
    """Mostly slight; some units are now and then seen on one side only."""
    alone = max((_ONE_SIDED.get(name, 0.0) for name, share in units.items() if share == 1.0), default=0.0)
    if rng.uniform() < alone:
        return float(rng.choice([-1.0, 1.0]))
    return float(np.clip(rng.normal(0.0, 0.15), -0.6, 0.6))


def draw_plan(
    rng: np.random.Generator, duration_s: float, fps: float = 30.0, mix: Mix | None = None
) -> ClipPlan:
    """Some clip of a person before a camera."""
    mix = mix or Mix()
    speech = _speech(rng, duration_s, mix.speech)
    return ClipPlan(
        seed=int(rng.integers(2**31)),
        duration_s=duration_s,
        fps=fps,
        inter_ocular_px=float(rng.uniform(*mix.inter_ocular_px)),
        movements=_movements(rng, duration_s, mix),
        head=_head(rng),
        blinks=tuple(
            Blink(float(t), float(rng.uniform(0.12, 0.32)))
            for t in _moments(rng, duration_s, mix.blinks, 0.5)
        ),
        speech=speech,
        sensor=Sensor(iso=_log_uniform(rng, mix.iso), blur_px=float(rng.uniform(0.3, 0.8))),
        light_drift=float(rng.uniform(0.0, 0.03)),
    )


def _movements(rng: np.random.Generator, duration_s: float, mix: Mix) -> tuple[PlantedMovement, ...]:
    """Brief and ordinary ones in turn, each class as often as the others, apart from each other."""
    planted: list[PlantedMovement] = []
    t = float(rng.uniform(0.5, 1.0 + _APART_S))
    rate = (mix.brief + mix.macro) / 60.0
    while rate > 0.0:
        if rng.uniform() * (mix.brief + mix.macro) < mix.brief:
            drawn = draw_movement(rng, t, str(rng.choice(CLASSES)), mix.amplitude)
        else:
            drawn = _macro(rng, t)
        if drawn.offset_s > duration_s - 0.3:
            break
        planted.append(drawn)
        pause = max(1.0 / rate - drawn.duration_s - _APART_S, 0.05)
        t = drawn.offset_s + _APART_S + float(rng.exponential(pause))
    return tuple(planted)


def _macro(rng: np.random.Generator, onset_s: float) -> PlantedMovement:
    units = draw_units(rng, str(rng.choice(CLASSES)))
    duration = float(rng.uniform(*_MACRO_S))
    rise, fall = duration * float(rng.uniform(0.2, 0.35)), duration * float(rng.uniform(0.25, 0.4))
    drawn = _log_uniform(rng, _MACRO_AMPLITUDE)
    return PlantedMovement(
        onset_s=onset_s,
        apex_s=onset_s + rise,
        offset_s=onset_s + duration,
        units=units,
        amplitude=min(drawn, _NARROW_MOST) if _NARROW & set(units) else drawn,
        asymmetry=draw_asymmetry(rng, units),
        hold_s=duration - rise - fall,
        label=MACRO,
    )


def _speech(rng: np.random.Generator, duration_s: float, share: float) -> tuple[Utterance, ...]:
    """Phrases of 1 to 4 s with pauses that leave the share asked for."""
    said: list[Utterance] = []
    t = 0.0
    while share > 0.0 and t < duration_s:
        length = float(rng.uniform(1.0, 4.0))
        pause = float(rng.exponential(length * (1.0 - share) / share)) if share < 1.0 else 0.0
        start = t + pause
        end = min(start + length, duration_s)
        if end - start > 0.3:
            said.append(Utterance(start, end, float(rng.uniform(0.04, 0.12)), float(rng.uniform(3.5, 5.5))))
        t = start + length
    return tuple(said)


def _moments(rng: np.random.Generator, duration_s: float, a_minute: float, apart_s: float) -> list[float]:
    found: list[float] = []
    t = 0.2
    while a_minute > 0.0:
        t += apart_s + float(rng.exponential(max(60.0 / a_minute - apart_s, 0.1)))
        if t > duration_s - 0.2:
            break
        found.append(t)
    return found


def _nod(rng: np.random.Generator, t: float) -> Nod:
    pitch, yaw = (float(v) for v in rng.normal(0.0, (4.0, 3.0)))
    return Nod(t, float(rng.uniform(0.3, 1.2)), pitch, yaw)


def _glance(rng: np.random.Generator, t: float) -> Glance:
    across, down = (float(np.clip(v, -0.08, 0.08)) for v in rng.normal(0.0, (0.04, 0.015)))
    return Glance(t, float(rng.uniform(0.2, 2.0)), across, down)


def _head(rng: np.random.Generator) -> HeadMotion:
    calm = HeadMotion()
    much = float(np.exp(rng.uniform(np.log(0.3), np.log(3.0))))
    return HeadMotion(
        shift=calm.shift * much,
        yaw_deg=calm.yaw_deg * much,
        pitch_deg=calm.pitch_deg * much,
        roll_deg=calm.roll_deg * much,
        nearer=calm.nearer * much,
        tremor=float(rng.uniform(0.01, 0.06)),
    )


def _log_uniform(rng: np.random.Generator, span: tuple[float, float]) -> float:
    return float(np.exp(rng.uniform(*np.log(span))))
