"""The camera of an honest applicant: exposure, frame times, lens, noise, lamp hum and the two usual image pipelines.

Everything that stands before a lens goes through it, a face as much as a print; what is injected does not. A radiance
picture is (H, W, 3) float32, linear, BGR; 1 = white paper in well exposed light (`attacklab.optics`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.clip import Frames
from biometrics.attacklab.optics import Floats, Radiance

ISPS = ("sharpening", "denoising")
"""Image pipelines: unsharp mask over everything, or temporal noise reduction with soft chroma and richer colours."""
_TILES = 4
_DROPPED = 0.006
"""Share of frames that a busy machine never delivers."""


@dataclass(frozen=True, slots=True)
class Camera:
    """One camera in one room. ``light`` share of a well-lit desk's; the rest follows physics or is drawn.

    ``exposure_s`` how long a row is exposed (1/fps at most: in the dark the frame rate falls), ``readout_s`` from the
    first row to the last; ``gain`` amplification; ``fps`` frames a second that result; ``jitter_s`` standard deviation of their times;
    ``shot`` and ``read`` variance of the noise, linear: shot x radiance + read; ``blur_px`` sigma of the lens;
    ``hum`` depth of lamp flicker at ``hum_hz``; ``balance`` BGR error of the white balance; ``isp`` one of `ISPS`.
    """

    light: float
    fps: float
    exposure_s: float
    readout_s: float
    gain: float
    jitter_s: float
    shot: float
    read: float
    blur_px: float
    hum: float
    hum_hz: float
    balance: tuple[float, float, float]
    isp: str
    strength: float

    def times(self, duration_s: float, rng: np.random.Generator) -> Floats:
        """(n,) s when it exposes its frames: jittered, now and then one missing, starting at 0."""
        ticks = np.arange(max(2, round(duration_s * self.fps)))
        kept = rng.uniform(size=len(ticks)) >= _DROPPED
        kept[[0, -1]] = True
        late = np.abs(rng.normal(0.0, self.jitter_s, len(ticks)))
        t = ticks / self.fps + np.minimum(late, 0.4 / self.fps)
        return np.asarray((t - t[0])[kept])

    def capture(self, radiance: Iterable[Radiance], t: Floats, rng: np.random.Generator) -> Frames:
        """The pictures (n, H, W, 3) uint8 BGR of one radiance picture for each of the times ``t`` (n,) s."""
        frames: list[NDArray[np.uint8]] = []
        process = _Process(self, rng)
        for seen, at in zip(radiance, t, strict=True):
            frames.append(process.frame(seen, float(at)))
        return np.stack(frames)

    def truth(self) -> dict[str, object]:
        """What a render's ground truth says of it."""
        return {name: round(v, 8) if isinstance(v, float) else v for name, v in asdict(self).items()}


def draw_camera(rng: np.random.Generator, fps: float = 30.0, light: float = 1.0) -> Camera:
    """Some camera before a scene of this light (0.03 a dim lamp .. 1 a well-lit desk), meant to run at ``fps``.

    Auto exposure first opens the shutter up to a whole frame, then halves the frame rate, then amplifies, then leaves
    the picture dark.
    """
    needed_s = 0.006 / light
    rate = fps if needed_s < 2.5 / fps or fps < 20 else fps / 2
    exposure_s = min(needed_s, 0.95 / rate)
    gain = min(needed_s / exposure_s, 8.0)
    sensitivity = rng.uniform(0.5, 1.5)
    return Camera(
        light=light,
        fps=rate,
        exposure_s=exposure_s,
        readout_s=float(rng.uniform(0.012, 0.030)),
        gain=gain,
        jitter_s=float(rng.uniform(0.0004, 0.004)),
        shot=float(0.00035 * sensitivity * gain),
        read=float(2.5e-6 * sensitivity * gain**2),
        blur_px=float(rng.uniform(0.35, 0.8)),
        hum=float(rng.choice([0.0, rng.uniform(0.05, 0.3)])),
        hum_hz=float(rng.choice([100.0, 120.0])),
        balance=tuple(float(v) for v in np.exp(rng.normal(0, 0.05, 3))),  # type: ignore[arg-type]
        isp=ISPS[int(rng.integers(len(ISPS)))],
        strength=float(rng.uniform(0.2, 0.8)),
    )


