"""Windows as the detector judges them: ``python -m biometrics.training.voice_pad.windows --people NAME=DIR ... --out FILE``.

A stream of half a minute is put together of people's recordings, with pauses, carried through a drawn channel, heard by the product's
own perception and cut. Of machines that copy or convert, a few that are drawn for each stream, there is what they make of the same
recordings, with the same pauses through the same channel: only the way of making differs. Such machines are those of the lab and, by
``--copier NAME=COMMAND``, any program that turns ``{in}``, a WAV file, into ``{out}``. Speech that has no original, by ``--made NAME=DIR`` and of
every installed synthesiser, has streams of its own.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from biometrics.attacklab.speech.generators import GENERATORS, Make
from biometrics.attacklab.speech.programs import installed, interviewed
from biometrics.attacklab.speech.texts import Language
from biometrics.detectors.voice_pad import WINDOW_S, prepare
from biometrics.errors import BiometricsError, EvaluationError
from biometrics.evaluation.audio import read_audio
from biometrics.media import AudioChunk
from biometrics.training.voice_pad.channel import LEVEL, carried, published
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.segments import SpeechSegments
from models.errors import ModelError
from models.hub import ModelHub
from models.local_hub import LocalHub

PEOPLE: Final = "people:"
STREAM_S: Final = 20.0
TARGET_S: Final = 6.0
SHORTEST: Final = SAMPLE_RATE_HZ // 4
BARREN: Final = 20
"""Rounds in succession without a window of speech, after which there is taken to be none."""
MADE_SHARE: Final = 0.15
"""Of rounds that are of speech without an original, where there is such speech."""
COPIES: Final = 3
PUBLISHED: Final = 0.5
"""Of rounds whose recordings go through MP3 before anybody copies them."""
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_EDGE: Final = 0.03
_MARGIN: Final = SAMPLE_RATE_HZ // 20
_SILENT: Final = 1e-5
_COPIER_S: Final = 120.0
Stream = Callable[[np.random.Generator], Sequence[Samples]]
"""Recordings of one source."""
Files = Sequence[Path]


@dataclass(frozen=True, slots=True)
class Sources:
    """``people`` and ``made`` give recordings, by name; ``copiers`` make others of those of people."""

    people: Mapping[str, Stream]
    made: Mapping[str, Stream]
    copiers: Mapping[str, Make]


@dataclass(frozen=True, slots=True)
class Windows:
    """``windows`` (N, n) int16, the ``source`` of each (people's begin with ``people:``) and the ``stream`` that it was cut of; one stream has one
    number, whoever copied it."""

    windows: NDArray[np.int16]
    source: NDArray[np.str_]
    stream: NDArray[np.int64]


def sources(people: Mapping[str, Files], made: Mapping[str, Files], copiers: Mapping[str, Make]) -> Sources:
    """What is in these folders, every machine of the lab that is no replay, and every installed synthesiser."""
    synthesised: dict[str, Stream] = {
        f"{program.name} {language}": lambda rng, program=program, language=language: [  # type: ignore[misc]
            interviewed(program, language, STREAM_S, rng)
        ]
        for language in LANGUAGES
        for program in installed(language)
    }
    return Sources(
        {PEOPLE + name: _spoken(files) for name, files in people.items()},
        {name: _spoken(files) for name, files in made.items()} | synthesised,
        {one.name: one.make for one in GENERATORS if one.idea != "replay"} | dict(copiers),
    )


def windows(sound: Samples, hub: ModelHub) -> Iterator[Samples]:
    """A call's speech (n,) in windows of `WINDOW_S` at one level, as the detector takes them."""
    perception, segments = SpeechPerception(hub), SpeechSegments(WINDOW_S, WINDOW_S)
    for view in (*perception.feed(AudioChunk(0.0, sound, SAMPLE_RATE_HZ)), *perception.finish()):
        yield from (prepare(window.samples) for window in segments.push(view))


def joined(parts: Sequence[Samples], rng: np.random.Generator) -> Samples:
    """Recordings one after another, each near one level, with pauses."""
    pieces = [np.zeros(round(rng.uniform(0.2, 1.0) * SAMPLE_RATE_HZ), np.float32)]
    for part in parts:
        level = float(np.sqrt(np.mean(np.square(part, dtype=np.float64))))
        pieces.append(np.asarray(part * (LEVEL / max(level, 1e-9) * rng.uniform(0.7, 1.3)), np.float32))
        pieces.append(np.zeros(round(rng.uniform(0.15, 0.7) * SAMPLE_RATE_HZ), np.float32))
    return np.concatenate(pieces)


def gather(given: Sources, rounds: int, copies: int, hub: ModelHub, seed: int) -> Windows:
    """Windows of ``rounds`` streams and of ``copies`` copies of each. Raises EvaluationError where there is no speech."""
    kept: list[NDArray[np.int16]] = []
    names: list[str] = []
    numbers: list[int] = []
    barren = 0
    for number in range(rounds):
        before = len(kept)
        for name, parts in _round(given, copies, np.random.default_rng([seed, number])):
            sound = joined(parts, np.random.default_rng([seed, number, 1]))
            found = list(windows(carried(sound, np.random.default_rng([seed, number, 2])), hub))
            kept += [np.round(np.clip(window, -1.0, 1.0) * 32_767).astype(np.int16) for window in found]
            names += [name] * len(found)
            numbers += [number] * len(found)
        barren = barren + 1 if len(kept) == before else 0
        if barren == BARREN:
            raise EvaluationError(
                f"{BARREN} streams in succession gave no window of speech: give recordings of speech"
            )
        sys.stderr.write(f"{number + 1} of {rounds}: {len(kept)} windows\n")
    return Windows(np.stack(kept), np.array(names), np.array(numbers))


def by_command(command: str) -> Make:
    """A program that copies speech: ``{in}`` and ``{out}`` are its WAV files, 16 kHz, 16 bit. What it gives too much is cut, too little is silence.

    Raises EvaluationError, when called, for a program that fails or writes nothing that can be read.
    """

    def make(samples: Samples, target: Samples, rng: np.random.Generator) -> Samples:
        del target, rng
        with tempfile.TemporaryDirectory() as folder:
            given, found = Path(folder) / "in.wav", Path(folder) / "out.wav"
            soundfile.write(given, samples, SAMPLE_RATE_HZ, subtype="PCM_16")
            words = [
                word.replace("{in}", str(given)).replace("{out}", str(found)) for word in shlex.split(command)
            ]
            try:
                subprocess.run(words, check=True, capture_output=True, timeout=_COPIER_S)  # noqa: S603 - the program that was asked for
            except (OSError, subprocess.SubprocessError) as error:
                raise EvaluationError(f"{words[0]} copied nothing: {error}") from error
            made = read_audio(found)[: len(samples)]
        return np.pad(made, (0, len(samples) - len(made)))

    return make


def _round(given: Sources, copies: int, rng: np.random.Generator) -> Iterator[tuple[str, Sequence[Samples]]]:
    """What is heard in one round: recordings and what machines make of them, or speech without an original."""
    if given.made and rng.random() < MADE_SHARE:
        name = str(rng.choice(list(given.made)))
        yield name, _as_found(given.made[name](rng), rng)
        return
    person = str(rng.choice(list(given.people)))
    parts = _as_found(given.people[person](rng), rng)
    yield person, parts
    target = np.concatenate(given.people[person](rng))[: round(TARGET_S * SAMPLE_RATE_HZ)]
    speech = np.concatenate(parts)
    ends = np.cumsum([len(part) for part in parts])[:-1]
    for name in rng.choice(list(given.copiers), min(copies, len(given.copiers)), replace=False):
        made = given.copiers[name](speech, target, rng)
        pieces = [piece for piece in np.split(made, ends) if np.abs(piece).max(initial=0.0) > _SILENT]
        if pieces:
            yield str(name), pieces


def _as_found(parts: Sequence[Samples], rng: np.random.Generator) -> Sequence[Samples]:
    return [published(part, rng) for part in parts] if rng.random() < PUBLISHED else parts


def _spoken(files: Files) -> Stream:
    return lambda rng: list(_drawn(files, STREAM_S, rng))


def _drawn(files: Files, seconds: float, rng: np.random.Generator) -> Iterator[Samples]:
    """Recordings in a drawn order, without their silent ends, until there is enough. What cannot be used is passed over; raises EvaluationError where
    that is all there is."""
    usable, length = list(files), 0
    while length < seconds * SAMPLE_RATE_HZ:
        if not usable:
            raise EvaluationError(
                f"none of {len(files)} recordings ({', '.join(map(str, files[:1]))} ...) can be read and sounds for "
                f"{SHORTEST / SAMPLE_RATE_HZ:g} s: give recordings of speech"
            )
        at = int(rng.integers(len(usable)))
        part = _without_silent_ends(usable[at])
        if len(part):
            length += len(part)
            yield part
        else:
            del usable[at]


def _without_silent_ends(file: Path) -> Samples:
    """Empty where the file cannot be read, or hardly sounds."""
    try:
        samples = read_audio(file)
    except EvaluationError as error:
        sys.stderr.write(f"{error}\n")
        return np.zeros(0, np.float32)
    loud = np.flatnonzero(np.abs(samples) > _EDGE * np.abs(samples).max(initial=1e-4))
    if not len(loud) or loud[-1] - loud[0] <= SHORTEST:
        return np.zeros(0, np.float32)
    return samples[max(0, loud[0] - _MARGIN) : loud[-1] + _MARGIN]


def _folder(given: str) -> tuple[str, list[Path]]:
    name, _, folder = given.partition("=")
    endings = {f".{ending.lower()}" for ending in soundfile.available_formats()} | {".mp3"}
    files = sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() in endings)
    if not (name and folder and files):
        raise EvaluationError(f"{given!r} is not NAME=FOLDER of recordings")
    return name, files


def _copier(given: str) -> tuple[str, Make]:
    name, _, command = given.partition("=")
    if not (name and "{in}" in command and "{out}" in command):
        raise EvaluationError(f"{given!r} is not NAME=COMMAND with {{in}} and {{out}} in it")
    return name, by_command(command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Cut the windows and write them with their sources and streams. What cannot be done is one sentence."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", action="append", required=True, metavar="NAME=DIR")
    options.add_argument("--made", action="append", default=[], metavar="NAME=DIR")
    options.add_argument("--copier", action="append", default=[], metavar="NAME=COMMAND")
    options.add_argument("--rounds", type=int, default=400)
    options.add_argument("--copies", type=int, default=COPIES)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args(arguments)
    if given.rounds < 1:
        options.error("--rounds is how many streams are cut: 1 or more")
    try:
        everything = sources(
            dict(map(_folder, given.people)), dict(map(_folder, given.made)), dict(map(_copier, given.copier))
        )
        with LocalHub() as hub:
            found = gather(everything, given.rounds, given.copies, hub, given.seed)
    except (BiometricsError, ModelError) as error:
        sys.exit(str(error))
    np.savez(given.out, windows=found.windows, source=found.source, stream=found.stream)


if __name__ == "__main__":
    main()
