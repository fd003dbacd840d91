"""Make source takes ready: media files cropped about the face, scaled down and located once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import av
import av.error
import cv2
import numpy as np
import orjson
from numpy.typing import NDArray

from biometrics.attacklab.clip import Frames, Samples, filled, ita_deg, upright
from biometrics.attacklab.sources import AUDIO_HZ, INDEX, entries
from biometrics.errors import EvaluationError
from biometrics.face.boxes import Image, Landmarks
from biometrics.face.embed import distance
from biometrics.media import Frame
from biometrics.views import Face, FaceView
from fraudmodel.signals import Reason

LONGEST_S = 10.0
FACE_SHARE = 0.40
"""A take is cropped until the face, forehead to chin, is this share of its width."""
SAME_PERSON = 0.38
"""Faces whose embeddings are closer than this are one person's. Of 300 labelled pairs of photos the closest strangers were
0.40 apart, the farthest of one person 0.36."""
_VERSION = 1

Progress = Callable[[int, int, str], None]
"""Gets how many of how many are done, and of what."""


class Sight(Protocol):
    """Sees one take's face, in order of time; `biometrics.face.perception.FacePerception` does."""

    def observe(self, frame: Frame, /) -> FaceView: ...

    def locate_still(self, image: Image, /) -> Face | Reason: ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Senses:
    """What finds and recognises faces: a new sight for each take, and the embedding of one face."""

    perceive: Callable[[], Sight]
    embed: Callable[[Image, Landmarks], NDArray[np.float32]]


def media_files(data: Path) -> list[Path]:
    """The takes and photos of a folder: ``clips/*.mp4`` and ``faces/*.jpg``. Raises EvaluationError where there is none."""
    found = [*sorted((data / "clips").glob("*.mp4")), *sorted((data / "faces").glob("*.jpg"))]
    if not found:
        raise EvaluationError(f"{data}: there is neither a clips/*.mp4 nor a faces/*.jpg in it")
    return found


