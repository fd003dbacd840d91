"""What happens in a session, told to everyone who watches it. Thread-safe and free of any event loop.

A watcher that cannot keep up never holds anybody back: of ``state``, ``assessment``, ``speech``, ``call``, ``challenge`` and ``questions``
it gets the latest, of ``reading`` the newest. Of ``cue``, what the applicant's page is asked to display, it gets every one in
order; a watcher who comes later gets the last one only where that begins or ends a challenge, never a step that is past. Ids only ever grow, across restarts too, because they start at the wall clock.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Final, Literal

from interview.calls import CallStatus
from interview.challenges.records import Begin, ChallengeStatus, Cue, End, Show
from interview.questions.status import QuestionsStatus
from interview.store.records import SessionRecord, StoredAssessment, StoredReading, StoredSpeech

Payload = (
    SessionRecord
    | StoredAssessment
    | StoredReading
    | StoredSpeech
    | CallStatus
    | ChallengeStatus
    | QuestionsStatus
    | Cue
)
Name = Literal["state", "assessment", "reading", "speech", "call", "challenge", "questions", "cue"]
_CUES: Final = 256
"""So many cues may wait for one watcher: several challenges' worth, for a page that takes none."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. ``id`` grows with every event of the service."""

    id: int
    name: Name
    payload: Payload


_NAMES: Final[Mapping[type[Payload], Name]] = {
    SessionRecord: "state",
    StoredAssessment: "assessment",
    StoredReading: "reading",
    StoredSpeech: "speech",
    CallStatus: "call",
    ChallengeStatus: "challenge",
    QuestionsStatus: "questions",
    Begin: "cue",
    Show: "cue",
    End: "cue",
}


def name_of(payload: Payload) -> Name:
    """The event's name on the wire."""
    return _NAMES[type(payload)]


@dataclass(slots=True)
class _Channel:
    """One session: the latest event of each name, the recent readings, and who watches."""

    latest: dict[Name, Event] = field(default_factory=dict)
    readings: deque[Event] = field(default_factory=deque)
    watchers: set[Watcher] = field(default_factory=set)

    def remember(self, event: Event) -> None:
        if event.name == "reading":
            self.readings.append(event)
        elif isinstance(event.payload, Show):
            self.latest.pop("cue", None)
        else:
            self.latest[event.name] = event

    def since(self, last_id: int) -> list[Event]:
        events = [event for event in (*self.latest.values(), *self.readings) if event.id > last_id]
        return sorted(events, key=lambda event: event.id)


class Watcher:
    """One subscriber's bounded queue."""

    def __init__(self, wake: Callable[[], None], capacity: int) -> None:
        self._wake = wake
        self._lock = Lock()
        self._latest: dict[Name, Event] = {}
        self._readings: deque[Event] = deque(maxlen=capacity)
        self._cues: deque[Event] = deque(maxlen=_CUES)
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the hub was closed: nothing more will come."""
        return self._closed

    def take(self) -> list[Event]:
        """Everything that waits, in order of id."""
        with self._lock:
            waiting = (*self._latest.values(), *self._readings, *self._cues)
            self._latest.clear()
            self._readings.clear()
            self._cues.clear()
        return sorted(waiting, key=lambda event: event.id)

    def offer(self, event: Event) -> None:
        """Add an event and wake; what it supersedes is dropped."""
        self.fill([event])
        self._wake()

    def fill(self, events: list[Event]) -> None:
        """Add events without waking: what waits before the first look."""
        with self._lock:
            for event in events:
                match event.name:
                    case "reading":
                        self._readings.append(event)
                    case "cue":
                        self._cues.append(event)
                    case name:
                        self._latest[name] = event

    def close(self) -> None:
        """Say that nothing more will come."""
        self._closed = True
        self._wake()


class EventHub:
    """Broadcasts each session's events to its watchers, and remembers what a late or returning watcher needs.

    ``now`` is read once. ``capacity`` bounds the readings kept for each session and for each watcher.
    """

    def __init__(self, now: Callable[[], datetime], capacity: int = 256) -> None:
        self._lock = Lock()
        self._next_id = int(now().timestamp() * 1000)
        self._capacity = capacity
        self._channels: dict[str, _Channel] = {}
        self._closed = False

    def publish(self, session_id: str, payload: Payload) -> Event:
        """Tell every watcher of the session. Never blocks on any of them."""
        with self._lock:
            event = Event(self._next_id, name_of(payload), payload)
            self._next_id += 1
            channel = self._channel(session_id)
            channel.remember(event)
            for watcher in channel.watchers:
                watcher.offer(event)
        return event

    def watch(self, session_id: str, wake: Callable[[], None], last_id: int | None = None) -> Watcher:
        """Start watching. What was missed since ``last_id``, or the latest of everything, can be taken at once.

        ``wake`` is called, from any thread and while others wait, whenever there is more: it must be quick.
        """
        watcher = Watcher(wake, self._capacity)
        with self._lock:
            channel = self._channel(session_id)
            # An id that has not been given yet is not ours.
            ours = last_id is not None and last_id < self._next_id
            watcher.fill(channel.since(last_id if last_id is not None and ours else -1))
            channel.watchers.add(watcher)
            if self._closed:
                watcher.close()
        return watcher

    def unwatch(self, session_id: str, watcher: Watcher) -> None:
        """Stop watching. Harmless when it already has."""
        with self._lock:
            channel = self._channels.get(session_id)
            if channel is not None:
                channel.watchers.discard(watcher)
                if not (channel.watchers or channel.latest or channel.readings):
                    del self._channels[session_id]

    def watching(self, session_id: str) -> int:
        """How many watch the session now."""
        with self._lock:
            channel = self._channels.get(session_id)
            return len(channel.watchers) if channel else 0

    def forget(self, session_id: str) -> None:
        """Drop what is remembered of a session that is over, but for its state: somebody may be just about to watch."""
        with self._lock:
            channel = self._channel(session_id)
            channel.readings.clear()
            for name in [name for name in channel.latest if name != "state"]:
                del channel.latest[name]

    def close(self) -> None:
        """Let every watcher go: the service is stopping."""
        with self._lock:
            self._closed = True
            for channel in self._channels.values():
                for watcher in channel.watchers:
                    watcher.close()

    def _channel(self, session_id: str) -> _Channel:
        channel = self._channels.get(session_id)
        if channel is None:
            channel = self._channels[session_id] = _Channel(readings=deque(maxlen=self._capacity))
        return channel
