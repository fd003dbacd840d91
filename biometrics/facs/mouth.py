"""A talking mouth: the jaw goes down with the lower lip, and the dark of the mouth shows between the lips."""

from __future__ import annotations

from math import cos, pi

import numpy as np

from biometrics.face.boxes import Landmarks
from biometrics.facs.lattice import Plane
from biometrics.facs.lids import line_between
from biometrics.facs.plan import Utterance

_UPPER = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
_LOWER = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
"""Inner rims of the lips from image left to image right."""
_CHIN = 152
_LOWER_LIP = (17, 84, 314, 16, 85, 315)
_DARK = 0.25
_SOFT_PX = 1.5
_WIDE = 0.9
"""Sigma of the jaw's motion across the face, in widths of the mouth."""


def jaw_at(speech: tuple[Utterance, ...], t: float, seed: int) -> float:
    """How far the jaw is open at a moment, inter-ocular distances: syllables of random length and opening."""
    for number, each in enumerate(speech):
        if each.start_s < t < each.end_s:
            return each.jaw * _syllables(each, t, np.random.default_rng((seed, 7, number)))
    return 0.0


def _syllables(said: Utterance, t: float, rng: np.random.Generator) -> float:
    count = int((said.end_s - said.start_s) * said.syllables_hz * 2) + 2
    ends = said.start_s + np.cumsum(rng.uniform(0.65, 1.35, count)) / said.syllables_hz
    opening = rng.uniform(0.25, 1.0, count)
    index = int(np.searchsorted(ends, t))
    start, end = (ends[index - 1] if index else said.start_s), min(float(ends[index]), said.end_s)
    return float(opening[index] * (0.5 - 0.5 * cos(2 * pi * (t - start) / (end - start))))


class Mouth:
    """The mouth of a rig. ``box`` (left, top, right, bottom) px that talking changes."""

    def __init__(self, landmarks: Landmarks) -> None:
        lower = landmarks[list(_LOWER), :2]
        self._line = line_between(lower)
        self._lower = self._line.measured(lower[:, 0], lower[:, 1])
        chin = landmarks[_CHIN, :2]
        self._width = float(np.linalg.norm(lower[-1] - lower[0]))
        self._chin = float(self._line.measured(chin[:1], chin[1:])[1][0])
        reach = 2.2 * self._width
        middle = lower.mean(axis=0)
        self.box = (
            float(middle[0]) - reach,
            float(landmarks[list(_UPPER), 1].min()),
            float(middle[0]) + reach,
            float(chin[1]) + 1.2 * self._chin,
        )

    def pulled(self, x: Plane, y: Plane, jaw_px: float) -> tuple[Plane, Plane]:
        """By how much what is seen at each place (h, w) was moved there by the jaw: shifts in x and y, px."""
        along, down = self._line.measured(x, y)
        lip = np.interp(along, *self._lower).astype(np.float32)
        parted = self._parted(along)
        below = np.clip((down - lip) / max(0.5 * (self._chin - float(lip.mean())), 1.0), 0.0, 1.0)
        wide = np.exp(-0.5 * ((along - self._width / 2) / (_WIDE * self._width)) ** 2)
        share = parted + below * (wide - parted)
        fade = np.clip((self._chin * 1.9 - down) / (0.9 * self._chin), 0.0, 1.0)
        shift = jaw_px * share * fade * fade * (3 - 2 * fade)
        return self._line.back(np.asarray(np.clip(np.minimum(shift, down - lip), 0.0, None), np.float32))

    def gap(self, x: Plane, y: Plane, jaw_px: float) -> Plane:
        """How much of the mouth's dark inside is seen at each place (h, w), 0..1."""
        along, down = self._line.measured(x, y)
        lip = np.interp(along, *self._lower).astype(np.float32)
        parted = jaw_px * self._parted(along)
        inside = np.minimum(down - lip, lip + parted - down) / _SOFT_PX
        return np.asarray(np.clip(inside, 0.0, 1.0), np.float32)

    def dark(self, texture: Plane, landmarks: Landmarks, oversampled: int) -> Plane:
        """(3,) colour of the inside: a quarter of the lower lip's."""
        at = np.round(landmarks[list(_LOWER_LIP), :2] * oversampled).astype(int)
        inside = np.clip(at, 0, np.array(texture.shape[1::-1]) - 1)
        return np.asarray(_DARK * texture[inside[:, 1], inside[:, 0]].mean(axis=0), np.float32)

    def _parted(self, along: Plane) -> Plane:
        """(h, w) 0..1 of the opening, none at the corners."""
        share = np.clip(1.0 - (2.0 * along / self._width - 1.0) ** 2, 0.0, 1.0)
        return np.asarray(share**0.75, np.float32)
