"""Windows as the detector judges them: ``python -m biometrics.training.voice_pad.windows --people NAME=DIR --made NAME=DIR ... --out FILE``.

Every source gives ``--each`` windows. Streams of half a minute are put together of a source's recordings, with pauses, carried through a
drawn channel, heard by the product's own perception and cut. Besides the folders, every generator of the lab and every installed
speech synthesiser is a source: copies and conversions are of the people, joined and cut alike, so that only the way of making differs.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from biometrics.attacklab.speech.generators import GENERATORS, Generator
from biometrics.attacklab.speech.programs import installed, interviewed
from biometrics.attacklab.speech.texts import Language
from biometrics.detectors.voice_pad import WINDOW_S, prepare
from biometrics.errors import BiometricsError, EvaluationError
from biometrics.evaluation.audio import read_audio
from biometrics.media import AudioChunk
from biometrics.training.voice_pad.channel import LEVEL, carried
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.segments import SpeechSegments
from models.errors import ModelError
from models.hub import ModelHub
from models.local_hub import LocalHub

STREAM_S: Final = 26.0
TARGET_S: Final = 6.0
SHORTEST: Final = SAMPLE_RATE_HZ // 4
BARREN: Final = 20
"""Streams in succession without a window of speech, after which a source is taken to hold none."""
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")
_EDGE: Final = 0.03
_MARGIN: Final = SAMPLE_RATE_HZ // 20
Stream = Callable[[np.random.Generator], Samples]
Files = Sequence[Path]


def streams(people: Mapping[str, Files], made: Mapping[str, Files]) -> dict[str, Stream]:
    """What gives a stream of each source, by its name; those of people begin with ``people:``."""
    everybody = [file for files in people.values() for file in files]
    found: dict[str, Stream] = {f"people:{name}": _spoken(files) for name, files in people.items()}
    found |= {name: _spoken(files) for name, files in made.items()}
    found |= {one.name: _copied(one, everybody) for one in GENERATORS if one.idea != "replay"}
    for language in LANGUAGES:
        for program in installed(language):
            found[f"{program.name} {language}"] = lambda rng, program=program, language=language: joined(  # type: ignore[misc]
                [interviewed(program, language, STREAM_S, rng)], rng
            )
    return found


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


def gather(
    sources: Mapping[str, Stream], each: int, hub: ModelHub, seed: int
) -> tuple[NDArray[np.int16], NDArray[np.str_]]:
    """(N, n) windows, ``each`` or a few more of every source, and the source of each. Raises EvaluationError for a source without speech."""
    kept: list[NDArray[np.int16]] = []
    names: list[str] = []
    for number, (name, stream) in enumerate(sources.items()):
        found = _windows_of(name, stream, each, hub, np.random.default_rng([seed, number]))
        kept += found
        names += [name] * len(found)
        sys.stderr.write(f"{name}: {len(found)}\n")
    return np.stack(kept), np.array(names)


def _windows_of(
    name: str, stream: Stream, each: int, hub: ModelHub, rng: np.random.Generator
) -> list[NDArray[np.int16]]:
    kept: list[NDArray[np.int16]] = []
    barren = 0
    while len(kept) < each:
        found = [
            np.round(np.clip(window, -1.0, 1.0) * 32_767).astype(np.int16)
            for window in windows(carried(stream(rng), rng), hub)
        ]
        kept += found
        barren = 0 if found else barren + 1
        if barren == BARREN:
            raise EvaluationError(
                f"{name} gave no window of speech in {BARREN} streams of half a minute: give recordings of speech, or leave it out"
            )
    return kept


def _spoken(files: Files) -> Stream:
    return lambda rng: joined(list(_drawn(files, STREAM_S, rng)), rng)


def _copied(generator: Generator, files: Files) -> Stream:
    def stream(rng: np.random.Generator) -> Samples:
        parts = list(_drawn(files, STREAM_S, rng))
        target = np.concatenate(list(_drawn(files, TARGET_S, rng)))
        made = generator.make(np.concatenate(parts), target, rng)
        ends = np.cumsum([len(part) for part in parts])[:-1]
        return joined([piece for piece in np.split(made, ends) if np.abs(piece).max(initial=0.0) > 1e-5], rng)

    return stream


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


def main(arguments: Sequence[str] | None = None) -> None:
    """Cut the windows of every source and write them with their names. What cannot be done is one sentence."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--people", action="append", required=True, metavar="NAME=DIR")
    options.add_argument("--made", action="append", default=[], metavar="NAME=DIR")
    options.add_argument("--each", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args(arguments)
    if given.each < 1:
        options.error("--each is how many windows every source gives: 1 or more")
    try:
        sources = streams(dict(map(_folder, given.people)), dict(map(_folder, given.made)))
        with LocalHub() as hub:
            found, names = gather(sources, given.each, hub, given.seed)
    except (BiometricsError, ModelError) as error:
        sys.exit(str(error))
    np.savez(given.out, windows=found, source=names)


if __name__ == "__main__":
    main()
