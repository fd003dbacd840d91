"""Faces laid over each other: the skull's place by a rigid fit, the face turned straight, 128 px wide.

Landmarks tremble and follow the mimic muscles, so a face is laid over itself by the landmarks that move with the skull alone
(`face.pose`: a weighted Kabsch fit of MediaPipe's canonical face), and what is smoothed is where the skull is, not where landmarks
are: a One-Euro filter on turn, size and place (Casiez, Roussel & Vogel 2012), which hardly delays a moving head. Each pixel of the
straight face is read where the canonical face's relief puts it, so that a turning nose does not slide over the cheeks.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import exp, log, pi
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

from biometrics.face.boxes import Image, Landmarks
from biometrics.face.pose import CANONICAL, POINTS, WEIGHTS, rotation
from biometrics.face.quality import LEFT_EYE, RIGHT_EYE
from biometrics.views import FaceView
from fraudmodel.signals import Reason

SIZE_PX: Final = 128
INTER_OCULAR_PX: Final = 48.0
EYE_LINE_PX: Final = 40.0
"""Row on which the eyes of a straight face lie: brows and chin both fit."""
LONGEST_GAP_S: Final = 0.2
"""After a longer gap the filter begins anew."""
_EYES = [int(np.flatnonzero(point == POINTS)[0]) for point in (*RIGHT_EYE, *LEFT_EYE)]
_EYE_HEIGHT_CM = float(CANONICAL[_EYES, 1].mean())
_INTER_OCULAR_CM = float(CANONICAL[_EYES[2:], 0].mean() - CANONICAL[_EYES[:2], 0].mean())
_PX_PER_CM = INTER_OCULAR_PX / _INTER_OCULAR_CM
_MIDDLE_PX = (SIZE_PX - 1) / 2
_CENTRE_CM: NDArray[np.float64] = WEIGHTS @ CANONICAL
_CUTOFF_HZ, _SLOPE_CUTOFF_HZ = 4.0, 1.0
_SPEED_GAIN = np.array([40.0, 40.0, 40.0, 20.0, 60.0, 60.0])
"""Hz of cutoff for each rad, e-fold and inter-ocular distance a second: a head that moves is followed at once."""
_FINEST = 1.3
_BLUR = 0.35
_MARGIN_PX = 8

Floats = NDArray[np.float64]
Grey = NDArray[np.uint8]
"""(128, 128) uint8."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a skull is in a picture: ``turn`` (3,) rotation vector (rad), ``px_per_cm``, and ``centre`` (2,) px (x right, y up)."""

    turn: Floats
    px_per_cm: float
    centre: Floats

    @property
    def inter_ocular_px(self) -> float:
        """Distance of the eyes in the picture as if the head looked into the camera."""
        return self.px_per_cm * _INTER_OCULAR_CM

    @property
    def numbers(self) -> Floats:
        """(6,): turn (rad), log of the size, place in inter-ocular distances."""
        return np.array([*self.turn, log(self.px_per_cm), *(self.centre / self.inter_ocular_px)])


def place_from(numbers: Floats) -> Place:
    """The inverse of `Place.numbers`."""
    px_per_cm = exp(float(numbers[3]))
    return Place(numbers[:3].copy(), px_per_cm, numbers[4:] * (px_per_cm * _INTER_OCULAR_CM))


@dataclass(frozen=True, slots=True)
class Aligned:
    """A straight face. ``grey`` (128, 128) uint8 with the eyes 48 px apart; ``points`` (478, 2) landmarks on it, px; ``place`` as smoothed.

    ``unbroken`` whether it follows the one before without a gap, of the same track.
    """

    t: float
    grey: Grey
    points: NDArray[np.float32]
    place: Place
    unbroken: bool


class OneEuro:
    """A low-pass filter whose cutoff rises with speed (Casiez et al. 2012), for each number by itself."""

    def __init__(self) -> None:
        self._value: Floats | None = None
        self._slope = np.zeros(6)

    def push(self, value: Floats, dt: float) -> Floats:
        """The filtered numbers, ``dt`` s after the last."""
        if self._value is None:
            self._value = value.copy()
            return self._value
        slope = (value - self._value) / dt
        self._slope = self._slope + _share(np.full(6, _SLOPE_CUTOFF_HZ), dt) * (slope - self._slope)
        share = _share(_CUTOFF_HZ + _SPEED_GAIN * np.abs(self._slope), dt)
        self._value = self._value + share * (value - self._value)
        return self._value


def _share(cutoff_hz: Floats, dt: float) -> Floats:
    return np.asarray(1.0 / (1.0 + 1.0 / (2.0 * pi * cutoff_hz * dt)))


