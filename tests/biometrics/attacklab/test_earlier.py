"""What the bank remembers of an interview finds that interview again, and no other."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.attacklab.earlier import remembered
from biometrics.injection.hashes import Fingerprint, ReuseSearch
from biometrics.injection.motion import areas, luma_of, small

FPS = 15.0
SECONDS = 9.0


def film(seed: int) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Somebody who moves about: smooth light and dark that wander, differently for every seed."""
    rng = np.random.default_rng(seed)
    t = np.arange(round(SECONDS * FPS)) / FPS
    slow, phase = rng.uniform(0.2, 0.9, (6, 2)), rng.uniform(0, 6.28, (6, 2))
    frames = np.empty((len(t), 120, 160, 3), np.uint8)
    for k, at in enumerate(t):
        picture = np.full((120, 160), 110, np.float32)
        for i in range(6):
            x, y = (np.sin(6.28 * slow[i] * at + phase[i]) + 1) * (80, 60)
            cv2.circle(picture, (round(float(x)), round(float(y))), 28, float(40 + 30 * i), cv2.FILLED)
        frames[k] = cv2.GaussianBlur(picture, (0, 0), 6)[..., np.newaxis].astype(np.uint8)
    return frames, t


def least_different(shown: int, known: int) -> float:
    search = ReuseSearch()
    told = remembered(*film(known))
    assert (told["topic"], told["t"]) == ("past", 0.0)
    search.add(Fingerprint.of(told["values"]))
    frames, t = film(shown)
    found = [
        search.push(float(at), areas(small(luma_of(image)))) for image, at in zip(frames, t, strict=True)
    ]
    return min(each.differs for each in found if each is not None)


def test_the_same_interview_is_found_again() -> None:
    assert least_different(1, 1) < 0.1


def test_another_interview_is_not() -> None:
    assert least_different(2, 1) > 0.3
