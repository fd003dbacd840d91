"""The bundle that is put together here finds the points that Google's own task finds.

``golden/astronaut.npz`` holds the official task's (float16/1) points and pose for ``astronaut.jpg`` (NASA, public domain).
A bundle with its outputs in another order still runs, and returns wrong points: hence all 478 are compared.
"""

from __future__ import annotations

from pathlib import Path

import mediapipe as mp
import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions, vision
from numpy.typing import NDArray

from models.build.face_landmarker import LEFT_EYE, LIPS, RIGHT_EYE
from models.local_hub import LocalHub

pytestmark = pytest.mark.models

GOLDEN = Path(__file__).parent / "golden"
PARTS = {
    "lips": list(LIPS),
    "left eye": list(LEFT_EYE),
    "right eye": list(RIGHT_EYE),
    "irises": list(range(468, 478)),
    "all": list(range(478)),
}


@pytest.fixture(scope="module")
def image() -> mp.Image:
    return mp.Image.create_from_file(str(GOLDEN / "astronaut.jpg"))


def landmarks(task: Path, image: mp.Image) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Points in pixels (478, 3) and the 4x4 transformation."""
    options = vision.FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(task)), output_facial_transformation_matrixes=True
    )
    with vision.FaceLandmarker.create_from_options(options) as landmarker:
        result = landmarker.detect(image)
    points = np.array([[point.x, point.y, point.z] for point in result.face_landmarks[0]])
    size = [image.width, image.height, image.width]
    return points * size, np.asarray(result.facial_transformation_matrixes[0])


@pytest.fixture(scope="module")
def found(hub: LocalHub, image: mp.Image) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return landmarks(hub.file("face_landmarker"), image)


@pytest.mark.parametrize("part", list(PARTS))
def test_points_are_where_the_official_task_puts_them(
    found: tuple[NDArray[np.float64], NDArray[np.float64]], part: str
) -> None:
    with np.load(GOLDEN / "astronaut.npz") as golden:
        expected = golden["points"]
    eyes_px = np.linalg.norm(expected[33, :2] - expected[263, :2])
    distance = np.linalg.norm((found[0] - expected)[PARTS[part], :2], axis=1) / eyes_px
    assert distance.mean() < 0.015
    assert distance.max() < 0.05


def test_depth_and_pose_follow_the_official_task(
    found: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> None:
    with np.load(GOLDEN / "astronaut.npz") as golden:
        points, transformation = golden["points"], golden["transformation"]
    eyes_px = np.linalg.norm(points[33, :2] - points[263, :2])
    assert np.abs(found[0][:, 2] - points[:, 2]).mean() / eyes_px < 0.03
    turned = found[1][:3, :3] @ transformation[:3, :3].T
    assert np.degrees(np.arccos((np.trace(turned) - 1) / 2)) < 4


@pytest.mark.shared
def test_points_agree_with_the_official_task_on_many_faces(hub: LocalHub, shared: Path) -> None:
    official = shared / "models" / "face_landmarker.task"
    distances, irises = [], []
    for file in sorted((shared / "data" / "faces").glob("img*.jpg")):
        image = mp.Image.create_from_file(str(file))
        ours, theirs = (landmarks(task, image)[0][:, :2] for task in (hub.file("face_landmarker"), official))
        distance = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(theirs[33] - theirs[263])
        distances.append(distance.mean())
        irises.append(distance[468:].mean())
    assert len(distances) == 25
    assert np.mean(distances) < 0.016
    assert max(distances) < 0.025
    assert np.mean(irises) < 0.009


def test_the_short_range_detector_finds_the_same_face(hub: LocalHub, image: mp.Image) -> None:
    options = vision.FaceDetectorOptions(
        base_options=BaseOptions(model_asset_path=str(hub.file("face_detector_short_range")))
    )
    with vision.FaceDetector.create_from_options(options) as detector:
        (face,) = detector.detect(image).detections
    with np.load(GOLDEN / "astronaut.npz") as golden:
        middle = golden["points"][:, :2].mean(axis=0)
    box = face.bounding_box
    assert box.origin_x < middle[0] < box.origin_x + box.width
    assert box.origin_y < middle[1] < box.origin_y + box.height
    assert face.categories[0].score > 0.8
