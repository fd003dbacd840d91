"""Is somebody else in the room heard, besides the applicant?

Score: cosine distance, 0..2, that two or more segments of one voice (1.5 s together) keep from the applicant's voice; greater means more
surely another voice. The applicant's own segments give 0.3 to 0.5, another person's 0.7 and more; a whisper in the applicant's pauses
counts as `WHISPERED`. It may be family, a television or an interpreter: the clip says.

The officer's own voice comes back through the applicant's loudspeaker. It is taken out by the officer's track, which is used for nothing
else: no voiceprint is made of it. Without that track nobody can be told from the officer's echo, and the detector abstains.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.template import Template
from biometrics.views import FarView, SpeechView
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, rolloff_hz
from biometrics.voice.quality import CLIP_LEVEL, VERIFY
from biometrics.voice.segments import PAUSE, SPEECH
from biometrics.voice.vad import FRAME_S, VAD_FRAME
from biometrics.voices.clusters import JOIN, Heard, Voice, Voices
from biometrics.voices.echo import EchoPath
from biometrics.voices.turns import LEAST_S, Segment, Turns, level_db
from biometrics.voices.whisper import whispers
from fraudmodel.signals import Absent, Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

KIND = SignalKind("second_voice")
PERIOD_S: Final = 12.0
"""One reading in so many seconds."""
PROFILE_S: Final = 3.0
"""So much of the applicant's speech must be known."""
VOICE_S: Final = 1.5
"""Speech of another voice, or whispering, of less than this is not reported."""
SEVERAL: Final = 2
"""A voice is one from so many segments on: a single one may be a cough or a laugh."""
WHISPERED: Final = 0.7
"""Score of whispered sound: more than the applicant's own voice ever scores, less than most other voices."""
LEAST_SNR_DB: Final = 6.0
LOST: Final = 0.1
_FULL_S: Final = 10.0
_SHOWN: Final = 6
_LEAST_PERIOD_S: Final = 6.0


@dataclass(frozen=True, slots=True)
class _Run:
    """Sound without a gap. ``speech`` (n / 512,) which frames are."""

    start_s: float
    samples: Samples
    speech: NDArray[np.float32]


