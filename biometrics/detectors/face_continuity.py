"""Is it still the same person? Compares one good face a second, and the first of each new track, with the first five.

Score: Euclidean distance of unit embeddings, 0..2, to the mean of the session's own first good faces; greater means
that somebody else sat down.
"""

from __future__ import annotations

from collections.abc import Iterable

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.embed import FaceEncoder, Vector, centre, distance
from biometrics.face.quality import COMPARE, covariates, grade
from biometrics.face.sampling import FaceSampler, evidence, instant
from biometrics.views import Face, FaceView
from fraudmodel.signals import Abstention, Observation, Reading, Reason, SignalKind

KIND = SignalKind("face_continuity")
PERIOD_S = 1.0
FIRST_FACES = 5
"""How many faces make the session's own reference: one alone may be turned or blurred."""


class FaceContinuity:
    """Watches one session's face against its own beginning."""

    def __init__(self, encoder: FaceEncoder) -> None:
        self._encoder = encoder
        self._sampler = FaceSampler(KIND, PERIOD_S, COMPARE)
        self._first: list[Vector] = []
        self._reference: Vector | None = None
        self._track: int | None = None

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Give a reading for the first good face of each second and of each new track, or an abstention."""
        if view.face is not None and view.face.track != self._track:
            self._sampler.again()
            self._track = view.face.track
        missed, face = self._sampler.push(view)
        return missed if face is None else [*missed, self._read(view, face)]

    def finish(self) -> Iterable[Reading]:
        """Say that the last stretch showed no good face, where it was so."""
        return self._sampler.finish()

    def _read(self, view: FaceView, face: Face) -> Reading:
        probe = self._encoder.embed(view.frame.image, face.landmarks)
        if self._reference is None:
            return self._enrol(view, probe)
        return Observation(
            KIND,
            instant(view),
            score=distance(probe, self._reference),
            quality=grade(face, COMPARE),
            model=self._encoder.model,
            evidence=evidence(view, face),
            covariates=covariates(face),
        )

    def _enrol(self, view: FaceView, probe: Vector) -> Abstention:
        self._first.append(probe)
        if len(self._first) == FIRST_FACES:
            self._reference = centre(self._first)
        return Abstention(
            KIND, instant(view), Reason.NOT_YET, f"face {len(self._first)} of {FIRST_FACES} to compare with"
        )


def build(context: DetectorContext) -> FaceContinuity:
    """A detector for any session: the reference is the session's own."""
    return FaceContinuity(FaceEncoder(context.models["dlib_resnet"]))


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=("dlib_resnet",),
    consent="face",
    latency_s=2 * PERIOD_S,
    build=build,
)
