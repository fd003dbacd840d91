"""How an answer was spoken: how soon, with how many pauses, how fast, and how much the voice went up and down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.behaviour.syllables import nuclei
from biometrics.voice.segments import SPEECH
from biometrics.voice.vad import FRAME_S
from fraudmodel.signals import Span

WORD_S: Final = 0.1
"""Shorter bursts of speech are clicks and breaths."""
PAUSE_S: Final = 0.25
"""Shorter silences belong to articulation (Goldman-Eisler 1968)."""
HEARD: Final = 0.5
"""Share of a stretch that must have been heard: from less its pauses are not told."""
LEAST_SPEECH_S: Final = 1.0
"""From less speech no pace and no pauses are told."""
LEAST_VOICED: Final = 60
"""Frames of pitch, about a second of vowels."""
_SIGMA: Final = (15.87, 84.13)
"""Percentiles that lie a standard deviation from the middle: a few octave errors do not move them, as they would the deviation itself."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """One stretch of sound.

    ``at`` (n,) s the begin of each 32 ms and ``speech`` (n,) its probability of speech; ``step_at`` (m,) s of each step of
    ``levels_db`` (m, bands), ``step_s`` long; ``f0_hz`` (k,) of the frames that were voiced.
    """

    at: Floats
    speech: Floats
    step_at: Floats
    levels_db: Floats
    step_s: float
    f0_hz: Floats

    @property
    def heard_s(self) -> float:
        """Seconds of sound that arrived."""
        return len(self.at) * FRAME_S

    @property
    def spoken(self) -> NDArray[np.bool_]:
        """(n,) which frames are speech."""
        return np.asarray(self.speech >= SPEECH)


def words(heard: Heard) -> tuple[Span, ...]:
    """Stretches of speech, each between two pauses; bursts shorter than `WORD_S` are left out."""
    starts: list[float] = []
    ends: list[float] = []
    for t in heard.at[heard.spoken].tolist():
        if not ends or t - ends[-1] > PAUSE_S:
            starts.append(t)
            ends.append(t)
        ends[-1] = t + FRAME_S
    spans = (Span(max(start, 0.0), end) for start, end in zip(starts, ends, strict=True))
    return tuple(span for span in spans if span.duration_s >= WORD_S)


def latency_s(heard: Heard, asked_s: float) -> float | None:
    """From the end of asking to the first word; ``heard`` begins `PAUSE_S` earlier.

    None where somebody was speaking at that moment: then the answer began before the mark, or the officer had not ended. None, too, where
    a word may have been lost since: where so much sound is missing, after the mark or from the pause that a first word follows on.
    """
    word = next((span for span in words(heard) if span.end > asked_s), None)
    if word is None or word.start < asked_s:
        return None
    silence = min(asked_s, word.start - PAUSE_S), word.start
    return word.start - asked_s if _longest_loss_s(heard, *silence) < WORD_S else None


def pause_ratio(spoken: Sequence[Span], heard: Heard) -> float | None:
    """Share of what was heard from the first to the last word that was silent for `PAUSE_S` or more. What was lost is neither."""
    if _speech_s(heard) < LEAST_SPEECH_S or not spoken:
        return None
    first, last = spoken[0].start, spoken[-1].end
    middles = heard.at + FRAME_S / 2.0
    middles = middles[(middles > first) & (middles < last)]
    if len(middles) * FRAME_S < HEARD * (last - first):
        return None
    said = sum(int(((middles > span.start) & (middles < span.end)).sum()) for span in spoken)
    return 1.0 - said / len(middles)


def syllables_per_s(heard: Heard) -> float | None:
    """Syllables for each second of speech, pauses not counted."""
    speech_s = _speech_s(heard)
    if speech_s < LEAST_SPEECH_S or not len(heard.step_at):
        return None
    frame = np.clip(np.searchsorted(heard.at, heard.step_at + heard.step_s / 2, "right") - 1, 0, None)
    return nuclei(heard.levels_db, heard.spoken[frame], heard.step_s) / speech_s


def pitch_sd_st(f0_hz: Floats) -> float | None:
    """Standard deviation of the pitch in semitones, from the middle 68 % of the frames."""
    if len(f0_hz) < LEAST_VOICED:
        return None
    low, high = np.percentile(12.0 * np.log2(f0_hz), _SIGMA)
    return float(high - low) / 2.0


def _speech_s(heard: Heard) -> float:
    return float(heard.spoken.sum()) * FRAME_S


def _longest_loss_s(heard: Heard, start: float, end: float) -> float:
    """Seconds of the longest stretch within ``start``..``end`` of which no sound arrived."""
    at = heard.at[(heard.at + FRAME_S > start) & (heard.at < end)]
    return float(np.max(np.append(at, end) - np.append(start, at + FRAME_S)))
