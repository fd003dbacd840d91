"""A take put in another order, so that its mouth goes with other words for as long as an interview takes.

Real pictures of the person: only which one comes next is chosen (after Video Rewrite, Bregler et al. 1997), and the whole picture sways a
little. The frames follow each other forwards or backwards, one or two at a time, so that nothing jumps; among all such ways the one whose lips are
open where the sound is loud is found by dynamic programming. Of some such ways the one is taken that repeats itself least: nobody honest does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.stats import rankdata

from biometrics.attacklab.clip import Clip, Samples
from biometrics.attacklab.interviews.posture import points_moved, posture, seated, smaller
from biometrics.attacklab.interviews.repeats import least_unlike, motion_of

_UPPER, _LOWER, _LEFT, _RIGHT = 0, 17, 61, 291
"""Outer edges of the lips: the middle of the upper and of the lower one, and the corners."""
_STEPS: Final = (1, 2)
_TURN: Final = 0.6
"""Cost of playing the other way round from here on, in squared ranks of the opening (-1..1)."""
_HURRY: Final = 0.15
"""Cost of leaving a frame out."""
_NOISE: Final = 0.1
_OWN_WILL: Final = (0.7, 1.1)
"""Lips do not only do what the sound's loudness says: so much of another, slow curve is mixed in, in spreads of the loudness. Openings then
go with loudness at about 0.5, as in real talk (decision 14)."""
_WILL_S: Final = 0.12
_TRIES: Final = 6
_UNLIKE: Final = 0.35
"""Stretches of one take are to be at least this unlike: of honest renders of the lab they are by 0.35 and more (`injection.frames.STRANGE`)."""
_SMALLER: Final = 8
_FLOOR_DB: Final = -40.0
_LEAD_S: Final = 0.08
"""Lips open before the sound is loud (Chandrasekaran et al. 2009: 100 to 300 ms before consonants; here, of the whole envelope, less)."""
_SMOOTH_S: Final = 0.05

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def talking(clip: Clip, words: Samples, duration_s: float, fps: float, rng: np.random.Generator) -> Clip:
    """A take of ``duration_s`` at ``fps`` in which the person of ``clip`` moves the lips to ``words`` (m,), which is its sound from then on.

    Its frames are in memory: 0.9 MB each. A photo stays what it is.
    """
    if clip.still:
        return replace(clip, audio=words, fps=fps)
    count = int(np.ceil((duration_s + 2 / fps) * clip.fps)) + 2
    wanted = loudness(words, clip.sample_rate, clip.fps, count)
    order, moves = _least_repetitive(clip, wanted, rng)
    at = np.round(np.arange(int(np.ceil(duration_s * fps)) + 2) * clip.fps / fps).astype(np.int64)
    at = np.minimum(at, count - 1)
    return replace(
        clip,
        frames=seated(clip.frames, order[at], moves[at]),
        landmarks=points_moved(clip.landmarks[order[at]], moves[at]),
        audio=words,
        fps=fps,
        dubbed=False,
    )


def _least_repetitive(clip: Clip, wanted: Floats, rng: np.random.Generator) -> tuple[Places, Floats]:
    """A way through the frames, with how the person sits meanwhile, that does not come to the same stretch again; or of some the one that
    does so least."""
    openness, small = openings(clip), smaller(clip.frames, _SMALLER)
    t = np.arange(len(wanted)) / clip.fps
    best, unlike = (np.zeros(len(wanted), np.int64), posture(t, clip.size, rng)), -1.0
    for _ in range(_TRIES):
        will = gaussian_filter1d(rng.standard_normal(len(wanted)), _WILL_S * clip.fps)
        will *= float(rng.uniform(*_OWN_WILL)) * float(np.std(wanted)) / max(float(np.std(will)), 1e-9)
        order, moves = way(openness, _ranks(wanted + will), rng), posture(t, clip.size, rng)
        seen = moves * np.array([1.0, 1.0, 1.0 / _SMALLER])
        found = least_unlike(motion_of(seated(small, order, seen)), clip.fps)
        if found > unlike:
            best, unlike = (order, moves), found
        if unlike >= _UNLIKE:
            break
    return best


def openings(clip: Clip) -> Floats:
    """(n,) how far the lips of each frame are open, as ranks -1..1."""
    points = clip.landmarks[..., :2]
    gap = np.linalg.norm(points[:, _UPPER] - points[:, _LOWER], axis=-1)
    width = np.linalg.norm(points[:, 10] - points[:, 152], axis=-1)
    return _ranks(gap / np.maximum(width, 1.0))


def loudness(words: Samples, rate: int, fps: float, count: int) -> Floats:
    """(count,) how loud it is when each frame is shown, as ranks -1..1; as in the pauses after its end."""
    hop = rate / fps
    padded = np.zeros(int(np.ceil((count + 1) * hop)) + 1)
    padded[: min(len(words), len(padded))] = words[: len(padded)]
    power = np.concatenate([[0.0], np.cumsum(padded**2)])
    edges = np.round((np.arange(count + 1) + _LEAD_S * fps) * hop).astype(np.int64)
    edges = np.minimum(edges, len(power) - 1)
    mean = np.diff(power[edges]) / np.maximum(np.diff(edges), 1)
    level = 10 * np.log10(np.maximum(mean / max(float(mean.max(initial=0.0)), 1e-12), 1e-12))
    return _ranks(gaussian_filter1d(np.maximum(level, _FLOOR_DB), _SMOOTH_S * fps))


def way(openness: Floats, wanted: Floats, rng: np.random.Generator) -> Places:
    """(n,) which of the frames (m,) is shown at each of n moments. A single frame is shown throughout."""
    frames = len(openness)
    if frames < 2 * max(_STEPS) + 2:
        return np.zeros(len(wanted), np.int64)
    cost = np.zeros((2, frames))
    back = np.zeros((len(wanted), 2, frames), np.int16)
    for k, level in enumerate(wanted):
        apart = (openness - level) ** 2 + rng.uniform(0, _NOISE, frames)
        if k == 0:
            cost = np.stack([apart, apart])
        else:
            cost, back[k] = _advanced(cost)
            cost = cost + apart
    return _traced(cost, back)


def _advanced(cost: Floats) -> tuple[Floats, NDArray[np.int16]]:
    """The cheapest way to each frame in either direction (0 forwards, 1 backwards), and from where: direction * frames + frame."""
    frames = cost.shape[1]
    best = np.full((2, frames), np.inf)
    origin = np.zeros((2, frames), np.int16)
    for towards, sign in enumerate((1, -1)):
        for came in (0, 1):
            for step in _STEPS:
                at = np.arange(frames) - sign * step
                inside = (at >= 0) & (at < frames)
                price = (_TURN if came != towards else 0.0) + (_HURRY if step > 1 else 0.0)
                each = np.where(inside, cost[came][np.clip(at, 0, frames - 1)] + price, np.inf)
                better = each < best[towards]
                best[towards] = np.where(better, each, best[towards])
                origin[towards] = np.where(better, came * frames + at, origin[towards])
    return best, origin


def _traced(cost: Floats, back: NDArray[np.int16]) -> Places:
    frames = cost.shape[1]
    state = int(np.argmin(cost))
    found = np.empty(len(back), np.int64)
    for k in range(len(back) - 1, -1, -1):
        found[k] = state % frames
        state = int(back[k].reshape(-1)[state])
    return found


def _ranks(values: Floats) -> Floats:
    return np.asarray(2 * (rankdata(values) - 0.5) / max(len(values), 1) - 1)
