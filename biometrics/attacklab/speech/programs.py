"""Text to speech by programs that packages install: what there is, and having one speak.

Programs are run as processes of their own. None is part of the product, and what they say is never kept in it.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
import soundfile

from biometrics.attacklab.speech.texts import Language, sentences
from biometrics.attacklab.speech.waves import at_level
from biometrics.errors import EvaluationError
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, resample

Family = Literal["formant", "diphone", "statistical"]
LEVEL: Final = 0.05
_TIMEOUT_S: Final = 60.0
_EDGE: Final = 0.01


@dataclass(frozen=True, slots=True)
class Manner:
    """How something is said: by which of a synthesiser's voices, ``speed`` and ``height`` (pitch) times what is usual.

    Festival keeps its voices' height, and those of HTS their speed.
    """

    voice: str
    speed: float = 1.0
    height: float = 1.0


@dataclass(frozen=True, slots=True)
class Synthesiser:
    """``program`` of Debian's ``package``, whose ``voices`` by language are of one ``family``.

    ``command`` gives the arguments that make it write a sound file of a text file's words; ``listed`` those that make it list its
    voices, where these are packages of their own.
    """

    name: str
    family: Family
    program: str
    package: str
    licence: str
    voices: Mapping[Language, tuple[str, ...]]
    command: Callable[[Manner, Path, Path], Sequence[str]]
    listed: tuple[str, ...] = ()


def _espeak(manner: Manner, text: Path, wave: Path) -> Sequence[str]:
    speed, height = round(165 * manner.speed), round(50 * manner.height)
    return ("-v", manner.voice, "-s", str(speed), "-p", str(height), "-f", str(text), "-w", str(wave))


def _flite(manner: Manner, text: Path, wave: Path) -> Sequence[str]:
    stretch = f"duration_stretch={1 / manner.speed:.3f}"
    shift = f"f0_shift={manner.height:.3f}"
    return ("-voice", manner.voice, "--setf", stretch, "--setf", shift, "-f", str(text), "-o", str(wave))


def _festival(manner: Manner, text: Path, wave: Path) -> Sequence[str]:
    voice, pace = f"(voice_{manner.voice})", f"(Parameter.set 'Duration_Stretch {1 / manner.speed:.3f})"
    return ("-eval", voice, "-eval", pace, "-o", str(wave), str(text))


_VOICE_LIST: Final = ("festival", "--batch", "(print (voice.list))")

SYNTHESISERS: Final = (
    Synthesiser(
        "espeak-ng", "formant", "espeak-ng", "espeak-ng", "GPL-3.0-or-later",
        {
            "en": ("en-us", "en-gb", "en-gb-scotland", "en-us+m3", "en-us+m5", "en-us+f2", "en-gb+f3", "en-us+f4"),
            "zh": ("cmn", "cmn+m3", "cmn+m5", "cmn+f2", "cmn+f3", "cmn+f4"),
        },
        _espeak,
    ),
    Synthesiser("flite-diphone", "diphone", "flite", "flite", "BSD-style (CMU)", {"en": ("kal16",)}, _flite),
    Synthesiser("flite-clustergen", "statistical", "flite", "flite", "BSD-style (CMU)", {"en": ("awb", "rms", "slt")}, _flite),
    Synthesiser(
        "festival-diphone", "diphone", "text2wave", "festvox-kallpc16k", "BSD-style (CMU)", {"en": ("kal_diphone",)},
        _festival, _VOICE_LIST,
    ),
    Synthesiser(
        "festival-hts", "statistical", "text2wave", "festvox-us-slt-hts", "BSD-style (CMU)", {"en": ("cmu_us_slt_arctic_hts",)},
        _festival, _VOICE_LIST,
    ),
)  # fmt: skip


def installed(language: Language | None = None, families: Sequence[Family] = ()) -> tuple[Synthesiser, ...]:
    """Those that can speak here, of ``families`` if any are given. Raises EvaluationError, naming packages, where none can."""
    wanted = [
        each
        for each in SYNTHESISERS
        if (language is None or language in each.voices) and (not families or each.family in families)
    ]
    found = tuple(each for each in wanted if absence(each) is None)
    if not found:
        packages = ", ".join(sorted({each.package for each in wanted}))
        raise EvaluationError(
            f"no program for text to speech is installed that could speak here: install one of {packages}"
        )
    return found


def absence(synthesiser: Synthesiser) -> str | None:
    """Why one cannot speak here, in some words; None where it can."""
    if shutil.which(synthesiser.program) is None:
        return f"{synthesiser.program} is not installed: install the package {synthesiser.package}"
    if not synthesiser.listed:
        return None
    try:
        known = _listed(synthesiser.listed)
    except (subprocess.SubprocessError, OSError) as error:
        return f"{synthesiser.listed[0]} cannot list its voices: {error}"
    lacking = [voice for voices in synthesiser.voices.values() for voice in voices if voice not in known]
    if lacking:
        return f"{synthesiser.program} lacks {', '.join(lacking)}: install the package {synthesiser.package}"
    return None


def spoken(synthesiser: Synthesiser, text: str, manner: Manner) -> Samples:
    """A text as 16 kHz samples, without silence at its ends, at one level. Raises EvaluationError where the program fails."""
    program = shutil.which(synthesiser.program)
    if program is None:
        raise EvaluationError(absence(synthesiser))
    with tempfile.TemporaryDirectory() as folder:
        words, wave = Path(folder) / "text.txt", Path(folder) / "speech.wav"
        words.write_text(text + "\n", "utf-8")
        try:
            _run([program, *synthesiser.command(manner, words, wave)])
            samples, rate = soundfile.read(wave, dtype="float32", always_2d=True)
        except (subprocess.SubprocessError, OSError, soundfile.LibsndfileError) as error:
            raise EvaluationError(f"{synthesiser.name} could not speak as {manner.voice}: {error}") from error
    return _tight(resample(np.asarray(samples.mean(axis=1), np.float32), rate))


def interviewed(
    synthesiser: Synthesiser, language: Language, seconds: float, rng: np.random.Generator
) -> Samples:
    """Sentences of one voice with pauses between them, until so many seconds are full; they end within a word."""
    voices = synthesiser.voices[language]
    manner = Manner(
        voices[int(rng.integers(len(voices)))], float(rng.uniform(0.88, 1.15)), float(rng.uniform(0.85, 1.2))
    )
    wanted = round(seconds * SAMPLE_RATE_HZ)
    parts: list[Samples] = []
    for sentence in sentences(language, rng):
        if sum(map(len, parts)) >= wanted:
            break
        pause = np.zeros(round(float(rng.uniform(0.25, 0.7)) * SAMPLE_RATE_HZ), np.float32)
        parts += [pause, spoken(synthesiser, sentence, manner)]
    return np.concatenate(parts)[:wanted]


@cache
def _listed(command: tuple[str, ...]) -> str:
    """What a program prints of its voices. Raises OSError or SubprocessError where it cannot."""
    return _run([shutil.which(command[0]) or command[0], *command[1:]])


def _run(arguments: Sequence[str]) -> str:
    done = subprocess.run(list(arguments), capture_output=True, check=True, timeout=_TIMEOUT_S)  # noqa: S603 - no shell
    return done.stdout.decode(errors="replace")


def _tight(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > _EDGE * np.abs(samples).max(initial=0.0))
    return at_level(samples[loud[0] : loud[-1] + 1], LEVEL) if len(loud) else samples
