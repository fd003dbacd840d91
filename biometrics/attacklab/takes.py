"""From a source take to what stands before a lens: framed, at the camera's times, and filmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Clip, Frames, Samples, bounced
from biometrics.attacklab.optics import Floats, Radiance, sway, to_linear
from biometrics.attacklab.species import Rendered, Scene

_HELD_PX, _HELD_DEG = 3.0, 0.7
_HELD_MARGIN = 1.07


@dataclass(frozen=True, slots=True)
class Take:
    """Frames (n, H, W, 3) at ``t`` (n,) s, their ``landmarks`` (n, 478, 3) in px, and the sound from the first frame on.

    ``index`` (n,) which frames of the clip they are; ``speed`` how much faster than the clip they play.
    """

    frames: Frames
    t: Floats
    landmarks: NDArray[np.float32]
    audio: Samples | None
    sample_rate: int
    index: NDArray[np.int64]
    speed: float

    def rendered(self, truth: dict[str, Any]) -> Rendered:
        """It as it is."""
        return Rendered(self.frames, self.t, self.audio, self.sample_rate, truth)


def framed(
    clip: Clip,
    t: Floats,
    fps: float,
    size: tuple[int, int],
    rng: np.random.Generator,
    held: bool = False,
    index: NDArray[np.int64] | None = None,
) -> Take:
    """A clip in a picture of (height, width) at the times ``t`` of a camera of ``fps``; ``held`` in an unsteady hand.

    Frames are never repeated nor mixed: a take of another rate plays a little faster or slower. ``index`` names the
    clip's frames where chance shall not choose the part.
    """
    speed = _step(clip, fps) * fps / clip.fps
    if index is None:
        index = _part(clip, t, fps, rng)
    windows = _windows(clip, index, t, size, rng, held)
    frames = np.empty((len(t), *size, 3), np.uint8)
    landmarks = np.empty((len(t), *clip.landmarks.shape[1:]), np.float32)
    for k, (i, window) in enumerate(zip(index, windows, strict=True)):
        cv2.warpAffine(
            np.asarray(clip.frames[i]),
            window,
            size[::-1],
            frames[k],
            cv2.INTER_LINEAR,
            cv2.BORDER_REFLECT_101,
        )
        landmarks[k] = _moved(clip.landmarks[i], window)
    audio = _sound(clip, int(index[0]) / clip.fps, float(t[-1]) + 1 / fps, speed)
    return Take(frames, t, landmarks, audio, clip.sample_rate, index, speed)


def once(scene: Scene) -> Scene:
    """The scene, no longer than until its clip, which is played there and back, comes round: nobody honest repeats himself.

    What loops on purpose is told apart by just that.
    """
    clip, fps = scene.clip, scene.camera.fps
    if clip.still:
        return scene
    round_s = (2 * len(clip.frames) - 2) / (_step(clip, fps) * fps)
    return replace(scene, duration_s=min(scene.duration_s, round_s))


def filmed(
    scene: Scene,
    clip: Clip | None = None,
    held: bool = False,
    t: Floats | None = None,
    index: NDArray[np.int64] | None = None,
) -> Take:
    """Somebody (the scene's person, if not another) before the scene's honest camera. ``t`` and ``index`` as in `framed`."""
    camera = scene.camera
    if t is None:
        t = camera.times(scene.duration_s, scene.rng)
    take = framed(scene.clip if clip is None else clip, t, camera.fps, scene.size, scene.rng, held, index)
    frames = camera.capture(lit(take.frames), t, scene.rng)
    return Take(frames, t, take.landmarks, take.audio, take.sample_rate, take.index, take.speed)


def lit(frames: Frames) -> Iterator[Radiance]:
    """Pictures as the light that they stand for, one after another."""
    for image in frames:
        yield to_linear(image)


def _step(clip: Clip, fps: float) -> int:
    """Every so many frames of the clip are shown."""
    return max(1, round(clip.fps / fps))


def ticks_of(clip: Clip, t: Floats, fps: float) -> NDArray[np.int64]:
    """(n,) which frames of a clip a camera of ``fps`` shows at ``t``, counted from the first of them."""
    return np.asarray(np.round(t * fps).astype(np.int64) * _step(clip, fps))


def _part(clip: Clip, t: Floats, fps: float, rng: np.random.Generator) -> NDArray[np.int64]:
    ticks = ticks_of(clip, t, fps)
    room = len(clip.frames) - int(ticks[-1]) - 1
    return bounced(ticks + int(rng.integers(room + 1)) if room > 0 else ticks, len(clip.frames))


def _windows(
    clip: Clip,
    index: NDArray[np.int64],
    t: Floats,
    size: tuple[int, int],
    rng: np.random.Generator,
    held: bool,
) -> NDArray[np.float64]:
    """(n, 2, 3) from px of the clip to px of the picture: the face inside, no border where the clip reaches."""
    height, width = clip.size
    x, y, length = (float(v) for v in np.median([clip.face(int(i)) for i in index[::5]], axis=0))
    cover = max(size[0] / height, size[1] / width)
    most = max(cover, min(cover * 1.3, 0.62 * min(size) / length))
    scale = float(rng.uniform(cover, most)) * (_HELD_MARGIN if held else 1.0)
    scales = np.full(len(t), scale)
    across, down, turn = np.zeros(len(t)), np.zeros(len(t)), np.zeros(len(t))
    if held:
        across, down = (sway(t, rng, (0.2, 1.2), _HELD_PX) + sway(t, rng, (6, 10), 0.25) for _ in range(2))
        turn = np.deg2rad(sway(t, rng, (0.1, 0.8), _HELD_DEG))
        scales = scales * (1 + sway(t, rng, (0.1, 0.6), 0.008))
    left = _inside(x - size[1] * float(rng.uniform(0.44, 0.56)) / scale, size[1] / scale, width)
    top = _inside(y - size[0] * float(rng.uniform(0.42, 0.52)) / scale, size[0] / scale, height)
    middle = np.array([left + size[1] / 2 / scale, top + size[0] / 2 / scale])
    cos, sin = scales * np.cos(turn), scales * np.sin(turn)
    found = np.empty((len(t), 2, 3))
    found[:, 0, 0], found[:, 0, 1], found[:, 1, 0], found[:, 1, 1] = cos, -sin, sin, cos
    found[:, 0, 2] = size[1] / 2 + across - cos * middle[0] + sin * middle[1]
    found[:, 1, 2] = size[0] / 2 + down - sin * middle[0] - cos * middle[1]
    return found


def _inside(start: float, length: float, whole: float) -> float:
    return min(max(start, 0.0), max(whole - length, 0.0))


def _moved(landmarks: NDArray[np.float32], window: NDArray[np.float64]) -> NDArray[np.float32]:
    moved = np.empty_like(landmarks)
    moved[:, :2] = landmarks[:, :2] @ window[:, :2].T + window[:, 2]
    moved[:, 2] = landmarks[:, 2] * np.hypot(window[0, 0], window[1, 0])
    return moved


def _sound(clip: Clip, start_s: float, duration_s: float, speed: float) -> Samples | None:
    """The clip's sound from a moment on, as fast as its pictures; silence after its end."""
    if clip.audio is None:
        return None
    at = (
        start_s + np.arange(round(duration_s * clip.sample_rate)) / clip.sample_rate * speed
    ) * clip.sample_rate
    sound = np.interp(at, np.arange(len(clip.audio)), clip.audio, right=0.0)
    return np.asarray(sound, dtype=np.float32)
