"""Which brief movements did the face make, that its own rest does not explain?

Score: how strong a movement was, in deviations of the person's own rest; 0 for ten seconds in which there was none to be seen. A movement
is no statement about what somebody felt or meant, and no evidence of a lie (Bond & DePaulo 2006; Barrett et al. 2019): it points at the
question that was being answered. Not calibrated: it adds nothing to the probability.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from math import isfinite
from typing import Final

import numpy as np

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.sampling import evidence
from biometrics.micro.align import Aligned, Aligner
from biometrics.micro.masks import Masks, Sample
from biometrics.micro.motion import RegionMotion
from biometrics.micro.movement import Movement
from biometrics.micro.observable import Observability, Refusal
from biometrics.micro.recognition import MODEL as NETWORK
from biometrics.micro.recognition import Recogniser
from biometrics.micro.regions import IS_UPPER
from biometrics.micro.spotting import JUDGED, LEAST_STRENGTH, Moment, Spotter
from biometrics.micro.told import KIND, REGION
from biometrics.micro.windows import LATE_S, WINDOW_S, Window, Windows
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, Span

MODEL: Final = "rest-2"
KEPT_S: Final = 6.0
"""Straight pictures are kept so long: from the onset of a movement until it is found."""
_WIDE_PX = 96.0


class MicroExpression:
    """Watches one session's face for brief movements."""

    def __init__(self, recogniser: Recogniser | None = None, seen: Observability | None = None) -> None:
        self._recogniser = recogniser
        self._seen = seen or Observability()
        self._aligner, self._motion = Aligner(), RegionMotion()
        self._masks, self._spotter = Masks(), Spotter()
        self._pictures: deque[Aligned] = deque()
        self._windows = Windows()
        self._box: tuple[float, float, float, float] | None = None
        self._inter_ocular_px = 0.0
        self._broken = True
        self._now = 0.0
        self.looked: list[Moment] = []
        """The moments that were looked at for movements since the view before; the time that is left was not searched."""

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Give the movements that have become clear, and what became of each ten seconds."""
        self._now, self.looked = view.t, []
        refusal = self._seen.push(view)
        if refusal is not None:
            self._windows.at(view.t).refuse(refusal)
            self._broken = True
            readings = self._spotted(self._masks.blind(view.t))
        elif self._seen.repeated:
            readings = []
        else:
            readings = self._measure(view)
        self._windows.at(view.t)
        return readings + [r for each in self._windows.ended(view.t - LATE_S) for r in self._closed(each)]

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """What was heard: without it nothing below the eyes is judged."""
        self._masks.learn(fact.values)
        return []

    def finish(self) -> Iterable[Reading]:
        """What was still held back, and the last windows. Idempotent."""
        self.looked = []
        readings = self._spotted(self._masks.rest())
        return readings + [r for each in self._windows.rest() for r in self._closed(each)]

    def _measure(self, view: FaceView) -> list[Reading]:
        aligned = self._aligner.push(view)
        if not isinstance(aligned, Aligned) or view.face is None:
            return []
        if self._broken:
            aligned, self._broken = replace(aligned, unbroken=False), False
        self._box = evidence(view, view.face)[0].box
        self._inter_ocular_px = view.face.quality.inter_ocular_px
        self._pictures.append(aligned)
        while self._pictures[0].t < view.t - KEPT_S:
            self._pictures.popleft()
        return self._spotted(self._masks.push(view, aligned, self._motion.push(aligned)))

    def _spotted(self, samples: Iterable[Sample]) -> list[Reading]:
        found: list[Reading] = []
        for sample in samples:
            look = self._spotter.push(sample.shifts, sample.disturbed)
            baseline = self._spotter.baseline
            known = baseline.rest is not None
            self._windows.at(sample.shifts.t).count(known, 0.0 if known else baseline.observed_s)
            self.looked += look.moments
            for moment in look.moments:
                self._windows.at(moment.t).search(moment)
            found += [self._movement(each) for each in look.movements]
        return found

    def _closed(self, window: Window) -> list[Reading]:
        """What became of a window."""
        span, refusal = window.span(self._now), window.verdict()
        if refusal is None and span.duration_s < WINDOW_S - 1.0:
            refusal = Refusal(Reason.NOT_YET, "shorter than a window")
        if window.movements:
            return []
        return [
            self._none(span, window)
            if refusal is None
            else Abstention(KIND, span, refusal.reason, refusal.detail)
        ]

    def _movement(self, movement: Movement) -> Observation:
        """A movement's reading, with the times of frames, and with what it looks like where it is brief."""
        self._windows.at(movement.apex_s).movements += 1
        onset, apex, offset = (
            self._picture(t) for t in (movement.onset_s, movement.apex_s, movement.offset_s)
        )
        like = self._like(onset, apex) if movement.brief else {}
        span = Span(onset.t, max(offset.t, onset.t))
        return self._observation(
            span,
            movement.strength,
            {
                "movement": 1.0,
                "apex_s": apex.t,
                "amplitude": movement.amplitude,
                "asymmetry": movement.asymmetry,
                "brief": float(movement.brief),
                "upper": float(movement.upper),
                **{f"{REGION}{name}": 1.0 for name in movement.regions},
                **like,
            },
            (span,),
        )

    def _like(self, onset: Aligned, apex: Aligned) -> dict[str, float]:
        """What a movement looks like, by class, and which action units went. Raises ValueError where the network gives no number."""
        if self._recogniser is None or apex.t <= onset.t:
            return {}
        like = self._recogniser(onset.grey, apex.grey).covariates
        if not all(map(isfinite, like.values())):
            raise ValueError("the network gave no number for a movement")
        return like

    def _picture(self, t: float) -> Aligned:
        """The straight picture nearest to a moment."""
        return min(self._pictures, key=lambda picture: abs(picture.t - t))

    def _none(self, span: Span, window: Window) -> Observation:
        """Nothing was to be seen; the evidence is what was searched."""
        seen = {"movement": 0.0, "seen": window.seen}
        rest = self._spotter.baseline.rest
        if rest is not None:
            upper = rest.noise[JUDGED][IS_UPPER]
            seen["least_amplitude"] = float(LEAST_STRENGTH * np.median(upper))
        return self._observation(span, 0.0, seen, tuple(window.searched))

    def _observation(
        self, span: Span, score: float, covariates: dict[str, float], shown: tuple[Span, ...]
    ) -> Observation:
        channel = {"fps": self._seen.fps, "inter_ocular_px": self._inter_ocular_px}
        if self._seen.kbps is not None:
            channel["kbps"] = self._seen.kbps
        return Observation(
            KIND,
            span,
            score=score,
            quality=min(self._inter_ocular_px / _WIDE_PX, self._seen.fps / 30.0, 1.0),
            model=MODEL if self._recogniser is None else self._recogniser.model,
            evidence=tuple(EvidenceRef("video", each, self._box) for each in shown),
            covariates=covariates | channel,
        )


def build(context: DetectorContext) -> MicroExpression:
    """With the network that says what a brief movement looks like."""
    return MicroExpression(Recogniser(context.models[NETWORK]))


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(NETWORK,),
    consent="behaviour",
    latency_s=LATE_S + 0.5,
    build=build,
    topics=("speech",),
    also=("face",),
)
