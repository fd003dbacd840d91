"""Audio files for experiments, and the channel that a live call would put them through."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from biometrics.errors import EvaluationError
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, resample

SUFFIXES = frozenset({".flac", ".wav", ".ogg"})

_OPUS_RATE_HZ = 48_000
_OPUS_FRAME = 960


def read_audio(path: Path) -> Samples:
    """A file's samples (n,) as 16 kHz mono. Raises EvaluationError naming a file that cannot be read."""
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise EvaluationError(
            f"{path} cannot be read as audio ({error.error_string}): replace or remove it"
        ) from None
    return resample(np.asarray(samples.mean(axis=1), dtype=np.float32), rate)


def by_folder(folder: Path) -> dict[str, list[Path]]:
    """The audio files of each sub-folder, at any depth, by its name and in order of their paths. Raises EvaluationError where there is no folder."""
    if not folder.is_dir():
        raise EvaluationError(
            f"{folder} is not a folder: give one that holds a sub-folder of audio for each speaker"
        )
    files: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in SUFFIXES:
            files.setdefault(path.parent.name, []).append(path)
    return files


def through_opus(samples: Samples, kbps: int) -> Samples:
    """16 kHz mono (n,) as a WebRTC call carries it: Opus at 48 kHz in 20 ms packets, decoded, and 16 kHz again.

    The codec's delay of 6.5 ms stays in: it matters to nobody here.
    """
    if not len(samples):
        return samples
    encoder, decoder = _encoder(kbps), _decoder()
    up = AudioResampler("s16", "mono", _OPUS_RATE_HZ, frame_size=_OPUS_FRAME)
    down = AudioResampler("flt", "mono", SAMPLE_RATE_HZ)
    packets = [packet for frame in _resampled(up, _frame(samples)) for packet in encoder.encode(frame)]
    frames = [frame for packet in [*packets, *encoder.encode(None)] for frame in decoder.decode(packet)]
    heard = [piece.to_ndarray()[0] for frame in [*frames, None] for piece in down.resample(frame)]
    return np.concatenate(heard)


def _frame(samples: Samples) -> AudioFrame:
    whole = (np.clip(samples, -1.0, 1.0) * 32_767).astype(np.int16)
    frame = AudioFrame.from_ndarray(whole[np.newaxis], "s16", "mono")
    frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE_HZ, 0, Fraction(1, SAMPLE_RATE_HZ)
    return frame


def _resampled(resampler: AudioResampler, frame: AudioFrame) -> list[AudioFrame]:
    return [*resampler.resample(frame), *resampler.resample(None)]


def _encoder(kbps: int) -> AudioCodecContext:
    encoder = av.CodecContext.create("libopus", "w")
    if not isinstance(encoder, AudioCodecContext):
        raise EvaluationError("this build of PyAV has no Opus encoder: install the locked version")
    encoder.sample_rate, encoder.layout, encoder.format = _OPUS_RATE_HZ, "mono", "s16"
    encoder.bit_rate, encoder.time_base = kbps * 1000, Fraction(1, _OPUS_RATE_HZ)
    encoder.options = {"application": "voip", "frame_duration": "20"}
    return encoder


def _decoder() -> AudioCodecContext:
    decoder = av.CodecContext.create("libopus", "r")
    if not isinstance(decoder, AudioCodecContext):
        raise EvaluationError("this build of PyAV has no Opus decoder: install the locked version")
    decoder.sample_rate, decoder.layout = _OPUS_RATE_HZ, "mono"
    return decoder
