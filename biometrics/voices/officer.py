"""How much of a window of speech is the officer's echo: the applicant's turns are searched for it as they end."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from biometrics.views import FarView, SpeechView
from biometrics.voice.segments import MAX_AGE_S, SpeechWindow
from biometrics.voice.vad import FRAME_S
from biometrics.voices.echo import EchoPath
from biometrics.voices.turns import Segment, Turns
from fraudmodel.signals import Span

SETTLED_S: Final = 2.0
"""So long after its end everything in a window has been searched: a segment of a turn ends within 1.3 s, and waits for the next view."""


class OfficersEcho:
    """Searches one session's speech. What the officer did not send cannot come back: without their track nothing is echo."""

    def __init__(self) -> None:
        self._path = EchoPath()
        self._turns = Turns()
        self._waiting: list[Segment] = []
        self._found: deque[Span] = deque()

    def overhear(self, view: FarView) -> None:
        """Take some of the officer's sound."""
        self._path.far.push(view)

    def push(self, view: SpeechView) -> None:
        """Take the next of the applicant's sound."""
        # What the officer said until then may come a little later: a segment waits for the next view.
        self._search(self._waiting)
        self._waiting = self._turns.push(view)
        while self._found and self._found[0].end < view.span.end - MAX_AGE_S - SETTLED_S - 1.0:
            self._found.popleft()

    def finish(self) -> None:
        """Nothing follows: search the rest."""
        self._search([*self._waiting, *self._turns.end()])
        self._waiting = []

    def share(self, window: SpeechWindow) -> float:
        """Share 0..1 of a window's speech that is echo."""
        echo_s = sum(_shared_s(found, stretch) for found in self._found for stretch in window.stretches)
        return min(1.0, echo_s / max(window.net_speech_s, FRAME_S))

    def unknown(self, window: SpeechWindow) -> bool:
        """Whether some of what the officer said in a window's time was lost, so that nobody knows what its echo is."""
        far = self._path.far
        if far.since_s is None or far.since_s > window.span.end:
            return False
        return not far.known(max(window.span.start, far.since_s), window.span.end)

    def _search(self, segments: Sequence[Segment]) -> None:
        for segment in segments:
            echoed = self._path.echoed(segment.span.start, segment.samples) & segment.speaks
            for frame in np.flatnonzero(echoed).tolist():
                start_s = segment.span.start + frame * FRAME_S
                self._found.append(Span(start_s, start_s + FRAME_S))


def _shared_s(one: Span, other: Span) -> float:
    return max(0.0, min(one.end, other.end) - max(one.start, other.start))
