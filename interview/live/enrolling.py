"""References from what an officer hands in, made in the clerk's process."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

import av
import numpy as np

from biometrics.enrolment import enrol_face
from biometrics.errors import EnrolmentError
from biometrics.face.perception import FacePerception
from biometrics.template import Template
from biometrics.voice.enrolment import enrol_voice
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from fraudmodel.signals import Reason
from interview.analysis.senses import Parts
from interview.calls import References
from interview.media.side import side_of
from interview.problems import EnrolmentRefused

_LONGEST_S: Final = 600
_ZH: Final = {
    Reason.NO_FACE: "照片中未找到人脸，请选择能正面完整显示申请人面部的照片。",
    Reason.SEVERAL_FACES: "照片中有多张人脸，请选择仅有申请人的照片。",
    Reason.FACE_TOO_SMALL: "照片中的人脸太小，请选择更大的照片或以更高分辨率扫描。",
    Reason.FACE_TURNED: "照片中的人脸偏转过大，请选择正面照片。",
    Reason.FACE_CUT_OFF: "照片中的人脸不完整，请选择完整的照片。",
    Reason.TOO_DARK: "照片过暗，请选择更亮的照片。",
    Reason.TOO_BRIGHT: "照片过曝，请选择更暗的照片。",
    Reason.BLURRED: "照片模糊，请选择更清晰的照片。",
    Reason.NO_SPEECH: "录音中没有语音，请选择申请人说话的录音。",
    Reason.NOT_ENOUGH_SPEECH: "录音中的有效语音不足8秒，请选择更长的录音。",
    Reason.CLIPPED: "录音过载失真，请降低音量后重新录制。",
    Reason.NOISY: "录音噪声过大，请在安静处重新录制。",
    Reason.NARROWBAND: "录音为电话音质，请使用麦克风录制。",
    Reason.TOO_FEW_UTTERANCES: "录音中由停顿分开、每段两秒以上的语句不足三段，请选择申请人连续说几句话的录音。",
    Reason.SEVERAL_VOICES: "录音中有不止一个人的声音，请选择仅有申请人说话的录音。",
}
_OTHERWISE_ZH: Final = {
    "id_photo": "该文件不是可用的照片，请另选一张JPEG、PNG或WebP照片。",
    "voice_reference": "该文件不是可用的单人录音，请另选一段。",
    "voice_from": "该面谈的录音不能用作声纹样本，请另选面谈或上传录音。",
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file cannot become a reference: the form's field, a sentence, and the reason where there is one."""

    field: str
    sentence: str
    reason: Reason | None

    def problem(self) -> EnrolmentRefused:
        """The refusal in both languages."""
        zh = _ZH.get(self.reason) if self.reason else None
        return EnrolmentRefused(self.sentence, zh or _OTHERWISE_ZH[self.field], field=self.field)


@dataclass(frozen=True, slots=True)
class Enrol:
    """A job: make references of an image file and, where given, of a sound file or an earlier interview's recording."""

    id_photo: bytes | None
    voice: bytes | None
    recording: Path | None = None

    def __call__(self, parts: Parts, /) -> References | Refusal:
        field = "id_photo"
        try:
            face = self._face(self.id_photo, parts) if self.id_photo is not None else None
            field = "voice_reference"
            voice = self._voice(io.BytesIO(self.voice), parts) if self.voice is not None else None
            if self.recording is not None:
                field = "voice_from"
                voice = self._voice(str(self.recording), parts)
        except EnrolmentError as error:
            return Refusal(field, str(error), error.reason)
        return References(face, voice)

    @staticmethod
    def _face(photo: bytes, parts: Parts) -> Template:
        with FacePerception(parts.hub) as perception:
            return enrol_face(photo, perception, parts.hub)

    @staticmethod
    def _voice(sound: IO[bytes] | str, parts: Parts) -> Template:
        return enrol_voice(read_sound(sound), SAMPLE_RATE_HZ, parts.hub)


def read_sound(source: IO[bytes] | str) -> Samples:
    """A sound file of any kind, or that at a path, as (n,) float32 mono at 16 kHz, at most ten minutes. Raises EnrolmentError, also for
    the officer's side of an interview: no template is made of an officer."""
    # Channels are averaged here: FFmpeg's own way to mono makes a voice in both of them 3 dB louder, past full scale.
    resampler = av.AudioResampler(format="fltp", rate=SAMPLE_RATE_HZ)
    parts: list[Samples] = []
    taken = 0
    try:
        with av.open(source, mode="r") as container:
            if side_of(container.metadata, Path(source if isinstance(source, str) else "")) == "officer":
                raise EnrolmentError(
                    "The voice reference is the officer's side of an interview: choose a recording of the applicant."
                )
            if not container.streams.audio:
                raise EnrolmentError(
                    "The voice reference holds no sound: choose a recording of the applicant."
                )
            for frame in container.decode(audio=0):
                fresh = [out.to_ndarray().mean(axis=0) for out in resampler.resample(frame)]
                parts += fresh
                taken += sum(map(len, fresh))
                if taken > _LONGEST_S * SAMPLE_RATE_HZ:
                    break
            parts += [out.to_ndarray().mean(axis=0) for out in resampler.resample(None)]
    except av.error.FFmpegError as error:
        raise EnrolmentError(
            "The voice reference is no sound file that can be read: choose a WAV, MP3 or M4A."
        ) from error
    return np.concatenate(parts).astype(np.float32) if parts else np.zeros(0, np.float32)
