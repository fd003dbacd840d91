"""What the analysis of a session took, in order: the part of the record that lets a re-run take the same.

A recording alone does not say in which order packets of two tracks reached the analysis, which it never saw because
it was behind, or where a worker died. One JSON array a line, stored with the outputs that it gave:

    ["v", 4567]            took the video packet at 4567 ms      ["v", 4567, 33]   ... with 33 ms lost before it
    ["a", 4560]            took the audio packet at 4560 ms
    ["f", 4571]            took the officer's audio packet at 4571 ms, to take its echo out
    ["skip", "v", 5000, 6200]   never took the video packets from 5000 ms up to, not including, 6200 ms
    ["level", 2]           analysed at cadence level 2 from here on
    ["told", "page", 4567, {...}]   was told this fact, which lies at 4567 ms
    ["restart"]            a fresh pipeline from here on; the one before it gave its last output and was lost
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from biometrics.views import Fact, Topic
from interview.media.packets import Kind, Packet

_LETTER: dict[Kind, str] = {"video": "v", "audio": "a", "far": "f"}
_KIND: dict[str, Kind] = {letter: kind for kind, letter in _LETTER.items()}


@dataclass(frozen=True, slots=True)
class Took:
    """The analysis took this packet."""

    kind: Kind
    pts_ms: int
    lost_ms: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """The analysis was behind and never took these packets: [from_ms, to_ms)."""

    kind: Kind
    from_ms: int
    to_ms: int


@dataclass(frozen=True, slots=True)
class Level:
    """The cadence level from here on: 0 is full, greater is sparser."""

    level: int


@dataclass(frozen=True, slots=True)
class Restarted:
    """A fresh pipeline from here on; readings made before stay."""


@dataclass(frozen=True, slots=True)
class Told:
    """The analysis was told this fact. ``t_ms`` whole milliseconds on the media clock."""

    topic: Topic
    t_ms: int
    values: Mapping[str, Any]

    @property
    def fact(self) -> Fact:
        """The fact as detectors see it."""
        return Fact(self.t_ms / 1000.0, self.topic, self.values)


Entry = Took | Skipped | Level | Told | Restarted

FeedItem = Packet | Level | Told | Restarted
"""What a pipeline is fed."""


class JournalError(ValueError):
    """A line of a journal that cannot be read. The sentence names the line."""


def took(packet: Packet) -> Took:
    """The entry for a packet that the analysis took."""
    return Took(packet.kind, packet.pts_ms, packet.lost_ms)


def encode(entry: Entry) -> bytes:
    """One line, with its line feed."""
    match entry:
        case Took(kind, pts_ms, 0):
            fields: list[object] = [_LETTER[kind], pts_ms]
        case Took(kind, pts_ms, lost_ms):
            fields = [_LETTER[kind], pts_ms, lost_ms]
        case Skipped(kind, from_ms, to_ms):
            fields = ["skip", _LETTER[kind], from_ms, to_ms]
        case Level(level):
            fields = ["level", level]
        case Told(topic, t_ms, values):
            fields = ["told", topic, t_ms, values]
        case Restarted():
            fields = ["restart"]
    return orjson.dumps(fields) + b"\n"


def decode(line: bytes, number: int = 0) -> Entry:
    """The entry that a line holds. Raises JournalError, naming line ``number``."""
    try:
        match orjson.loads(line):
            case [("v" | "a" | "f") as letter, int(pts_ms)]:
                return Took(_KIND[letter], pts_ms)
            case [("v" | "a" | "f") as letter, int(pts_ms), int(lost_ms)]:
                return Took(_KIND[letter], pts_ms, lost_ms)
            case ["skip", ("v" | "a" | "f") as letter, int(from_ms), int(to_ms)]:
                return Skipped(_KIND[letter], from_ms, to_ms)
            case ["level", int(level)]:
                return Level(level)
            case [
                "told",
                ("page" | "transport" | "past" | "flash" | "pose" | "digits" | "question") as topic,
                int(t_ms),
                dict(values),
            ]:
                return Told(topic, t_ms, values)
            case ["restart"]:
                return Restarted()
    except orjson.JSONDecodeError as error:
        raise JournalError(f"line {number} of the journal is not JSON: {line[:60]!r}") from error
    raise JournalError(f"line {number} of the journal is no entry: {line[:60]!r}")
