"""A painted applicant with a pulse in the skin: what is known exactly, through the codec of a call.

A textured patch of skin before a textured wall in a VGA picture, with sensor noise and a slowly swaying head. The pulse
changes the skin's light in the proportions of blood's absorption; on request the wall changes with it, as a flickering lamp
or an automatic exposure makes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.colour import coded_light
from biometrics.face.boxes import Landmarks
from biometrics.face.pose import CANONICAL, POINTS
from biometrics.media import Frame
from biometrics.views import Face, FaceQuality, FaceView, HeadPose

SIZE: Final = (480, 640)
PATCH_PX: Final = 200
ABSORPTION: Final = np.array([0.33, 0.77, 0.53])
"""R, G, B of the pulse in skin's light (de Haan & van Leest 2014), scaled by green's below."""
_CENTRE = (320.0, 240.0)
_SKIN = np.array([0.45, 0.28, 0.20])
_SENSOR_LEVELS = 2.0
_GRAINS = 8


@dataclass(frozen=True, slots=True)
class Scene:
    """One simulated minute's part.

    ``green`` relative amplitude of the pulse in green light, 0 for none; ``wall`` the same in the background's;
    ``bpm``; ``sway_px`` standard deviation of the head's place; ``spread_s`` how much later the pulse comes at the chin
    than at the forehead; ``scale`` of the picture: at 1 it is VGA, and the skin `PATCH_PX` wide.
    """

    green: float = 0.003
    wall: float = 0.0
    bpm: float = 72.0
    sway_px: float = 1.0
    spread_s: float = 0.03
    fps: float = 30.0
    duration_s: float = 22.0
    scale: float = 1.0

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) px of the pictures."""
        return round(SIZE[0] * self.scale), round(SIZE[1] * self.scale)


