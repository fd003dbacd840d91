"""When nothing could be measured for a while: the abstentions of detectors that wait for windows of speech."""

from __future__ import annotations

from collections.abc import Iterator

from biometrics.views import SpeechView
from biometrics.voice.segments import SpeechSegments
from fraudmodel.signals import Abstention, Reason, SignalKind, Span


class Quiet:
    """Keeps how long a detector of ``kind`` has had no window of the ``asked_s`` seconds of speech that ``segments`` cuts.

    ``longer_than_s`` is how long nothing is measured before an abstention says so.
    """

    def __init__(
        self, kind: SignalKind, segments: SpeechSegments, asked_s: float, longer_than_s: float
    ) -> None:
        self._kind = kind
        self._segments = segments
        self._asked_s = asked_s
        self._longer_than_s = longer_than_s
        self._from: float | None = None
        self._seen = 0.0

    def hear(self, view: SpeechView) -> None:
        """The session goes on with this view."""
        self._seen = view.span.end
        if self._from is None:
            self._from = view.span.start

    def measured(self) -> None:
        """A window came together: whatever it gave stands for the time until now."""
        self._from = self._seen

    def told(self) -> Iterator[Abstention]:
        """The abstention that is due, if one is."""
        return self._told(self._longer_than_s)

    def rest(self) -> Iterator[Abstention]:
        """At the end of media: the last stretch was too short, where it was. Idempotent."""
        return self._told(0.0)

    def _told(self, longer_than_s: float) -> Iterator[Abstention]:
        start = self._from
        if start is None or self._seen <= start or self._seen - start < longer_than_s:
            return
        self._from = self._seen
        heard = self._segments.heard_since(start)
        reason = Reason.NOT_ENOUGH_SPEECH if heard else Reason.NO_SPEECH
        detail = f"{self._segments.held_s:.1f} s of {self._asked_s:.0f} s" if heard else ""
        yield Abstention(self._kind, Span(start, self._seen), reason, detail)
