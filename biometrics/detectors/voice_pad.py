"""Is it a voice at all, or a machine's? Judges every 4 s of speech by their spectrogram, with a small network of our own.

Score: log-odds of spoofed against bona fide speech, in nats; greater means more like synthesised or converted speech.
Leading silence and loudness, by which such networks are known to cheat, are taken off before: only speech is judged, at one
level. Müller et al. 2021 (arXiv:2106.12914) show how much the length of the silence gives away. How far
the network may be believed: models/cards/pad_voice.md.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import SpeechView
from biometrics.voice.features import Samples
from biometrics.voice.quality import SpeechGate, SpeechQuality, examine, grade
from biometrics.voice.quiet import Quiet
from biometrics.voice.segments import MAX_AGE_S, SpeechSegments, SpeechWindow
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind
from models.hub import Model

KIND = SignalKind("voice_pad")
NETWORK = "pad_voice"
WINDOW_S = 4.032
"""126 frames of 32 ms: what the network takes."""
GATE = SpeechGate(net_speech_s=4.0, snr_db=8.0)
LEVEL = 0.05
"""Root mean square that every window is brought to."""
SILENCE_S = 10.0
"""How long nothing is measured before an abstention says so: a window of speech takes 4 s and more to fill."""
_SPOOF, _BONA_FIDE = 0, 1


class VoicePad:
    """Watches one session's speech."""

    def __init__(self, network: Model) -> None:
        self._network = network
        self._segments = SpeechSegments(WINDOW_S, WINDOW_S)
        self._quiet = Quiet(KIND, self._segments, GATE.net_speech_s, SILENCE_S)

    def observe(self, view: SpeechView, /) -> Iterable[Reading]:
        """Give a reading for every window of speech, or an abstention after 10 s without a window."""
        self._quiet.hear(view)
        windows = self._segments.push(view)
        readings = [self._read(window) for window in windows]
        if windows:
            self._quiet.measured()
        return [*readings, *self._quiet.told()]

    def finish(self) -> Iterable[Reading]:
        """Say that the last stretch was too short to judge, where it was."""
        return list(self._quiet.rest())

    def _read(self, window: SpeechWindow) -> Reading:
        quality = examine(window, GATE)
        if isinstance(quality, Reason):
            return Abstention(KIND, window.span, quality)
        (logits,) = self._network(prepare(window.samples)[np.newaxis])
        return interpret(window, quality, log_odds(np.asarray(logits[0])), str(self._network.id))


def prepare(speech: Samples) -> Samples:
    """Speech-only samples (n,) at the level that the network was trained with. Silence stays as it is."""
    level = float(np.sqrt(np.mean(np.square(speech, dtype=np.float64))))
    return speech if level <= 0.0 else np.asarray(speech * (LEVEL / level), dtype=np.float32)


def log_odds(logits: Samples) -> float:
    """Spoof against bona fide, in nats, from the network's logits (2,): index 1 is bona fide."""
    return float(logits[_SPOOF]) - float(logits[_BONA_FIDE])


def interpret(window: SpeechWindow, quality: SpeechQuality, score: float, model: str) -> Observation:
    """One window's reading."""
    return Observation(
        KIND,
        window.span,
        score=score,
        quality=grade(quality),
        model=model,
        evidence=tuple(EvidenceRef("audio", stretch) for stretch in window.stretches),
        covariates={"net_speech_s": quality.net_speech_s, "snr_db": quality.snr_db},
    )


def build(context: DetectorContext) -> VoicePad:
    """A detector for any session: it needs its network and no reference."""
    return VoicePad(context.models[NETWORK])


DETECTOR = DetectorSpec(
    kind=KIND,
    view=SpeechView,
    models=(NETWORK,),
    consent="voice",
    latency_s=MAX_AGE_S + SILENCE_S,
    build=build,
)
