"""A bounded memory of skin colours, and its even series of opponent signals.

The challenge's facts come after the frames that they concern, so every frame is remembered for a while.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.face.skin import BACKGROUND, RoiMeans, lambert, roi_means
from biometrics.views import FaceView
from fraudmodel.signals import Reason, Span

RATE_HZ: Final = 25.0
KEPT_S: Final = 60.0
"""A challenge of 32 chips takes 18 s; a page that stutters may take twice as long."""
MOST_FRAMES: Final = 2400
LEAST_PX: Final = 24.0
"""Between the eyes. A call's picture has half its resolution in colour: a cheek's regions are then some 5 x 3 samples of
colour within one macroblock of the codec: too few for a mean that is steadier than the codec's own choices."""
LONGEST_GAP_S: Final = 0.15
"""Between two frames further apart nothing is known."""
_MOST_CLIPPED: Final = 0.9
"""A region that is clipped in part still follows the light, less; one that is clipped all over follows nothing."""
_DARKEST: Final = 1e-3
_LAMBERT_EVERY: Final = 16


@dataclass(frozen=True, slots=True)
class Series:
    """Opponent signals on an even grid of `RATE_HZ`.

    ``t`` (n,) s; ``face`` (n, 2): log R - log G and log B - (log R + log G) / 2 over the skin, each region less its own
    median; ``regions`` (n, 9, 2) the same by region, NaN where not visible; ``background`` (n, 2), zeros where there is
    none; ``seen`` (n,) where the face was visible; ``light`` (9, 3) mean linear R, G, B by region; ``facing`` (9,)
    cosine between each region's normal and the way to the camera; ``clipped`` share of samples at the sensor's end.
    """

    t: NDArray[np.float64]
    face: NDArray[np.float64]
    regions: NDArray[np.float64]
    background: NDArray[np.float64]
    seen: NDArray[np.bool_]
    light: NDArray[np.float64]
    facing: NDArray[np.float64]
    clipped: float


@dataclass(frozen=True, slots=True)
class _Seen:
    t: float
    means: RoiMeans | None
    track: int
    reason: Reason | None
    inter_ocular_px: float


