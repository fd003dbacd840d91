"""Gathers what a window of views shows: rows for the networks, cues of single frames, and movement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from biometrics.face.pad.bands import BandWatch
from biometrics.face.pad.frames import FrameAnalyser, FrameCues
from biometrics.face.pad.motion import MotionTracker
from biometrics.face.pad.mouth import MouthWatch
from biometrics.face.pad.window import WindowCues, window_cues
from biometrics.face.quality import PRESENTATION, covariates, grade, refuse_face
from biometrics.face.sampling import FaceSampler, evidence
from biometrics.views import Face, FaceView, Fact
from fraudmodel.signals import EvidenceRef, Reason, SignalKind, Span

PERIOD_S = 1 / 3
"""How often the networks see a face."""
_CUES_EVERY = 2
"""Every second one of those faces is measured by hand too."""

LogOdds = Callable[[FaceView, Face], float]
"""What the networks say of a face: log-odds of an attack."""


class WindowCollector:
    """Collects window after window. The first window begins with the first view."""

    def __init__(self, kind: SignalKind, networks: LogOdds) -> None:
        self._networks = networks
        self._sampler = FaceSampler(kind, PERIOD_S, PRESENTATION)
        self._analyse = FrameAnalyser()
        self._motion = MotionTracker()
        self._mouth = MouthWatch()
        self._bands = BandWatch()
        self._begin()

    def _begin(self) -> None:
        self._start: float | None = None
        self._end = 0.0
        self._bytes = 0
        self._odds: list[float] = []
        self._cues: list[FrameCues] = []
        self._grades: list[float] = []
        self._faces: list[dict[str, float]] = []
        self._refused: Counter[Reason] = Counter()
        self._worst: tuple[float, EvidenceRef] | None = None

    @property
    def empty(self) -> bool:
        """Whether there was no view yet."""
        return self._start is None

    @property
    def span(self) -> Span:
        """From the window's first view to its last."""
        return Span(self._start or 0.0, self._end)

    @property
    def faces(self) -> int:
        """How many faces the networks saw."""
        return len(self._odds)

    @property
    def missing(self) -> Reason | None:
        """What kept most faces from being seen, if anything did."""
        return self._refused.most_common(1)[0][0] if self._refused else None

    @property
    def quality(self) -> float:
        """How good the faces were, 0..1, less where few were seen; needs a face."""
        expected = max(self.span.duration_s / PERIOD_S, 1.0)
        return sum(self._grades) / len(self._grades) * min(len(self._grades) / expected, 1.0)

    @property
    def evidence(self) -> tuple[EvidenceRef, ...]:
        """The whole window, at the place of its most attack-like face; needs a face."""
        return () if self._worst is None else (EvidenceRef("video", self.span, self._worst[1].box),)

    @property
    def conditions(self) -> dict[str, float]:
        """Means of what calibration may need to know about the faces, with their number and the bit rate, kbit/s, where it is known; needs a face."""
        means = {name: sum(each[name] for each in self._faces) / len(self._faces) for name in self._faces[0]}
        means["faces"] = float(len(self._faces))
        if self._bytes:
            means["kbps"] = self._bytes * 8 / 1000 / max(self.span.duration_s, 1e-3)
        return means

    def push(self, view: FaceView) -> None:
        """Look at the next view."""
        if self._start is None:
            self._start = view.t
        self._end = view.t
        self._bytes += view.frame.coded_bytes
        missed, face = self._sampler.push(view)
        self._refused.update(each.reason for each in missed)
        if view.face is not None:
            self._bands.push(view.t, view.frame.image)
            self._motion.push(view, view.face)
            if refuse_face(view.face, PRESENTATION) is None:
                self._mouth.push(view.t, view.face)
        if face is not None:
            self._look(view, face)

    def hear(self, fact: Fact) -> None:
        """Take a fact of the topic "speech"."""
        self._mouth.hear(fact)

    def take(self) -> WindowCues:
        """The window's cues; the next view begins another window."""
        found = window_cues(
            self._odds, self._cues, self._motion.take(), self._mouth.take(), self._bands.take()
        )
        self._begin()
        return found

    def close(self) -> None:
        """Count what the sampler still held back."""
        self._refused.update(each.reason for each in self._sampler.finish())

    def _look(self, view: FaceView, face: Face) -> None:
        if len(self._odds) % _CUES_EVERY == 0:
            self._cues.append(self._analyse(view.frame.image, face.box))
        odds = self._networks(view, face)
        self._odds.append(odds)
        self._grades.append(grade(face, PRESENTATION))
        self._faces.append(covariates(face))
        if self._worst is None or odds > self._worst[0]:
            self._worst = (odds, evidence(view, face)[0])
