"""A painted applicant under coloured light: views whose response, noise and lag are known exactly.

It has what the estimator must bear: slow drift of the colours (motion, exposure) as a first-order autoregression, white
balance that works against the light, sensor noise, a moving head, and on request WebRTC's own codec.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.challenges.flash import GREY, PALETTE, FlashPlan, emitted
from biometrics.colour import coded_light
from biometrics.face.boxes import Image, Landmarks
from biometrics.face.pose import CANONICAL, POINTS
from biometrics.face.skin import REGIONS, lambert
from biometrics.media import Frame
from biometrics.views import Face, FaceQuality, FaceView, HeadPose

SIZE: Final = (224, 192)
"""(height, width) px of the pictures: a VGA call's bits a pixel are had at a seventh of its bit rate."""
_FACE_PX = 96.0
_CENTRE = (96.0, 108.0)
_SENSOR_LEVELS = 2.0
_WHITE_SHARE = 0.3
_CORRELATION = 0.97
_TONES = ((0.45, 0.30, 0.24), (0.30, 0.18, 0.13), (0.16, 0.09, 0.06))
"""Linear R, G, B of light, middle and dark skin as exposed."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """One simulated session.

    ``snr_db`` the response's standard deviation over that of the drift, in the opponent signals; None for a face that no
    screen lights. ``drift`` is that standard deviation, log units; ``lag_s`` from display to capture; ``kbps`` of the
    codec, None for none; ``balance_s`` time constant of the white balance; ``flat`` for a picture without relief;
    ``scale`` how many px wide each painted one becomes: the face is 96 px wide at 1.
    """

    snr_db: float | None
    drift: float = 0.015
    lag_s: float = 0.25
    fps: float = 25.0
    kbps: int | None = None
    balance_s: float = 4.0
    flat: bool = False
    scale: int = 1


def shown_times(plan: FlashPlan, start_s: float) -> tuple[float, ...]:
    """When grey, each chip and grey again appear on a screen that keeps time."""
    return (start_s, *(start_s + t for t in plan.shown_s()))


def amplitude_of(conditions: Conditions) -> float:
    """Log units of colour for each unit of linear light."""
    return (
        0.0 if conditions.snr_db is None else conditions.drift * 10 ** (conditions.snr_db / 20) / _light_std()
    )


def flash_views(
    plan: FlashPlan, shown_s: Sequence[float], conditions: Conditions, rng: np.random.Generator
) -> Iterator[FaceView]:
    """The session's views from 0 s until a second after the last change of the screen."""
    t = np.arange(int((shown_s[-1] + plan.tail_s) * conditions.fps)) / conditions.fps
    colours = [GREY, *(plan.colour(k) for k in range(len(plan.chips) + 1))]
    light = emitted(colours, shown_s, t - conditions.lag_s, plan.fade_s) - np.array(GREY.linear)
    response = amplitude_of(conditions) * light
    balanced = response - _low_pass(response, conditions.balance_s * conditions.fps)
    noise = _drift(len(t), conditions.drift, rng)
    moves = np.cumsum(rng.normal(0.0, 0.15, (len(t), 2)), axis=0)
    moves -= _low_pass(moves, 2.0 * conditions.fps)
    stage = _Stage(conditions, rng)
    pictures = (stage.picture(*each) for each in zip(balanced, noise, moves, strict=True))
    frames = (
        _through(np.stack(list(pictures)), t, conditions.kbps) if conditions.kbps else _plain(pictures, t)
    )
    for frame in frames:
        near = int(np.abs(t - frame.t).argmin())
        face = _face(moves[near] + rng.normal(0.0, 0.1, 2), conditions.scale)
        yield FaceView(frame, face, None, 0, conditions.fps)


class _Stage:
    """Paints frames: a lit face before a wall."""

    def __init__(self, conditions: Conditions, rng: np.random.Generator) -> None:
        height, width = SIZE
        y, x = np.mgrid[:height, :width].astype(np.float32)
        oval = ((x - _CENTRE[0]) / (_FACE_PX * 0.55)) ** 2 + ((y - _CENTRE[1]) / (_FACE_PX * 0.75)) ** 2
        self._face = np.clip((1.05 - oval) * 8.0, 0.0, 1.0).astype(np.float32)[..., None]
        relief = np.ones_like(oval) if conditions.flat else _relief(x, y)
        wall = cv2.resize(rng.uniform(0.05, 0.4, (7, 6, 3)).astype(np.float32), (width, height))
        skin = np.array(_TONES[rng.integers(len(_TONES))], np.float32) * rng.normal(1.0, 0.05, 3)
        texture = cv2.GaussianBlur(rng.normal(1.0, 0.25, (height, width, 1)).astype(np.float32), (0, 0), 2.0)
        base = (
            np.asarray(wall) * (1 - self._face) + skin * np.reshape(texture, (height, width, 1)) * self._face
        )
        self._base = base.astype(np.float32)
        lit = relief[..., None] * self._face + 0.1 * (1 - self._face)
        self._lit = (self._base * lit).astype(np.float32)
        self._moved = (self._base * (0.2 + 0.8 * self._face)).astype(np.float32)
        self._size = (width * conditions.scale, height * conditions.scale)
        self._grain = rng.normal(0.0, _SENSOR_LEVELS, (8, *self._size[::-1], 3)).astype(np.float32)
        self._rng = rng

    def picture(
        self, light: NDArray[np.float64], drift: NDArray[np.float64], move: NDArray[np.float64]
    ) -> Image:
        """One frame, BGR."""
        linear = self._base + self._lit * light.astype(np.float32) + self._moved * drift.astype(np.float32)
        shift = np.array([[1, 0, move[0]], [0, 1, move[1]]], np.float32)
        moved = cv2.warpAffine(linear, shift, SIZE[::-1], borderMode=cv2.BORDER_REPLICATE)
        coded = _CODED[np.clip(np.asarray(moved) * _STEPS, 0, _STEPS).astype(np.uint16)]
        if self._size != SIZE[::-1]:
            coded = np.asarray(
                cv2.resize(coded, self._size, interpolation=cv2.INTER_LINEAR), dtype=np.float32
            )
        grain = np.roll(self._grain[self._rng.integers(8)], int(self._rng.integers(SIZE[0])), axis=0)
        return np.asarray(np.clip(coded + grain, 0, 255).astype(np.uint8)[..., ::-1])