class _Process:
    """One recording's image pipeline."""

    def __init__(self, camera: Camera, rng: np.random.Generator) -> None:
        self._camera = camera
        self._rng = rng
        self._tiles: list[Radiance] = []
        self._table = _tone(camera)
        self._before: NDArray[np.uint8] | None = None
        level = min(camera.light * camera.exposure_s * camera.gain / 0.006, 1.0)
        self._scale = np.asarray(camera.balance, np.float32) * np.float32(level)

    def frame(self, radiance: Radiance, t: float) -> NDArray[np.uint8]:
        camera = self._camera
        seen = np.asarray(cv2.GaussianBlur(radiance, (0, 0), camera.blur_px), dtype=np.float32)
        seen *= self._rows(seen.shape[0], t)
        seen = self._noisy(seen)
        codes = cv2.convertScaleAbs(cv2.sqrt(np.maximum(seen, 0, out=seen)), alpha=255.0)
        picture = np.asarray(cv2.LUT(codes, self._table), dtype=np.uint8)
        return self._sharpened(picture) if camera.isp == "sharpening" else self._denoised(picture)

    def _rows(self, rows: int, t: float) -> NDArray[np.float32]:
        """(rows, 1, 3) what each row of a rolling shutter gets of a lamp that flickers, and of the white balance."""
        camera = self._camera
        depth = camera.hum * abs(float(np.sinc(camera.hum_hz * camera.exposure_s)))
        at = t + camera.readout_s * np.arange(rows) / rows + camera.exposure_s / 2
        wave = 1 + depth * np.sin(2 * np.pi * camera.hum_hz * at)
        return np.asarray(wave[:, np.newaxis, np.newaxis] * self._scale, dtype=np.float32)

    def _noisy(self, seen: Radiance) -> Radiance:
        if not self._tiles:
            self._tiles = [_grain(seen.shape[:2], self._rng) for _ in range(_TILES)]
        tile = self._tiles[int(self._rng.integers(_TILES))]
        tile = np.roll(tile, int(self._rng.integers(seen.shape[0])), axis=0)
        spread = cv2.sqrt(seen * np.float32(self._camera.shot) + np.float32(self._camera.read))
        return np.asarray(seen + spread * tile)

    def _sharpened(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        amount = self._camera.strength
        soft = cv2.GaussianBlur(picture, (0, 0), 1.0)
        return np.asarray(cv2.addWeighted(picture, 1 + amount, soft, -amount, 0), dtype=np.uint8)

    def _denoised(self, picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Mix with the frame before where nothing moved."""
        before, self._before = self._before, picture
        if before is None:
            return picture
        still = (cv2.absdiff(picture, before) < 10).astype(np.uint8) * 255
        mixed = cv2.addWeighted(
            picture, 1 - 0.5 * self._camera.strength, before, 0.5 * self._camera.strength, 0
        )
        after: NDArray[np.uint8] = np.where(still, mixed, picture).astype(np.uint8)
        self._before = after
        return after


def _grain(size: tuple[int, int], rng: np.random.Generator) -> Radiance:
    """Noise of variance 1, slightly correlated between neighbours and channels as demosaicing leaves it."""
    sites = rng.standard_normal((*size, 3), dtype=np.float32)
    grain = cv2.GaussianBlur(sites, (0, 0), 0.55)
    grain += np.float32(0.5) * grain.mean(axis=2, keepdims=True)
    return np.asarray(grain / grain.std(), dtype=np.float32)


def _tone(camera: Camera) -> NDArray[np.uint8]:
    """(256,) sRGB code of each 8-bit code of the square root of light, with the pipeline's contrast."""
    light = (np.arange(256) / 255.0) ** 2
    srgb = np.where(light <= 0.0031308, 12.92 * light, 1.055 * light ** (1 / 2.4) - 0.055)
    contrast = 0.25 * camera.strength
    curve = srgb + contrast * (srgb * srgb * (3 - 2 * srgb) - srgb)
    return np.asarray(np.round(curve * 255), dtype=np.uint8)
