"""Simulated habits of people who answer questions, and gazes that read, glance, or swing: what `behaviour` is tried on.

The habits are made up and are only there to be unlike normal values: counts, shares, long tails, people unlike each other, and gaps.
A test that is exact is so for every habit; how much it finds depends on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from biometrics.behaviour.features import NAMES

Floats = NDArray[np.float64]
Track = Literal["reads", "reads from right to left", "glances", "swings", "rests"]

MISSING: Final = 0.1
"""Share of the features that could not be measured in an answer."""
WITHIN: Final = {
    "asymmetry": 0.12,
    "latency_s": 0.4,
    "pause_ratio": 0.08,
    "pitch_sd_st": 0.5,
    "syllables_per_s": 0.4,
    "head_deg_per_s": 2.0,
}
"""Standard deviations within a person of what is no count and no share."""


@dataclass(frozen=True, slots=True)
class Person:
    """Rates and means of one person, by feature."""

    means: dict[str, float]


def draw_person(rng: np.random.Generator) -> Person:
    """Somebody."""
    means = {
        "brief_upper_per_min": rng.gamma(2.0, 1.5),
        "macro_per_min": rng.gamma(2.0, 2.0),
        "asymmetry": rng.uniform(0.1, 0.4),
        "blinks_per_min": rng.gamma(4.0, 5.0),
        "averted_share": rng.beta(2.0, 6.0),
        "reading_share": 0.02,
        "latency_s": rng.uniform(0.4, 1.5),
        "pause_ratio": rng.beta(4.0, 12.0),
        "pitch_sd_st": rng.uniform(1.5, 4.0),
        "syllables_per_s": rng.uniform(3.5, 6.0),
        "head_deg_per_s": rng.uniform(3.0, 15.0),
    }
    return Person({name: float(value) for name, value in means.items()})


def draw_answers(person: Person, answers: int, rng: np.random.Generator) -> Floats:
    """(answers, features) of `NAMES`, NaN where something is missing: exchangeable answers of one person."""
    seconds = np.clip(rng.lognormal(np.log(15.0), 0.5, answers), 4.0, 90.0)
    columns = [_column(name, person.means[name], seconds, rng) for name in NAMES]
    values = np.stack(columns, axis=1)
    values[rng.random(values.shape) < MISSING] = np.nan
    return values


def spreads(person: Person, rng: np.random.Generator) -> Floats:
    """(features,) standard deviations of this person's answers, by drawing many."""
    return np.asarray(np.nanstd(draw_answers(person, 400, rng), axis=0))


def gaze_track(
    track: Track, seconds: float, fps: float, noise_deg: float, rng: np.random.Generator
) -> Floats:
    """(n, 3) t, across (degrees to the person's left) and up, as a webcam sees them."""
    t = np.arange(0.0, seconds, 1.0 / fps)
    across = {
        "reads": lambda: _lines(t, rng),
        "reads from right to left": lambda: -_lines(t, rng),
        "glances": lambda: _glances(t, rng),
        "swings": lambda: 8.0 * np.sin(2.0 * np.pi * t / rng.uniform(2.0, 6.0)),
        "rests": lambda: np.zeros(len(t)),
    }[track]()
    noise = rng.normal(0.0, noise_deg, (2, len(t)))
    return np.stack([t, across + noise[0], noise[1]], axis=1)


def _column(name: str, mean: float, seconds: Floats, rng: np.random.Generator) -> Floats:
    if name.endswith("_per_min"):
        rates = mean * rng.gamma(4.0, 0.25, len(seconds))
        return rng.poisson(rates * seconds / 60.0) * 60.0 / seconds
    if name.endswith("_share"):
        return rng.beta(8.0 * mean + 0.1, 8.0 * (1.0 - mean), len(seconds))
    return np.maximum(mean + WITHIN[name] * rng.standard_t(4.0, len(seconds)), 0.0)


def _lines(t: Floats, rng: np.random.Generator) -> Floats:
    """Fixations of about 0.23 s, two degrees apart, to the right; at the line's end back to its begin (Rayner 1998)."""
    width = rng.uniform(8.0, 16.0)
    at, place, fixations = 0.0, width / 2.0, []
    while at < t[-1]:
        fixations.append((at, place))
        at += max(float(rng.normal(0.23, 0.05)), 0.08)
        place -= float(rng.normal(2.0, 0.5))
        if place < -width / 2.0:
            place = width / 2.0 + float(rng.normal(0.0, 0.5))
    return _held(t, fixations)


def _glances(t: Floats, rng: np.random.Generator) -> Floats:
    """Rests at the camera, and looks elsewhere for a second now and then."""
    at, fixations = 0.0, []
    while at < t[-1]:
        fixations.append((at, float(rng.normal(0.0, 6.0)) if rng.random() < 0.5 else 0.0))
        at += 0.2 + float(rng.exponential(0.8))
    return _held(t, fixations)


def _held(t: Floats, fixations: list[tuple[float, float]]) -> Floats:
    starts, places = np.array(fixations).T
    return np.asarray(places[np.searchsorted(starts, t, side="right") - 1])
