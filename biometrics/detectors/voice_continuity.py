"""Is it the same voice throughout? Each 3 s of speech is compared with the session's own first speech; no reference is needed.

Score: 0..5 nats, the cumulative sum of what speaks for another voice (`voices.change`); 5 means that it changed, and falls back to 0
where the first voice returns. The reading at which the voice changed, or came back, points at a clip before and a clip after it.

The officer's echo is left out by the officer's track, which is used for nothing else. A voice in the applicant's pauses is no change as
long as the applicant goes on: `second_voice` is for that. Speech before an interruption of the analysis is not remembered after it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import FarView, SpeechView
from biometrics.voice.embed import Vector, VoiceEncoder
from biometrics.voice.prints import voiceprint
from biometrics.voice.quality import SpeechQuality, examine, grade
from biometrics.voice.segments import MAX_AGE_S, SpeechSegments, SpeechWindow
from biometrics.voices.change import Change, Step
from biometrics.voices.officer import SETTLED_S, OfficersEcho
from biometrics.voices.own import FIRST, OwnVoice
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("voice_continuity")
SILENCE_S: Final = 5.0
"""How long nothing is measured before an abstention says so."""
ECHO: Final = 0.15
"""A window is not compared where more than this share of it is the officer's echo."""
WINDOW_S: Final = 3.0
HOP_S: Final = 1.5
PROFILE_S: Final = WINDOW_S + (FIRST - 1) * HOP_S
"""Seconds of speech that make the session's own voice: 9."""
_REMEMBERED: Final = 64
_APART: Final = 2


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A window whose echo is not known yet: how good it is, with its voiceprint, or the reason why it cannot be compared."""

    window: SpeechWindow
    found: tuple[SpeechQuality, Vector] | Reason


class VoiceContinuity:
    """Watches one session's voice against its own beginning."""

    def __init__(self, encoder: VoiceEncoder) -> None:
        self._encoder = encoder
        self._segments = SpeechSegments(WINDOW_S, HOP_S)
        self._echo = OfficersEcho()
        self._own = OwnVoice()
        self._change = Change()
        self._waiting: deque[_Waiting] = deque()
        self._heard: deque[tuple[Span, ...]] = deque(maxlen=_REMEMBERED)
        self._changed_s: float | None = None
        self._quiet_from: float | None = None
        self._seen = self._echo_s = 0.0

    def observe(self, view: SpeechView | FarView, /) -> Iterable[Reading]:
        """Give a reading for each window of speech, or an abstention after 5 s without one. The officer's sound is only kept for comparison."""
        if isinstance(view, FarView):
            self._echo.overhear(view)
            return []
        self._seen = view.span.end
        if self._quiet_from is None:
            self._quiet_from = view.span.start
        self._echo.push(view)
        readings = self._settled(SETTLED_S)
        for window in self._segments.push(view):
            quality = examine(window)
            found = (
                quality
                if isinstance(quality, Reason)
                else (quality, voiceprint(view, window.samples, self._encoder))
            )
            self._waiting.append(_Waiting(window, found))
        return self._noted(readings, SILENCE_S)

    def finish(self) -> Iterable[Reading]:
        """Judge what is left; say that the last stretch was too short, where it was. Idempotent."""
        self._echo.finish()
        return self._noted(self._settled(0.0), 0.0)

    def _settled(self, after_s: float) -> list[Reading]:
        readings: list[Reading] = []
        while self._waiting and self._seen - self._waiting[0].window.span.end >= after_s:
            one = self._waiting.popleft()
            share = self._echo.share(one.window)
            if self._echo.unknown(one.window):
                readings.append(Abstention(KIND, one.window.span, Reason.NO_OFFICER_TRACK))
            elif share > ECHO:
                self._echo_s += share * HOP_S
            elif isinstance(one.found, Reason):
                readings.append(Abstention(KIND, one.window.span, one.found))
            else:
                readings.append(self._read(one.window, *one.found))
        return readings

    def _noted(self, readings: list[Reading], longer_than_s: float) -> list[Reading]:
        if readings:
            self._quiet_from, self._echo_s = self._seen, 0.0
        return [*readings, *self._silence(longer_than_s)]

    def _silence(self, longer_than_s: float) -> Iterator[Reading]:
        start = self._quiet_from
        if self._waiting or start is None or self._seen <= start or self._seen - start < longer_than_s:
            return
        heard = self._segments.heard_since(start)
        detail = f"{self._echo_s:.1f} s of it the officer's echo" if self._echo_s else ""
        if heard and not detail:
            detail = f"{self._segments.held_s:.1f} s of {WINDOW_S:.0f} s"
        self._quiet_from, self._echo_s = self._seen, 0.0
        yield Abstention(
            KIND, Span(start, self._seen), Reason.NOT_ENOUGH_SPEECH if heard else Reason.NO_SPEECH, detail
        )

    def _read(self, window: SpeechWindow, quality: SpeechQuality, probe: Vector) -> Reading:
        self._heard.append(window.stretches)
        if not self._own.known:
            self._own.learn(probe)
            known_s = WINDOW_S + (self._own.windows - 1) * HOP_S
            detail = f"{known_s:.1f} s of {PROFILE_S:.0f} s to compare with"
            return Abstention(KIND, window.span, Reason.NOT_ENOUGH_SPEECH, detail)
        away = self._own.distance(probe)
        step = self._change.push(away)
        if step.score == 0.0:
            self._own.refine(probe)
        clips, times = self._turned(window, step)
        facts = {"distance": away, "own_windows": float(self._own.windows), **times}
        return interpret(window, quality, step.score, clips, self._encoder.model, facts)

    def _turned(self, window: SpeechWindow, step: Step) -> tuple[Sequence[Span], Mapping[str, float]]:
        """What to listen to, and since when the voice is another, or is back."""
        clips: Sequence[Span] = window.stretches
        times = {}
        if step.turn is not None:
            before, began = (
                self._heard[max(-1 - ago, -len(self._heard))] for ago in (step.ago + _APART, step.ago)
            )
            clips = (_longest(before), _longest(window.stretches))
            self._changed_s = turned_s(began) if step.turn == "changed" else None
            times = {"back_s": turned_s(began)} if step.turn == "back" else {}
        return clips, times if self._changed_s is None else {"changed_s": self._changed_s}


