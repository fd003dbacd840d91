"""Is it a live face or a presentation of one? Two networks and fourteen hand-made cues, over windows of 4 s.

Score: log-odds of an attack presentation by a logistic combination, held in -8..8; greater means more attack-like. Each
cue and its part in the score are among the covariates. Networks and combination were fitted on simulated attacks: medium
evidence at best.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.boxes import Image
from biometrics.face.crops import context_crop
from biometrics.face.pad.collect import WindowCollector
from biometrics.face.pad.window import CUES, DISTANCES
from biometrics.views import Face, FaceView, Fact
from fraudmodel.signals import Abstention, Observation, Reading, Reason, SignalKind, Span
from models.hub import Model

KIND = SignalKind("face_pad")
WINDOW_S = 4.0
SHORTEST_S = 2.0
"""A last window shorter than this is not judged."""
LEAST_FACES = 4
"""Fewer faces in a window are not judged."""
SCALES = {"pad_v2": 2.7, "pad_v1se": 4.0}
"""Each network's crop, in sizes of the face's box."""
COMBINATION = "pad_window"
BONA_FIDE = 1
"""Index of the live class."""
LARGEST_SCORE = 8.0
_ROUNDING = 1e-5
PART = "_part"
"""A cue's part in the score, nats, has the cue's name with this ending."""


def prepare(image: Image, box: tuple[float, float, float, float], scale: float) -> NDArray[np.float32]:
    """One row (1, 3, 80, 80) for a network: BGR floats 0..255, not scaled to 1 as is usual elsewhere."""
    crop = context_crop(image, box, scale).astype(np.float32)
    return np.ascontiguousarray(crop.transpose(2, 0, 1))[np.newaxis]


def interpret(bona_fide: Iterable[float]) -> float:
    """Log-odds of an attack from each network's probability of a live face. Raises ValueError for what is no probability."""
    each = np.array(list(bona_fide), dtype=np.float64)
    if not np.all((each >= -_ROUNDING) & (each <= 1.0 + _ROUNDING)):
        raise ValueError(f"a network gave what is no probability: {each.tolist()}")
    live = float(np.mean(each))
    if live <= 0.0 or live >= 1.0:
        return LARGEST_SCORE if live <= 0.0 else -LARGEST_SCORE
    return min(max(log(1.0 - live) - log(live), -LARGEST_SCORE), LARGEST_SCORE)


def explain(values: Sequence[float], parts: Sequence[float], known: Sequence[bool]) -> dict[str, float]:
    """Each cue that was measured by its name, and its part in the score, all in the order of `CUES` and `DISTANCES`."""
    names = (*CUES, *DISTANCES)
    found: dict[str, float] = {}
    for name, value, part, measured in zip(names, values, parts, known, strict=True):
        if measured:
            found |= {name: float(value), name + PART: float(part)}
    return found


class FacePad:
    """Watches one session for presentation attacks."""

    def __init__(self, networks: tuple[tuple[Model, float], ...], combination: Model) -> None:
        self._networks = networks
        self._combination = combination
        self._model = "+".join(str(model.id) for model in (*(model for model, _ in networks), combination))
        self._window = WindowCollector(KIND, self._odds)

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Give a reading for each window that the view is no longer part of."""
        window = self._window
        full = not window.empty and view.t - window.span.start >= WINDOW_S
        found = [self._read()] if full else []
        window.push(view)
        return found

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Take note of when somebody was heard speaking."""
        self._window.hear(fact)
        return []

    def finish(self) -> Iterable[Reading]:
        """Judge the last window, unless it is too short."""
        self._window.close()
        return [] if self._window.empty else [self._read()]

    def _odds(self, view: FaceView, face: Face) -> float:
        rows = [model(prepare(view.frame.image, face.box, scale))[0] for model, scale in self._networks]
        return interpret(float(row[0, BONA_FIDE]) for row in rows)

    def _read(self) -> Reading:
        window = self._window
        span = window.span
        reason = self._refusal(span)
        if reason is not None:
            window.take()
            return Abstention(KIND, span, reason)
        conditions, quality, evidence = window.conditions, window.quality, window.evidence
        cues = window.take()
        score, values, parts = (output[0] for output in self._combination(*cues.rows))
        known = [*(cues.known[0] > 0), *(cues.seen[0] > 0)]
        return Observation(
            KIND,
            span,
            score=float(np.clip(score[0], -LARGEST_SCORE, LARGEST_SCORE)),
            quality=quality,
            model=self._model,
            evidence=evidence,
            covariates=conditions | explain(values, parts, known),
        )

    def _refusal(self, span: Span) -> Reason | None:
        if self._window.faces >= LEAST_FACES and span.duration_s >= SHORTEST_S:
            return None
        return self._window.missing or (
            Reason.NOT_YET if span.duration_s < SHORTEST_S else Reason.LOW_FRAME_RATE
        )


def build(context: DetectorContext) -> FacePad:
    """A detector for any session: it needs its three models and no reference."""
    networks = tuple((context.models[name], scale) for name, scale in SCALES.items())
    return FacePad(networks, context.models[COMBINATION])


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(*SCALES, COMBINATION),
    consent="face",
    latency_s=1.0,
    build=build,
    topics=("speech",),
)
