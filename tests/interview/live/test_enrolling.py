"""Sound files as they are handed in, and the job that makes references of them."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from biometrics.errors import EnrolmentError
from interview.live.enrolling import Enrol, Refusal, read_sound
from tests.interview.analysis.fakes import parts
from tests.interview.analysis.media import tone
from tests.interview.media.material import movie


def sound(format_: str, codec: str, seconds: float = 1.0, rate: int = 48_000, channels: int = 1) -> bytes:
    """A tone in a container."""
    file = io.BytesIO()
    with av.open(file, "w", format=format_) as container:
        stream: Any = container.add_stream(codec, rate=rate, layout="mono" if channels == 1 else "stereo")
        samples = (tone(seconds, rate) * 32767).astype(np.int16)[None, :]
        frame = av.AudioFrame.from_ndarray(
            np.repeat(samples, channels, axis=1), format="s16", layout=stream.layout.name
        )
        frame.sample_rate, frame.pts = rate, 0
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "off_s"),
    [
        (sound("wav", "pcm_s16le"), 0.01),
        (sound("wav", "pcm_s16le", rate=8000), 0.01),
        (sound("wav", "pcm_s16le", channels=2), 0.01),
        (sound("ogg", "libopus"), 0.05),
    ],
)
def test_any_sound_becomes_mono_at_16_khz(data: bytes, off_s: float) -> None:
    samples = read_sound(io.BytesIO(data))
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) / 16_000 == pytest.approx(1.0, abs=off_s)
    middle = samples[4000:12_000]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle))))
    assert np.argmax(spectrum) * 16_000 / len(middle) == pytest.approx(440, abs=2)
    assert np.abs(middle).max() == pytest.approx(0.5, abs=0.1)


def test_no_more_than_ten_minutes_are_read() -> None:
    samples = read_sound(io.BytesIO(sound("wav", "pcm_s16le", seconds=660, rate=8000)))
    assert 600 <= len(samples) / 16_000 < 602


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "no sound file that can be read"), (b"nonsense" * 200, "no sound file that can be read")],
)
def test_file_that_is_no_sound_is_refused(data: bytes, said: str) -> None:
    with pytest.raises(EnrolmentError, match=said):
        read_sound(io.BytesIO(data))


def test_film_without_sound_is_refused_as_the_voice(tmp_path: Path) -> None:
    silent = movie(tmp_path / "silent.mp4", sound=False).read_bytes()
    refusal = Enrol(None, silent)(parts())
    assert isinstance(refusal, Refusal)
    assert (refusal.field, refusal.reason) == ("voice_reference", None)
    assert "holds no sound" in refusal.sentence


def test_recording_that_cannot_be_the_voice_names_the_interviews_field(tmp_path: Path) -> None:
    refusal = Enrol(None, None, movie(tmp_path / "silent.mp4", sound=False))(parts())
    assert isinstance(refusal, Refusal)
    assert refusal.field == "voice_from"
    assert refusal.problem().message_zh.startswith("该面谈的录音")


def test_nothing_handed_in_makes_nothing() -> None:
    made = Enrol(None, None)(parts())
    assert not isinstance(made, Refusal)
    assert (made.face, made.voice) == (None, None)
