"""Is it the enrolled voice? Compares each 3 s of speech with the applicant's voice reference.

Score: cosine distance to the reference, 0..2; greater means another voice.
"""

from __future__ import annotations

from collections.abc import Iterable

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.template import Template
from biometrics.views import SpeechView
from biometrics.voice.embed import Vector, VoiceEncoder, distance
from biometrics.voice.prints import voiceprint
from biometrics.voice.quality import VERIFY, SpeechQuality, examine, grade
from biometrics.voice.quiet import Quiet
from biometrics.voice.segments import MAX_AGE_S, SpeechSegments, SpeechWindow
from fraudmodel.signals import Absent, Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind

KIND = SignalKind("voice_match")
SILENCE_S = 5.0
"""How long nothing is measured before an abstention says so."""


class VoiceMatch:
    """Watches one session's speech against one reference."""

    def __init__(self, encoder: VoiceEncoder, reference: Template) -> None:
        self._encoder = encoder
        self._reference = reference
        self._segments = SpeechSegments()
        self._quiet = Quiet(KIND, self._segments, VERIFY.net_speech_s, SILENCE_S)

    def observe(self, view: SpeechView, /) -> Iterable[Reading]:
        """Give a reading for each window of speech that became full, or an abstention after 5 s without one."""
        self._quiet.hear(view)
        readings = [self._read(view, window) for window in self._segments.push(view)]
        if readings:
            self._quiet.measured()
        return [*readings, *self._quiet.told()]

    def finish(self) -> Iterable[Reading]:
        """Say that the last stretch was too short to compare, where it was."""
        return list(self._quiet.rest())

    def _read(self, view: SpeechView, window: SpeechWindow) -> Reading:
        quality = examine(window)
        if isinstance(quality, Reason):
            return Abstention(KIND, window.span, quality)
        return interpret(window, quality, voiceprint(view, window.samples, self._encoder), self._reference)


def interpret(
    window: SpeechWindow, quality: SpeechQuality, probe: Vector, reference: Template
) -> Observation:
    """Compare a window's voiceprint with the reference of the same encoder."""
    return Observation(
        KIND,
        window.span,
        score=distance(probe, reference.vector),
        quality=grade(quality),
        model=reference.model,
        evidence=tuple(EvidenceRef("audio", stretch) for stretch in window.stretches),
        covariates={"net_speech_s": quality.net_speech_s, "snr_db": quality.snr_db},
    )


def build(context: DetectorContext) -> VoiceMatch | Absent:
    """A detector for a session that has a voice reference made with the encoder at hand."""
    encoder = VoiceEncoder(context.models["campplus"])
    reference = context.reference("voice", encoder.model)
    return reference if isinstance(reference, Absent) else VoiceMatch(encoder, reference)


DETECTOR = DetectorSpec(
    kind=KIND,
    view=SpeechView,
    models=("campplus",),
    consent="voice",
    latency_s=MAX_AGE_S + SILENCE_S,
    build=build,
)
