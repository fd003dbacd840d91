"""Motion magnified so that a person can see it: dense flow from a picture of rest, multiplied, and the picture warped by it.

Lagrangian magnification (Liu et al. 2005, after the Eulerian of Wu et al. 2012): what moved by d pixels is shown moved by
``factor`` times d. The head's own motion is taken out as that of a rigid body under an affine camera (Koenderink & van Doorn 1991),
and what is no greater than the unrest of the pictures before the movement is left where it is: noise is not shown as motion.
Pure: the same pictures give the same to the bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image

Flow = NDArray[np.float32]
"""(H, W, 2): how far each pixel of the picture of rest has moved, px to the right and down."""
Plane = NDArray[np.float32]
"""(H, W): a number for each pixel."""

FACTORS: Final = (8.0, 6.0, 4.0, 3.0, 2.0)
"""What is tried, the strongest first: one that folds the picture over itself would show what is not there."""
LEAST_NOISE_PX: Final = 0.06
"""Flow is not more certain than this, however still the picture was."""
_SMOOTH_PX: Final = 2.0
_STEEPEST: Final = 0.85
"""Neighbouring pixels may come so much nearer to each other, of their distance, before a factor counts as folding."""
_FOLDING: Final = 0.005
"""Share of the face that may fold: eyelids that close do, at any factor."""
FURTHEST_PX: Final = 32.0
"""Nothing is shown to have moved further than this, a third of the distance of the eyes."""
_REFITS: Final = 6
_SMOOTHER_PX: Final = (0.0, 4.0, 8.0, 16.0, 32.0)
_ROUNDS: Final = 24


def flow_between(rest: Image, picture: Image) -> Flow:
    """Dense flow from one BGR picture to another of the same size, smoothed a little (Kroeger et al. 2016, DIS).

    DIS falls short of narrow motion, so it is asked again, finely, about what remains: what is multiplied must not be a part of
    what moved.
    """
    before, after = (cv2.cvtColor(each, cv2.COLOR_BGR2GRAY) for each in (rest, picture))
    here = _grid(before.shape[0], before.shape[1])
    flow = _dis(finest=1, regular=True).calc(before, after, np.zeros_like(here))
    back = _sampled(after, here + flow, cv2.INTER_CUBIC)
    flow = flow + _dis(finest=0, regular=False).calc(before, back, np.zeros_like(here))
    return np.asarray(cv2.GaussianBlur(flow, (0, 0), _SMOOTH_PX), dtype=np.float32)


def drift_between(rest: Image, picture: Image) -> Flow:
    """Coarse flow, enough to tell how the whole face has drifted: a twentieth of the cost."""
    before, after = (cv2.cvtColor(each, cv2.COLOR_BGR2GRAY) for each in (rest, picture))
    flow = _dis(finest=2, regular=False).calc(before, after, np.zeros((*before.shape, 2), np.float32))
    return np.asarray(flow, dtype=np.float32)


def rigid_part(flow: Flow, depth: Plane, mask: Plane) -> Flow:
    """What of the flow a turning, coming and going head explains: affine in x, y and ``depth`` (any scale).

    Fitted to the pixels where ``mask`` is above a half, those that disagree counting less and less (Cauchy weights).
    """
    height, width = mask.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    columns = np.stack([np.ones_like(x), x / width - 0.5, y / height - 0.5, _scaled(depth)], axis=-1)
    fit = fit_rigid(columns[mask > 0.5][::7], flow[mask > 0.5][::7].astype(np.float64))
    return np.asarray(columns @ fit, dtype=np.float32)


def fit_rigid(columns: NDArray[np.float64], moved: NDArray[np.float64]) -> NDArray[np.float64]:
    """The (k, 2) coefficients of ``moved`` (n, 2) px in ``columns`` (n, k), robust against the part of the face that moves by itself."""
    weights = np.ones(len(columns))
    fit: NDArray[np.float64] = np.zeros((columns.shape[1], 2))
    for _ in range(_REFITS):
        weighted = columns * weights[:, np.newaxis]
        fit = np.asarray(np.linalg.lstsq(weighted, moved * weights[:, np.newaxis], rcond=None)[0])
        off = np.linalg.norm(moved - columns @ fit, axis=1)
        scale = max(1.4826 * float(np.median(off)), 1e-3)
        weights = 1.0 / np.sqrt(1.0 + (off / (2.385 * scale)) ** 2)
    return fit


def noise_of(rest: Sequence[Flow], shape: tuple[int, int]) -> Plane:
    """How restless each pixel was before the movement: RMS of the flows among pictures of rest, px; smoothed, and never 0."""
    if not rest:
        return np.full(shape, LEAST_NOISE_PX, np.float32)
    power = np.mean([(flow**2).sum(axis=2) for flow in rest], axis=0)
    smooth = cv2.GaussianBlur(power.astype(np.float32), (0, 0), 3 * _SMOOTH_PX)
    return np.asarray(np.maximum(np.sqrt(smooth), LEAST_NOISE_PX), dtype=np.float32)


def above_noise(flow: Flow, noise: Plane) -> Flow:
    """The flow without what may be noise: nothing below the noise, all of it from three times as much."""
    share = np.clip((np.linalg.norm(flow, axis=2) / noise - 1.0) / 2.0, 0.0, 1.0)
    gain = cv2.GaussianBlur((share * share * (3.0 - 2.0 * share)).astype(np.float32), (0, 0), _SMOOTH_PX)
    return np.asarray(flow * gain[..., np.newaxis], dtype=np.float32)


def factor_for(flows: Sequence[Flow], mask: Plane) -> float:
    """The strongest of `FACTORS` with which none of these flows folds the face or goes beyond `FURTHEST_PX`; the weakest where all do."""
    steepest = max((_compression(flow, mask) for flow in flows), default=0.0)
    furthest = max((_reach(flow, mask) for flow in flows), default=0.0)
    fits = (f for f in FACTORS if (f - 1.0) * steepest <= _STEEPEST and f * furthest <= FURTHEST_PX)
    return next(fits, FACTORS[-1])


def showable(flow: Flow, factor: float, mask: Plane) -> Flow:
    """The flow, nowhere so long that ``factor`` times it is beyond `FURTHEST_PX`, and as much smoother as it takes not to fold.

    What `factor_for` has chosen the factor for is left as it is; large motion beside it is shown as a whole, not torn.
    """
    length = np.maximum(np.linalg.norm(flow, axis=2, keepdims=True), 1e-6)
    short = np.asarray(flow * np.minimum(1.0, FURTHEST_PX / (factor * length)), dtype=np.float32)
    for wide_px in _SMOOTHER_PX:
        smooth = np.asarray(cv2.GaussianBlur(short, (0, 0), wide_px), np.float32) if wide_px else short
        if (factor - 1.0) * _compression(smooth, mask) <= _STEEPEST:
            break
    return smooth


def exaggerated(picture: Image, flow: Flow, factor: float) -> Image:
    """A picture whose pixels have moved by ``flow`` from rest, with each moved by ``factor`` times that instead.

    Raises ValueError where the two differ in size.
    """
    if picture.shape[:2] != flow.shape[:2]:
        raise ValueError(f"a flow of {flow.shape[:2]} is not of a picture of {picture.shape[:2]}")
    height, width = flow.shape[:2]
    shown = _grid(height, width)
    # Where in the picture of rest each shown pixel comes from: r + factor * flow(r) = shown, solved by damped iteration.
    rest = shown - factor * flow
    for _ in range(_ROUNDS):
        rest += 0.5 * (shown - factor * _at(flow, rest) - rest)
    return np.asarray(_sampled(picture, rest + _at(flow, rest), cv2.INTER_CUBIC), dtype=np.uint8)


def _dis(*, finest: int, regular: bool) -> cv2.DISOpticalFlow:
    """``finest`` the finest scale looked at, 0 the picture's own; ``regular`` whether the flow is made smooth by variation."""
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    dis.setFinestScale(finest)
    if not regular:
        dis.setVariationalRefinementIterations(0)
    return dis