class Aligner:
    """Lays one session's faces over each other, in order of time."""

    def __init__(self) -> None:
        self._filter = OneEuro()
        self._last: tuple[float, int] | None = None

    def push(self, view: FaceView) -> Aligned | Reason:
        """The view's face straight, or why there is none."""
        face = view.face
        if face is None:
            self._last = None
            return view.reason or Reason.NO_FACE
        dt = 0.0 if self._last is None else view.t - self._last[0]
        unbroken = self._last is not None and 0.0 < dt <= LONGEST_GAP_S and face.track == self._last[1]
        if not unbroken:
            self._filter, dt = OneEuro(), 1.0
        self._last = (view.t, face.track)
        place = place_from(self._filter.push(place_of(face.landmarks).numbers, dt))
        points = on_canvas(face.landmarks, place)
        return Aligned(view.t, straight(view.frame.image, place), points, place, unbroken)


def place_of(landmarks: Landmarks) -> Place:
    """Where the skull is, by 478 landmarks (px of the picture)."""
    points = landmarks[POINTS].astype(np.float64) * (1.0, -1.0, -1.0)
    turn = rotation(points)
    seen = (CANONICAL - _CENTRE_CM) @ turn[:2].T
    centre = WEIGHTS @ points
    apart = points[:, :2] - centre[:2]
    px_per_cm = float((WEIGHTS @ (apart * seen)).sum() / max(float((WEIGHTS @ (seen * seen)).sum()), 1e-9))
    vector, _ = cv2.Rodrigues(turn)
    return Place(np.asarray(vector[:, 0], np.float64), max(px_per_cm, 1e-3), centre[:2])


def straight(image: Image, place: Place) -> Grey:
    """A BGR picture's face as `Aligned` holds it; what lies beyond the picture's edge repeats the edge."""
    x, y = _reads(place)
    height, width = image.shape[:2]
    left, top = (
        int(np.clip(axis.min() - _MARGIN_PX, 0, side - 1)) for axis, side in ((x, width), (y, height))
    )
    right = int(np.clip(np.ceil(x.max()) + _MARGIN_PX, left + 1, width))
    bottom = int(np.clip(np.ceil(y.max()) + _MARGIN_PX, top + 1, height))
    grey = cv2.cvtColor(np.ascontiguousarray(image[top:bottom, left:right]), cv2.COLOR_BGR2GRAY)
    shrink = place.px_per_cm / _PX_PER_CM
    if shrink > _FINEST:
        grey = cv2.GaussianBlur(
            grey, (0, 0), _BLUR * shrink
        )  # finer than the canvas can hold would only flicker
    read = cv2.remap(
        grey, x - np.float32(left), y - np.float32(top), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(read, dtype=np.uint8)


def on_canvas(landmarks: Landmarks, place: Place) -> NDArray[np.float32]:
    """Where landmarks (n, 3) of the picture lie on the straight face, (n, 2) px."""
    upright = landmarks.astype(np.float64) * (1.0, -1.0, -1.0)
    depth = float(WEIGHTS @ upright[POINTS, 2])
    turn, _ = cv2.Rodrigues(place.turn)
    own = ((upright - (*place.centre, depth)) / place.px_per_cm) @ turn + _CENTRE_CM
    x = own[:, 0] * _PX_PER_CM + _MIDDLE_PX
    y = (_EYE_HEIGHT_CM - own[:, 1]) * _PX_PER_CM + EYE_LINE_PX
    return np.stack([x, y], axis=1).astype(np.float32)


@cache
def relief_cm() -> NDArray[np.float32]:
    """(128, 128): how far each pixel of a straight canonical face lies towards the camera; a thin plate through `CANONICAL`."""
    x, y = _canvas_cm()
    plate = RBFInterpolator(CANONICAL[:, :2], CANONICAL[:, 2], kernel="thin_plate_spline", smoothing=0.05)
    depth = plate(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(SIZE_PX, SIZE_PX)
    clipped = np.clip(depth, CANONICAL[:, 2].min(), CANONICAL[:, 2].max()).astype(np.float32)
    relief = np.asarray(cv2.GaussianBlur(clipped, (0, 0), 2.0), dtype=np.float32)
    relief.flags.writeable = False
    return relief


def _canvas_cm() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    rows, columns = np.mgrid[0:SIZE_PX, 0:SIZE_PX]
    x = (columns - _MIDDLE_PX) / _PX_PER_CM
    y = _EYE_HEIGHT_CM - (rows - EYE_LINE_PX) / _PX_PER_CM
    return x.astype(np.float32), y.astype(np.float32)


@cache
def _surface() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    return (*_canvas_cm(), relief_cm())


def _reads(place: Place) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Which place of the picture each pixel of the straight face shows."""
    turn, _ = cv2.Rodrigues(place.turn)
    lean = (place.px_per_cm * turn[:2]).astype(np.float32)
    shift = (place.centre - lean @ _CENTRE_CM).astype(np.float32)
    x, y, z = _surface()
    across = lean[0, 0] * x + lean[0, 1] * y + lean[0, 2] * z + shift[0]
    up = lean[1, 0] * x + lean[1, 1] * y + lean[1, 2] * z + shift[1]
    return across, -up
