"""How far each region of a straight face has moved against the person's own rest a moment ago.

Every picture is registered with a reference that is renewed each second, not with the picture before it: what comes out is where a
region is, so that a movement out and back shows as one. First what skull and alignment left over: a similarity with a term for the
relief, fitted robustly to a dense flow (DIS, Kroeger et al. 2016) and then to the pictures themselves, about the landmarks that move
with the skull. Then each region's own shift by Lucas and Kanade's least squares (1981), with its own gain and offset of the light.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.micro.align import INTER_OCULAR_PX, SIZE_PX, Aligned, Floats, Grey, relief_cm
from biometrics.micro.regions import NAMES, discs, eye_discs, rigid_pixels

RENEW_S: Final = 1.0
_SMOOTH_PX = 1.0
_TERMS = 6
_EVERY = 3
_FLOW_ROUNDS, _PICTURE_ROUNDS, _REGION_ROUNDS = 3, 2, 2
_FLOW_CALM_PX, _GREY_CALM = 0.15, 0.3
_GREY_UNIT = 50.0
_RIDGE = 0.3
"""Added to a region's texture: a bare forehead is not seen to move."""
_Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Shifts:
    """Where the regions are at ``t``. ``shift`` (12, 2) inter-ocular distances since the last break, x right and y down in the picture;
    ``pose`` (6,) as `Place.numbers`; ``eyes`` how much the eyes changed since the frame before, as a share of their contrast."""

    t: float
    shift: Floats
    pose: Floats
    eyes: float
    unbroken: bool


class RegionMotion:
    """Follows the regions of one session's straight faces."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
        self._reference: _Reference | None = None
        self._since = 0.0
        self._base = np.zeros((len(NAMES), 2))

    def push(self, aligned: Aligned) -> Shifts:
        """Where the regions are now. After a break they begin at 0 again."""
        pose = aligned.place.numbers
        if self._reference is None or not aligned.unbroken:
            self._reference = _Reference(aligned.grey, _Layout(aligned.points))
            self._since, self._base = aligned.t, np.zeros((len(NAMES), 2))
            return Shifts(aligned.t, self._base, pose, 0.0, unbroken=False)
        flow = self._flow.calc(
            self._reference.grey, aligned.grey, np.zeros((SIZE_PX, SIZE_PX, 2), np.float32)
        )
        shifts, eyes = self._reference.shifts(aligned.grey, np.asarray(flow, dtype=np.float64))
        shift = self._base + shifts / INTER_OCULAR_PX
        if aligned.t - self._since >= RENEW_S:
            self._reference = _Reference(aligned.grey, self._reference.layout)
            self._since, self._base = aligned.t, shift
        return Shifts(aligned.t, shift, pose, eyes, unbroken=True)


class _Pixels:
    """Some pixels of the straight face, one after another: of several places, each from one of ``starts`` on, with ``weights`` that sum to 1."""

    def __init__(self, discs: Floats) -> None:
        places = [np.nonzero(disc) for disc in discs]
        self.starts = np.concatenate([[0], np.cumsum([len(rows) for rows, _ in places])[:-1]]).astype(np.intp)
        self.rows = np.concatenate([rows for rows, _ in places])
        self.columns = np.concatenate([columns for _, columns in places])
        self.weights = np.concatenate([disc[place] for disc, place in zip(discs, places, strict=True)])
        self.place = np.repeat(np.arange(len(discs)), [len(rows) for rows, _ in places])
        across, down = _skull_terms(self.columns, self.rows)
        self._across, self._down = across.astype(np.float32), down.astype(np.float32)
        self._x, self._y = self.columns.astype(np.float32), self.rows.astype(np.float32)

    def carried(self, terms: Floats) -> tuple[_Plane, _Plane]:
        """Where the skull's motion puts them."""
        few = terms.astype(np.float32)
        return self._x + self._across @ few, self._y + self._down @ few

    def sums(self, values: NDArray[np.floating]) -> NDArray[np.floating]:
        """Of each place."""
        return np.add.reduceat(values, self.starts)


class _Layout:
    """Where regions, eyes and rigid pixels are on this person's straight face, fixed with the first picture of a run."""

    def __init__(self, points: NDArray[np.floating]) -> None:
        self.regions, self.eyes = _Pixels(discs(points)), _Pixels(eye_discs(points))
        self.columns, self.rows = rigid_pixels(points)
        self.across, self.down = _skull_terms(self.columns, self.rows)


