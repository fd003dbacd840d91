"""Another pitch for the same voice, from its own periods (TD-PSOLA, Moulines & Charpentier 1990)."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.speech.pitch import HOP, Pitch
from biometrics.attacklab.speech.waves import Floats
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples

_STEP: Final = 80
"""Samples from piece to piece where there is no voice: 5 ms."""


def repitched(samples: Samples, pitch: Pitch, hz: Floats) -> Floats:
    """The samples (n,) spoken at ``hz`` (f,), times as in ``pitch``, as long as before. Voiceless sound passes as it is."""
    marks, voiced = _marks(samples, pitch)
    out, weight = np.zeros(len(samples)), np.zeros(len(samples))
    at = float(marks[0])
    while at < marks[-1]:
        nearest = int(np.argmin(np.abs(marks - at)))
        reach = _reach(marks, nearest)
        _lay(out, weight, samples, int(marks[nearest]), round(at), reach)
        frame = min(round(at / HOP), len(hz) - 1)
        at += SAMPLE_RATE_HZ / hz[frame] if voiced[nearest] else _STEP
    heard = weight > 0.05
    return np.where(heard, out / np.where(heard, np.maximum(weight, 0.5), 1.0), 0.0)


def _marks(samples: Samples, pitch: Pitch) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The same instant of every period, and every 5 ms where there is no voice."""
    found, voiced, at = [0], [False], 0
    while at < len(samples) - 1:
        frame = min(at // HOP, len(pitch.hz) - 1)
        if not pitch.voiced[frame]:
            at += _STEP
        else:
            period = SAMPLE_RATE_HZ / pitch.hz[frame]
            at += _most_alike(samples, at, round(period))
        found.append(min(at, len(samples) - 1))
        voiced.append(bool(pitch.voiced[frame]))
    return np.array(found), np.array(voiced)


def _most_alike(samples: Samples, at: int, period: int) -> int:
    """How far on, within 15 % of a period, the sound about ``at`` comes again."""
    half, slack = period // 2, max(1, round(0.15 * period))
    now = samples[max(0, at - half) : at + half]
    first = max(0, at - half) + period - slack
    then = samples[first : first + len(now) + 2 * slack]
    if len(now) < 2 or len(then) < len(now) + 2 * slack:
        return period
    alike = np.correlate(then, now, "valid")
    energy = np.convolve(np.square(then), np.ones(len(now)), "valid")
    return period - slack + int(np.argmax(alike / np.sqrt(energy + 1e-9)))


def _reach(marks: NDArray[np.int64], index: int) -> int:
    """How far a piece reaches to either side: a period."""
    left = marks[index] - marks[index - 1] if index else _STEP
    right = marks[index + 1] - marks[index] if index + 1 < len(marks) else _STEP
    return int(max(2, min(max(left, right), 2 * min(max(left, 2), max(right, 2)))))


def _lay(out: Floats, weight: Floats, samples: Samples, source: int, target: int, reach: int) -> None:
    first = max(-reach, -source, -target)
    last = min(reach, len(samples) - source, len(out) - target)
    if last <= first:
        return
    window = 0.5 + 0.5 * np.cos(np.pi * np.arange(first, last) / reach)
    out[target + first : target + last] += window * samples[source + first : source + last]
    weight[target + first : target + last] += window
