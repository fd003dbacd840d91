"""What was said after each digit: as digits of the languages that are understood, and which of it is alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from biometrics.digits.alike import Features, distances, features
from biometrics.digits.bursts import Burst
from biometrics.digits.orders import OrderFit, hits, order_fit
from biometrics.digits.recogniser import LANGUAGES
from biometrics.digits.run import Prompt
from biometrics.digits.sound import Sound
from biometrics.digits.timing import Answers
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

MOST_BURSTS: Final = 14
LONGEST_S: Final = 1.0
"""No digit takes longer: of what goes on, the beginning is understood."""
_PAD_S: Final = 0.3
"""Pause kept around a word: the recogniser takes the room's sound off by it. Chosen on six of the voices of the evaluation."""
_CERTAIN_P: Final = 0.01
"""A language is taken for understood where so few orders fit as well."""


class Recogniser(Protocol):
    """Names the digit that a burst says."""

    def hear(self, samples: Samples, language: str) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Said:
    """Each burst as a digit of each language, and its cepstra; both None where there are too many bursts to be digits."""

    digits: Mapping[str, tuple[int | None, ...]]
    cepstra: tuple[Features | None, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """How what was said fits the shown order.

    ``hits`` digits as shown in the ``language`` that fits best, ``said`` as heard in it; ``known`` whether the language is
    one that is understood, as far as the fit tells.
    """

    language: str
    hits: int
    said: tuple[int | None, ...]
    order: OrderFit

    @property
    def p_value(self) -> float:
        """Share of all orders that fit as well, all content together."""
        return self.order.both

    @property
    def known(self) -> bool:
        return self.order.heard <= _CERTAIN_P


def say(sound: Sound, heard: Sequence[Burst], recogniser: Recogniser) -> Said:
    """Understand each burst."""
    if len(heard) > MOST_BURSTS:
        nothing = (None,) * len(heard)
        return Said(dict.fromkeys(LANGUAGES, nothing), nothing)
    cut = [_cut(sound, heard, k, _PAD_S) for k in range(len(heard))]
    digits = {
        language: tuple(recogniser.hear(samples, language) for samples in cut) for language in LANGUAGES
    }
    return Said(digits, tuple(features(_cut(sound, heard, k, 0.0)) for k in range(len(heard))))


def fit(said: Said, given: Answers, prompts: Sequence[Prompt]) -> Fit:
    """Compare with the shown order."""
    asked = [prompt.digit for prompt in prompts]
    order = np.array([asked], dtype=np.int8)
    placed = {
        language: tuple(None if k is None else digits[k] for k in given.which)
        for language, digits in said.digits.items()
    }
    count = {language: int(hits(order, digits)[0]) for language, digits in placed.items()}
    best = max(LANGUAGES, key=lambda language: count[language])
    apart = distances([None if k is None else said.cepstra[k] for k in given.which])
    return Fit(best, count[best], placed[best], order_fit(asked, list(placed.values()), apart))


def _cut(sound: Sound, heard: Sequence[Burst], k: int, pad_s: float) -> Samples:
    """One burst with some of the pause around it, but nothing of its neighbours."""
    before = heard[k - 1].end if k else sound.start
    after = heard[k + 1].start if k + 1 < len(heard) else float("inf")
    end = min(heard[k].end, heard[k].start + LONGEST_S)
    first, last = max(heard[k].start - pad_s, before), min(end + pad_s, after)
    return sound.samples[
        round((first - sound.start) * SAMPLE_RATE_HZ) : max(
            round(min(last - sound.start, 1e6) * SAMPLE_RATE_HZ), 0
        )
    ]
