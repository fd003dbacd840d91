"""Views and facts of a face that speaks: mouth and sound of known tracks, at any offset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from biometrics.evaluation.av_clips import Talk
from biometrics.media import Frame
from biometrics.views import Face, FaceView, Fact
from fraudmodel.signals import Reason
from tests.biometrics.av.signals import syllables
from tests.biometrics.face.fakes import a_face

HOP_S = 0.512
_NOTHING = np.zeros((1, 1, 3), np.uint8)
_FACE = a_face(width=260.0)


def speaker(
    seconds: float, seed: int = 1, late_s: float = 0.0, moves: bool = True, fps: float = 25.0
) -> Talk:
    """Somebody who speaks all the time: each band is as loud as the mouth is open, ``late_s`` later. Still unless ``moves``."""
    count = round(seconds * fps)
    t = np.arange(count) / fps
    track = syllables(seconds + 4.0, seed)
    grid = np.arange(len(track)) / 25.0 - 2.0
    noise = np.random.default_rng(seed).normal(0.0, 0.02, count)
    lips = 8.0 * (np.interp(t, grid, track) * float(moves) + noise)
    views = tuple(view(at, face(px), fps) for at, px in zip(t.tolist(), lips.tolist(), strict=True))
    return Talk(
        f"speaker {seed}", views, facts(seconds, lambda at: -40.0 + 8.0 * np.interp(at - late_s, grid, track))
    )


def face(lips_px: float = 0.0) -> Face:
    """A large face whose lower lip hangs by ``lips_px``."""
    landmarks = _FACE.landmarks.copy()
    landmarks[17, 1] += lips_px
    landmarks[78, :2], landmarks[308, :2] = (290.0, 300.0), (350.0, 300.0)
    return replace(_FACE, landmarks=landmarks)


def view(t: float, face: Face | None, fps: float = 25.0, reason: Reason | None = None) -> FaceView:
    return FaceView(Frame(t, round(t * fps), _NOTHING), face, None if face else reason, 0, fps)


def facts(
    seconds: float,
    level: Callable[[np.ndarray], np.ndarray],
    speaks: Callable[[float], bool] = lambda t: True,
) -> tuple[Fact, ...]:
    """What is told of a sound whose six bands are all as loud as ``level`` says, dB."""
    found = []
    for start in np.arange(0.0, seconds - HOP_S + 1e-9, HOP_S).tolist():
        middle = start + (np.arange(32) + 0.5) * 0.016
        speech = [0.95 if speaks(start + 0.032 * k + 0.016) else 0.02 for k in range(16)]
        values = {
            "from_s": start, "to_s": start + HOP_S, "speech_s": 0.032 * sum(each > 0.5 for each in speech),
            "speech": speech, "step_s": 0.016, "levels_db": np.repeat(level(middle)[:, np.newaxis], 6, axis=1).tolist(),
        }  # fmt: skip
        found.append(Fact(start + HOP_S, "speech", values))
    return tuple(found)


def silence(seconds: float) -> tuple[Fact, ...]:
    return facts(seconds, lambda t: np.full(len(t), -90.0), lambda t: False)


def arriving(items: Sequence[FaceView | Fact], seed: int, most_s: float = 1.5) -> list[FaceView | Fact]:
    """The same, each track in its own order, but bunched and up to ``most_s`` late against the other."""
    rng = np.random.default_rng(seed)
    due: dict[type, float] = {FaceView: 0.0, Fact: 0.0}
    times = []
    for k, item in enumerate(items):
        late = float(rng.uniform(0.0, most_s)) if k // 30 % 2 else 0.0
        due[type(item)] = max(due[type(item)], item.t + late)
        times.append(due[type(item)])
    return [items[k] for k in np.argsort(times, kind="stable")]
