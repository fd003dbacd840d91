"""From the supervisor's thread to those who watch and to the store.

What the analysis gives is announced at once and stored soon after, together with the journal lines that it was given
for, once the recording of those packets is safe: so recording, journal and outputs agree whenever the power goes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment
from interview.analysis.feeding import Event
from interview.analysis.protocol import Fault, Output
from interview.media.journal import Entry, encode
from interview.store.records import StoredAssessment, StoredReading, StoredSpeech

Announce = Callable[[StoredReading | StoredAssessment | StoredSpeech], None]


@dataclass(frozen=True, slots=True)
class Batch:
    """Outputs and the journal lines that they belong to."""

    outputs: tuple[Output, ...] = ()
    entries: tuple[Entry, ...] = ()

    @property
    def journal(self) -> bytes:
        """The entries as lines."""
        return b"".join(map(encode, self.entries))

    def __bool__(self) -> bool:
        return bool(self.outputs or self.entries)

    def then(self, later: Batch) -> Batch:
        """Both, in order."""
        return Batch(self.outputs + later.outputs, self.entries + later.entries)


class Outlet:
    """The supervisor's listener for one session. ``first_seq`` is the place of the next output in the session's record.

    ``on_event`` of the constructor is called on the supervisor's thread and must return at once, as ``announce`` must.
    """

    def __init__(self, first_seq: int, announce: Announce, tell: Callable[[Event], None]) -> None:
        self._seq = first_seq
        self._announce = announce
        self._tell = tell
        self._lock = threading.Lock()
        self._outputs: list[Output] = []
        self._entries: list[Entry] = []
        self._told = 0
        """So many of the entries have their outputs here too."""

    def on_journal(self, entry: Entry, /) -> None:
        """An item was acknowledged; its outputs come right after."""
        with self._lock:
            self._entries.append(entry)

    def on_output(self, outputs: Sequence[Output], through: int, /) -> None:
        """The outputs of the items acknowledged last."""
        with self._lock:
            self._outputs += outputs
            self._told = len(self._entries)
        first, self._seq = self._seq, self._seq + len(outputs)
        for seq, output in enumerate(outputs, first):
            match output:
                case FraudAssessment():
                    self._announce(StoredAssessment(seq, output))
                case SpeechHeard():
                    self._announce(StoredSpeech(seq, output))
                case Fault():
                    pass
                case _:
                    self._announce(StoredReading(seq, output))

    def on_event(self, event: Event, /) -> None:
        """Something that the media edge should know."""
        self._tell(event)

    def take(self, *, last: bool = False) -> Batch:
        """What came since the last batch: outputs, and entries up to those that the newest outputs belong to.

        Entries after that wait, because their outputs may be just about to come; with ``last`` none will.
        """
        with self._lock:
            count = len(self._entries) if last else self._told
            batch = Batch(tuple(self._outputs), tuple(self._entries[:count]))
            self._outputs.clear()
            del self._entries[:count]
            self._told = 0
        return batch
