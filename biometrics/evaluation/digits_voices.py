"""Voices that say digits: recordings that packages bring, where they are installed, and a speech synthesiser.

Recorded: Asterisk's prompts (`asterisk-core-sounds-*-g722`: American English, Mexican Spanish, Canadian French, Italian,
Russian) and the syllables of `gcin-voice` (two speakers of Mandarin); people of a corpus that names its files as the Free Spoken Digit
Dataset and AudioMNIST do, who say each digit anew. Synthetic: espeak-ng. None of them is part of the product.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import av
import numpy as np
import soundfile

from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import read_audio
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, resample

ROOT: Final = Path("/usr/share")
"""Where packages put their recordings; another root holds the same folders, unpacked."""
TAKES: Final = 3
"""Each digit is said so often, each time a little otherwise: a person never says it twice the same."""
MOST_TAKES: Final = 10
"""Of each digit of somebody in a corpus."""
LEVEL: Final = 0.06
_ASTERISK: Final = {"en": "en_US", "es": "es_MX", "fr": "fr_CA", "it": "it_IT", "ru": "ru_RU"}
_ZHUYIN: Final = ("ㄌㄧㄥ2", "ㄧ", "ㄦ4", "ㄙㄢ", "ㄙ4", "ㄨ3", "ㄌㄧㄡ4", "ㄑㄧ", "ㄅㄚ", "ㄐㄧㄡ3")
_HANZI: Final = "零一二三四五六七八九"
_ESPEAK: Final = {
    "en": ("en-us", "en-gb", "en-us+f3", "en-gb-scotland", "en-us+m5"),
    "zh": ("cmn", "cmn+f3", "cmn+m5"),
}
_RATES: Final = (0.96, 1.0, 1.04)
_SPEEDS: Final = ("150", "165", "180")
_PITCHES: Final = ("45", "50", "56")
_EDGE: Final = 0.02
_DIGIT_FILE: Final = re.compile(r"(?P<digit>[0-9])_(?P<speaker>.+)_[^_]+")


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who says digits: ``takes[digit][take]`` (n,) at 16 kHz, from onset to end."""

    name: str
    language: str
    recorded: bool
    takes: tuple[tuple[Samples, ...], ...]


def voices(root: Path = ROOT) -> tuple[Voice, ...]:
    """Every voice that is installed. Raises EvaluationError where there is none."""
    found = (*_prompts(root), *_syllables(root), *_synthetic())
    if not found:
        raise EvaluationError(
            "no voice says digits here: install espeak-ng, asterisk-core-sounds-en-g722 or gcin-voice"
        )
    return found


def people(folder: Path) -> tuple[Voice, ...]:
    """Everybody of a folder of ``DIGIT_SPEAKER_TAKE.wav`` who says all ten digits, in English. Raises EvaluationError where nobody does."""
    files: dict[str, dict[int, list[Path]]] = {}
    for path in sorted(folder.rglob("*.wav")):
        if named := _DIGIT_FILE.fullmatch(path.stem):
            files.setdefault(named["speaker"], {}).setdefault(int(named["digit"]), []).append(path)
    found = tuple(
        Voice(f"{folder.name} {name}", "en", recorded=True, takes=tuple(_takes(said[k]) for k in range(10)))
        for name, said in sorted(files.items())
        if len(said) == 10
    )
    if not found:
        raise EvaluationError(f"{folder} holds nobody's ten digits: name its files DIGIT_SPEAKER_TAKE.wav")
    return found


def _takes(files: Sequence[Path]) -> tuple[Samples, ...]:
    return tuple(_whole(read_audio(path)) for path in files[:MOST_TAKES])


def synthetic(voice: str, language: str) -> Voice | None:
    """A voice of espeak-ng; None where it is not installed, or has no such voice."""
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    words = _HANZI if language == "zh" else "0123456789"
    try:
        takes = tuple(tuple(_espeak(program, voice, word, take) for take in range(TAKES)) for word in words)
    except (subprocess.CalledProcessError, soundfile.LibsndfileError):
        return None
    return Voice(f"espeak {voice}", language, recorded=False, takes=takes)


def _synthetic() -> Iterator[Voice]:
    for language, names in _ESPEAK.items():
        yield from (found for name in names if (found := synthetic(name, language)))


def _espeak(program: str, voice: str, word: str, take: int) -> Samples:
    arguments = [program, "-v", voice, "-s", _SPEEDS[take], "-p", _PITCHES[take], "--stdout", word]
    wave = subprocess.run(arguments, capture_output=True, check=True).stdout  # noqa: S603 - a fixed program
    samples, rate = soundfile.read(io.BytesIO(wave), dtype="float32")
    return _whole(resample(samples, rate))


def _prompts(root: Path) -> Iterator[Voice]:
    for language, place in _ASTERISK.items():
        for folder in sorted((root / "asterisk" / "sounds").glob(f"{place}*/digits")):
            files = [folder / f"{digit}.g722" for digit in range(10)]
            yield from _recorded(f"asterisk {folder.parent.name}", language, files, _g722)


def _syllables(root: Path) -> Iterator[Voice]:
    for speaker in ("3", "5"):
        files = [root / "gcin-voice" / "ogg" / syllable / f"{speaker}.ogg" for syllable in _ZHUYIN]
        yield from _recorded(f"gcin-voice {speaker}", "zh", files, read_audio)


def _recorded(
    name: str, language: str, files: Sequence[Path], read: Callable[[Path], Samples]
) -> Iterator[Voice]:
    if all(file.is_file() for file in files):
        said = [_whole(read(file)) for file in files]
        takes = tuple(
            tuple(resample(samples, round(SAMPLE_RATE_HZ * rate)) for rate in _RATES) for samples in said
        )
        yield Voice(name, language, recorded=True, takes=takes)


def _g722(path: Path) -> Samples:
    with av.open(str(path), format="g722") as file:
        parts = [frame.to_ndarray().ravel() for frame in file.decode(audio=0)]
    return np.asarray(np.concatenate(parts).astype(np.float32) / 32_768)


def _whole(samples: Samples) -> Samples:
    """From onset to end, at one level."""
    loud = np.flatnonzero(np.abs(samples) > _EDGE * np.abs(samples).max())
    cut = samples[loud[0] : loud[-1] + 1]
    return np.asarray(cut * (LEVEL / np.sqrt(np.mean(np.square(cut, dtype=np.float64)))), dtype=np.float32)
