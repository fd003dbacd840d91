"""Two people for a check without any sources: the demo's animated portrait, and its mirror image with a higher voice.

No figure from them says anything about people: a face recogniser takes both for one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from biometrics.attacklab.clip import Clip, Samples
from biometrics.attacklab.interviews.cast import Cast, Person
from biometrics.errors import EvaluationError
from biometrics.evaluation.audio import read_audio
from interview.demo.clip import DemoMedia

_HIGHER: Final = 1.18


def portrait_cast(clips: Sequence[Clip], media: DemoMedia) -> Cast:
    """Both, in the test split. ``clips`` holds the demo's clip as prepared. Raises EvaluationError where its ID photo is gone."""
    photo = cv2.imread(str(media.id_photo))
    film = next((clip for clip in clips if not clip.still), None)
    if photo is None or film is None or film.audio is None:
        raise EvaluationError(
            f"{media.id_photo.parent}: the demo's clip and ID photo cannot be read: delete the folder"
        )
    known = np.asarray(photo, np.uint8)
    first = Person(
        "p01", "test", film, (known,), "other_file", film.audio, (read_audio(media.voice_reference),)
    )
    second = Person(
        "p02",
        "test",
        mirrored(film),
        (np.ascontiguousarray(known[:, ::-1]),),
        "other_file",
        faster(film.audio),
        tuple(faster(each) for each in first.enrolled),
    )
    return Cast((first, second))


def mirrored(clip: Clip) -> Clip:
    """The take as a mirror shows it; landmarks keep their names, so that the left eye is still called left."""
    landmarks = clip.landmarks.copy()
    landmarks[..., 0] = clip.size[1] - 1 - landmarks[..., 0]
    return replace(clip, frames=np.ascontiguousarray(clip.frames[:, :, ::-1]), landmarks=landmarks)


def faster(samples: Samples) -> Samples:
    """Played faster, and so higher."""
    at = np.arange(int(len(samples) / _HIGHER)) * _HIGHER
    return np.asarray(np.interp(at, np.arange(len(samples)), samples), np.float32)
