"""Painted faces, and hand-written finders, landmarkers and encoders that see exactly them.

A face is a red square. A blue one is a hand: the finder takes it for a face, no landmarks are found on it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.face.boxes import Box, Image, Landmarks
from biometrics.face.pose import CANONICAL, POINTS
from biometrics.media import Frame
from biometrics.views import Face, FaceQuality, FaceView, HeadPose
from fraudmodel.signals import Reason
from models.errors import UnknownModel
from models.hub import Model, ModelId, Rows

FACE, HAND, GREY = (0, 0, 255), (255, 0, 0), (90, 90, 90)
SMALLEST = 0.18
"""What the fake finder still sees, as a share of its picture: the real one is like that."""


def scene(width: int, height: int, *squares: tuple[int, int, int, tuple[int, int, int]]) -> Image:
    """A grey BGR frame with squares (left, top, side, colour)."""
    image = np.full((height, width, 3), GREY, np.uint8)
    for left, top, side, colour in squares:
        image[max(top, 0) : top + side, max(left, 0) : left + side] = colour
    return image


def squares(rgb: Image, colour: tuple[int, int, int]) -> list[Box]:
    """The boxes of one colour (BGR) in an RGB picture, largest first."""
    low, high = (np.clip(np.array(colour[::-1]) + step, 0, 255) for step in (-60, 60))
    _, _, stats, _ = cv2.connectedComponentsWithStats(cv2.inRange(rgb, low, high))
    boxes = [Box(*map(float, row[:4])) for row in stats[1:] if row[4] > 16]
    return sorted(boxes, key=lambda box: -box.width)


@dataclass
class PaintFinder:
    """Finds red and blue squares that are large enough in its picture."""

    pictures: int = 0

    def find(self, rgb: Image) -> list[Box]:
        self.pictures += 1
        found = squares(rgb, FACE) + squares(rgb, HAND)
        whole = [box for box in found if 0.7 < box.width / box.height < 1.4]
        return [
            Box(box.x, box.y, box.width, box.height, 0.9)
            for box in whole
            if box.width >= SMALLEST * rgb.shape[1]
        ]


@dataclass
class PaintFollower:
    """Finds landmarks on the red square nearest to the picture's middle."""

    restarts: int = 0
    pictures: list[tuple[int, int]] = field(default_factory=list)

    def follow(self, rgb: Image, t_ms: int) -> Landmarks | None:
        self.pictures.append((rgb.shape[0], t_ms))
        middle = rgb.shape[0] / 2
        found = sorted(
            squares(rgb, FACE), key=lambda box: np.hypot(box.centre[0] - middle, box.centre[1] - middle)
        )
        return landmarks_in(found[0]) if found else None

    def restart(self) -> None:
        self.restarts += 1


def turned(yaw_deg: float = 0.0, pitch_deg: float = 0.0, roll_deg: float = 0.0) -> NDArray[np.float64]:
    """The rotation of a head, built from first principles: roll, then pitch, then yaw (x left, y up, z to the camera)."""
    yaw, pitch, roll = np.radians([yaw_deg, pitch_deg, roll_deg])
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z)


def face_landmarks(
    centre: tuple[float, float] = (320.0, 240.0),
    width: float = 160.0,
    turn: NDArray[np.float64] | None = None,
) -> Landmarks:
    """478 landmarks of MediaPipe's canonical face: its rigid points and the nose exact, the rest inside their hull."""
    model = np.zeros((478, 3))
    rng = np.random.default_rng(3)
    model[:] = rng.dirichlet(np.ones(len(CANONICAL)), 478) @ CANONICAL
    model[POINTS] = CANONICAL
    model[2] = (0.0, -2.089, 6.058)
    if turn is not None:
        model = model @ turn.T
    scale = width / (CANONICAL[:, 0].max() - CANONICAL[:, 0].min())
    model *= (scale, -scale, -scale)
    return np.asarray(model + np.array([*centre, 0.0]), dtype=np.float32)


def landmarks_in(box: Box) -> Landmarks:
    """Landmarks that fill a box exactly."""
    points = face_landmarks((0.0, 0.0), 1.0)
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    points[:, :2] = (points[:, :2] - low) / (high - low) * (box.width, box.height) + (box.x, box.y)
    return points


GOOD = FaceQuality(inter_ocular_px=70.0, luma=120.0, sharpness=200.0, inside=1.0)
FRONTAL = HeadPose(0.0, 0.0, 0.0)


def a_face(
    *, pose: HeadPose = FRONTAL, quality: FaceQuality = GOOD, track: int = 1, width: float = 160.0
) -> Face:
    """A face in the middle of a 640x480 frame."""
    landmarks = face_landmarks(width=width)
    x0, y0 = (float(v) for v in landmarks[:, :2].min(axis=0))
    x1, y1 = (float(v) for v in landmarks[:, :2].max(axis=0))
    return Face((x0, y0, x1 - x0, y1 - y0), landmarks, pose, quality, track)


def a_view(t: float, face: Face | None, reason: Reason | None = None, seed: int = 0) -> FaceView:
    """A view of a noisy 640x480 frame; another seed shows another person to `Noticing`."""
    image = np.random.default_rng(seed).integers(0, 256, (480, 640, 3), np.uint8)
    return FaceView(Frame(t, round(t * 1000), image), face, reason, 0, 25.0)


@dataclass
class Noticing:
    """An encoder whose embedding is the mean colour of 4x4 cells of the chip, less the mean: it knows people by seed."""

    sha256: str = "d" * 64
    calls: int = 0

    @property
    def id(self) -> ModelId:
        return ModelId("dlib_resnet", "fake", self.sha256, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        (chips,) = inputs
        if chips.shape[1:] != (3, 150, 150) or chips.dtype != np.float32:
            raise ValueError(f"{chips.shape} {chips.dtype}")
        self.calls += 1
        cells = chips[:, :, :148, :148].reshape(len(chips), 3, 4, 37, 4, 37).mean(axis=(3, 5))
        rows = cells.reshape(len(chips), -1)
        return ((rows - rows.mean(axis=1, keepdims=True)).astype(np.float32),)


class EncoderHub:
    """Has the encoder that notices colours, and nothing else."""

    def get(self, name: str) -> Model:
        """The model of that name."""
        if name != "dlib_resnet":
            raise UnknownModel(name)
        return Noticing()

    def file(self, name: str) -> Path:
        """No files here."""
        raise UnknownModel(name)


@dataclass
class Answering:
    """A network that gives what a function says of each of its rows."""

    name: str
    answer: Callable[[NDArray[np.float32]], list[float]]
    rows: list[NDArray[np.float32]] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        return ModelId(self.name, "fake", "e" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        (rows,) = inputs
        self.rows += [np.asarray(row, np.float32) for row in rows]
        return (np.array([self.answer(np.asarray(row, np.float32)) for row in rows], np.float32),)