def pictures(scene: Scene, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Frames (n, height, width, 3) BGR and the head's place (n, 2) px of VGA. About half a gigabyte for 20 s."""
    t = times(scene)
    places = _sway(len(t), scene, rng)
    frames = np.empty((len(t), *scene.size, 3), np.uint8)
    stage = _Stage(scene, rng)
    for k, (at, place) in enumerate(zip(t.tolist(), places, strict=True)):
        frames[k] = stage.picture(at, place)
    return frames, places


def times(scene: Scene) -> NDArray[np.float64]:
    """Frame times (n,)."""
    return np.arange(int(scene.duration_s * scene.fps)) / scene.fps


def views(
    scene: Scene, frames: NDArray[np.uint8], places: NDArray[np.float64], kbps: int | None
) -> Iterator[FaceView]:
    """What the analysis sees of these frames at a bit rate; None for uncoded."""
    t = times(scene)
    arrived = decoded(encode(frames, t, Channel(kbps))) if kbps else _plain(frames, t)
    for frame in arrived:
        place = places[int(np.abs(t - frame.t).argmin())]
        yield FaceView(frame, _face(place, frame.image.shape[0] / SIZE[0]), None, 0, scene.fps)


def wave(t: NDArray[np.float64] | float, bpm: float) -> NDArray[np.float64]:
    """A pulse of amplitude 1 with its first overtone, as blood volume has it."""
    angle = 2.0 * np.pi * np.asarray(t) * bpm / 60.0
    return np.asarray((np.sin(angle) + 0.3 * np.sin(2.0 * angle)) / 1.2)


class _Stage:
    def __init__(self, scene: Scene, rng: np.random.Generator) -> None:
        self._scene = scene
        height, width = self._size = scene.size
        y, x = np.mgrid[:height, :width].astype(np.float32) / np.float32(scene.scale)
        reach = 0.55 * PATCH_PX
        square = np.maximum(np.abs(x - _CENTRE[0]), np.abs(y - _CENTRE[1]))
        mask = np.clip((reach - square) / 4.0, 0.0, 1.0).astype(np.float32)[..., np.newaxis]
        wall = cv2.resize(rng.uniform(0.05, 0.4, (9, 12, 3)).astype(np.float32), (width, height))
        grain = rng.normal(1.0, 0.15, (height, width, 1)).astype(np.float32)
        texture = np.asarray(cv2.GaussianBlur(grain, (0, 0), 1.5)).reshape(height, width, 1)
        linear = (np.asarray(wall) * (1.0 - mask) + _SKIN.astype(np.float32) * texture * mask).clip(
            0.01, 0.99
        )
        self._coded = (255.0 * coded_light(linear.astype(np.float64))).astype(np.float32)
        # A relative change of light changes the coded value by its slope: small changes are linear.
        change = (255.0 * coded_light(linear.astype(np.float64) * 1.01)).astype(np.float32) - self._coded
        relative = (ABSORPTION / ABSORPTION[1]).astype(np.float32)
        self._skin, self._wall = 100.0 * change * relative * mask, 100.0 * change * relative * (1.0 - mask)
        self._later = ((y[:, :1] - _CENTRE[1]) / PATCH_PX * scene.spread_s)[..., np.newaxis]
        self._grains = rng.normal(0.0, _SENSOR_LEVELS, (_GRAINS, height, width, 3)).astype(np.float32)
        self._rng = rng

    def picture(self, t: float, place: NDArray[np.float64]) -> NDArray[np.uint8]:
        scene = self._scene
        coded = self._coded
        if scene.green:
            coded = coded + self._skin * (scene.green * wave(t - self._later, scene.bpm)).astype(np.float32)
        if scene.wall:
            coded = coded + self._wall * np.float32(scene.wall * wave(t, scene.bpm))
        across, down = (place * scene.scale).tolist()
        shift = np.array([[1.0, 0.0, across], [0.0, 1.0, down]])
        moved = cv2.warpAffine(coded, shift, self._size[::-1], borderMode=cv2.BORDER_REPLICATE)
        rows = int(self._rng.integers(self._size[0]))
        rolled = np.roll(self._grains[self._rng.integers(_GRAINS)], rows, axis=0)
        return np.asarray(np.clip(moved + rolled + 0.5, 0, 255), dtype=np.uint8)[..., ::-1]


def _sway(count: int, scene: Scene, rng: np.random.Generator) -> NDArray[np.float64]:
    """A slow random sway (n, 2): white noise smoothed over a second."""
    width = max(round(scene.fps), 1)
    kernel = np.hanning(width + 2)[1:-1]
    raw = rng.normal(0.0, 1.0, (count + width - 1, 2))
    smooth = np.stack([np.convolve(raw[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
    return np.asarray(scene.sway_px * smooth / np.sqrt((kernel**2).sum()))


def _plain(frames: NDArray[np.uint8], t: NDArray[np.float64]) -> Iterator[Frame]:
    for k, (at, image) in enumerate(zip(t.tolist(), frames, strict=True)):
        yield Frame(at, k, image)


def _face(place: NDArray[np.float64], scale: float) -> Face:
    """Landmarks whose skin regions tile the patch; ``scale`` where the browser sent a smaller picture."""
    landmarks = _MESH + np.array([_CENTRE[0] + place[0], _CENTRE[1] + place[1], 0.0], np.float32)
    landmarks = np.asarray(landmarks * scale, dtype=np.float32)
    low, high = (landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0))
    box = (float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1]))
    quality = FaceQuality(0.45 * PATCH_PX * scale, 130.0, 100.0, 1.0)
    return Face(box, landmarks, HeadPose(0.0, 0.0, 0.0), quality, 1)


def _mesh() -> Landmarks:
    mesh = np.zeros((478, 3), np.float32)
    across = float(np.ptp(CANONICAL[:, 0]))
    mesh[POINTS] = (CANONICAL - CANONICAL.mean(axis=0)) * (PATCH_PX / across) * (1.0, -1.0, -1.0)
    for index, (x, y) in _CORNERS.items():
        mesh[index, :2] = PATCH_PX * x, PATCH_PX * y
    return mesh


_CORNERS = {
    104: (-0.5, -0.5), 108: (-0.17, -0.5), 337: (0.17, -0.5), 333: (0.5, -0.5),
    105: (-0.5, -0.25), 107: (-0.17, -0.25), 336: (0.17, -0.25), 334: (0.5, -0.25),
    117: (-0.5, -0.15), 100: (-0.17, -0.15), 329: (0.17, -0.15), 346: (0.5, -0.15),
    50: (-0.5, 0.1), 36: (-0.17, 0.1), 266: (0.17, 0.1), 280: (0.5, 0.1),
    187: (-0.5, 0.35), 206: (-0.17, 0.35), 426: (0.17, 0.35), 411: (0.5, 0.35),
    196: (-0.1, -0.15), 419: (0.1, -0.15), 45: (-0.1, 0.1), 275: (0.1, 0.1),
    201: (-0.17, 0.38), 421: (0.17, 0.38), 208: (-0.17, 0.5), 428: (0.17, 0.5),
    10: (0.0, -0.5), 152: (0.0, 0.5),
}  # fmt: skip
"""Where the corners of `REGIONS` lie, in widths of the patch about its middle."""
_MESH = _mesh()