def _relief(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """The cosine at which each px faces the screen: that of the skin regions, by nearness."""
    middles = _MESH[np.array(list(REGIONS.values())), :2].mean(axis=1) + np.array(_CENTRE)
    near = np.exp(-((x[..., None] - middles[:, 0]) ** 2 + (y[..., None] - middles[:, 1]) ** 2) / 200.0) + 1e-9
    return np.asarray(near @ lambert(_MESH) / near.sum(axis=-1), dtype=np.float32)


def _drift(count: int, level: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Relative changes (n, 3) of R, G, B: opponent drift of standard deviation ``level``, and twice that in brightness."""
    shocks = rng.standard_normal((count + 200, 3)) * np.sqrt(1 - _CORRELATION**2)
    slow = lfilter([1.0], [1.0, -_CORRELATION], shocks, axis=0)[200:]
    both = level * (slow + _WHITE_SHARE * rng.standard_normal((count, 3)))
    red_green, blue_yellow, bright = both.T
    return np.asarray(
        np.stack([red_green / 2, -red_green / 2, blue_yellow], axis=1) + 2.0 * bright[:, None],
        dtype=np.float64,
    )


def _low_pass(values: NDArray[np.float64], samples: float) -> NDArray[np.float64]:
    keep = float(np.exp(-1.0 / samples))
    return np.asarray(lfilter([1.0 - keep], [1.0, -keep], values, axis=0), dtype=np.float64)


def _plain(pictures: Iterator[Image], t: NDArray[np.float64]) -> Iterator[Frame]:
    for index, (picture, at) in enumerate(zip(pictures, t.tolist(), strict=True)):
        yield Frame(at, index, np.ascontiguousarray(picture))


def _through(pictures: NDArray[np.uint8], t: NDArray[np.float64], kbps: int) -> Iterator[Frame]:
    yield from decoded(encode(pictures, t, Channel(kbps)))


def _face(move: NDArray[np.float64], scale: int) -> Face:
    landmarks = scale * (_MESH + np.array([_CENTRE[0] + move[0], _CENTRE[1] + move[1], 0.0], np.float32))
    x0, y0 = (float(v) for v in landmarks[:, :2].min(axis=0))
    x1, y1 = (float(v) for v in landmarks[:, :2].max(axis=0))
    quality = FaceQuality(inter_ocular_px=0.45 * _FACE_PX * scale, luma=120.0, sharpness=100.0, inside=1.0)
    return Face((x0, y0, x1 - x0, y1 - y0), landmarks, HeadPose(0.0, 0.0, 0.0), quality, 1)


def _mesh() -> Landmarks:
    """The rigid points, the corners of the skin regions and the outline, in px about the middle; the rest of the 478 lies there."""
    mesh = np.zeros((478, 3), np.float32)
    across = float(np.ptp(CANONICAL[:, 0]))
    mesh[POINTS] = (CANONICAL - CANONICAL.mean(axis=0)) * (1, -1, -1) / across
    for right, (left, x, y, z) in _PAIRS.items():
        mesh[right], mesh[left] = (x, y, z), (-x, y, z)
    mesh[[10, 152, 234, 454]] = ((0, -0.68, 0), (0, 0.68, 0), (-0.5, 0, 0.3), (0.5, 0, 0.3))
    return mesh * np.float32(_FACE_PX)


def _light_std() -> float:
    red, green, blue = np.array([colour.linear for colour in PALETTE]).T
    return float(np.sqrt((np.var(red - green) + np.var(blue - (red + green) / 2)) / 2))


_PAIRS = {
    36: (266, -0.22, 0.01, -0.03),
    45: (275, -0.04, -0.03, -0.23),
    50: (280, -0.36, 0.01, 0.02),
    100: (329, -0.18, -0.07, -0.01),
    104: (333, -0.30, -0.46, 0.09),
    105: (334, -0.28, -0.39, 0.04),
    107: (336, -0.10, -0.37, -0.03),
    108: (337, -0.11, -0.49, 0.02),
    117: (346, -0.38, -0.10, 0.08),
    187: (411, -0.40, 0.12, 0.06),
    196: (419, -0.04, -0.15, -0.11),
    201: (421, -0.08, 0.46, -0.08),
    206: (426, -0.24, 0.11, -0.03),
    208: (428, -0.09, 0.52, -0.08),
}
"""Index in the face mesh on the person's right: its mirror, and x, y, z in widths of the face, of a frontal face that we measured."""
_MESH = _mesh()
_STEPS = 4095
_CODED = (255.0 * coded_light(np.linspace(0.0, 1.0, _STEPS + 1))).astype(np.float32)
