"""dlib's face chip: five points, a similarity transform, 150 px with a quarter of padding (CC0 network, Boost code).

The network was trained on chips of exactly this geometry: an unrotated crop costs it a hundred times its error rate.
"""

from __future__ import annotations

from math import floor

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Image, Landmarks

CHIP_PX = 150
PADDING = 0.25
FIVE_POINTS = (263, 362, 33, 133, 2)
"""Outer and inner corner of the person's left eye, of the right eye, base of the nose: dlib's five-point order."""
_MEAN_FACE = np.array(
    [
        (0.8595674595992, 0.2134981538014),
        (0.6460604764104, 0.2289674387677),
        (0.1205750620789, 0.2137274526848),
        (0.3340850613712, 0.2290642403242),
        (0.4901123135679, 0.6277975316475),
    ]
)


def chip_points(size_px: int = CHIP_PX, padding: float = PADDING) -> NDArray[np.float64]:
    """Where the five points of an average face lie on the chip, (5, 2) px."""
    return (_MEAN_FACE + padding) / (2.0 * padding + 1.0) * size_px


def chip_to_frame(five: NDArray[np.floating], size_px: int = CHIP_PX) -> NDArray[np.float64]:
    """The (2, 3) affine map from chip px to frame px for five points (5, 2) of the frame, as dlib computes it.

    Raises ValueError where the points fall together.
    """
    similarity = fit_similarity(chip_points(size_px), five.astype(np.float64))
    centre = similarity[:, :2] @ (size_px / 2, size_px / 2) + similarity[:, 2]
    # dlib spans the scaled square between the centres of its corner pixels, hence the last pixel on each side.
    scale = float(np.hypot(similarity[0, 0], similarity[1, 0]))
    linear = similarity[:, :2] * (size_px * scale - 1.0) / ((size_px - 1.0) * scale)
    middle = (size_px - 1.0) / 2.0
    return np.column_stack([linear, centre - linear @ (middle, middle)])


def fit_similarity(source: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least-squares rotation, scale and shift from points to points (n, 2), as a (2, 3) matrix (Umeyama 1991).

    Raises ValueError where either set falls together into one point.
    """
    source_mean, target_mean = source.mean(axis=0), target.mean(axis=0)
    s = (source - source_mean) @ (1.0, 1.0j)
    t = (target - target_mean) @ (1.0, 1.0j)
    spread = float(np.vdot(s, s).real)
    turn = complex(np.vdot(s, t)) / spread if spread > 0 else 0j
    if abs(turn) == 0:
        raise ValueError("a similarity needs points that do not fall together")
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, target_mean - linear @ source_mean])


def face_chip(image: Image, landmarks: Landmarks) -> Image:
    """The (150, 150, 3) chip of a face in a BGR frame, in BGR. Raises ValueError where the landmarks fall together."""
    to_frame = chip_to_frame(landmarks[list(FIVE_POINTS), :2])
    scale = float(np.hypot(to_frame[0, 0], to_frame[1, 0]))
    return sample(image, to_frame, CHIP_PX, max(floor(scale), 1))


def sample(
    image: Image,
    to_frame: NDArray[np.float64],
    size_px: int,
    fine: int,
    *,
    interpolation: int = cv2.INTER_LINEAR,
    border: int = cv2.BORDER_CONSTANT,
) -> Image:
    """The square of ``size_px`` whose pixels lie in the frame where ``to_frame`` (2, 3) says, sampled ``fine`` times as densely and
    averaged, so that a large face keeps no aliases."""
    shift = (1.0 - 1.0 / fine) / 2.0
    finer = np.column_stack([to_frame[:, :2] / fine, to_frame[:, 2] - to_frame[:, :2] @ (shift, shift)])
    dense = cv2.warpAffine(
        image,
        finer,
        (size_px * fine, size_px * fine),
        flags=interpolation | cv2.WARP_INVERSE_MAP,
        borderMode=border,
    )
    if fine > 1:
        dense = cv2.resize(dense, (size_px, size_px), interpolation=cv2.INTER_AREA)
    return np.asarray(dense, dtype=np.uint8)