class SkinTrace:
    """Remembers the last minute of a session's skin colours."""

    def __init__(self) -> None:
        self._frames: deque[_Seen] = deque(maxlen=MOST_FRAMES)
        self._facing: deque[tuple[float, NDArray[np.float64]]] = deque(maxlen=MOST_FRAMES // _LAMBERT_EVERY)
        self._count = 0

    def push(self, view: FaceView) -> None:
        """Remember a view, with or without a face; one that is too small only as that."""
        apart_px = view.face.quality.inter_ocular_px if view.face else 0.0
        small = view.face is not None and apart_px < LEAST_PX
        means = None if small else roi_means(view)
        track = view.face.track if view.face else -1
        reason = Reason.FACE_TOO_SMALL if small else view.reason
        self._frames.append(_Seen(view.t, means, track, reason, apart_px))
        while self._frames[0].t < view.t - KEPT_S:
            self._frames.popleft()
        if view.face is not None and self._count % _LAMBERT_EVERY == 0:
            self._facing.append((view.t, lambert(view.face.landmarks)))
        self._count += view.face is not None

    def inter_ocular_px(self, span: Span) -> float:
        """Median distance of the eyes in a span, px, where the face could be measured; 0 where it never could."""
        apart = [
            seen.inter_ocular_px for seen in self._frames if seen.means and span.start <= seen.t <= span.end
        ]
        return float(np.median(apart)) if apart else 0.0

    def why_unseen(self, span: Span) -> Reason | None:
        """The commonest reason why frames of a span show no face; None where all do, NO_VIDEO where there is no frame."""
        frames = [seen for seen in self._frames if span.start <= seen.t <= span.end]
        if not frames:
            return Reason.NO_VIDEO
        why = Counter(seen.reason or Reason.NO_FACE for seen in frames if seen.means is None)
        return why.most_common(1)[0][0] if why else None

    def fps(self, span: Span) -> float:
        """Frames a second in a span, with or without a face; gaps do not lower it: the median interval counts."""
        times = np.array([seen.t for seen in self._frames if span.start <= seen.t <= span.end])
        return float(1.0 / np.median(np.diff(times))) if len(times) > 2 else 0.0

    def series(self, span: Span, hidden: Sequence[Span] = ()) -> Series | None:
        """The span on an even grid; None where fewer than three frames show a face. ``hidden`` parts count as not seen."""
        frames = [seen for seen in self._frames if span.start <= seen.t <= span.end]
        rows = [seen for seen in frames if seen.means is not None]
        if len(rows) < 3:
            return None
        t = np.array([seen.t for seen in rows])
        linear = np.stack([seen.means.linear for seen in rows if seen.means])
        clipped = np.stack([seen.means.clipped for seen in rows if seen.means])
        facing = [value for at, value in self._facing if span.start <= at <= span.end]
        grid = np.arange(np.ceil(span.start * RATE_HZ), np.floor(span.end * RATE_HZ) + 1) / RATE_HZ
        seen = _seen(grid, t, np.array([row.track for row in rows]))
        for part in hidden:
            seen &= (grid < part.start) | (grid > part.end)
        linear[np.nan_to_num(clipped, nan=1.0) > _MOST_CLIPPED] = np.nan
        opponent = _opponent(linear)
        regions = _on_grid(grid, t, _centred(opponent[:, :BACKGROUND]))
        background = np.nan_to_num(_on_grid(grid, t, _centred(opponent[:, BACKGROUND:]))[:, 0])
        face, any_region = _mean_of_visible(regions)
        return Series(
            t=grid,
            face=face,
            regions=regions,
            background=background,
            seen=seen & any_region,
            light=_mean_of_visible(linear[:, :BACKGROUND], axis=0)[0],
            facing=np.mean(facing, axis=0) if facing else np.full(BACKGROUND, np.nan),
            clipped=_share(clipped[:, :BACKGROUND]),
        )


def _opponent(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    red, green, blue = np.moveaxis(np.log(np.maximum(linear, _DARKEST)), -1, 0)
    opponent = np.stack([red - green, blue - (red + green) / 2], axis=-1)
    return np.asarray(np.where(np.isfinite(linear[..., :1]), opponent, np.nan))


def _share(clipped: NDArray[np.float64]) -> float:
    visible = np.isfinite(clipped)
    return float(np.where(visible, clipped, 0.0).sum() / max(np.count_nonzero(visible), 1))


def _centred(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each region less its median over the frames: one that goes out of sight must not make a step of the mean."""
    centred = np.full_like(values, np.nan)
    for region in range(values.shape[1]):
        seen = np.isfinite(values[:, region, 0])
        if seen.sum() > len(values) / 2:
            centred[seen, region] = values[seen, region] - np.median(values[seen, region], axis=0)
    return centred


def _on_grid(
    grid: NDArray[np.float64], t: NDArray[np.float64], values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Linear interpolation of (n, regions, 2) on the grid, NaN where a neighbour is missing."""
    after = np.clip(np.searchsorted(t, grid), 1, len(t) - 1)
    before = after - 1
    share = np.clip((grid - t[before]) / np.maximum(t[after] - t[before], 1e-9), 0.0, 1.0)[:, None, None]
    return np.asarray(values[before] * (1.0 - share) + values[after] * share)


def _seen(grid: NDArray[np.float64], t: NDArray[np.float64], track: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether both frames about each grid time are near, and of one face."""
    after = np.clip(np.searchsorted(t, grid), 1, len(t) - 1)
    near = (t[after] - t[after - 1] <= LONGEST_GAP_S) & (track[after] == track[after - 1])
    return np.asarray(near & (grid >= t[0] - 1e-9) & (grid <= t[-1] + 1e-9))


def _mean_of_visible(
    values: NDArray[np.float64], axis: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Mean over an axis of what is finite, 0 where nothing is, and where something was."""
    finite = np.isfinite(values[..., 0])
    count = finite.sum(axis=axis)
    total = np.where(finite[..., None], values, 0.0).sum(axis=axis)
    return total / np.maximum(count, 1)[..., None], count > 0
