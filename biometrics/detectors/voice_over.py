"""Is somebody heard while the visible mouth is still? Then it is not that mouth that speaks.

Score: natural log of a lively mouth's movement over this one's, in each second of speech; above 0 the mouth is too still for what
is heard. It says nothing of who speaks: an officer's voice from a loudspeaker or somebody else in the room reads the same.
"""

from __future__ import annotations

from collections.abc import Iterable

from biometrics.av.patience import Patience
from biometrics.av.still import LOOK_S, Look, Looks
from biometrics.av.timeline import STEP_S, WAIT_S, Rows, Timeline
from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import FaceView, Fact
from fraudmodel.signals import EvidenceRef, Observation, Reading, SignalKind, Span

KIND = SignalKind("voice_over")
MODEL = "lip-motion-1"
_FULL_QUALITY_PX = 80.0


class VoiceOver:
    """Watches one session's mouth for as long as somebody is heard."""

    def __init__(self) -> None:
        self._timeline = Timeline()
        self._looks = Looks()
        self._patience = Patience(KIND, self._timeline)
        self._unheard_s = 0.0

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Take a view; give a reading for each look at a mouth over a voice."""
        return self._take(self._timeline.see(view))

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Take note of what was heard."""
        return self._take(self._timeline.hear(fact))

    def finish(self) -> Iterable[Reading]:
        """What is left, and why it was not measured. Idempotent."""
        return [*self._take(self._timeline.finish()), *self._patience.due(self._silent_mouth(), 0.0)]

    def _take(self, blocks: Iterable[Rows]) -> list[Reading]:
        return [reading for rows in blocks for reading in self._next(rows)]

    def _next(self, rows: Rows) -> list[Reading]:
        found: list[Reading] = []
        self._patience.push(rows)
        for look in self._looks.push(rows):
            self._unheard_s += LOOK_S if look.unheard else 0.0
            if look.over_voice:
                found.append(interpret(look))
                self._patience.measured(found[-1].span.end)
                self._unheard_s = 0.0
        return found or [*self._patience.due(self._silent_mouth())]

    def _silent_mouth(self) -> str:
        if not self._unheard_s:
            return ""
        return f"the mouth moved as in speech for {self._unheard_s:.0f} s while nobody was heard"


def interpret(look: Look) -> Observation:
    """One look's reading."""
    span = Span(float(look.rows.t[0]), float(look.rows.t[-1]) + STEP_S / 2)
    covariates = {
        "motion": look.motion,
        "spoken": look.spoken,
        "mouth_px": look.px,
        "still_part": look.score,
        "still_s": LOOK_S if look.score > 0.0 else 0.0,
    }
    return Observation(
        KIND,
        span,
        score=look.score,
        quality=min(look.px / _FULL_QUALITY_PX, 1.0),
        model=MODEL,
        evidence=(EvidenceRef("video", span),),
        covariates=covariates,
    )


def build(context: DetectorContext) -> VoiceOver:
    """It needs no model and no reference."""
    return VoiceOver()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(),
    consent="face",
    latency_s=WAIT_S + 2.0,
    build=build,
    topics=("speech",),
    also=("voice",),
)
