"""What the pulse's reader makes of real clips, at falling bit rates. Nobody measured these people's pulses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import av
import cv2
import numpy as np

from biometrics.attacklab.channel import Channel, decoded, encode
from biometrics.errors import EvaluationError
from biometrics.evaluation.trials import Progress
from biometrics.face.perception import FacePerception
from biometrics.media import Frame
from biometrics.rppg.reading import Pulse, measure, unfit
from biometrics.rppg.skin_run import Skin, SkinRun
from biometrics.views import Face, FaceQuality, FaceView
from fraudmodel.signals import Reason
from models.hub import ModelHub

CLIP_KBPS: Final = (None, 2500, 1000, 500)
"""None is the clip's own coding."""
_SHORT_SIDE_PX = 480
_EVERY = 10


@dataclass(frozen=True, slots=True)
class ClipRow:
    """A real clip at one bit rate: no ground truth, so the strongest rate may be anything. ``score`` of a pulse that was found.

    ``why`` is what the product abstains for, empty where it does not: most clips are shorter than its 20 s.
    """

    clip: str
    target_kbps: int | None
    duration_s: float
    bpm: float | None
    snr_db: float | None
    score: float | None
    why: str

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        numbers = {"duration_s": self.duration_s, "bpm": self.bpm, "snr_db": self.snr_db, "score": self.score}
        rounded = {name: None if value is None else round(value, 2) for name, value in numbers.items()}
        return {"clip": self.clip, "target_kbps": self.target_kbps, **rounded, "why": self.why}


def clip_files(data: Path) -> list[Path]:
    """The clips of a data folder. Raises EvaluationError where there are none."""
    files = sorted((data / "clips").glob("*.mp4"))
    if not files:
        raise EvaluationError(f"{data} has no clips: give a folder with clips/*.mp4")
    return files


def clip_rows(files: Sequence[Path], hub: ModelHub, report: Progress) -> list[ClipRow]:
    """Real clips, at most 480 px on the short side, at each of `CLIP_KBPS`; the face is located once, uncoded."""
    rows = []
    for k, file in enumerate(files):
        with FacePerception(hub) as perception:
            seen = [perception.observe(frame) for frame in clip_frames(file)]
        for target in CLIP_KBPS:
            rows.append(_clip_row(file.stem, target, list(_recoded(seen, target))))
        report(k + 1, len(files), "real clips")
    return rows


def clip_frames(file: Path) -> Iterator[Frame]:
    """A clip's pictures, at most 480 px on the short side."""
    with av.open(str(file)) as container:
        for index, picture in enumerate(container.decode(video=0)):
            image = picture.to_ndarray(format="bgr24")
            share = min(_SHORT_SIDE_PX / min(image.shape[:2]), 1.0)
            width, height = (2 * round(side * share / 2) for side in (image.shape[1], image.shape[0]))
            small = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
            yield Frame(float(picture.time), index, np.asarray(small, dtype=np.uint8))


def _recoded(seen: Sequence[FaceView], kbps: int | None) -> Iterator[FaceView]:
    if kbps is None:
        yield from seen
        return
    t = np.array([view.t for view in seen])
    for frame in decoded(encode(np.stack([view.frame.image for view in seen]), t, Channel(kbps))):
        view = seen[int(np.abs(t - frame.t).argmin())]
        scale = frame.image.shape[0] / view.frame.image.shape[0]
        yield replace(view, frame=frame, face=None if view.face is None else _scaled(view.face, scale))


def _scaled(face: Face, scale: float) -> Face:
    """The same face in a picture that the browser made smaller."""
    x, y, width, height = (side * scale for side in face.box)
    quality = FaceQuality(
        face.quality.inter_ocular_px * scale, face.quality.luma, face.quality.sharpness, face.quality.inside
    )
    landmarks = np.asarray(face.landmarks * np.float32(scale), dtype=np.float32)
    return replace(face, box=(x, y, width, height), landmarks=landmarks, quality=quality)


def _clip_row(clip: str, target: int | None, seen: Sequence[FaceView]) -> ClipRow:
    """The longest unbroken run of a clip."""
    run = SkinRun()
    skin: Skin | None = None
    for k, view in enumerate(seen, start=1):
        run.push(view)
        latest = run.skin() if k % _EVERY == 0 or k == len(seen) else None
        if latest is not None and (skin is None or latest.duration_s > skin.duration_s):
            skin = latest
    if skin is None:
        return ClipRow(clip, target, 0.0, None, None, None, str(run.why_broken(0.0) or ""))
    found = measure(skin)
    if not isinstance(found, Pulse):
        return ClipRow(clip, target, skin.duration_s, None, None, None, str(found))
    why = unfit(skin) or (None if found.found else Reason.NO_PULSE)
    score = found.score if found.found else None
    return ClipRow(clip, target, skin.duration_s, found.beat.bpm, found.beat.snr_db, score, str(why or ""))