class SecondVoice:
    """Listens to one session's room."""

    def __init__(self, encoder: VoiceEncoder, reference: Template | None) -> None:
        self._encoder = encoder
        self._echo = EchoPath()
        self._turns = Turns()
        self._voices = Voices(reference)
        self._waiting: list[Segment] = []
        self._now = 0.0
        self._since: float | None = None
        self._lost_s = self._speech_s = self._echo_s = 0.0
        self._begin(None)

    def observe(self, view: SpeechView | FarView, /) -> Iterable[Reading]:
        """Give a reading every twelve seconds of the applicant's sound. The officer's is only kept for comparison."""
        if isinstance(view, FarView):
            self._echo.far.push(view)
            return []
        if self._since is None:
            self._since = view.span.start
        self._hear(view)
        return [self._read(self._since)] if self._now - self._since >= PERIOD_S else []

    def finish(self) -> Iterable[Reading]:
        """Judge what is left. Idempotent."""
        if self._since is None or self._now <= self._since:
            return []
        for segment in [*self._waiting, *self._turns.end()]:
            self._sort(segment)
        self._waiting = []
        if self._now - self._since >= _LEAST_PERIOD_S:
            return [self._read(self._since)]
        span = Span(self._since, self._now)
        self._begin(self._now)
        return [Abstention(KIND, span, Reason.NOT_YET)]

    def _begin(self, since_s: float | None) -> None:
        self._since = since_s
        self._runs: list[_Run] = []
        self._heard: list[Heard] = []
        self._speech_s = self._echo_s = self._lost_s = 0.0
        self._refused: Reason | None = None

    def _hear(self, view: SpeechView) -> None:
        # What the officer said until then may come a little later: a segment waits for the next view.
        for segment in self._waiting:
            self._sort(segment)
        self._waiting = self._turns.push(view)
        self._speech_s += float((view.speech >= SPEECH).sum()) * FRAME_S
        self._lost_s += view.lost_s
        self._now = view.span.end
        if self._runs and view.lost_s <= 0:
            last = self._runs[-1]
            joined = np.concatenate([last.samples, view.samples])
            self._runs[-1] = _Run(last.start_s, joined, np.concatenate([last.speech, view.speech]))
        else:
            self._runs.append(_Run(view.span.start, view.samples, view.speech))

    def _sort(self, segment: Segment) -> None:
        """Take the officer's echo out of a segment, and sort in whose voice is left."""
        if not self._echo.far.known(segment.span.start, segment.span.end):
            return
        left = replace(
            segment, speaks=segment.speaks & ~self._echo.echoed(segment.span.start, segment.samples)
        )
        self._echo_s += segment.speech_s - left.speech_s
        if left.speech_s < LEAST_S:
            return
        refused = self._refuse(left)
        if refused is not None:
            self._refused = refused
            return
        heard = Heard(left.span, self._encoder.embed(left.speech), left.speech_s, left.level_db)
        self._voices.add(heard)
        self._heard.append(heard)

    def _refuse(self, segment: Segment) -> Reason | None:
        speech = segment.speech
        if float(np.mean(np.abs(speech) >= CLIP_LEVEL)) >= VERIFY.clipped:
            return Reason.CLIPPED
        background = [run.samples.reshape(-1, VAD_FRAME)[run.speech < PAUSE].ravel() for run in self._runs]
        noise = np.concatenate(background) if background else np.zeros(0, np.float32)
        if len(noise) and segment.level_db - level_db(noise) < LEAST_SNR_DB:
            return Reason.NOISY
        return None

    def _read(self, since_s: float) -> Reading:
        reading = self._abstain(since_s) or self._observation(since_s)
        self._begin(self._now)
        return reading

    def _abstain(self, since_s: float) -> Abstention | None:
        span = Span(since_s, self._now)
        applicant = self._voices.applicant
        if self._echo.far.since_s is None:
            return Abstention(KIND, span, Reason.NO_OFFICER_TRACK)
        if self._lost_s > LOST * span.duration_s:
            return Abstention(KIND, span, Reason.MEDIA_LOST, f"{self._lost_s:.1f} s lost")
        if not self._heard:
            return Abstention(KIND, span, self._why_none(), self._detail())
        if applicant is None or applicant.speech_s < PROFILE_S:
            known_s = applicant.speech_s if applicant else 0.0
            reason = self._refused or Reason.NOT_ENOUGH_SPEECH
            return Abstention(KIND, span, reason, f"{known_s:.1f} s of {PROFILE_S:.0f} s")
        if self._narrow():
            return Abstention(KIND, span, Reason.NARROWBAND)
        return None

    def _why_none(self) -> Reason:
        if self._refused is not None:
            return self._refused
        return Reason.NOT_ENOUGH_SPEECH if self._speech_s else Reason.NO_SPEECH

    def _detail(self) -> str:
        return f"{self._echo_s:.1f} s of it the officer's echo" if self._echo_s else ""

    def _narrow(self) -> bool:
        speech = [run.samples.reshape(-1, VAD_FRAME)[run.speech >= SPEECH].ravel() for run in self._runs]
        return rolloff_hz(np.concatenate(speech)) < VERIFY.rolloff_hz if self._speech_s else False

    def _observation(self, since_s: float) -> Observation:
        applicant = self._voices.applicant or Voice(np.zeros(1))
        first_s = min(heard.span.start for heard in self._heard)
        others = [
            told
            for voice, segments in self._voices.recent(first_s)
            if voice is not applicant and (told := _another(segments, applicant))
        ]
        whispered = self._whispers(applicant)
        whisper_s = float(sum(span.duration_s for span, _ in whispered))
        own = sorted((applicant.distance(heard.vector) for heard in self._heard), reverse=True)
        # A single segment of whatever it is is no voice yet.
        score = max([min(own[:SEVERAL][-1], JOIN), *(score for score, _ in others)])
        score = max(score, WHISPERED) if whisper_s >= VOICE_S else score
        clips = [heard for _, segments in others for heard in segments if heard.span.start >= first_s]
        start_s = min(since_s, first_s)
        levels = [heard.level_db for heard in clips] or [applicant.level_db + below for _, below in whispered]
        return Observation(
            KIND,
            Span(start_s, self._now),
            score=score,
            quality=min(1.0, applicant.speech_s / _FULL_S),
            model=self._encoder.model,
            evidence=_evidence([heard.span for heard in clips] + [span for span, _ in whispered])
            or _evidence([self._furthest(applicant).span]),
            covariates={
                "second_s": float(sum(heard.speech_s for heard in clips)),
                "segments": float(len(clips)),
                "whisper_s": whisper_s,
                "echo_s": self._echo_s,
                "speech_s": sum(heard.speech_s for heard in self._heard),
                **({"level_db": float(np.mean(levels)) - applicant.level_db} if levels else {}),
            },
        )

    def _furthest(self, applicant: Voice) -> Heard:
        return max(self._heard, key=lambda heard: applicant.distance(heard.vector))

    def _whispers(self, applicant: Voice) -> list[tuple[Span, float]]:
        """Where it is whispered, and how far below the applicant's level, dB."""
        found = []
        for run in self._runs:
            for each in whispers(run.samples, run.speech >= SPEECH, applicant.level_db):
                start_s = run.start_s + each.start / SAMPLE_RATE_HZ
                sound = run.samples[each.start : each.start + each.count]
                if self._echo.far.known(start_s, start_s + each.duration_s) and not np.any(
                    self._echo.echoed(start_s, sound)
                ):
                    found.append((Span(start_s, min(start_s + each.duration_s, self._now)), each.below_db))
        return found


def _another(segments: Sequence[Heard], applicant: Voice) -> tuple[float, Sequence[Heard]] | None:
    """The score of another voice's segments, where they are enough to be one."""
    if len(segments) < SEVERAL or sum(heard.speech_s for heard in segments) < VOICE_S:
        return None
    distances = sorted((applicant.distance(heard.vector) for heard in segments), reverse=True)
    return distances[SEVERAL - 1], segments


def _evidence(spans: Sequence[Span]) -> tuple[EvidenceRef, ...]:
    return tuple(EvidenceRef("audio", span) for span in sorted(spans)[:_SHOWN])


def build(context: DetectorContext) -> SecondVoice | Absent:
    """It needs no reference, and uses one where there is one of the encoder at hand."""
    encoder = VoiceEncoder(context.models["campplus"])
    reference = context.reference("voice", encoder.model)
    return SecondVoice(encoder, reference if isinstance(reference, Template) else None)


DETECTOR = DetectorSpec(
    kind=KIND,
    view=SpeechView,
    models=("campplus",),
    consent="voice",
    latency_s=1.0,
    build=build,
    hears_far=True,
)