class _Reference:
    """A picture of a moment of rest, with the equations of everything that is registered with it."""

    def __init__(self, grey: Grey, layout: _Layout) -> None:
        self.grey, self.layout = grey, layout
        smooth = _smooth(grey)
        across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
        down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
        at = (layout.rows, layout.columns)
        self._rigid = smooth[at].astype(np.float64)
        light = np.stack([self._rigid / _GREY_UNIT, np.ones_like(self._rigid)], axis=1)
        slopes = across[at][:, np.newaxis] * layout.across + down[at][:, np.newaxis] * layout.down
        self._equations = np.concatenate([slopes, light], axis=1)
        regions = layout.regions
        place = (regions.rows, regions.columns)
        self._regions = smooth[place]
        self._solve = _solutions(regions, smooth[place], across[place], down[place])
        self._eyes = smooth[layout.eyes.rows, layout.eyes.columns]

    def shifts(self, grey: Grey, flow: Floats) -> tuple[Floats, float]:
        """(12, 2) px: the regions' own shifts in a picture, what the skull does left out; and how much the eyes changed since the last."""
        smooth = _smooth(grey)
        terms = self._skull(smooth, flow)
        regions = self.layout.regions
        x, y = regions.carried(terms)
        found = np.zeros((len(NAMES), 2))
        for _ in range(_REGION_ROUNDS):
            aside = found.astype(np.float32)[regions.place]
            off = _read(smooth, x + aside[:, 0], y + aside[:, 1]) - self._regions
            found -= np.stack([regions.sums(row * off) for row in self._solve], axis=1)
        return found, self._eyes_changed(smooth, terms)

    def _eyes_changed(self, smooth: _Plane, terms: Floats) -> float:
        eyes = self.layout.eyes
        before, self._eyes = self._eyes, _read(smooth, *eyes.carried(terms))
        changed = _variances(eyes, self._eyes - before) / np.maximum(_variances(eyes, before), 1.0)
        return float(np.sqrt(changed.max()))

    def _skull(self, smooth: _Plane, flow: Floats) -> Floats:
        """(6,) terms of the skull's own motion: by the flow, then by the pictures."""
        layout = self.layout
        few = slice(None, None, _EVERY)
        terms = _by_flow(flow[layout.rows[few], layout.columns[few]], layout.across[few], layout.down[few])
        ridge = 1e-3 * np.eye(_TERMS + 2)
        for _ in range(_PICTURE_ROUNDS):
            column = (layout.columns + layout.across @ terms).astype(np.float32)
            row = (layout.rows + layout.down @ terms).astype(np.float32)
            off = _read(smooth, column, row) - self._rigid
            weights: Floats = np.ones(len(off))
            step: Floats = np.zeros(_TERMS + 2)
            for _ in range(2):
                weighted = self._equations * weights[:, np.newaxis]
                step = np.asarray(
                    np.linalg.solve(self._equations.T @ weighted + ridge, weighted.T @ off), np.float64
                )
                left = off - self._equations @ step
                scale = 1.4826 * float(np.median(np.abs(left))) + _GREY_CALM
                weights = np.asarray(1.0 / (1.0 + (left / (2.0 * scale)) ** 2), dtype=np.float64)
            terms = terms - step[:_TERMS]
        return terms


def _skull_terms(columns: NDArray[np.intp], rows: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """(n, 6) each: how far pixels go across and down for a unit of shift across, shift down, size, roll, and turning about the two axes of the picture."""
    x = (columns - (SIZE_PX - 1) / 2) / INTER_OCULAR_PX
    y = (rows - SIZE_PX / 2 + 9) / INTER_OCULAR_PX
    relief = relief_cm()[rows, columns].astype(np.float64)
    z = relief / 6.3 - 0.6
    one, none = np.ones_like(x), np.zeros_like(x)
    return np.stack([one, none, x, -y, z, none], axis=1), np.stack([none, one, y, x, none, z], axis=1)


def _by_flow(flow: Floats, across: Floats, down: Floats) -> Floats:
    """Robust least squares of flow (n, 2) px, by reweighting."""
    both = np.concatenate([across, down])
    seen = flow.T.ravel()
    weights: Floats = np.ones(len(flow))
    terms: Floats = np.zeros(across.shape[1])
    for _ in range(_FLOW_ROUNDS):
        weighted = both * np.tile(weights, 2)[:, np.newaxis]
        terms = np.asarray(
            np.linalg.solve(both.T @ weighted + 1e-3 * np.eye(both.shape[1]), weighted.T @ seen), np.float64
        )
        left = (seen - both @ terms).reshape(2, -1)
        far = np.hypot(left[0], left[1])
        calm = max(_FLOW_CALM_PX, 1.4826 * float(np.median(far)))
        weights = np.asarray(1.0 / (1.0 + (far / calm) ** 2) ** 2, dtype=np.float64)
    return terms


def _solutions(regions: _Pixels, grey: _Plane, across: _Plane, down: _Plane) -> Floats:
    """(2, n): what each pixel's change of grey adds to its region's shift across and down, gain and offset of the light left out."""
    mean = regions.sums(regions.weights * grey)[regions.place]
    columns = np.stack([across, down, (grey - mean) / _GREY_UNIT, np.ones_like(grey)]).astype(np.float64)
    found = np.zeros((2, len(grey)))
    ridge = np.diag([_RIDGE, _RIDGE, 1e-6, 1e-6])
    for k in range(len(regions.starts)):
        own = regions.place == k
        weighted = columns[:, own] * regions.weights[own]
        found[:, own] = np.linalg.solve(weighted @ columns[:, own].T + ridge, weighted)[:2]
    return found


def _variances(eyes: _Pixels, values: _Plane) -> Floats:
    """Of each place, by its weights."""
    mean = eyes.sums(eyes.weights * values)
    return np.asarray(eyes.sums(eyes.weights * values**2) - mean**2)


def _smooth(grey: Grey) -> _Plane:
    return np.asarray(cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _SMOOTH_PX), dtype=np.float32)


def _read(plane: _Plane, x: _Plane, y: _Plane) -> _Plane:
    read = cv2.remap(plane, x[np.newaxis], y[np.newaxis], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(read[0], dtype=np.float32)
