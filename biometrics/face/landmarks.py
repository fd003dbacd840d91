"""MediaPipe behind two calls: where faces are, and where the 478 points of one face are. Its only import."""

from __future__ import annotations

from pathlib import Path

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    FaceDetector,
    FaceDetectorOptions,
    FaceLandmarker,
    FaceLandmarkerOptions,
    RunningMode,
)

from biometrics.face.boxes import Box, Image, Landmarks

POINTS = 478
_BLACK: Image = np.zeros((64, 64, 3), np.uint8)
_MOST_BLACK = 3


class FaceFinder:
    """BlazeFace short range: finds the faces in one picture (Bazarevsky et al. 2019, arXiv:1907.05047)."""

    def __init__(self, model: Path, least_score: float = 0.5) -> None:
        options = FaceDetectorOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=RunningMode.IMAGE,
            min_detection_confidence=least_score,
        )
        self._detector = FaceDetector.create_from_options(options)

    def find(self, rgb: Image) -> list[Box]:
        """The faces in an RGB picture, forehead to chin, in its pixels. They need a fifth of its width or more."""
        return [
            Box(
                float(found.bounding_box.origin_x),
                float(found.bounding_box.origin_y),
                float(found.bounding_box.width),
                float(found.bounding_box.height),
                float(found.categories[0].score),
            )
            for found in self._detector.detect(_image(rgb)).detections
        ]

    def close(self) -> None:
        self._detector.close()


class Landmarker:
    """FaceLandmarker in VIDEO mode: follows one face from picture to picture of the same region.

    It finds the face itself in the first picture, then searches where the face was, and smooths over time. The same
    pictures at the same times give the same landmarks.
    """

    def __init__(self, model: Path) -> None:
        self._options = FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)), running_mode=RunningMode.VIDEO, num_faces=1
        )
        self._landmarker = FaceLandmarker.create_from_options(self._options)
        self._clock_ms = 0
        self._offset_ms: int | None = None

    def follow(self, rgb: Image, t_ms: int) -> Landmarks | None:
        """The landmarks in pixels of ``rgb``, or None where no face is there.

        ``t_ms`` grows from call to call; it starts anew after a restart.
        """
        if self._offset_ms is None:
            self._offset_ms = self._clock_ms + 1 - t_ms
        self._clock_ms = max(t_ms + self._offset_ms, self._clock_ms + 1)
        found = self._landmarker.detect_for_video(_image(rgb), self._clock_ms).face_landmarks
        if not found:
            return None
        height, width = rgb.shape[:2]
        points = np.array([(p.x, p.y, p.z) for p in found[0]], dtype=np.float32)
        return points * np.array([width, height, width], dtype=np.float32)

    def restart(self) -> None:
        """Forget the face: the next picture shows another region, or another face.

        A black picture does that: the landmarker loses the face and drops what it smoothed. A new one would cost ten
        times as much, and closing the old one can wait for the network.
        """
        for _ in range(_MOST_BLACK):
            self._offset_ms = None
            lost = self.follow(_BLACK, 0) is None
            self._offset_ms = None
            if lost:
                return
        self._landmarker.close()
        self._landmarker = FaceLandmarker.create_from_options(self._options)

    def close(self) -> None:
        self._landmarker.close()


def _image(rgb: Image) -> mp.Image:
    # MediaPipe 1.2.2 reads a strided array as if its rows followed each other, and then sees no face in it.
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
