"""Did the face take on the colours that only this session's screen showed?

Score: LLR (nats) of a face that does not follow the code against one that does, from the session's own noise; greater means
more attack-like. -6 is a face that follows as promptly as a camera does, 0 says nothing. A face that no light reaches stays below 1.4, for daylight
hides the screen as well; one that follows other chips than those shown, below 3. It abstains from a face that follows no more
strongly than a screen's glass would throw the light back (`MIRRORED`), and from faces whose eyes are less than `LEAST_PX` apart
(`biometrics/flash/trace.py`). One observation for each challenge, at the first look that decides or at its end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from biometrics.challenges.displays import UNDONE
from biometrics.challenges.page import HiddenPage
from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.sampling import evidence
from biometrics.face.skin import ita_deg
from biometrics.flash.evidence import MIRRORED, Verdict, compare
from biometrics.flash.run import LEAST_CHIPS, SPENT, FlashRun, Shown
from biometrics.flash.shape import rise_s, shading
from biometrics.flash.trace import Series, SkinTrace
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("flash_challenge")
MODEL: Final = "coloured-light-2"
ENOUGH_HZ: Final = 12.0
_CHIP_SEEN: Final = 0.6
_LEAST_POWER: Final = 0.5
_CLIPPED: Final = 0.05
_CHEEKS: Final = slice(3, 7)
_FULL_HZ: Final = 25.0


class FlashChallenge:
    """Watches one session's skin colours, and judges them when a challenge says what the screen showed."""

    def __init__(self) -> None:
        self._trace = SkinTrace()
        self._run: FlashRun | None = None
        self._done: set[str] = set()
        self._page = HiddenPage()
        self._last: FaceView | None = None
        self._now: float | None = None

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Remember a frame; give the challenge's reading where this frame completes a look or the end."""
        first = self._now is None
        self._now = view.t
        self._trace.push(view)
        if view.face is not None:
            self._last = view
        readings = [Abstention(KIND, Span(view.t, view.t), Reason.NOT_CHALLENGED)] if first else []
        return [*readings, *self._advance(view.t)]

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Hear of the challenge, or that the page was hidden."""
        if fact.topic == "page":
            self._page.learn(fact)
            return []
        event = fact.values.get("event")
        if event == "begin":
            before = self._abandon(fact.t)
            self._run = FlashRun.begun(fact)
            return before
        if event == "show" and self._run is not None:
            self._run.show(fact)
        if event == "end":
            return self._end(fact)
        return self._advance(self._now) if self._now is not None else []

    def finish(self) -> Iterable[Reading]:
        """Judge a challenge that the end of media cut short. Idempotent."""
        return self._abandon(self._now or 0.0)

    def _abandon(self, t: float) -> list[Reading]:
        if self._run is None:
            return []
        self._run.ended_s = t
        return [self._conclude(self._run)]

    def _end(self, fact: Fact) -> list[Reading]:
        challenge, how = str(fact.values.get("challenge", "")), str(fact.values.get("how", ""))
        if challenge in self._done:
            return []
        self._done.add(challenge)
        mine = self._run is not None and self._run.challenge == challenge
        if how in UNDONE:
            self._run = None if mine else self._run
            return [self._abstain(UNDONE[how], str(fact.values.get("detail") or how), fact.t)]
        if not mine or self._run is None:
            return [self._abstain(Reason.CHALLENGE_UNSEEN, "the analysis began in the middle of it", fact.t)]
        self._run.ended_s = fact.t
        return self._advance(self._now) if self._now is not None else []

    def _advance(self, now: float) -> list[Reading]:
        """Take the look that is due at ``now``, if one is, or the last one where the challenge has ended."""
        run = self._run
        if run is None:
            return []
        if run.ended_s is not None:
            whole = run.whole()
            return [self._conclude(run)] if whole is None or now >= whole.end else []
        shown = run.next_look(now)
        if shown is None:
            return []
        reading = self._measure(run, shown, run.level)
        if isinstance(reading, Observation) and reading.covariates["decided"] == 1.0:
            self._close(run)
            return [reading]
        return []

    def _conclude(self, run: FlashRun) -> Reading:
        self._close(run)
        shown = run.whole()
        if shown is None or len(shown.code) < LEAST_CHIPS:
            count = 0 if shown is None else len(shown.code)
            return self._abstain(Reason.CHALLENGE_UNSEEN, f"{count} chips were shown", run.ended_s)
        return self._measure(run, shown, SPENT[-1])

    def _close(self, run: FlashRun) -> None:
        self._done.add(run.challenge)
        self._run = None

    def _measure(self, run: FlashRun, shown: Shown, level: float) -> Reading:
        span = Span(shown.start, shown.end)
        series = self._trace.series(span, self._page.parts(span.end))
        chips = 0 if series is None else _chips_seen(series, shown)
        fps = self._trace.fps(span)
        if fps < ENOUGH_HZ and self._trace.why_unseen(span) is not Reason.NO_VIDEO:
            return self._abstain(Reason.LOW_FRAME_RATE, f"{fps:.0f} frames a second")
        if series is None or chips < LEAST_CHIPS:
            return self._abstain(self._why_unseen(series, span), f"{chips} chips could be seen")
        comparison = compare(series, shown.at_s)
        if comparison is None:
            return self._abstain(self._why_unseen(series, span), f"{chips} chips could be seen")
        verdict = comparison.judge(shown.code, run.null)
        followed = verdict.p_value <= level and not verdict.other_light
        if followed and verdict.fit.amplitude <= MIRRORED[1]:
            return self._abstain(
                Reason.AMBIENT_LIGHT, "no more light came back than a screen's glass returns"
            )
        if not (followed or verdict.other_light) and verdict.power < _LEAST_POWER:
            bright = series.clipped > _CLIPPED
            return self._abstain(
                Reason.AMBIENT_LIGHT if bright else Reason.UNSTEADY, "the screen's light would not have shown"
            )
        return self._observation(series, shown, verdict, fps, chips, followed)

    def _observation(
        self,
        series: Series,
        shown: Shown,
        verdict: Verdict,
        fps: float,
        chips: int,
        followed: bool,
    ) -> Observation:
        fit = verdict.fit
        seen = float(series.seen.mean())
        relief = shading(series, shown.code, shown.at_s, fit)
        skin = _skin_deg(series)
        end = max(self._now or 0.0, shown.start)
        box = (
            None
            if self._last is None or self._last.face is None
            else evidence(self._last, self._last.face)[0].box
        )
        return Observation(
            KIND,
            Span(shown.start, end),
            score=verdict.llr,
            quality=min(max(seen * min(fps / _FULL_HZ, 1.0), 0.0), 1.0),
            model=MODEL,
            evidence=(EvidenceRef("video", Span(shown.start, min(shown.end, end)), box),),
            covariates={
                "p_value": verdict.p_value,
                "r": fit.statistic,
                "lag_s": fit.lag_s,
                "lag_shift_s": abs(verdict.half_lags_s[0] - verdict.half_lags_s[1]),
                "rise_s": rise_s(series, shown.code, shown.at_s, fit),
                "snr_db": fit.snr_db,
                "amplitude": fit.amplitude,
                "chips": float(len(shown.code)),
                "chips_seen": float(chips),
                "llr_flash": verdict.llr,
                "other_light": float(verdict.other_light),
                "decided": float(followed),
                "fps": fps,
                "inter_ocular_px": self._trace.inter_ocular_px(Span(shown.start, shown.end)),
                **({} if relief is None else {"shading": relief}),
                **({} if skin is None else {"ita_deg": skin}),
            },
        )

    def _abstain(self, reason: Reason, detail: str, t: float | None = None) -> Abstention:
        end = self._now if self._now is not None else (t or 0.0)
        return Abstention(KIND, Span(end, end), reason, detail)

    def _why_unseen(self, series: Series | None, span: Span) -> Reason:
        """Why chips could not be seen: the page, then the camera's view, then the picture."""
        if self._page.overlaps(span):
            return Reason.CHALLENGE_UNSEEN
        reason = self._trace.why_unseen(span)
        if reason is not None:
            return reason
        if series is not None and series.clipped > _CLIPPED:
            return Reason.AMBIENT_LIGHT
        regions = series is not None and bool(np.isfinite(series.regions).any())
        return Reason.MEDIA_LOST if regions else Reason.FACE_TOO_SMALL


def _chips_seen(series: Series, shown: Shown) -> int:
    """Chips during which the face was mostly visible."""
    seen = 0
    for start, end in zip(shown.at_s[:-1], shown.at_s[1:], strict=True):
        during = (series.t >= start) & (series.t < end)
        seen += bool(during.any() and series.seen[during].mean() >= _CHIP_SEEN)
    return seen


def _skin_deg(series: Series) -> float | None:
    """Typology angle of the cheeks that were in sight; None where none was."""
    cheeks = series.light[_CHEEKS]
    seen = cheeks[cheeks.any(axis=1)]
    angle = ita_deg(np.asarray(seen.mean(axis=0))) if len(seen) else float("nan")
    return angle if np.isfinite(angle) else None


def build(context: DetectorContext) -> FlashChallenge:
    """It needs no model and no reference."""
    return FlashChallenge()


DETECTOR = DetectorSpec(
    kind=KIND,
    view=FaceView,
    models=(),
    consent="face",
    latency_s=2.0,
    build=build,
    topics=("flash", "page"),
)
