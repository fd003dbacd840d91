"""Movements that nobody made: maps of random action units on a random face, with exact truth, to learn from without anybody's data.

A movement's units are drawn (`movements`) and add up (`fields`) with what else happens between onset and apex: the head sways, lids
close or open, the jaw moves. The face is another one each time (shifted, stretched, bent). A dense flow follows a face only where
there is texture, so the field is damped off the contours and blotchy, and noise lies over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.facs.units import UNITS
from biometrics.micro.classes import CLASSES
from biometrics.micro.maps import Maps, maps_of, optical_strain
from biometrics.training.micro.fields import FINE, GRID, HALVES, fields
from biometrics.training.micro.movements import JAW, drawn

_ONE_SIDED = 0.3
_UNEVEN, _UNEVEN_UNIT = 0.35, 0.15
_HEAD: Final = np.array([1.0, 1.0, 0.5, 0.5, 0.8, 1.2]) * 0.25
_LIDS, _LIDS_SPREAD = 0.5, 0.9
_JAW, _JAW_SPREAD = 0.15, 0.6
_SHIFT_PX, _STRETCH, _TILT, _BEND_PX = 1.7, 0.07, 0.04, 1.4
_NOISE = 0.15
_GAIN = 0.3
Grid = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Flows:
    """``u``, ``v``, ``strain`` (n, 28, 28) in one unit; ``units`` (n, 30) how far each half of an action unit went in it; ``classes`` (n,)."""

    u: NDArray[np.float64]
    v: NDArray[np.float64]
    strain: NDArray[np.float64]
    units: NDArray[np.float64]
    classes: NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Lessons:
    """``maps`` (n, 3, 28, 28); ``units`` (n, 30): log(1 + how far each half of an action unit went, in the map's own unit); ``classes`` (n,)."""

    maps: Maps
    units: NDArray[np.float32]
    classes: NDArray[np.intp]


def flows(count: int, rng: np.random.Generator) -> Flows:
    """``count`` movements, as many of each class as of another."""
    classes = rng.integers(0, len(CLASSES), count)
    made = [_movement(rng, int(number)) for number in classes]
    u, v = (np.stack([flow[axis] for flow, _ in made]) for axis in (0, 1))
    units = np.stack([pulled for _, pulled in made])
    return Flows(_coarser(u), _coarser(v), _coarser(optical_strain(u, v)), units, classes)


def lessons(count: int, seed: int) -> Lessons:
    """``count`` movements to learn from, some shown larger than others. The same seed gives the same ones."""
    rng = np.random.default_rng(seed)
    made = flows(count, rng)
    gain = np.exp(_GAIN * rng.standard_normal(count))
    maps, size = maps_of(made.u, made.v, made.strain, gain)
    return Lessons(maps, np.log1p(made.units / size[:, np.newaxis]).astype(np.float32), made.classes)


def _movement(rng: np.random.Generator, number: int) -> tuple[Grid, NDArray[np.float64]]:
    """The flow (2, 56, 56) of one movement of a class, and how far the halves went (30,)."""
    parts = fields()
    pulled, jaw = _strengths(rng, drawn(rng, number))
    most = max(float(pulled.max()), jaw)
    head = _HEAD * rng.gamma(1.0) * rng.standard_normal(len(_HEAD)) * most
    lids = most * _LIDS_SPREAD * rng.standard_normal() * (rng.random() < _LIDS)
    jaw += most * _JAW_SPREAD * rng.standard_normal() * (rng.random() < _JAW)
    flow = np.tensordot(pulled, parts.halves, 1) + np.tensordot(head, parts.head, 1)
    flow = flow + lids * parts.lids[0] + jaw * parts.jaw[0]
    x, y = _other_face(rng)
    flow, edges = _seen(flow, x, y), _seen(parts.contours, x, y)
    edge = (edges * rng.random((len(edges), 1, 1))).max(axis=0)
    flow = flow * _believed(rng, edge) + _noise(rng, float(np.abs(flow).max()))
    return np.asarray(flow, np.float32), pulled


def _strengths(rng: np.random.Generator, units: tuple[str, ...]) -> tuple[NDArray[np.float64], float]:
    """How far each half goes, and the jaw."""
    one_sided = rng.random() < _ONE_SIDED
    uneven = float(
        np.sign(rng.standard_normal()) * rng.uniform(0.5, 1.0) if one_sided else rng.normal(0.0, _UNEVEN)
    )
    pulled, jaw = np.zeros(len(HALVES)), 0.0
    for unit in units:
        strength = rng.uniform(0.4, 1.0)
        if unit == JAW:
            jaw = strength * rng.uniform(0.5, 1.5)
            continue
        side = float(np.clip(uneven + rng.normal(0.0, _UNEVEN_UNIT), -1.0, 1.0))
        at = len(HALVES) // len(UNITS) * list(UNITS).index(unit)
        pulled[at : at + 2] = strength * min(1.0, 1.0 + side), strength * min(1.0, 1.0 - side)
    return pulled, jaw


def _other_face(rng: np.random.Generator) -> tuple[Grid, Grid]:
    """Where each place of this face lies on the canonical one: x and y (56, 56)."""
    rows, columns = np.mgrid[0:GRID, 0:GRID] - (GRID - 1) / 2
    wide, high = 1.0 + _STRETCH * rng.standard_normal(2)
    tilt = _TILT * rng.standard_normal()
    shift = _SHIFT_PX * rng.standard_normal(2)
    x = wide * columns - tilt * rows + shift[0] + _BEND_PX * _blotches(rng, 5)
    y = high * rows + tilt * columns + shift[1] + _BEND_PX * _blotches(rng, 5)
    return (x + (GRID - 1) / 2).astype(np.float32), (y + (GRID - 1) / 2).astype(np.float32)


def _seen(planes: Grid, x: Grid, y: Grid) -> Grid:
    return np.stack(
        [
            cv2.remap(p.astype(np.float32), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for p in planes
        ]
    )


def _believed(rng: np.random.Generator, edge: Grid) -> Grid:
    """What share of the movement a dense flow finds at each place, 0..1."""
    blotchy = 0.8 * (_blotches(rng, 7) + _blotches(rng, 14)) * rng.random()
    return np.asarray(1.0 / (1.0 + np.exp(1.2 - 2.0 * rng.random() - blotchy - 4.0 * edge)), np.float32)


def _noise(rng: np.random.Generator, most: float) -> Grid:
    strength = most * _NOISE * rng.random() ** 2
    planes = [
        0.8 * _blotches(rng, 5) + 0.6 * _blotches(rng, 10) + 0.15 * _blotches(rng, 20) for _ in range(2)
    ]
    return np.asarray(strength * np.stack(planes), np.float32)


def _blotches(rng: np.random.Generator, fine: int) -> Grid:
    """(56, 56): a random plane, smooth over 56 / ``fine`` px."""
    coarse = rng.standard_normal((fine, fine)).astype(np.float32)
    return np.asarray(cv2.resize(coarse, (GRID, GRID), interpolation=cv2.INTER_CUBIC), np.float32)


def _coarser(planes: NDArray[np.floating]) -> NDArray[np.float64]:
    count, size = len(planes), GRID // FINE
    return np.asarray(planes.reshape(count, size, FINE, size, FINE).mean(axis=(2, 4), dtype=np.float64))
