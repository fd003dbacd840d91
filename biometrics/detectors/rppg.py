"""Is there a pulse in the colour of the skin?

Score: below 0, the stronger a pulse is that the face's parts share, three methods agree on, and neither the background nor
the head's movement explains; about -1 is a strong one. It abstains where none was found, which is no evidence: a codec takes
most pulses away. Weak support for a live face at best: good forgeries carry the pulse of whoever drives them (Seibold et al. 2025).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.sampling import evidence
from biometrics.rppg.reading import LEAST_FPS, LEAST_KBPS, LEAST_S, Pulse, read
from biometrics.rppg.skin_run import KEPT_S, Skin, SkinRun
from biometrics.views import FaceView
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("rppg")
MODEL: Final = "pos-chrom-lgi-2"
PERIOD_S: Final = 10.0
"""One reading in so many seconds, of the last 20 to 30."""
_FULL_KBPS: Final = 2500.0
_UNKNOWN_QUALITY: Final = 0.5


class Rppg:
    """Watches one session's skin for a pulse."""

    def __init__(self) -> None:
        self._run = SkinRun()
        self._since: float | None = None
        self._due = LEAST_S
        self._last: FaceView | None = None
        self._now = 0.0
        self._pending = False

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Give a reading every ten seconds, from the twentieth on."""
        if self._since is None:
            self._since, self._due = view.t, view.t + LEAST_S
        self._run.push(view)
        self._now, self._pending = view.t, True
        if view.face is not None:
            self._last = view
        if view.t < self._due:
            return []
        reading = self._read(self._since)
        self._since, self._due, self._pending = view.t, view.t + PERIOD_S, False
        return [reading]

    def finish(self) -> Iterable[Reading]:
        """The rest is shorter than a period: say so. Idempotent."""
        if self._since is None or not self._pending:
            return []
        span, self._pending = Span(self._since, self._now), False
        return [Abstention(KIND, span, self._run.why_broken(span.start) or Reason.NOT_YET)]

    def _read(self, since: float) -> Reading:
        span = Span(since, self._now)
        skin = self._run.skin()
        if skin is not None and self._now - float(skin.t[-1]) > PERIOD_S / 2:
            return Abstention(KIND, span, self._why_broken(), "no steady skin lately")
        pulse = read(skin) if skin is not None else Reason.NOT_YET
        if isinstance(pulse, Pulse) and skin is not None:
            if pulse.found:
                return self._observation(skin, pulse)
            return Abstention(KIND, span, Reason.NO_PULSE, _strongest(pulse))
        reason = pulse if isinstance(pulse, Reason) else Reason.NOT_YET
        if reason is Reason.NOT_YET:
            return Abstention(KIND, span, self._why_broken(), "no 20 s of steady skin")
        return Abstention(KIND, span, reason, _detail(reason, skin))

    def _why_broken(self) -> Reason:
        """Why there is no long enough run."""
        unusable = self._run.why_broken(self._now - KEPT_S)
        return unusable or (Reason.LOW_FRAME_RATE if self._run.fps() < LEAST_FPS else Reason.MEDIA_LOST)

    def _observation(self, skin: Skin, pulse: Pulse) -> Observation:
        start = max(float(skin.t[0]), 0.0)
        end = max(float(skin.t[-1]), start)
        box = evidence(self._last, self._last.face)[0].box if self._last and self._last.face else None
        known = _UNKNOWN_QUALITY if skin.kbps is None else min(skin.kbps / _FULL_KBPS, 1.0)
        return Observation(
            KIND,
            Span(start, end),
            score=pulse.score,
            quality=known if pulse.background is not None else known / 2,
            model=MODEL,
            evidence=(EvidenceRef("video", Span(start, end), box),),
            covariates={
                "bpm": pulse.beat.bpm,
                "snr_db": pulse.beat.snr_db,
                "bpm_spread": pulse.bpm_spread,
                "agreement": float(pulse.agreement),
                "coherence": pulse.coherence,
                "lag_ms": 1e3 * pulse.lag_s,
                "moving": pulse.moving,
                "fps": skin.fps,
                **({} if pulse.background is None else {"background": pulse.background}),
                **({} if skin.kbps is None else {"kbps": skin.kbps}),
            },
        )


def _detail(reason: Reason, skin: Skin | None) -> str:
    if reason is Reason.LOW_BITRATE and skin is not None and skin.kbps is not None:
        return f"{skin.kbps:.0f} kbit/s, at least {LEAST_KBPS:.0f} are needed"
    if reason is Reason.LOW_FRAME_RATE and skin is not None:
        return f"{skin.fps:.0f} frames a second"
    return ""


def _strongest(pulse: Pulse) -> str:
    beat = f"{pulse.beat.bpm:.0f} beats a minute at {pulse.beat.snr_db:.1f} dB"
    return f"strongest: {beat}" + ("" if pulse.agreement else f", methods {pulse.bpm_spread:.0f} apart")


def build(context: DetectorContext) -> Rppg:
    """It needs no model and no reference."""
    return Rppg()


DETECTOR = DetectorSpec(kind=KIND, view=FaceView, models=(), consent="face", latency_s=1.0, build=build)
