"""From a recording of one person to their voice reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from biometrics.errors import EnrolmentError
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.voice.embed import SpeakerEncoder, Vector, VoiceEncoder, centre, distance
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, resample
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.quality import ENROL, SpeechQuality, measure, refuse
from biometrics.voice.segments import SpeechSegments, SpeechWindow, speech_only
from fraudmodel.signals import Reason
from models.hub import ModelHub

LONGEST_SPEECH_S = 60.0
"""More speech than this makes no better reference."""
ONE_VOICE = 0.68
"""Two windows further apart than this are of two people.

Measured on 30 sittings of the 10 speakers of LibriSpeech test-other: the two furthest windows of one sitting are at
most 0.59 apart; with one to six windows of another speaker mixed in, 99 % hold a pair beyond 0.75.
"""

_CHUNK = SAMPLE_RATE_HZ
_LOWEST_RATE_HZ = 8_000

_SENTENCES = {
    Reason.NO_SPEECH: "No speech was found in the voice recording: choose a recording of the applicant speaking.",
    Reason.NOT_ENOUGH_SPEECH: "The voice recording holds {quality.net_speech_s:.1f} s of speech without pauses, and a "
    "reference needs {gate.net_speech_s:.0f} s: choose a longer one.",
    Reason.CLIPPED: "The voice recording is overdriven ({share:.1f} % of it at full scale): record it again at a lower "
    "level.",
    Reason.NOISY: "The voice recording is too noisy ({quality.snr_db:.0f} dB above the background, and a reference needs "
    "{gate.snr_db:.0f} dB): record it again in a quiet place.",
    Reason.NARROWBAND: "The voice recording is of telephone quality (it ends at {quality.rolloff_hz:.0f} Hz, and a "
    "reference needs {gate.rolloff_hz:.0f} Hz): record it through a microphone.",
}


@dataclass(frozen=True, slots=True)
class _Heard:
    speech: Samples
    windows: Sequence[SpeechWindow]


def enrol_voice(
    samples: Samples, sample_rate: int, hub: ModelHub, encoder: SpeakerEncoder | None = None
) -> Template:
    """Make a voice reference of a mono recording (n,) in -1..1, the mean of its 3 s windows.

    ``encoder`` is the hub's CAM++ where none is given.

    Raises EnrolmentError with one sentence for a person where the recording cannot be a reference.
    """
    _check(samples, sample_rate)
    heard = _listen(resample(samples, sample_rate), hub)
    quality = _admit(heard)
    encoder = encoder or VoiceEncoder(hub.get("campplus"))
    vector = _one_voice([encoder.embed(window.samples) for window in heard.windows])
    covariates = (("net_speech_s", quality.net_speech_s), ("snr_db", quality.snr_db))
    return Template("voice", vector, encoder.model, covariates)


def _check(samples: Samples, sample_rate: int) -> None:
    if samples.ndim != 1:
        raise EnrolmentError("The voice recording must be mono: mix its channels down first.")
    if sample_rate < _LOWEST_RATE_HZ:
        raise EnrolmentError(
            f"The voice recording has a sample rate of {sample_rate} Hz: record it at 16000 Hz or more."
        )
    if not len(samples):
        raise EnrolmentError("The voice recording is empty: choose another file.")
    if not np.isfinite(samples).all():
        raise EnrolmentError(
            "The voice recording is damaged (it holds values that are no numbers): choose another."
        )


def _listen(samples: Samples, hub: ModelHub) -> _Heard:
    perception, segments = SpeechPerception(hub), SpeechSegments(max_age_s=float("inf"))
    speech: list[Samples] = []
    windows: list[SpeechWindow] = []
    for start in range(0, len(samples), _CHUNK):
        chunk = AudioChunk(start / SAMPLE_RATE_HZ, samples[start : start + _CHUNK], SAMPLE_RATE_HZ)
        views = perception.feed(chunk)
        if start + _CHUNK >= len(samples):
            views = [*views, *perception.finish()]
        for view in views:
            speech.append(speech_only(view))
            windows += segments.push(view)
        if sum(map(len, speech)) >= LONGEST_SPEECH_S * SAMPLE_RATE_HZ:
            break
    return _Heard(np.concatenate(speech) if speech else samples[:0], windows)


def _admit(heard: _Heard) -> SpeechQuality:
    quality = measure(heard.speech, heard.windows[-1].noise_power if heard.windows else None)
    reason = refuse(quality, ENROL) if len(heard.speech) else Reason.NO_SPEECH
    if reason is not None:
        sentence = _SENTENCES[reason]
        raise EnrolmentError(
            sentence.format(quality=quality, gate=ENROL, share=100 * quality.clipped), reason
        )
    return quality


def _one_voice(vectors: Sequence[Vector]) -> Vector:
    if max((distance(one, other) for one, other in combinations(vectors, 2)), default=0.0) > ONE_VOICE:
        raise EnrolmentError(
            "More than one voice is heard in the recording: choose one of the applicant alone."
        )
    return centre(vectors)
