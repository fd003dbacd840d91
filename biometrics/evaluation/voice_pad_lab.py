"""The lab's generators, and every synthesiser that is installed, as sources for `voice_pad`: made of speakers whom the network never heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import numpy as np

from biometrics.attacklab.speech.generators import GENERATORS
from biometrics.attacklab.speech.programs import SYNTHESISERS
from biometrics.evaluation.sasv_speech import CONVERTED, Tell, makers, spoofs
from biometrics.evaluation.voice_pad_trials import Source
from biometrics.evaluation.voice_pairs import read_sittings
from biometrics.voice.features import Samples

SITTING: Final = "/0"
"""The one of each speaker that spoofs are made of."""


def lab_sources(folder: Path, tell: Tell) -> Iterator[Source]:
    """One source a generator, a voice a speaker of the folder. What cannot be made here is told. Raises EvaluationError for the folder."""
    sittings = [sitting for sitting in read_sittings(folder) if sitting.name.endswith(SITTING)]
    made_by, gaps = makers()
    for gap in gaps:
        tell(gap)
    groups = groups_of_makers()
    for name, make in made_by.items():
        voices: dict[str, Samples] = {
            said.subject: np.asarray(said.samples, np.float32) for said in spoofs(name, make, sittings, tell)
        }
        if voices:
            yield Source(name, voices, groups[name], learnt=True)


def groups_of_makers() -> Mapping[str, str]:
    """What each maker shares with others: the lab's group, or the family of the synthesiser."""
    generators = {each.name: each.group for each in GENERATORS}
    return (
        generators
        | {f"tts_{each.name}": each.family for each in SYNTHESISERS}
        | {CONVERTED: generators["conversion_nearest"]}
    )