def interpret(
    window: SpeechWindow,
    quality: SpeechQuality,
    score: float,
    clips: Sequence[Span],
    model: str,
    facts: Mapping[str, float],
) -> Observation:
    """One window's reading; where the voice changed or came back with it, ``clips`` are one before and one after."""
    return Observation(
        KIND,
        Span(min(clip.start for clip in clips), window.span.end),
        score=score,
        quality=grade(quality),
        model=model,
        evidence=tuple(EvidenceRef("audio", clip) for clip in clips),
        covariates={
            "net_speech_s": quality.net_speech_s,
            "snr_db": quality.snr_db,
            **facts,
            "changed_part": score,
        },
    )


def turned_s(stretches: Sequence[Span]) -> float:
    """When the voice changed, s of media, by the ``stretches`` of speech of the first window that told, which it does from half of its speech on.

    People take turns in pauses: where the first half has some, it is the one nearest to its middle.
    """
    half_s = sum(stretch.duration_s for stretch in stretches) / 2
    spoken_s = accumulate(stretch.duration_s for stretch in stretches)
    pauses = [
        (abs(before_s - half_s / 2), after.start)
        for before_s, after in zip(spoken_s, stretches[1:], strict=False)
        if before_s <= half_s
    ]
    return min(pauses)[1] if pauses else min(stretches[0].start + half_s / 2, stretches[0].end)


def _longest(stretches: Sequence[Span]) -> Span:
    return max(stretches, key=lambda stretch: stretch.duration_s)


def build(context: DetectorContext) -> VoiceContinuity:
    """A detector for any session: what it compares with is the session's own."""
    return VoiceContinuity(VoiceEncoder(context.models["campplus"]))


DETECTOR = DetectorSpec(
    kind=KIND,
    view=SpeechView,
    models=("campplus",),
    consent="voice",
    latency_s=MAX_AGE_S + SILENCE_S + SETTLED_S,
    build=build,
    hears_far=True,
)
