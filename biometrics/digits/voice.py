"""Is it the voice that spoke before? The digits' voiceprint against those of the speech before them."""

from __future__ import annotations

from typing import Final

from biometrics.digits.sound import Sound
from biometrics.views import SpeechView
from biometrics.voice.embed import Vector, VoiceEncoder, centre, distance
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples
from biometrics.voice.segments import SpeechSegments

LEAST_SPEECH_S: Final = 1.5
LEAST_WINDOWS: Final = 2
_MOST_WINDOWS: Final = 10
_HOP_S: Final = 3.0


class EarlierVoice:
    """Remembers windows of 3 s of what was said outside challenges; their voiceprints are made when they are asked for."""

    def __init__(self, encoder: VoiceEncoder) -> None:
        self._encoder = encoder
        self._segments = SpeechSegments(hop_s=_HOP_S)
        self._windows: list[Samples] = []
        self._prints: list[Vector] = []

    def push(self, view: SpeechView) -> None:
        """Take a hop of speech that answers no challenge."""
        for window in self._segments.push(view):
            if len(self._windows) < _MOST_WINDOWS:
                self._windows.append(window.samples)

    def distance(self, sound: Sound) -> float | None:
        """Cosine distance 0..2 of the sound's voice from the one before; None where either spoke too little."""
        spoken = sound.spoken
        if len(spoken) < LEAST_SPEECH_S * SAMPLE_RATE_HZ or len(self._windows) < LEAST_WINDOWS:
            return None
        # Most calls have no such challenge: nothing is embedded for them.
        self._prints += [self._encoder.embed(one) for one in self._windows[len(self._prints) :]]
        return distance(self._encoder.embed(spoken), centre(self._prints))
