"""How many seconds of the applicant's speech a comparison could use so far, and why not more.

It counts, it does not compare: no voiceprint is made, and it says nothing about who speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from biometrics.views import SpeechView
from biometrics.voice.quality import ENROL, LOST, VERIFY, measure, refuse
from biometrics.voice.segments import SPEECH, SpeechSegments, SpeechWindow
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from fraudmodel.signals import Reason, Span

HOP_FRAMES: Final = 16
"""Speech is judged 0.512 s at a time, each time by the last 3 s of it: as a comparison hears it."""


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """The meter at media time ``t`` s.

    ``net_speech_s`` speech without its pauses; ``usable_s`` what of it passed the gate of a comparison; ``waiting_s`` what has not
    been judged yet, because there is too little of it. ``snr_db``, ``clipped`` (share of samples, 0..1) and ``rolloff_hz`` are of the
    last 3 s of speech, None before there were as many. ``reason``: why the latest speech is not usable, None where it is.
    ``verify_s`` and ``enrol_s`` are what a comparison and a reference ask for.
    """

    t: float
    net_speech_s: float = 0.0
    usable_s: float = 0.0
    waiting_s: float = 0.0
    snr_db: float | None = None
    clipped: float | None = None
    rolloff_hz: float | None = None
    reason: Reason | None = Reason.NO_SPEECH
    verify_s: float = VERIFY.net_speech_s
    enrol_s: float = ENROL.net_speech_s


class SpeechMeter:
    """Counts one session's speech, of whole frames of 32 ms.

    ``before`` is what an earlier, lost meter of the session said last: the count goes on from it, and what that one had not
    judged is heard, but not usable.
    """

    def __init__(self, before: SpeechHeard | None = None) -> None:
        self._segments = SpeechSegments(VERIFY.net_speech_s, HOP_FRAMES * FRAME_S)
        self._state = replace(before or SpeechHeard(0.0), waiting_s=0.0)
        self._heard = self._usable = self._unjudged = 0
        self._before = self._state

    def push(self, view: SpeechView) -> None:
        """Take a hop of sound."""
        for frame in _frames(view):
            spoken = int(frame.speech[0] >= SPEECH)
            self._heard += spoken
            self._unjudged += spoken
            for window in self._segments.push(frame):
                self._judge(window)

    def heard(self, t: float) -> SpeechHeard:
        """What the meter shows at ``t``."""
        waiting_s = min(self._unjudged * FRAME_S, self._segments.held_s)
        too_little = self._state.snr_db is None and self._heard > 0
        return replace(
            self._state,
            t=t,
            net_speech_s=self._before.net_speech_s + self._heard * FRAME_S,
            usable_s=self._before.usable_s + self._usable * FRAME_S,
            waiting_s=waiting_s,
            reason=Reason.NOT_ENOUGH_SPEECH if too_little else self._state.reason,
        )

    def _judge(self, window: SpeechWindow) -> None:
        # A window is the latest speech: what it holds more than what came since the last one was judged with that.
        fresh, self._unjudged = min(self._unjudged, len(window.samples) // VAD_FRAME), 0
        quality = measure(window.samples, window.noise_power)
        reason = Reason.MEDIA_LOST if window.lost > LOST else refuse(quality, VERIFY)
        self._usable += fresh if reason is None else 0
        self._state = replace(
            self._state,
            snr_db=quality.snr_db,
            clipped=quality.clipped,
            rolloff_hz=quality.rolloff_hz,
            reason=reason,
        )


def _frames(view: SpeechView) -> Iterator[SpeechView]:
    """The view's frames, each as a view of its own: a window is cut at the frame that fills it."""
    for index in range(len(view.speech)):
        samples = view.samples[index * VAD_FRAME : (index + 1) * VAD_FRAME]
        start = view.span.start + index * FRAME_S
        lost_s = view.lost_s if index == 0 else 0.0
        yield SpeechView(Span(start, start + FRAME_S), samples, view.speech[index : index + 1], lost_s)