def prepare(files: Sequence[Path], folder: Path, senses: Senses, progress: Progress) -> list[str]:
    """Make the folder hold exactly these files' takes. Gives a sentence for each file that shows no usable face.

    What an earlier run prepared from the same bytes is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = {each["digest"]: each for each in entries(folder)}
    found: list[dict[str, Any]] = []
    refused: list[str] = []
    for done, path in enumerate(files):
        progress(done, len(files), "Sources")
        digest = _digest(path)
        entry = known.get(digest) or _prepared(path, digest, folder, senses)
        if entry is None:
            refused.append(f"{path.name}: no single face can be followed in it, it is left out.")
        else:
            found.append(entry)
    progress(len(files), len(files), "Sources")
    if not any(entry["frames"] > 1 for entry in found):
        raise EvaluationError("none of the sources is a video with one face in it")
    _name_subjects(found)
    _write(folder / INDEX, orjson.dumps(found, option=orjson.OPT_INDENT_2))
    return refused


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes() + bytes([_VERSION])).hexdigest()


def _write(path: Path, data: bytes) -> None:
    partial = path.with_suffix(path.suffix + ".part")
    partial.write_bytes(data)
    partial.replace(path)


def _prepared(path: Path, digest: str, folder: Path, senses: Senses) -> dict[str, Any] | None:
    found = _photo(path, senses) if path.suffix == ".jpg" else _take(path, senses)
    if found is None:
        return None
    frames, landmarks, fps, audio = found
    name = path.stem
    np.save(folder / f"{name}.frames.npy", frames)
    np.save(folder / f"{name}.landmarks.npy", landmarks)
    if audio is not None:
        np.save(folder / f"{name}.audio.npy", audio)
    some = range(0, len(frames), max(1, len(frames) // 5))
    return {
        "source": name,
        "digest": digest,
        "subject": name,
        "fps": fps,
        "frames": len(frames),
        "size": list(frames.shape[1:3]),
        "audio": audio is not None,
        "ita_deg": round(float(np.median([ita_deg(frames[i], landmarks[i]) for i in some])), 2),
        "face": np.mean([senses.embed(frames[i], landmarks[i]) for i in some], axis=0).round(5).tolist(),
    }


Found = tuple[Frames, NDArray[np.float32], float, Samples | None]


def _photo(path: Path, senses: Senses) -> Found | None:
    image = cv2.imread(str(path))
    if image is None:
        return None
    picture = np.asarray(image, dtype=np.uint8)
    with closing(senses.perceive()) as perception:
        face = perception.locate_still(picture)
        if not isinstance(face, Face):
            return None
        small = upright(_about(face.landmarks, picture.shape[:2])(picture))
        face = perception.locate_still(small)
    return (small[np.newaxis], face.landmarks[np.newaxis], 1.0, None) if isinstance(face, Face) else None


def _take(path: Path, senses: Senses) -> Found | None:
    with closing(senses.perceive()) as perception:
        frames, fps = _frames(path, perception)
        if not frames:
            return None
        seen = [perception.observe(Frame(i / fps, i, image)).face for i, image in enumerate(frames)]
    landmarks = filled([None if face is None else face.landmarks for face in seen])
    return None if landmarks is None else (np.stack(frames), landmarks, fps, _audio(path))


def _frames(path: Path, perception: Sight) -> tuple[list[Image], float]:
    """Up to `LONGEST_S` of a video about its face, and its frame rate; nothing where the first frame shows no face."""
    frames: list[Image] = []
    crop: Callable[[Image], Image] | None = None
    try:
        with av.open(str(path)) as container:
            stream = container.streams.video[0]
            fps = float(stream.average_rate or 25)
            for frame in container.decode(stream):
                image = np.asarray(frame.to_ndarray(format="bgr24"), dtype=np.uint8)
                if crop is None:
                    face = perception.locate_still(image)
                    if not isinstance(face, Face):
                        return [], fps
                    crop = _about(face.landmarks, image.shape[:2])
                frames.append(upright(crop(image)))
                if len(frames) >= LONGEST_S * fps:
                    break
    except (av.error.FFmpegError, IndexError) as error:
        raise EvaluationError(f"{path.name} cannot be read as a video: {error}") from error
    return frames, fps


def _about(landmarks: Landmarks, size: tuple[int, ...]) -> Callable[[Image], Image]:
    """Cuts a 3:4 window about a face, as far as the picture reaches, that the face fills by `FACE_SHARE`."""
    height, width = size[:2]
    length = float(np.linalg.norm(landmarks[10, :2] - landmarks[152, :2]))
    x, y = (float(v) for v in landmarks[[10, 152, 234, 454], :2].mean(axis=0))
    across = min(length / FACE_SHARE, width)
    down = min(across * 4 / 3, height)
    left = round(min(max(x - across / 2, 0), width - across))
    top = round(min(max(y - 0.45 * down, 0), height - down))

    def cut(image: Image) -> Image:
        return image[top : top + round(down), left : left + round(across)]

    return cut


def _audio(path: Path) -> Samples | None:
    resampler = av.AudioResampler(format="flt", layout="mono", rate=AUDIO_HZ)
    try:
        with av.open(str(path)) as container:
            if not container.streams.audio:
                return None
            parts = [p.to_ndarray()[0] for f in container.decode(audio=0) for p in resampler.resample(f)]
    except av.error.FFmpegError:
        return None
    return np.concatenate(parts)[: round(LONGEST_S * AUDIO_HZ)].astype(np.float32) if parts else None


def _name_subjects(known: Sequence[dict[str, Any]]) -> None:
    """Give every source the name of the first one that shows the same person, by the closeness of their faces."""
    for i, entry in enumerate(known):
        face = np.asarray(entry["face"])
        alike = [each for each in known[:i] if distance(face, np.asarray(each["face"])) < SAME_PERSON]
        entry["subject"] = alike[0]["subject"] if alike else entry["source"]
        for other in alike[1:]:
            joined = other["subject"]
            for each in known[:i]:
                each["subject"] = entry["subject"] if each["subject"] == joined else each["subject"]
