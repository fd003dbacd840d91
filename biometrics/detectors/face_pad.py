"""Is it a live face or a presentation of one? MiniFASNet V2 and V1SE on four faces a second.

Score: log-odds of an attack presentation by the mean of both softmaxes, held in -8..8; greater means more attack-like.
The networks were trained on private data and miss some attacks of their own sample set: medium evidence at best.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import log

import numpy as np
from numpy.typing import NDArray

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.boxes import Image
from biometrics.face.crops import context_crop
from biometrics.face.quality import PRESENTATION, covariates, grade
from biometrics.face.sampling import FaceSampler, evidence, instant
from biometrics.views import Face, FaceView
from fraudmodel.signals import Observation, Reading, SignalKind
from models.hub import Model

KIND = SignalKind("face_pad")
PERIOD_S = 0.25
SCALES = {"minifasnet_v2": 2.7, "minifasnet_v1se": 4.0}
"""Each network's crop, in sizes of the face's box."""
BONA_FIDE = 1
"""Index of the live class."""
LARGEST_SCORE = 8.0


def prepare(image: Image, box: tuple[float, float, float, float], scale: float) -> NDArray[np.float32]:
    """One row (1, 3, 80, 80) for a network: BGR floats 0..255, not scaled to 1 as is usual elsewhere."""
    crop = context_crop(image, box, scale).astype(np.float32)
    return np.ascontiguousarray(crop.transpose(2, 0, 1))[np.newaxis]


def interpret(bona_fide: Iterable[float]) -> float:
    """The score from each network's probability of a live face."""
    live = float(np.mean(np.array(list(bona_fide), dtype=np.float64)))
    if live <= 0.0 or live >= 1.0:
        return LARGEST_SCORE if live <= 0.0 else -LARGEST_SCORE
    return min(max(log(1.0 - live) - log(live), -LARGEST_SCORE), LARGEST_SCORE)


class FacePad:
    """Watches one session for presentation attacks."""

    def __init__(self, networks: tuple[tuple[Model, float], ...]) -> None:
        self._networks = networks
        self._model = "+".join(str(model.id) for model, _ in networks)
        self._sampler = FaceSampler(KIND, PERIOD_S, PRESENTATION)

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Give a reading for the first good face of each quarter second, or an abstention after one without."""
        missed, face = self._sampler.push(view)
        return missed if face is None else [*missed, self._read(view, face)]

    def finish(self) -> Iterable[Reading]:
        """Say that the last stretch showed no good face, where it was so."""
        return self._sampler.finish()

    def _read(self, view: FaceView, face: Face) -> Observation:
        rows = [model(prepare(view.frame.image, face.box, scale))[0] for model, scale in self._networks]
        return Observation(
            KIND,
            instant(view),
            score=interpret(float(row[0, BONA_FIDE]) for row in rows),
            quality=grade(face, PRESENTATION),
            model=self._model,
            evidence=evidence(view, face),
            covariates=covariates(face),
        )


def build(context: DetectorContext) -> FacePad:
    """A detector for any session: it needs both networks and no reference."""
    return FacePad(tuple((context.models[name], scale) for name, scale in SCALES.items()))


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=tuple(SCALES),
    consent="face",
    latency_s=1.0,
    build=build,
)
