"""Why nothing was measured of a mouth and a sound for a while."""

from __future__ import annotations

from typing import Final

from biometrics.av.timeline import RATE_HZ, Rows, Timeline
from biometrics.av.tracks import heard_speech, seen_mouth
from fraudmodel.signals import Abstention, Reason, SignalKind, Span

PATIENCE_S: Final = 5.0
"""How long nothing is measured before an abstention says so."""
_MOSTLY: Final = 0.5
_SAID_S: Final = 0.5


class Patience:
    """Counts rows since the last reading, and says why there was none."""

    def __init__(self, kind: SignalKind, timeline: Timeline) -> None:
        self._kind = kind
        self._timeline = timeline
        self._since: float | None = None
        self._begin(0.0)
        self._since = None

    def push(self, rows: Rows) -> None:
        """Take note of rows of which nothing was measured."""
        if self._since is None:
            self._since = float(rows.t[0])
        self._until = float(rows.t[-1])
        self._rows += len(rows)
        self._seen += int(seen_mouth(rows).sum())
        self._spoken += int(heard_speech(rows).sum())
        self._heard += int((rows.speech == rows.speech).sum())

    def measured(self, until: float) -> None:
        """Something was read of everything before."""
        self._begin(until)

    def due(self, detail: str = "", wait_s: float = PATIENCE_S) -> list[Abstention]:
        """The abstention, where nothing was measured for ``wait_s``; ``detail`` goes with too little speech."""
        if self._since is None or not self._rows or self._until - self._since < wait_s:
            return []
        span, reason = Span(self._since, self._until), self._reason()
        self._begin(self._until)
        spoke = reason in (Reason.NOT_ENOUGH_SPEECH, Reason.NO_SPEECH)
        return [Abstention(self._kind, span, reason, detail if spoke else "")]

    def _reason(self) -> Reason:
        if self._seen < _MOSTLY * self._rows:
            return self._timeline.why_unseen(self._since or 0.0, self._until) or Reason.MEDIA_LOST
        if self._heard < _MOSTLY * self._rows:
            return Reason.NO_AUDIO
        return Reason.NO_SPEECH if self._spoken < _SAID_S * RATE_HZ else Reason.NOT_ENOUGH_SPEECH

    def _begin(self, t: float) -> None:
        self._since, self._until = t, t
        self._rows = self._seen = self._heard = self._spoken = 0
