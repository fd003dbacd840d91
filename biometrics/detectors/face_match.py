"""Is it the person on the ID photo? Compares one good face a second with the applicant's face reference.

Score: Euclidean distance of unit embeddings, 0..2; greater means another person.
"""

from __future__ import annotations

from collections.abc import Iterable

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.embed import FaceEncoder, distance
from biometrics.face.quality import COMPARE, covariates, grade
from biometrics.face.sampling import FaceSampler, evidence, instant
from biometrics.template import Template
from biometrics.views import Face, FaceView
from fraudmodel.signals import Absent, Observation, Reading, SignalKind

KIND = SignalKind("face_match")
PERIOD_S = 1.0


class FaceMatch:
    """Watches one session's face against one reference."""

    def __init__(self, encoder: FaceEncoder, reference: Template) -> None:
        self._encoder = encoder
        self._reference = reference
        self._sampler = FaceSampler(KIND, PERIOD_S, COMPARE)

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Give a reading for the first good face of each second, or an abstention after a second without one."""
        missed, face = self._sampler.push(view)
        return missed if face is None else [*missed, self._compare(view, face)]

    def finish(self) -> Iterable[Reading]:
        """Say that the last stretch showed no good face, where it was so."""
        return self._sampler.finish()

    def _compare(self, view: FaceView, face: Face) -> Observation:
        probe = self._encoder.embed(view.frame.image, face.landmarks)
        return Observation(
            KIND,
            instant(view),
            score=distance(probe, self._reference.vector),
            quality=grade(face, COMPARE),
            model=self._encoder.model,
            evidence=evidence(view, face),
            covariates=covariates(face),
        )


def build(context: DetectorContext) -> FaceMatch | Absent:
    """A detector for a session that has a face reference made with the encoder at hand."""
    encoder = FaceEncoder(context.models["dlib_resnet"])
    reference = context.reference("face", encoder.model)
    return reference if isinstance(reference, Absent) else FaceMatch(encoder, reference)


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=("dlib_resnet",),
    consent="face",
    latency_s=2 * PERIOD_S,
    build=build,
)
