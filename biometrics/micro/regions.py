"""Where on a face brief movements are looked for: twelve regions by what the muscles under them move, and what moves with the skull.

Regions as in Wang et al. 2017 (MDMD) and Davison et al. 2018, by landmarks of MediaPipe's face mesh, as soft discs on the straight face of
`align`. Left and right are the person's own.
"""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.micro.align import INTER_OCULAR_PX, SIZE_PX

_BROW, _LID, _WING, _CORNER = (0.105, 0.091), (0.14, 0.063), (0.07, 0.091), (0.105, 0.091)
_REGIONS: Final[dict[str, tuple[tuple[int, ...], tuple[float, float]]]] = {
    "inner_brow_left": ((336, 285, 296, 295), _BROW),
    "inner_brow_right": ((107, 55, 66, 65), _BROW),
    "outer_brow_left": ((300, 276, 293, 283), _BROW),
    "outer_brow_right": ((70, 46, 63, 53), _BROW),
    "glabella": ((9, 8, 107, 336), (0.084, 0.098)),
    "lower_lid_left": ((253, 254, 252, 339, 450), _LID),
    "lower_lid_right": ((23, 24, 22, 110, 230), _LID),
    "nose_wing_left": ((358, 327, 294, 331), _WING),
    "nose_wing_right": ((129, 98, 64, 102), _WING),
    "mouth_corner_left": ((291, 287, 409, 375), _CORNER),
    "mouth_corner_right": ((61, 57, 185, 146), _CORNER),
    "chin": ((199, 175, 200, 18), (0.175, 0.105)),
}
NAMES: Final = tuple(_REGIONS)
UPPER: Final = NAMES[:7]
"""Brows, root of the nose, lids: speech does not move them by itself."""
LOWER: Final = NAMES[7:]
"""Wings of the nose, mouth, chin: speech moves them."""
IS_UPPER: Final = np.array([name in UPPER for name in NAMES])
IS_LOWER: Final = ~IS_UPPER
_RIGID = (
    168, 6, 197, 195, 5, 4, 122, 351, 193, 417, 188, 412, 127, 356, 34, 264, 143, 372, 116, 345, 111, 340, 117, 346, 118, 347, 50, 280,
    101, 330, 133, 362, 33, 263, 226, 446,
)  # fmt: skip
"""Ridge of the nose, corners of the eyes, temples, cheekbones: what hardly moves but with the skull."""
_EYES: Final = (((159, 145, 33, 133), (0.145, 0.073)), ((386, 374, 362, 263), (0.145, 0.073)))
_EDGE_PX, _REACH_PX, _FAINT = 4, 3, 0.1

Floats = NDArray[np.float64]


def discs(points: NDArray[np.floating]) -> Floats:
    """(12, 128, 128) weights of the regions about landmarks (478, 2) on the straight face; each sums to 1."""
    return _discs(points, tuple(_REGIONS.values()))


def eye_discs(points: NDArray[np.floating]) -> Floats:
    """(2, 128, 128): the same of the openings of the right and the left eye."""
    return _discs(points, _EYES)


def _discs(
    points: NDArray[np.floating], regions: tuple[tuple[tuple[int, ...], tuple[float, float]], ...]
) -> Floats:
    rows, columns = np.mgrid[0:SIZE_PX, 0:SIZE_PX]
    found = np.zeros((len(regions), SIZE_PX, SIZE_PX))
    for k, (landmarks, (across, down)) in enumerate(regions):
        x, y = np.clip(points[list(landmarks)].mean(axis=0), _EDGE_PX, SIZE_PX - 1 - _EDGE_PX)
        far = ((columns - x) / (across * INTER_OCULAR_PX)) ** 2 + ((rows - y) / (down * INTER_OCULAR_PX)) ** 2
        disc = np.exp(-0.5 * far)
        disc[disc < _FAINT] = 0.0
        found[k] = disc / disc.sum()
    return found


def rigid_pixels(points: NDArray[np.floating]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Columns and rows of the pixels about the landmarks that move with the skull, every second one each way."""
    mask = np.zeros((SIZE_PX, SIZE_PX), np.uint8)
    for x, y in points[list(_RIGID)].tolist():
        if min(x, y) > _EDGE_PX and max(x, y) < SIZE_PX - _EDGE_PX:
            cv2.circle(mask, (round(x), round(y)), _REACH_PX, 1, -1)
    mask[1::2] = 0
    mask[:, 1::2] = 0
    rows, columns = np.nonzero(mask)
    return columns, rows
