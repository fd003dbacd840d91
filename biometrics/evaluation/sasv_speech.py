"""Speech for joint trials of verification and anti-spoofing: what a speaker said, and what generators made of it to sound like them.

Every spoof of a target is made from one of the target's sittings and is tried against references of the others: copies of its
own words, somebody else's words converted to the voice in it, its replay, and text to speech, plain and converted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from biometrics.attacklab.speech.conversion import from_nearest
from biometrics.attacklab.speech.generators import GENERATORS, Generator
from biometrics.attacklab.speech.programs import SYNTHESISERS, Synthesiser, absence, interviewed
from biometrics.attacklab.speech.waves import as_loud
from biometrics.errors import EvaluationError
from biometrics.evaluation.voice_pairs import Sitting
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

MATERIAL_S: Final = 14.0
"""Speech that one spoof is made of, pauses included."""
KNOWN_S: Final = 30.0
"""Speech of the target that a conversion knows."""
CONVERTED: Final = "tts_converted"
"""What the last program of `makers` says, in the target's voice by `conversion.from_nearest`."""


@dataclass(frozen=True, slots=True)
class Said:
    """``samples`` (n,) at 16 kHz that claim to be of ``subject``'s ``sitting``; ``other`` who said the words (a machine: the subject
    again); ``generator`` "" where nobody but the subject made them."""

    subject: str
    other: str
    sitting: str
    generator: str
    samples: Samples


Maker = Callable[[Sitting, Sequence[Sitting], np.random.Generator], Said]
"""From a target's sitting and everybody's sittings, of which those of the same number lend their words."""
Tell = Callable[[str], None]
"""Gets a sentence about each thing that was left out."""


def makers(
    chosen: Sequence[str] = (), synthesisers: Sequence[Synthesiser] = SYNTHESISERS
) -> tuple[Mapping[str, Maker], list[str]]:
    """Every generator that can be tried here, by name, or the ``chosen`` of them; and a sentence for each that cannot."""
    found: dict[str, Maker] = {each.name: partial(_generated, each) for each in GENERATORS}
    english = [(each, absence(each)) for each in synthesisers if "en" in each.voices]
    gaps = {f"tts_{each.name}": why for each, why in english if why is not None}
    programs = [each for each, why in english if why is None]
    found |= {f"tts_{each.name}": partial(_synthesised, each) for each in programs}
    if programs:
        found[CONVERTED] = partial(_cloned, programs[-1])
    else:
        gaps[CONVERTED] = "there is no program for text to speech"
    asked = set(chosen) or {*found, *gaps}
    missing = [f"{name}: {why}" for name, why in gaps.items() if name in asked]
    return {name: make for name, make in found.items() if name in asked}, missing


def genuine(sittings: Sequence[Sitting]) -> Iterator[Said]:
    """What the speakers said themselves."""
    for sitting in sittings:
        yield Said(sitting.subject, sitting.subject, sitting.name, "", sitting.samples)


def spoofs(name: str, make: Maker, sittings: Sequence[Sitting], tell: Tell, seed: int = 0) -> Iterator[Said]:
    """One of each sitting; chance depends on the generator and the sitting alone.

    Of what has too little voice, or where a program fails, none is made: that is told.
    """
    for sitting in sittings:
        digest = hashlib.sha256(f"{seed}|{name}|{sitting.name}".encode()).digest()
        rng = np.random.default_rng(int.from_bytes(digest[:8], "big"))
        try:
            yield make(sitting, sittings, rng)
        except EvaluationError as error:
            tell(f"{name} made nothing of {sitting.name}: {error}")


def _generated(
    generator: Generator, sitting: Sitting, everybody: Sequence[Sitting], rng: np.random.Generator
) -> Said:
    words = sitting
    if generator.idea == "conversion":
        number = sitting.name.rpartition("/")[2]
        others = [each for each in everybody if each.subject != sitting.subject]
        others = [each for each in others if each.name.endswith(f"/{number}")] or others
        words = others[int(rng.integers(len(others)))]
    made = generator.make(_stretch(words, MATERIAL_S, rng), _stretch(sitting, KNOWN_S, rng), rng)
    return Said(sitting.subject, words.subject, sitting.name, generator.name, made)


def _synthesised(
    program: Synthesiser, sitting: Sitting, everybody: Sequence[Sitting], rng: np.random.Generator
) -> Said:
    del everybody
    said = interviewed(program, "en", MATERIAL_S, rng)
    return Said(
        sitting.subject, sitting.subject, sitting.name, f"tts_{program.name}", as_loud(said, sitting.samples)
    )


def _cloned(
    program: Synthesiser, sitting: Sitting, everybody: Sequence[Sitting], rng: np.random.Generator
) -> Said:
    """Text to speech, converted to the target's voice."""
    said = _synthesised(program, sitting, everybody, rng)
    made = from_nearest(said.samples, _stretch(sitting, KNOWN_S, rng), rng)
    return Said(sitting.subject, sitting.subject, sitting.name, CONVERTED, made)


def _stretch(sitting: Sitting, seconds: float, rng: np.random.Generator) -> Samples:
    count = round(seconds * SAMPLE_RATE_HZ)
    start = int(rng.integers(max(1, len(sitting.samples) - count)))
    return sitting.samples[start : start + count]
