"""Sources from files: cropped about the face, located once, grouped by person, kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from biometrics.attacklab import sources
from biometrics.attacklab.preparing import FACE_SHARE, SAME_PERSON, Senses, Sight, media_files, prepare
from biometrics.errors import EvaluationError
from biometrics.face.boxes import Image, Landmarks
from biometrics.face.perception import describe
from biometrics.media import Frame
from biometrics.views import Face, FaceView
from fraudmodel.signals import Reason
from tests.biometrics.attacklab.people import landmarks

SKIN, OTHER_SKIN = (90, 160, 220), (60, 100, 200)


def picture(skin: tuple[int, int, int] | None, x: int = 300, size: tuple[int, int] = (480, 640)) -> Image:
    image = np.full((*size, 3), (120, 40, 40), np.uint8)
    if skin is not None:
        cv2.ellipse(image, (x, 200), (50, 64), 0, 0, 360, skin, cv2.FILLED)
    return image


def video(path: Path, images: list[Image], sound: bool = True) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.height, stream.width, stream.pix_fmt = *images[0].shape[:2], "yuv420p"
        heard = out.add_stream("aac", rate=16_000, layout="mono") if sound else None
        for image in images:
            out.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        out.mux(stream.encode(None))
        if heard is not None:
            tone = (np.sin(np.arange(16_000) / 10) * 0.3).astype(np.float32)[np.newaxis]
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.sample_rate, frame.pts, frame.time_base = 16_000, 0, Fraction(1, 16_000)
            out.mux(heard.encode(frame))
            out.mux(heard.encode(None))
    return path


@dataclass
class PaintSight:
    """Takes whatever is red for the face."""

    asked: list[str] = field(default_factory=list)

    def observe(self, frame: Frame, /) -> FaceView:
        found = self.locate_still(frame.image)
        return (
            FaceView(frame, None, found, 0, 25.0)
            if isinstance(found, Reason)
            else FaceView(frame, found, None, 0, 25.0)
        )

    def locate_still(self, image: Image, /) -> Face | Reason:
        self.asked.append("look")
        rows, columns = np.nonzero(image[..., 2] > 150)
        if len(rows) < 50:
            return Reason.NO_FACE
        scale = float(np.ptp(rows)) / 18.6
        return describe(image, landmarks(0.0, scale, (float(columns.mean()), float(rows.mean()))), 0)

    def close(self) -> None: ...


def embed(image: Image, points: Landmarks) -> np.ndarray:
    """People differ by how green they are."""
    x, y = points[:, :2].mean(axis=0).astype(int)
    return np.array([image[y, x, 1] / 60.0, 0.0, 0.0], np.float32)


def senses(sight: Sight) -> Senses:
    return Senses(lambda: sight, embed)


def quietly(done: int, total: int, what: str) -> None:
    assert 0 <= done <= total
    assert what == "Sources"


def test_a_take_is_cropped_about_its_face_and_keeps_its_sound(tmp_path: Path) -> None:
    path = video(tmp_path / "in" / "clips" / "anna.mp4", [picture(SKIN, 300 + i) for i in range(10)])
    assert prepare([path], tmp_path / "out", senses(PaintSight()), quietly) == []
    (clip,) = sources.load(tmp_path / "out")
    assert (clip.source, clip.subject, len(clip.frames), clip.fps) == ("anna", "anna", 10, 25.0)
    assert clip.audio is not None
    assert len(clip.audio) / clip.sample_rate == pytest.approx(1.0, abs=0.1)
    x, y, length = clip.face(0)
    assert length / clip.size[1] == pytest.approx(FACE_SHARE, abs=0.04)
    assert 0 < x < clip.size[1]
    assert 0 < y < clip.size[0]
    assert clip.ita_deg is not None


def test_the_same_person_in_two_files_is_one_subject_and_a_stranger_another(tmp_path: Path) -> None:
    files = [
        video(tmp_path / "clips" / f"{name}.mp4", [picture(skin)] * 3, sound=False)
        for name, skin in (("anna", SKIN), ("annie", SKIN), ("bert", OTHER_SKIN))
    ]
    prepare(files, tmp_path / "out", senses(PaintSight()), quietly)
    assert [clip.subject for clip in sources.load(tmp_path / "out")] == ["anna", "anna", "bert"]
    assert (SKIN[1] - OTHER_SKIN[1]) / 60 > SAME_PERSON


def test_what_shows_no_face_is_left_out_and_named(tmp_path: Path) -> None:
    good = video(tmp_path / "clips" / "anna.mp4", [picture(SKIN)] * 3)
    empty = video(tmp_path / "clips" / "wall.mp4", [picture(None)] * 3)
    vanishing = video(tmp_path / "clips" / "gone.mp4", [picture(SKIN), *[picture(None)] * 4])
    refused = prepare([good, empty, vanishing], tmp_path / "out", senses(PaintSight()), quietly)
    assert [sentence.split(":")[0] for sentence in refused] == ["wall.mp4", "gone.mp4"]
    assert [clip.source for clip in sources.load(tmp_path / "out")] == ["anna"]


def test_a_second_run_looks_at_nothing_again(tmp_path: Path) -> None:
    path = video(tmp_path / "clips" / "anna.mp4", [picture(SKIN)] * 3)
    prepare([path], tmp_path / "out", senses(PaintSight()), quietly)
    again = PaintSight()
    prepare([path], tmp_path / "out", senses(again), quietly)
    assert again.asked == []
    assert len(sources.load(tmp_path / "out")) == 1


def test_photos_are_stills(tmp_path: Path) -> None:
    (tmp_path / "faces").mkdir()
    clip = video(tmp_path / "clips" / "anna.mp4", [picture(SKIN)] * 3)
    cv2.imwrite(str(tmp_path / "faces" / "bert.jpg"), picture(OTHER_SKIN))
    assert media_files(tmp_path) == [clip, tmp_path / "faces" / "bert.jpg"]
    prepare(media_files(tmp_path), tmp_path / "out", senses(PaintSight()), quietly)
    moving, still = sources.load(tmp_path / "out")
    assert not moving.still
    assert still.still
    assert [each.source for each in sources.load(tmp_path / "out", {"bert"})] == ["bert"]


def test_nothing_usable_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="neither a clips"):
        media_files(tmp_path)
    with pytest.raises(EvaluationError, match="no sources are prepared"):
        sources.load(tmp_path)
    wall = video(tmp_path / "clips" / "wall.mp4", [picture(None)] * 3)
    with pytest.raises(EvaluationError, match="none of the sources is a video"):
        prepare([wall], tmp_path / "out", senses(PaintSight()), quietly)
    wall.write_bytes(b"no video")
    with pytest.raises(EvaluationError, match=r"wall\.mp4 cannot be read as a video"):
        prepare([wall], tmp_path / "out", senses(PaintSight()), quietly)
