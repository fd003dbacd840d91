"""One voiceprint for everybody who asks: detectors that cut the same windows out of a view share what it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from biometrics.views import SpeechView
from biometrics.voice.embed import SpeakerEncoder, Vector
from biometrics.voice.features import Samples

_KEPT = "voiceprints"


@dataclass(frozen=True, slots=True)
class _Made:
    model: str
    samples: Samples
    vector: Vector


def voiceprint(view: SpeechView, samples: Samples, encoder: SpeakerEncoder) -> Vector:
    """The voiceprint of a window that became full with ``view``, made once for each model and each such window.

    A voiceprint of 3 s costs some 45 ms of a core. What is kept goes with the view.
    """
    made: list[_Made] = view.derived.setdefault(_KEPT, [])
    for one in made:
        if one.model == encoder.model and np.array_equal(one.samples, samples):
            return one.vector
    vector = encoder.embed(samples)
    made.append(_Made(encoder.model, samples, vector))
    return vector
