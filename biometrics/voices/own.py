"""The session's own voice: what most of its first speech sounds like, refined while nothing else is heard."""

from __future__ import annotations

from collections import deque
from typing import Final

import numpy as np

from biometrics.voice.embed import Vector, distance, unit

BOUNDARY: Final = 0.58
"""Cosine distance at which a window of 3 s is as likely somebody else's.

Measured on the 10 speakers of LibriSpeech test-other in simulated rooms, against the mean of the session's first five windows: of 1512
windows of the same speaker through Opus at 12 to 32 kbit/s, in noise 18 dB below, and far from the microphone 12 dB down, one is further
(0.587; the farthest near the microphone 0.38), and of 16 814 of other speakers 0.05 % are nearer.
"""
FIRST: Final = 5
"""Windows that make the voice: 9 s of speech where they follow each other, 1.5 s apart."""
REFINED: Final = 0.45
"""A later window refines the voice up to this distance."""
_CANDIDATES: Final = 12
_MOST: Final = 40


class OwnVoice:
    """The voice that most of a session's first windows share, so that a cough or a stray voice among them does not count.

    `FIRST` windows within the boundary of one of them make it; until then the last twelve are kept. Later ones refine it, up to a
    minute of speech: after that it stays, so that nobody can drift into it.
    """

    def __init__(self) -> None:
        self._first: deque[Vector] = deque(maxlen=_CANDIDATES)
        self._total: Vector | None = None
        self._alike = 0
        self._windows = 0

    @property
    def known(self) -> bool:
        """Whether there is a voice to compare with."""
        return self._total is not None

    @property
    def windows(self) -> int:
        """How many windows it is made of; before it is known, how many of the last ones are alike."""
        return self._windows if self.known else self._alike

    def learn(self, voiceprint: Vector) -> None:
        """Take one of the first windows (d,), of unit length, before the voice is known."""
        self._first.append(voiceprint)
        alike = max((self._like(middle) for middle in self._first), key=len)
        self._alike = len(alike)
        if len(alike) >= FIRST:
            self._total, self._windows = np.sum(alike, axis=0), len(alike)

    def refine(self, voiceprint: Vector) -> None:
        """Take a later window, unless it is too far away, or the voice is settled."""
        if self._total is not None and self._windows < _MOST and self.distance(voiceprint) <= REFINED:
            self._total = self._total + voiceprint
            self._windows += 1

    def distance(self, voiceprint: Vector) -> float:
        """Cosine distance 0..2 of a window from the voice. Raises ValueError before it is known."""
        if self._total is None:
            raise ValueError("no voice is known yet")
        return distance(voiceprint, unit(self._total))

    def _like(self, middle: Vector) -> list[Vector]:
        return [one for one in self._first if distance(one, middle) <= BOUNDARY]
