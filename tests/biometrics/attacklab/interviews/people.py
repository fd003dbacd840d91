"""A cast of drawn people with made-up voices: two on each side of the split, and two of whom there are photos only."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from biometrics.attacklab.clip import Clip
from biometrics.attacklab.interviews.cast import Cast, Voice, cast
from tests.biometrics.attacklab.people import person
from tests.biometrics.attacklab.speech.voices import spoken

SIZE = (60, 48)
FPS = 15.0
_SKINS = ((120, 150, 200), (90, 110, 160), (140, 170, 220), (60, 80, 120), (100, 130, 170), (80, 100, 150))


def films() -> list[Clip]:
    """Four people in films of 4 s."""
    return [replace(person(f"f{k}", _SKINS[k], 60, SIZE), audio=None, source=f"f{k}") for k in range(4)]


def photos() -> list[Clip]:
    """Two people in two photos each."""
    found = []
    for k in (4, 5):
        take = person(f"g{k}", _SKINS[k], 6, SIZE)
        for number in (0, 5):
            frames, points = take.frames[number : number + 1], take.landmarks[number : number + 1]
            found.append(
                replace(take, frames=frames, landmarks=points, audio=None, fps=1.0, source=f"g{k}-{number}")
            )
    return found


def voices(count: int = 4) -> list[Voice]:
    """Voices of different pitch: three recordings to enrol, and 16 s of other words."""
    return [
        Voice(
            tuple(spoken(3.0, 10 * k + j, 100.0 + 30 * k) for j in range(3)),
            np.asarray(spoken(16.0, 10 * k + 7, 100.0 + 30 * k), np.float32),
        )
        for k in range(count)
    ]


def everybody() -> Cast:
    """All of them."""
    return cast([*films(), *photos()], voices())
