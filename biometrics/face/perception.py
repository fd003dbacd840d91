"""From frames to face views: computed once for each analysed frame, read by every detector."""

from __future__ import annotations

from collections import deque
from contextlib import ExitStack
from typing import Self

import numpy as np

from biometrics.face.boxes import Image, Landmarks, extent
from biometrics.face.landmarks import FaceFinder, Landmarker
from biometrics.face.pose import head_pose
from biometrics.face.quality import measure
from biometrics.face.still import find_in_photo
from biometrics.face.track import FaceTracker
from biometrics.media import Frame
from biometrics.views import Face, FaceView
from fraudmodel.signals import Reason
from models.hub import ModelHub

FINDER, LANDMARKER = "face_detector_short_range", "face_landmarker"
"""The manifest's names of the two files it needs."""
_FPS_OVER_S = 1.0


class FacePerception:
    """One session's face, from one thread, in order of media time. The same frames give the same views.

    Holds native resources: close it, or use it in a ``with`` block.
    """

    def __init__(self, hub: ModelHub) -> None:
        # A graph that nobody closed would be closed by the garbage collector, which can freeze the process where that
        # happens inside another call of MediaPipe: what was opened is closed where the next cannot be.
        with ExitStack() as opened:
            self._finder = FaceFinder(hub.file(FINDER))
            opened.callback(self._finder.close)
            self._landmarker = Landmarker(hub.file(LANDMARKER))
            opened.callback(self._landmarker.close)
            self._checker = Landmarker(hub.file(LANDMARKER))
            opened.callback(self._checker.close)
            self._opened = opened.pop_all()
        self._tracker = FaceTracker(self._finder, self._landmarker, self._checker)
        self._times: deque[float] = deque()

    def observe(self, frame: Frame) -> FaceView:
        """Find the applicant's face in the session's next frame."""
        check_image(frame.image)
        seen = self._tracker.observe(frame.image, frame.t)
        fps = self._rate(frame.t)
        if isinstance(seen, Reason):
            return FaceView(frame, None, seen, 0, fps)
        return FaceView(frame, describe(frame.image, seen.landmarks, seen.track), None, seen.others, fps)

    def locate_still(self, image: Image) -> Face | Reason:
        """The one face in a BGR photo, or why there is none. Leaves the session's track alone."""
        check_image(image)
        landmarks = find_in_photo(image, self._finder, self._checker)
        return landmarks if isinstance(landmarks, Reason) else describe(image, landmarks, 0)

    def close(self) -> None:
        """Release MediaPipe's graphs. Idempotent."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _rate(self, t: float) -> float:
        self._times.append(t)
        while t - self._times[0] > _FPS_OVER_S:
            self._times.popleft()
        elapsed = t - self._times[0]
        return (len(self._times) - 1) / elapsed if elapsed > 0 else 0.0


def describe(image: Image, landmarks: Landmarks, track: int) -> Face:
    """Everything that views say about a face, from its landmarks in a BGR frame."""
    box = extent(landmarks)
    return Face(
        box=(box.x, box.y, box.width, box.height),
        landmarks=landmarks,
        pose=head_pose(landmarks),
        quality=measure(image, landmarks),
        track=track,
    )


def check_image(image: Image) -> None:
    """Raises ValueError for anything but (H, W, 3) uint8 with pixels in it."""
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[2] != 3 or 0 in image.shape:
        raise ValueError(f"a frame must be (H, W, 3) uint8, not {image.shape} {image.dtype}")
