"""Stretches of media that hold enough speech of a visible mouth to be judged."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.av.sync import Sync, compare, pairs
from biometrics.av.timeline import RATE_HZ, STEP_S, Floats, Rows
from biometrics.av.tracks import about_speech, heard_speech, mouth_track, seen_mouth, sound_track
from fraudmodel.signals import Span

MOST_S: Final = 120.0
"""A window is of one stretch of the conversation: what waited longer for it to fill is dropped."""
PART_S: Final = 6.0
"""Long enough to look at; too short to judge by itself."""


@dataclass(frozen=True, slots=True)
class Worst:
    """The part of a window that goes together least, with its correlation at the window's offset."""

    span: Span
    rho: float


class SpeechWindow:
    """Collects rows until ``voiced_s`` of speech came with the mouth in sight."""

    def __init__(self, voiced_s: float) -> None:
        self._wanted = round(voiced_s * RATE_HZ)
        self._rows: deque[Rows] = deque()
        self._counts: deque[int] = deque()

    @property
    def voiced_s(self) -> float:
        """What it holds so far."""
        return sum(self._counts) / RATE_HZ

    def push(self, rows: Rows) -> Rows | None:
        """Take rows; give the window that became full."""
        self._rows.append(rows)
        self._counts.append(int((heard_speech(rows) & seen_mouth(rows)).sum()))
        while self._rows[-1].t[-1] - self._rows[0].t[0] > MOST_S:
            self._rows.popleft()
            self._counts.popleft()
        if sum(self._counts) < self._wanted:
            return None
        full = joined(self._rows)
        self._rows.clear()
        self._counts.clear()
        return full


def joined(rows: Sequence[Rows] | deque[Rows]) -> Rows:
    """Rows that follow each other, as one."""
    return Rows(
        np.concatenate([each.t for each in rows]),
        np.concatenate([each.mouth for each in rows]),
        np.concatenate([each.levels_db for each in rows]),
        np.concatenate([each.speech for each in rows]),
    )


def part(rows: Rows, place: slice) -> Rows:
    """Some of the rows."""
    return Rows(rows.t[place], rows.mouth[place], rows.levels_db[place], rows.speech[place])


def judge(rows: Rows, weights: Floats) -> Sync | None:
    """How well a window's sound goes with its mouth."""
    return compare(pairs(sound_track(rows, weights), mouth_track(rows), about_speech(rows)))


def worst_part(rows: Rows, weights: Floats) -> Worst:
    """Where in a window somebody should look: of its stretches of `PART_S` the one with the least correlation."""
    tracks = pairs(sound_track(rows, weights), mouth_track(rows), about_speech(rows))
    times = rows.t[about_speech(rows) & np.isfinite(rows.levels_db[:, 0])]
    best = int(np.argmax(tracks.rho(np.arange(len(tracks)), np.arange(len(tracks)))))
    length = min(round(PART_S * RATE_HZ), len(times))
    found = []
    for start in range(0, max(len(times) - length, 0) + 1, round(RATE_HZ)):
        place = np.arange(start, start + length)
        span = Span(float(times[start]), float(times[start + length - 1]) + STEP_S / 2)
        found.append(Worst(span, float(tracks.rho(place, place)[best])))
    return min(found, key=lambda worst: worst.rho)