def _grid(height: int, width: int) -> Flow:
    """Each pixel's own place."""
    return np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1).astype(np.float32)


def _at(flow: Flow, where: Flow) -> Flow:
    return np.asarray(_sampled(flow, where, cv2.INTER_LINEAR), np.float32)


def _sampled(plane: NDArray[Any], where: Flow, how: int) -> NDArray[Any]:
    return np.asarray(cv2.remap(plane, where[..., 0], where[..., 1], how, borderMode=cv2.BORDER_REPLICATE))


def _reach(flow: Flow, mask: Plane) -> float:
    inside = np.linalg.norm(flow, axis=2)[mask > 0.5]
    return float(np.quantile(inside, 1.0 - _FOLDING)) if inside.size else 0.0


def _compression(flow: Flow, mask: Plane) -> float:
    """How much nearer neighbouring pixels of the face come to each other, as a share of their distance: the steepest but a few."""
    du_dy, du_dx = np.gradient(flow[..., 0])
    dv_dy, dv_dx = np.gradient(flow[..., 1])
    mean, half = (du_dx + dv_dy) / 2.0, (du_dx - dv_dy) / 2.0
    least = mean - np.hypot(half, (du_dy + dv_dx) / 2.0)
    inside = least[mask > 0.5]
    return float(np.quantile(-inside, 1.0 - _FOLDING)) if inside.size else 0.0


def _scaled(depth: Plane) -> NDArray[np.float64]:
    spread = float(depth.std())
    return (depth - depth.mean()) / spread if spread > 1e-6 else np.zeros(depth.shape)
