"""One good face per stretch of time, for analytics that look at single frames."""

from __future__ import annotations

from collections import Counter

from biometrics.face.quality import FaceGate, refuse
from biometrics.views import Face, FaceView
from fraudmodel.signals import Abstention, EvidenceRef, Reason, SignalKind, Span


class FaceSampler:
    """Takes the first face that passes a gate in each slot of ``period_s``; a slot without one becomes an abstention."""

    def __init__(self, kind: SignalKind, period_s: float, gate: FaceGate) -> None:
        self._kind = kind
        self._period_s = period_s
        self._gate = gate
        self._slot = -1
        self._taken = False
        self._refused: Counter[Reason] = Counter()
        self._span = Span(0.0, 0.0)

    def push(self, view: FaceView) -> tuple[list[Abstention], Face | None]:
        """The abstention for a slot that ended without a face, and the view's face where it is this slot's."""
        slot = int(view.t // self._period_s)
        missed = self.finish() if slot != self._slot else []
        if slot != self._slot:
            self._slot, self._taken = slot, False
        reason = None if self._taken else refuse(view, self._gate)
        if self._taken or reason is not None:
            self._note(view.t, reason)
            return missed, None
        self._taken = True
        self._refused.clear()
        return missed, view.face

    def again(self) -> None:
        """Take another face in this slot: the one that it has may be somebody else's."""
        self._taken = False

    def finish(self) -> list[Abstention]:
        """The abstention for the slot that is under way, where it has no face yet. Idempotent."""
        if not self._refused:
            return []
        reason = self._refused.most_common(1)[0][0]
        self._refused.clear()
        return [Abstention(self._kind, self._span, reason)]

    def _note(self, t: float, reason: Reason | None) -> None:
        if reason is None:
            return
        self._span = Span(self._span.start if self._refused else t, t)
        self._refused[reason] += 1


def instant(view: FaceView) -> Span:
    """The span of a single frame."""
    return Span(view.t, view.t)


def evidence(view: FaceView, face: Face) -> tuple[EvidenceRef, ...]:
    """Where to look: this frame, with the face's box as fractions of the frame."""
    height, width = view.frame.image.shape[:2]
    x, y, across, down = face.box
    x0, x1 = (min(max(edge / width, 0.0), 1.0) for edge in (x, x + across))
    y0, y1 = (min(max(edge / height, 0.0), 1.0) for edge in (y, y + down))
    return (EvidenceRef("video", instant(view), (x0, y0, x1 - x0, y1 - y0)),)
