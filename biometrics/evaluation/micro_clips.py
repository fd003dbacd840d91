"""Real people who talk: nobody has planted anything, so every brief movement that is spotted counts as a false event."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

from biometrics.attacklab.channel import Channel, arriving, decoded
from biometrics.errors import EvaluationError
from biometrics.evaluation.micro_planted import Found, Reader, seen
from biometrics.face.boxes import Image
from biometrics.face.perception import FacePerception
from biometrics.views import Face, FaceView
from models.hub import ModelHub

WIDTH_PX, HEIGHT_PX = 640, 480
INTER_OCULAR_PX: Final = 96.0
FPS: Final = 30.0
LEARNT_S: Final = 150.0
"""A clip is too short to learn a person's rest from: it is shown forwards and backwards for so long first."""
_LOOKS = 12


@dataclass(frozen=True, slots=True)
class ClipRow:
    """A real clip of so many ``minutes``. ``seen`` share of them in which the detector would have found a movement of the upper face: its rest
    known, nothing disturbing, no break and no end near. ``found`` upper movements."""

    clip: str
    minutes: float
    seen: float
    found: tuple[Found, ...]
    why: str

    @property
    def false_events(self) -> int:
        """Brief ones."""
        return sum(each.brief for each in self.found)

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "clip": self.clip,
            "minutes": round(self.minutes, 3),
            "seen": round(self.seen, 3),
            "brief_upper": self.false_events,
            "longer_upper": len(self.found) - self.false_events,
            "why_not": self.why,
        }


def clip_row(file: Path, kbps: int, hub: ModelHub) -> ClipRow:
    """Spot in a clip, framed as a webcam does and sent at ``kbps``, one picture each thirtieth of a second."""
    images = framed(file, hub)
    t = np.arange(len(images)) / FPS
    size = (images[0].shape[0], images[0].shape[1])
    views = list(seen(decoded(arriving(iter(images), size, t, Channel(kbps))), hub))
    shown, since = forwards_and_backwards(views)
    reader = Reader()
    for view in shown:
        reader.see(view)
    said = reader.finish()
    late = tuple(each for each in said.found if each.apex_s >= since and each.upper)
    why = ", ".join(
        f"{reason.value}: {detail}" if detail else reason.value for reason, detail in said.abstained.items()
    )
    once_s = len(views) / FPS
    return ClipRow(file.stem, once_s / 60.0, said.searched_s(since) / once_s, late, why)


def clip_files(folder: Path) -> list[Path]:
    """The clips of a folder. Raises EvaluationError where there are none."""
    files = sorted(folder.glob("*.mp4"))
    if not files:
        raise EvaluationError(f"{folder} has no clips: give a folder with *.mp4")
    return files


def framed(file: Path, hub: ModelHub) -> list[Image]:
    """A clip's pictures cut to 640x480 about the face, shrunk where the eyes are more than 96 px apart, never enlarged."""
    looks = [image for k, image in enumerate(_pictures(file)) if k % _LOOKS == 0]
    with FacePerception(hub) as perception:
        faces = [each for each in map(perception.locate_still, looks) if isinstance(each, Face)]
    if not faces:
        raise EvaluationError(f"{file.name}: no face was found in it")
    scale = min(INTER_OCULAR_PX / float(np.median([face.quality.inter_ocular_px for face in faces])), 1.0)
    x, y = np.median([face.landmarks[:, :2].mean(axis=0) for face in faces], axis=0)
    return [_cut(image, float(x), float(y), scale) for image in _pictures(file)]


def _pictures(file: Path) -> Iterator[Image]:
    with av.open(str(file)) as container:
        for picture in container.decode(video=0):
            yield np.asarray(picture.to_ndarray(format="bgr24"), dtype=np.uint8)


def _cut(image: Image, x: float, y: float, scale: float) -> Image:
    height, width = image.shape[:2]
    across, down = min(int(WIDTH_PX / scale), width), min(int(HEIGHT_PX / scale), height)
    left, top = int(np.clip(x - across / 2, 0, width - across)), int(np.clip(y - down / 2, 0, height - down))
    size = (2 * round(across * scale / 2), 2 * round(down * scale / 2))
    small = cv2.resize(image[top : top + down, left : left + across], size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def forwards_and_backwards(views: Sequence[FaceView]) -> tuple[list[FaceView], float]:
    """A clip shown again and again, every other time backwards, for `LEARNT_S` and once more forwards; and when that last time begins."""
    once = len(views) / FPS
    before = 2 * ceil(LEARNT_S / once / 2)
    order = [
        k if times % 2 == 0 else len(views) - 1 - k for times in range(before + 1) for k in range(len(views))
    ]
    shown = []
    for n, k in enumerate(order):
        # The turning points show a picture twice, which is no fault of the clip's.
        if n and order[n - 1] == k:
            continue
        frame = replace(views[k].frame, t=n / FPS, index=n, keyframe=False)
        shown.append(replace(views[k], frame=frame, fps=FPS))
    return shown, before * once
