"""Files handed in with a form: read whole, bounded, and typed by their content rather than by what the browser says."""

from __future__ import annotations

from typing import Final

from fastapi import UploadFile

from interview.problems import EnrolmentRefused
from interview.sessions import Upload

MAX_PHOTO: Final = 10 * 1024 * 1024
MAX_VOICE: Final = 20 * 1024 * 1024
MAX_FORM: Final = MAX_PHOTO + MAX_VOICE + 1024 * 1024


def photo(file: UploadFile) -> Upload:
    """The ID photo. Raises EnrolmentRefused when it is empty, too large or no image that browsers show."""
    content = _read(file, MAX_PHOTO)
    if content is None:
        raise EnrolmentRefused(
            "The ID photo is larger than 10 MB. Choose a smaller one.", "证件照超过10 MB，请选择较小的照片。"
        )
    if not content:
        raise EnrolmentRefused(
            "The ID photo is empty. Choose the file again.", "证件照文件为空，请重新选择。"
        )
    kind = image_type(content)
    if kind is None:
        raise EnrolmentRefused(
            "The ID photo is not a JPEG, PNG or WebP image. Convert it, or take it again with another app.",
            "证件照不是JPEG、PNG或WebP图片，请转换格式或重新拍摄。",
        )
    return Upload(content, kind)


def voice(file: UploadFile | None) -> Upload | None:
    """The voice reference; None where the form left it empty. Raises EnrolmentRefused when it is too large."""
    if file is None:
        return None
    content = _read(file, MAX_VOICE)
    if content is None:
        raise EnrolmentRefused(
            "The voice reference is larger than 20 MB. Half a minute of speech is enough.",
            "声纹参考录音超过20 MB，半分钟语音即可。",
            field="voice_reference",
        )
    return Upload(content, audio_type(content)) if content else None


def image_type(content: bytes) -> str | None:
    """The media type of a JPEG, PNG or WebP image by its first bytes; None for anything else."""
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return None


def audio_type(content: bytes) -> str:
    """The media type of a recording by its first bytes; ``application/octet-stream`` where they do not say."""
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "audio/wav"
    if content[4:8] == b"ftyp":
        return "audio/mp4"
    known = {
        b"OggS": "audio/ogg",
        b"\x1a\x45\xdf\xa3": "audio/webm",
        b"fLaC": "audio/flac",
        b"ID3": "audio/mpeg",
    }
    return next(
        (kind for magic, kind in known.items() if content.startswith(magic)), "application/octet-stream"
    )


def _read(file: UploadFile, limit: int) -> bytes | None:
    content = file.file.read(limit + 1)
    return None if len(content) > limit else content
