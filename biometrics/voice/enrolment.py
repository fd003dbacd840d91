"""From a recording of one person to their voice reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import median

import numpy as np

from biometrics.errors import EnrolmentError
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.voice.embed import SpeakerEncoder, VoiceEncoder, centre, distance
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, resample
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.quality import ENROL, SpeechQuality, measure, refuse
from biometrics.voice.segments import NOISE_FRAMES, background, speech_only
from biometrics.voice.utterances import Utterances
from fraudmodel.signals import Reason
from models.hub import ModelHub

LONGEST_SPEECH_S = 60.0
"""More speech than this makes no better reference."""
UTTERANCES = 3
"""A reference is made of no fewer: one utterance is how somebody sounded once."""
ONE_VOICE = 0.66
"""Two utterances further apart than this are of two people: half-way between what was measured of both (`candor evaluate enrolment`,
10 speakers of LibriSpeech test-other). The widest two of one person's sitting are at most 0.56 apart, in 28 sittings; one
utterance of somebody else among them lies at least 0.77 from one of them, in 252.
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
    Reason.TOO_FEW_UTTERANCES: "The voice recording holds {utterances} utterances of two seconds or more with a pause between "
    "them, and a reference needs {least}: choose one of the applicant talking in several sentences.",
    Reason.SEVERAL_VOICES: "More than one voice is heard in the recording: choose one of the applicant alone.",
}


@dataclass(frozen=True, slots=True)
class _Heard:
    """One recording: its speech without pauses (n,), the mean square of its background where there was any, its utterances."""

    speech: Samples
    noise_power: float | None
    utterances: Sequence[Samples]


@dataclass(frozen=True, slots=True)
class _Measured:
    """All recordings together: seconds and utterances are summed, the rest is of the worst of them."""

    quality: SpeechQuality
    utterances: Sequence[Samples]


def enrol_voice(
    samples: Samples, sample_rate: int, hub: ModelHub, encoder: SpeakerEncoder | None = None
) -> Template:
    """Make a voice reference of a mono recording (n,) in -1..1. See `enrol_recordings`."""
    return enrol_recordings([samples], sample_rate, hub, encoder)


def enrol_recordings(
    recordings: Sequence[Samples], sample_rate: int, hub: ModelHub, encoder: SpeakerEncoder | None = None
) -> Template:
    """Make a voice reference of mono recordings (n,) in -1..1 of one person: the mean of their utterances' voiceprints.

    ``encoder`` is the hub's CAM++ where none is given. The template's covariates say what was measured: ``net_speech_s``,
    ``utterances``, ``snr_db``, and ``widest``, the distance of the two utterances that are furthest apart.

    Raises EnrolmentError with one sentence for a person where they cannot be a reference.
    """
    for samples in recordings:
        _check(samples, sample_rate)
    measured = _admit([_listen(resample(samples, sample_rate), hub) for samples in recordings])
    encoder = encoder or VoiceEncoder(hub.get("campplus"))
    voiceprints = [encoder.embed(utterance) for utterance in measured.utterances]
    widest = max(distance(one, other) for one, other in combinations(voiceprints, 2))
    if widest > ONE_VOICE:
        raise EnrolmentError(_SENTENCES[Reason.SEVERAL_VOICES], Reason.SEVERAL_VOICES)
    quality = measured.quality
    covariates = (
        ("net_speech_s", quality.net_speech_s),
        ("snr_db", quality.snr_db),
        ("utterances", float(len(voiceprints))),
        ("widest", float(widest)),
    )
    return Template("voice", centre(voiceprints), encoder.model, covariates)


def utterances_of(samples: Samples, hub: ModelHub) -> Sequence[Samples]:
    """The utterances that a reference would be made of, speech only, of a mono recording (n,) at 16 kHz."""
    return _listen(samples, hub).utterances


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
    perception, cutter = SpeechPerception(hub), Utterances()
    speech, noise = [samples[:0]], list[float]()
    utterances: list[Samples] = []
    for start in range(0, len(samples), _CHUNK):
        chunk = AudioChunk(start / SAMPLE_RATE_HZ, samples[start : start + _CHUNK], SAMPLE_RATE_HZ)
        views = perception.feed(chunk)
        if start + _CHUNK >= len(samples):
            views = [*views, *perception.finish()]
        for view in views:
            speech.append(speech_only(view))
            noise += background(view)
            utterances += cutter.push(view)
        if sum(map(len, speech)) >= LONGEST_SPEECH_S * SAMPLE_RATE_HZ:
            break
    return _Heard(
        np.concatenate(speech),
        median(noise) if len(noise) >= NOISE_FRAMES else None,
        [*utterances, *cutter.finish()],
    )


def _admit(heard: Sequence[_Heard]) -> _Measured:
    """What was measured, where it may be a reference."""
    each = [measure(one.speech, one.noise_power) for one in heard if len(one.speech)]
    if not each:
        raise EnrolmentError(_SENTENCES[Reason.NO_SPEECH], Reason.NO_SPEECH)
    quality = SpeechQuality(
        net_speech_s=sum(one.net_speech_s for one in each),
        snr_db=min(one.snr_db for one in each),
        clipped=max(one.clipped for one in each),
        rolloff_hz=min(one.rolloff_hz for one in each),
    )
    utterances = [utterance for one in heard for utterance in one.utterances]
    reason = refuse(quality, ENROL)
    if reason is None and len(utterances) < UTTERANCES:
        reason = Reason.TOO_FEW_UTTERANCES
    if reason is not None:
        said = _SENTENCES[reason].format(
            quality=quality,
            gate=ENROL,
            share=100 * quality.clipped,
            utterances=len(utterances),
            least=UTTERANCES,
        )
        raise EnrolmentError(said, reason)
    return _Measured(quality, utterances)
