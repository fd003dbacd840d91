"""Did the head turn as only this session's arrows said?

Score: LLR (nats) of a head that does not follow the arrows against one that does; greater means more attack-like. -6 is
every arrow followed, 2.3 none, or all of them sooner than anybody reacts. What was shown while the page was hidden does not
count. One observation for each challenge, at its end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median, pstdev
from typing import Final

import numpy as np

from biometrics.challenges.displays import UNDONE
from biometrics.challenges.page import HiddenPage
from biometrics.challenges.pose import AXIS, Direction
from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.face.sampling import evidence
from biometrics.head.evidence import followed, log_ratio, too_fast
from biometrics.head.orders import every_order, order_fit
from biometrics.head.run import LEAST_STEPS, PoseRun
from biometrics.head.track import Poses, PoseTrack
from biometrics.head.turns import LATE_S, Turn, turns
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("pose_challenge")
MODEL: Final = "head-pose-2"
ENOUGH_HZ: Final = 9.0
_FULL_HZ: Final = 20.0
_BEFORE_S: Final = 2.0


class PoseChallenge:
    """Remembers one session's head poses, and judges them when a challenge is over."""

    def __init__(self) -> None:
        self._track = PoseTrack()
        self._page = HiddenPage()
        self._run: PoseRun | None = None
        self._done: set[str] = set()
        self._last: FaceView | None = None
        self._now: float | None = None

    def observe(self, view: FaceView, /) -> Iterable[Reading]:
        """Remember a frame; give the challenge's reading once its last frame is there."""
        first = self._now is None
        self._now = view.t
        self._track.push(view)
        if view.face is not None:
            self._last = view
        readings: list[Reading] = (
            [Abstention(KIND, Span(view.t, view.t), Reason.NOT_CHALLENGED)] if first else []
        )
        return [*readings, *self._conclude_if_over()]

    def learn(self, fact: Fact, /) -> Iterable[Reading]:
        """Hear of the challenge, or that the page was hidden."""
        if fact.topic == "page":
            self._page.learn(fact)
            return []
        event = fact.values.get("event")
        if event == "begin":
            before = self._abandon(fact.t)
            self._run = PoseRun.begun(fact)
            return before
        if event == "show" and self._run is not None:
            self._run.displays.show(fact)
        return self._end(fact) if event == "end" else []

    def finish(self) -> Iterable[Reading]:
        """Judge a challenge that the end of media cut short. Idempotent."""
        return self._abandon(self._now or 0.0)

    def _abandon(self, t: float) -> list[Reading]:
        if self._run is None:
            return []
        if self._run.ended_s is None:
            self._run.ended_s = t
        return [self._conclude(self._run, self._run.ended_s)]

    def _end(self, fact: Fact) -> list[Reading]:
        challenge, how = str(fact.values.get("challenge", "")), str(fact.values.get("how", ""))
        if challenge in self._done:
            return []
        run = self._run if self._run is not None and self._run.challenge == challenge else None
        if how in UNDONE:
            self._done.add(challenge)
            self._run = None if run else self._run
            return [self._abstain(UNDONE[how], str(fact.values.get("detail") or how), fact.t)]
        if run is None:
            self._done.add(challenge)
            return [self._abstain(Reason.CHALLENGE_UNSEEN, "the analysis began in the middle of it", fact.t)]
        run.ended_s = fact.t
        return self._conclude_if_over()

    def _conclude_if_over(self) -> list[Reading]:
        run, now = self._run, self._now
        if run is None or run.ended_s is None or now is None or now < run.ended_s:
            return []
        return [self._conclude(run, run.ended_s)]

    def _conclude(self, run: PoseRun, ended_s: float) -> Reading:
        self._done.add(run.challenge)
        self._run = None
        asked, shown_s = run.whole(ended_s)
        if len(asked) < LEAST_STEPS:
            return self._abstain(Reason.CHALLENGE_UNSEEN, f"{len(asked)} arrows were shown", ended_s)
        return self._measure(asked, shown_s, run.displays.timed)

    def _measure(self, asked: Sequence[Direction], shown_s: Sequence[float], timed: bool) -> Reading:
        span = Span(max(shown_s[0] - _BEFORE_S, 0.0), shown_s[-1] + LATE_S)
        during = Span(shown_s[0], span.end)
        fps, poses = self._track.fps(during), self._track.poses(span, self._page.parts(span.end))
        made = turns(poses, asked, shown_s) if poses else ()
        seen = [turn for turn in made if turn.seen]
        if poses is None or len(seen) < LEAST_STEPS:
            if self._page.overlaps(during):
                return self._abstain(
                    Reason.CHALLENGE_UNSEEN, f"the page was hidden; {len(seen)} arrows could be seen"
                )
            detail = f"the head could be seen after {len(seen)} of {len(asked)} arrows"
            return self._abstain(self._track.why_unseen(during), detail)
        if fps < ENOUGH_HZ:
            return self._abstain(Reason.LOW_FRAME_RATE, f"{fps:.0f} frames a second")
        return self._observation(poses, asked, shown_s, seen, fps, timed)

    def _observation(
        self,
        poses: Poses,
        asked: Sequence[Direction],
        shown_s: Sequence[float],
        seen: Sequence[Turn],
        fps: float,
        timed: bool,
    ) -> Observation:
        hits = [turn for turn in seen if turn.hit]
        times = [turn.reaction_s for turn in seen if turn.reaction_s is not None]
        reaction_s = median(times) if times else None
        # Nobody is too fast for an arrow whose time is only that of its report.
        known_s = reaction_s if timed else None
        r, lag_s, p_value = order_fit(poses, asked, shown_s, every_order())
        end = max(self._now or 0.0, shown_s[0])
        return Observation(
            KIND,
            Span(shown_s[0], end),
            score=log_ratio(len(hits), len(seen), known_s, p_value),
            quality=min(len(seen) / len(asked) * min(fps / _FULL_HZ, 1.0), 1.0),
            model=MODEL,
            evidence=(EvidenceRef("video", Span(shown_s[0], min(shown_s[-1], end)), self._box()),),
            covariates={
                "steps": float(len(seen)),
                "turned": float(len(times)),
                "hits": float(len(hits)),
                "p_value": p_value,
                "r": r,
                "lag_s": lag_s,
                "followed": float(followed(len(hits), len(seen), known_s, p_value)),
                "too_fast": float(too_fast(known_s)),
                "timed": float(timed),
                "held_share": _held(hits, asked, shown_s),
                "fps": fps,
                **_far(hits),
                **({} if reaction_s is None else {"reaction_s": reaction_s, "reaction_sd_s": pstdev(times)}),
            },
        )

    def _box(self) -> tuple[float, float, float, float] | None:
        if self._last is None or self._last.face is None:
            return None
        return evidence(self._last, self._last.face)[0].box

    def _abstain(self, reason: Reason, detail: str, t: float | None = None) -> Abstention:
        end = self._now if self._now is not None else (t or 0.0)
        return Abstention(KIND, Span(end, end), reason, detail)


def _held(hits: Sequence[Turn], asked: Sequence[Direction], shown_s: Sequence[float]) -> float:
    """Time that the turns were held, as a share of the time that all arrows were shown."""
    shown = (shown_s[-1] - shown_s[0]) * len(hits) / max(len(asked), 1)
    return sum(turn.held_s for turn in hits) / shown if shown > 0 else 0.0


def _far(hits: Sequence[Turn]) -> dict[str, float]:
    """Median amplitude about either axis, where it was turned about."""
    names = ("yaw_deg", "pitch_deg")
    parts = {
        name: [turn.far_deg for turn in hits if AXIS[turn.asked] == axis] for axis, name in enumerate(names)
    }
    return {name: float(np.median(values)) for name, values in parts.items() if values}


def build(context: DetectorContext) -> PoseChallenge:
    """It needs no model and no reference."""
    return PoseChallenge()


DETECTOR = DetectorSpec(
    kind=KIND, view=FaceView, models=(), consent="face", latency_s=2.0, build=build, topics=("pose", "page")
)
