"""Do the pictures themselves show that no camera takes them now? Loops, stretches of earlier interviews, stills, the stutter of a file, traces of scaling.

Score: sum of the cues' points (`biometrics/injection/frames.py`) over windows of 4 s, held in -8..8; 0 is a picture
without anything odd, greater is more attack-like. The worst window of a session counts, not their mean. A window without
anything odd is a measurement only where motion could be compared with earlier motion, in light; otherwise it abstains.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

import numpy as np

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.quality import PRESENTATION
from biometrics.injection.frames import (
    grain_cues,
    repeat_cues,
    resampling_cues,
    reuse_cues,
    standstill_cues,
)
from biometrics.injection.hashes import Fingerprint, Reuse, ReuseSearch
from biometrics.injection.loop import LoopSearch, Repeat
from biometrics.injection.motion import Bytes, areas, luma_of, small
from biometrics.injection.noise import Grain, grain_of
from biometrics.injection.points import Tally
from biometrics.injection.resampling import Resampling
from biometrics.injection.standstill import Box, change, standstill
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("injection_frames")
MODEL: Final = "frame-cues-2"
WINDOW_S: Final = 4.0
_LEAST_S: Final = 0.5
"""The last window of a session is read where it is at least this long."""
_SLOWEST_HZ: Final = 4.5
_SPECTRA_HZ: Final = 2.0
_NEXT_S: Final = 0.3
"""Pictures further apart are not each other's successors."""
_FULL_HZ: Final = 15.0
_DARK: Final = PRESENTATION.luma[0]
"""Mean luma of the face, 0..255, below which other detectors of the picture do not judge it either."""


class _Window:
    """What is collected between two readings."""

    def __init__(self, start: float) -> None:
        self.start = self.end = start
        self.views = self.faces = self.coded_bytes = 0
        self.luma_sum = 0.0
        self.repeats: list[Repeat] = []
        self.reuses: list[Reuse] = []
        self.changes: list[float] = []
        self.grains: list[Grain] = []
        self.missing: Counter[Reason] = Counter()

    def note(self, view: FaceView) -> None:
        self.end = view.t
        self.views += 1
        self.coded_bytes += view.frame.coded_bytes
        if view.face is None:
            self.missing[view.reason or Reason.NO_FACE] += 1
        else:
            self.faces += 1
            self.luma_sum += view.face.quality.luma

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    def obstacle(self) -> Reason | None:
        """Why it cannot be read: mostly nobody was there, or too few pictures."""
        if 2 * self.faces < self.views:
            return self.missing.most_common(1)[0][0]
        slow = self.views < max(2.0, _SLOWEST_HZ * self.span.duration_s)
        return Reason.LOW_FRAME_RATE if slow else None

    def uncompared(self, missing: Reason | None) -> Reason | None:
        """Why nothing odd would not have shown: darkness, or no motion to compare, for ``missing`` of the search."""
        if self.luma_sum < _DARK * self.faces:
            return Reason.TOO_DARK
        return None if self.repeats or self.reuses else missing or Reason.STILL_SCENE


class InjectionFrames:
    """Watches one session's pictures."""

    def __init__(self) -> None:
        self._loop = LoopSearch()
        self._past = ReuseSearch()
        self._resampling = Resampling()
        self._window: _Window | None = None
        self._before: tuple[float, Bytes] | None = None
        self._spectrum_due = float("-inf")

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Look at a picture; give the reading of a window that is full."""
        readings: list[Reading] = []
        window = self._window
        if window is not None and view.t - window.start >= WINDOW_S:
            readings, window = [self._read(window)], None
        window = window or _Window(view.t)
        self._window = window
        window.note(view)
        if view.frame.image.size:
            self._look(view, window)
        return readings

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Take the fingerprint of an earlier interview (`biometrics.injection.hashes`), to look for it from here on."""
        try:
            self._past.add(Fingerprint.of(fact.values))
        except ValueError as error:
            return [Abstention(KIND, Span(fact.t, fact.t), Reason.NO_REFERENCE, str(error))]
        return []

    def finish(self) -> Iterable[Reading]:
        """Read the last window, or say that it was too short. Idempotent."""
        window, self._window = self._window, None
        if window is None:
            return []
        if window.span.duration_s < _LEAST_S and window.obstacle() is None:
            return [Abstention(KIND, window.span, Reason.NOT_YET, f"less than {_LEAST_S} s")]
        return [self._read(window)]

    def _look(self, view: FaceView, window: _Window) -> None:
        luma = luma_of(view.frame.image)
        now = small(luma)
        shape = areas(now)
        repeat, reuse = self._loop.push(view.t, shape), self._past.push(view.t, shape)
        window.repeats += [] if repeat is None else [repeat]
        window.reuses += [] if reuse is None else [reuse]
        before, self._before = self._before, (view.t, now)
        follows = before is not None and view.frame.lost_s == 0.0 and view.t - before[0] <= _NEXT_S
        if follows and before is not None and view.face is not None:
            changed = change(before[1], now, _shares(view))
            window.changes += [] if changed is None else [changed]
        if view.t >= self._spectrum_due:
            self._spectrum_due = view.t + 1.0 / _SPECTRA_HZ
            self._resampling.push(luma)
            shares = _shares(view)
            grain = None if shares is None else grain_of(luma, shares)
            window.grains += [] if grain is None else [grain]

    def _read(self, window: _Window) -> Reading:
        obstacle = window.obstacle()
        if obstacle is not None:
            return Abstention(KIND, window.span, obstacle)
        span = window.span
        fps = (window.views - 1) / span.duration_s if span.duration_s else 0.0
        kbps = 8e-3 * window.coded_bytes / span.duration_s if span.duration_s else 0.0
        tally = Tally(measured={"fps": fps, "kbps": kbps, "loop_searched": float(len(window.repeats))})
        tally.measured["past_sessions"] = float(self._past.sessions)
        repeat_cues(window.repeats, tally)
        reuse_cues(window.reuses, tally)
        standstill_cues(standstill(np.array(window.changes)), tally)
        resampling_cues(self._resampling.line(), tally)
        grain_cues(window.grains, tally)
        unseen = None if any(tally.points.values()) else window.uncompared(self._loop.missing)
        if unseen is not None:
            return Abstention(KIND, span, unseen, "nothing odd, which says nothing here")
        return Observation(
            KIND,
            span,
            score=tally.score,
            quality=min(1.0, fps / _FULL_HZ) * (1.0 if window.repeats else 0.5),
            model=MODEL,
            evidence=(EvidenceRef("video", span),),
            covariates=tally.covariates(),
        )


def _shares(view: FaceView) -> Box | None:
    """The face's box as shares of the frame, held inside it."""
    if view.face is None:
        return None
    height, width = view.frame.image.shape[:2]
    x, y, across, down = view.face.box
    x0, x1 = (min(max(edge / width, 0.0), 1.0) for edge in (x, x + across))
    y0, y1 = (min(max(edge / height, 0.0), 1.0) for edge in (y, y + down))
    return x0, y0, x1 - x0, y1 - y0


def build(context: DetectorContext) -> InjectionFrames:
    """It needs no model and no reference."""
    return InjectionFrames()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(),
    consent="face",
    latency_s=1.0,
    build=build,
    topics=("past",),
)
