"""The maps that recognition reads: where a straight face has moved from onset to apex, and how its skin was strained.

As Liong et al. (2019, STSTNet) and the MEGC 2019 composite: horizontal and vertical flow and optical strain, 28 x 28, from the brows
to the chin. How far a face moves differs between people and pictures, and what recognition asks is where and whither; so each map is
brought to a common size, its strongest places are held, and what the whole face has in common is taken off.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

SIZE: Final = 28
CHANNELS: Final = 3
INTER_OCULAR: Final = 11.5
"""Distance of the eyes on a map, px."""
EYE_LINE: Final = 6.5
"""Row of the eyes."""
MIDDLE: Final = (SIZE - 1) / 2
"""Column of the midline."""
_STRONG = 95.0
_FAR, _MOST = 2.0, 1.5
_STRAIN_MEAN, _STRAIN_SPREAD = 0.1, 0.12
"""Of strain that is stretched to 0..1, about its mean and standard deviation."""
_LEAST = 1e-6

Maps = NDArray[np.float32]
"""(n, 3, 28, 28) float32: u (to the right of the picture), v (down), strain."""
Planes = NDArray[np.floating]


def optical_strain(u: Planes, v: Planes) -> Planes:
    """Magnitude of the strain tensor of a flow (..., rows, columns): sqrt(u_x^2 + v_y^2 + (u_y + v_x)^2 / 2) (Shreve et al. 2009)."""
    u_y, u_x = np.gradient(u, axis=(-2, -1))
    v_y, v_x = np.gradient(v, axis=(-2, -1))
    return np.asarray(np.sqrt(u_x**2 + v_y**2 + 0.5 * (u_y + v_x) ** 2))


def maps_of(
    u: Planes, v: Planes, strain: Planes, gain: Planes | None = None
) -> tuple[Maps, NDArray[np.float64]]:
    """What the network reads, of flow in any one unit for both directions, and strain in any: each (n, 28, 28).

    And (n,): the length, in the unit of the flow, that each map shows as 1. ``gain`` (n,) shows movements that much larger, for variety.
    """
    across, down = _centred(u), _centred(v)
    far = np.percentile(np.hypot(across, down), _STRONG, axis=(1, 2)) / _FAR
    size = np.maximum(far, _LEAST) / (1.0 if gain is None else gain)
    across, down = (part / size[:, np.newaxis, np.newaxis] for part in (across, down))
    length = np.hypot(across, down)
    held = np.tanh(length / _MOST) * _MOST / np.maximum(length, _LEAST)
    low, high = strain.min(axis=(1, 2), keepdims=True), strain.max(axis=(1, 2), keepdims=True)
    stretched = (strain - low) / np.maximum(high - low, _LEAST)
    scaled = (stretched - _STRAIN_MEAN) / _STRAIN_SPREAD
    return np.stack([across * held, down * held, scaled], axis=1).astype(np.float32), np.asarray(size)


def _centred(flow: Planes) -> Planes:
    return np.asarray(flow - np.median(flow, axis=(1, 2), keepdims=True))
