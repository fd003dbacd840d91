"""Real voices as answers: each utterance of a folder of speakers, measured as the product measures an answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from biometrics.behaviour.answers import Answer
from biometrics.behaviour.features import NAMES, Measured, measure, table
from biometrics.behaviour.memory import Memory
from biometrics.behaviour.movements import Movements
from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import by_folder, read_audio
from biometrics.evaluation.behaviour_scene import Floats
from biometrics.evaluation.trials import Progress
from biometrics.media import AudioChunk
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.perception import SpeechPerception, heard
from biometrics.voice.prosody import spoken_pitch
from fraudmodel.signals import Span
from models.hub import ModelHub

LEAST_ANSWERS: Final = 8
"""A speaker with fewer that can be measured is left out."""
SPOKEN: Final = ("pause_ratio", "pitch_sd_st", "syllables_per_s")
"""What a reading voice has in common with one that answers. Nobody was asked anything, so there is no latency."""


@dataclass(frozen=True, slots=True)
class Voices:
    """``people`` of (answers, features); ``halves`` by feature: the standard deviation between answers that are alike, from the two
    halves of the same utterance, and ``pairs`` how many utterances that is of."""

    people: tuple[Floats, ...]
    halves: dict[str, float]
    pairs: int


def voices_of(folder: Path, hub: ModelHub, report: Progress) -> Voices:
    """The speakers of a folder, one sub-folder each. Raises EvaluationError where none has enough to say."""
    files = by_folder(folder)
    people, differences = [], []
    for k, (_, paths) in enumerate(sorted(files.items())):
        said = [read_audio(path) for path in paths]
        rows = [row for row in (_answer(samples, hub) for samples in said) if row is not None]
        if len(rows) >= LEAST_ANSWERS:
            people.append(np.array(rows))
            differences += [pair for pair in (_halves(samples, hub) for samples in said) if pair is not None]
        report(k + 1, len(files), "voices")
    if not people:
        raise EvaluationError(
            f"{folder} has no speaker with {LEAST_ANSWERS} utterances that can be measured: add recordings of a few seconds each"
        )
    spread = np.std(np.array(differences), axis=0) / np.sqrt(2.0)
    named = dict(zip(NAMES, spread.tolist(), strict=True))
    return Voices(tuple(people), {name: named[name] for name in SPOKEN}, len(differences))


def _halves(samples: Samples, hub: ModelHub) -> Floats | None:
    """(features,) the second half of an utterance less the first."""
    middle = len(samples) // 2
    first, second = _answer(samples[:middle], hub), _answer(samples[middle:], hub)
    return None if first is None or second is None else second - first


def _answer(samples: Samples, hub: ModelHub) -> Floats | None:
    """(features,) of `NAMES`; None where any of `SPOKEN` cannot be measured."""
    memory, perception = Memory(), SpeechPerception(hub)
    for view in (*perception.feed(AudioChunk(0.0, samples, SAMPLE_RATE_HZ)), *perception.finish()):
        memory.hear(heard(view))
        memory.pitch(spoken_pitch(view))
    span = Span(0.0, len(samples) / SAMPLE_RATE_HZ)
    found = measure(Answer("utterance", 1, "baseline", span, closed=True), memory)
    if not isinstance(found, Measured):
        return None
    row = table([found], Movements())[0]
    row[[name not in SPOKEN for name in NAMES]] = np.nan
    return None if np.isnan(row).sum() > len(NAMES) - len(SPOKEN) else row
