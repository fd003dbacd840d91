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


@dataclass(frozen=True, slots=True)
class _Patch:
    """A region of the reference: its ``box``, the (4, n) solution of its equations (shift, gain, offset), and its grey values."""

    box: tuple[slice, slice]
    solve: Floats
    grey: _Plane


class RegionMotion:
    """Follows the regions of one session's straight faces."""

    def __init__(self) -> None:
        self._flow = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
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
        flow = np.asarray(self._flow.calc(self._reference.grey, aligned.grey, None), dtype=np.float64)
        shifts, eyes = self._reference.shifts(aligned.grey, flow)
        shift = self._base + shifts / INTER_OCULAR_PX
        if aligned.t - self._since >= RENEW_S:
            self._reference = _Reference(aligned.grey, self._reference.layout)
            self._since, self._base = aligned.t, shift
        return Shifts(aligned.t, shift, pose, eyes, unbroken=True)


class _Layout:
    """Where regions and rigid pixels are on this person's straight face, fixed with the first picture of a run."""

    def __init__(self, points: NDArray[np.floating]) -> None:
        weights = discs(points)
        self.columns, self.rows = rigid_pixels(points)
        self.boxes = [_box(weight) for weight in weights]
        self.weights = [weight[box].ravel() for weight, box in zip(weights, self.boxes, strict=True)]
        self.eyes = [(box, eye[box]) for eye in eye_discs(points) for box in [_box(eye)]]
        self.across, self.down = _skull_terms(self.columns, self.rows)
        rows, columns = np.mgrid[0:SIZE_PX, 0:SIZE_PX]
        everywhere = _skull_terms(columns.ravel(), rows.ravel())
        self.all_across, self.all_down = (
            np.ascontiguousarray(each.T.reshape(_TERMS, SIZE_PX, SIZE_PX), np.float32) for each in everywhere
        )
        self.x, self.y = columns.astype(np.float32), rows.astype(np.float32)

    def carried(self, terms: Floats) -> tuple[_Plane, _Plane]:
        """Where the skull's motion puts every pixel."""
        few = terms.astype(np.float32)
        return self.x + np.tensordot(few, self.all_across, 1), self.y + np.tensordot(few, self.all_down, 1)


class _Reference:
    """A picture of a moment of rest, with the equations of everything that is registered with it."""

    def __init__(self, grey: Grey, layout: _Layout) -> None:
        self.grey, self.layout = grey, layout
        smooth = _smooth(grey)
        across = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3, scale=1 / 8)
        down = cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3, scale=1 / 8)
        at = (layout.rows, layout.columns)
        self._eyes = [smooth[box] for box, _ in layout.eyes]
        self._rigid = smooth[at].astype(np.float64)
        light = np.stack([self._rigid / _GREY_UNIT, np.ones_like(self._rigid)], axis=1)
        slopes = across[at][:, np.newaxis] * layout.across + down[at][:, np.newaxis] * layout.down
        self._equations = np.concatenate([slopes, light], axis=1)
        self._patches = [
            _patch(smooth, across, down, box, weight)
            for box, weight in zip(layout.boxes, layout.weights, strict=True)
        ]

    def shifts(self, grey: Grey, flow: Floats) -> tuple[Floats, float]:
        """(12, 2) px: the regions' own shifts in a picture, what the skull does left out; and how much the eyes changed since the last."""
        smooth = _smooth(grey)
        x, y = self.layout.carried(self._skull(smooth, flow))
        found = np.zeros((len(self._patches), 2))
        for k, patch in enumerate(self._patches):
            for _ in range(_REGION_ROUNDS):
                column, row = x[patch.box] + np.float32(found[k, 0]), y[patch.box] + np.float32(found[k, 1])
                off = _read(smooth, column, row) - patch.grey
                found[k] -= patch.solve[:2] @ off.ravel()
        return found, self._eyes_changed(smooth, x, y)

    def _eyes_changed(self, smooth: _Plane, x: _Plane, y: _Plane) -> float:
        now = [_read(smooth, x[box], y[box]) for box, _ in self.layout.eyes]
        before, self._eyes = self._eyes, now
        weights = [weight for _, weight in self.layout.eyes]
        return max(_changed(*each) for each in zip(before, now, weights, strict=True))

    def _skull(self, smooth: _Plane, flow: Floats) -> Floats:
        """(6,) terms of the skull's own motion: by the flow, then by the pictures."""
        layout = self.layout
        terms = _by_flow(flow[layout.rows, layout.columns], layout.across, layout.down)
        ridge = 1e-3 * np.eye(_TERMS + 2)
        for _ in range(_PICTURE_ROUNDS):
            column = (layout.columns + layout.across @ terms).astype(np.float32)
            row = (layout.rows + layout.down @ terms).astype(np.float32)
            off = _read(smooth, column, row).ravel() - self._rigid
            weights = np.ones(len(off))
            step = np.zeros(_TERMS + 2)
            for _ in range(2):
                weighted = self._equations * weights[:, np.newaxis]
                step = np.linalg.solve(self._equations.T @ weighted + ridge, weighted.T @ off)
                left = off - self._equations @ step
                scale = 1.4826 * float(np.median(np.abs(left))) + _GREY_CALM
                weights = 1.0 / (1.0 + (left / (2.0 * scale)) ** 2)
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
    weights = np.ones(len(flow))
    terms = np.zeros(across.shape[1])
    for _ in range(_FLOW_ROUNDS):
        weighted = both * np.tile(weights, 2)[:, np.newaxis]
        terms = np.linalg.solve(both.T @ weighted + 1e-3 * np.eye(both.shape[1]), weighted.T @ seen)
        left = (seen - both @ terms).reshape(2, -1)
        far = np.hypot(left[0], left[1])
        weights = 1.0 / (1.0 + (far / max(_FLOW_CALM_PX, 1.4826 * float(np.median(far)))) ** 2) ** 2
    return np.asarray(terms)


def _patch(smooth: _Plane, across: _Plane, down: _Plane, box: tuple[slice, slice], weight: Floats) -> _Patch:
    grey = smooth[box]
    mean = float(weight @ grey.ravel())
    columns = np.stack(
        [across[box].ravel(), down[box].ravel(), (grey.ravel() - mean) / _GREY_UNIT, np.ones(grey.size)],
        axis=1,
    ).astype(np.float64)
    weighted = columns * weight[:, np.newaxis]
    normal = columns.T @ weighted + np.diag([_RIDGE, _RIDGE, 1e-6, 1e-6])
    return _Patch(box, np.linalg.solve(normal, weighted.T), grey)


def _changed(before: _Plane, now: _Plane, weight: Floats) -> float:
    """Root mean square of what is different but for the mean light, over the contrast there was."""
    return float(np.sqrt(_variance(now - before, weight) / max(_variance(before, weight), 1.0)))


def _variance(plane: _Plane, weight: Floats) -> float:
    return float((weight * (plane - (weight * plane).sum()) ** 2).sum())


def _box(weight: Floats) -> tuple[slice, slice]:
    rows, columns = np.nonzero(weight)
    return slice(int(rows.min()), int(rows.max()) + 1), slice(int(columns.min()), int(columns.max()) + 1)


def _smooth(grey: Grey) -> _Plane:
    return np.asarray(cv2.GaussianBlur(grey.astype(np.float32), (0, 0), _SMOOTH_PX), dtype=np.float32)


def _read(plane: _Plane, x: _Plane, y: _Plane) -> _Plane:
    read = cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(read, dtype=np.float32)
