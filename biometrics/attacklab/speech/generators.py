"""Every generator by name: what trains, and what tests, a detector of machine-made speech.

Generators whose ``group`` differs share no way of making sound: a test is generator-disjoint where its groups were never trained on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from biometrics.attacklab.speech import conversion, griffin_lim, replay
from biometrics.attacklab.speech.cepstral_vocoder import cepstral_vocoder
from biometrics.attacklab.speech.lpc_vocoder import lpc_vocoder
from biometrics.voice.features import Samples

Idea = Literal["vocoder", "conversion", "replay"]
Make = Callable[[Samples, Samples, np.random.Generator], Samples]
"""Speech, a few seconds of the target (conversion alone listens to it), chance -> as many samples of speech."""


@dataclass(frozen=True, slots=True)
class Generator:
    """``name`` as in reports; ``group`` what it shares with others; ``description`` a few words."""

    name: str
    idea: Idea
    group: str
    description: str
    make: Make


def _alone(make: Callable[[Samples, np.random.Generator], Samples]) -> Make:
    def made(samples: Samples, target: Samples, rng: np.random.Generator) -> Samples:
        del target
        return make(samples, rng)

    return made


GENERATORS: Final = (
    Generator("griffin_lim_linear", "vocoder", "griffin_lim", "phases found again from the magnitude", _alone(griffin_lim.linear)),
    Generator("griffin_lim_mel", "vocoder", "griffin_lim", "phases found again from mel bands", _alone(griffin_lim.mel)),
    Generator("lpc_vocoder", "vocoder", "source_filter", "all-pole filter, pulses or noise", _alone(lpc_vocoder)),
    Generator("cepstral_vocoder", "vocoder", "source_filter", "cepstral envelope, pulses and breath", _alone(cepstral_vocoder)),
    Generator("conversion_vocoder", "conversion", "source_filter", "target's pitch and envelope, cepstral vocoder", conversion.through_vocoder),
    Generator("conversion_nearest", "conversion", "source_filter", "target's pitch and own nearest envelopes, cepstral vocoder", conversion.from_nearest),
    Generator("conversion_waveform", "conversion", "waveform", "target's pitch and envelope, own periods", conversion.by_waveform),
    Generator("replay_phone", "replay", "replay", "phone's loudspeaker, decaying noise", _alone(replay.by_phone)),
    Generator("replay_desk", "replay", "replay", "desk loudspeaker, mirror sources", _alone(replay.by_desk)),
)  # fmt: skip


def generator_named(name: str) -> Generator:
    """The generator of this name. Raises KeyError."""
    return {each.name: each for each in GENERATORS}[name]
