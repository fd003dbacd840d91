"""Sound that a call can bring and that must not be scored: made of a synthesiser's speech or of real speech, heard by the real perception."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
import soundfile

from biometrics.detector import Detector, DetectorContext, DetectorSpec, Learner
from biometrics.detectors import (
    av_sync,
    digits_challenge,
    second_voice,
    voice_continuity,
    voice_match,
    voice_pad,
)
from biometrics.evaluation.audio import read_audio, through_opus
from biometrics.evaluation.digits_scene import facts
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.views import FaceView, Fact, FarView, SpeechView
from biometrics.voice import envelope
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.features import SAMPLE_RATE_HZ, Samples, resample
from biometrics.voice.perception import SpeechPerception, heard
from biometrics.voice.segments import speech_only
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason, Span
from models.hub import ModelHub
from tests.biometrics.av.talking import face, view

PACKET: Final = 320
SPECS: Final[Mapping[str, DetectorSpec[Any]]] = {
    str(spec.kind): spec
    for spec in (
        voice_match.DETECTOR,
        voice_continuity.DETECTOR,
        voice_pad.DETECTOR,
        second_voice.DETECTOR,
        digits_challenge.DETECTOR,
        av_sync.DETECTOR,
    )
}
KBPS: Final = 24
_TEXT: Final = (
    "The shop opened in March. We sell bread, fish and vegetables to people who live close by. Last year we bought a second oven, "
    "because six of the schools in the district order from us every single week. Sales went up in spring and fell a little in August, "
    "since most of our customers were away. "
)
_FPS: Final = 25.0
_RMS: Final = 0.05

Sound = Callable[[Samples], Iterator[AudioChunk]]


def synthetic_speech(seconds: float = 34.0) -> Samples:
    """Somebody who tells of a shop, (n,) in a quiet room. Skips where no synthesiser is installed."""
    program = shutil.which("espeak-ng")
    if program is None:
        pytest.skip("espeak-ng is not installed, and no recording of speech may be committed")
    text = _TEXT * (1 + int(seconds / 20.0))
    said = subprocess.run(
        [program, "-v", "en-us+m5", "-s", "150", "--stdout", text], capture_output=True, check=True
    )
    samples, rate = soundfile.read(io.BytesIO(said.stdout), dtype="float32")
    return in_a_quiet_room(resample(samples, rate)[: round(seconds * SAMPLE_RATE_HZ)])


def real_speech(shared: Path, speaker: str, seconds: float = 45.0) -> Samples:
    """A speaker of LibriSpeech test-other, (n,), with pauses."""
    folder = shared / "data" / "speech" / "librispeech_test_other" / speaker
    pause = np.zeros(SAMPLE_RATE_HZ // 2, np.float32)
    parts = [part for path in sorted(folder.glob("*.flac")) for part in (pause, read_audio(path))]
    return in_a_quiet_room(np.concatenate(parts)[: round(seconds * SAMPLE_RATE_HZ)])


def in_a_quiet_room(speech: Samples) -> Samples:
    """At a usual level, over a background 48 dB below."""
    noise = np.random.default_rng(1).normal(0.0, 2e-4, len(speech))
    return np.asarray(speech * (_RMS / np.sqrt(np.mean(np.square(speech)))) + noise, np.float32)


def music(seconds: float = 30.0) -> Samples:
    """Chords that swell, a melody with vibrato over them, a bass drum and a hi-hat, (n,)."""
    rng, count = np.random.default_rng(2), round(seconds * SAMPLE_RATE_HZ)
    t = np.arange(count) / SAMPLE_RATE_HZ
    sound = np.zeros(count)
    for bar, root in enumerate([220.0, 174.6, 261.6, 196.0] * int(seconds / 8 + 1)):
        inside = (t >= 2.0 * bar) & (t < 2.0 * (bar + 1))
        swell = np.sin(np.pi * (t[inside] - 2.0 * bar) / 2.0)
        for step in (1.0, 1.26, 1.498):
            for partial in range(1, 8):
                sound[inside] += swell * np.sin(2 * np.pi * root * step * partial * t[inside]) / partial**1.5
    for beat in range(int(seconds * 2)):
        inside = (t >= 0.5 * beat) & (t < 0.5 * (beat + 1))
        since = t[inside] - 0.5 * beat
        hz = 440.0 * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 11]) / 12)
        phase = 2 * np.pi * hz * since + 1.5 * np.sin(2 * np.pi * 5.5 * since)
        tone = sum(np.sin(partial * phase) / partial for partial in range(1, 6))
        sound[inside] += 1.5 * np.exp(-2.0 * since) * tone
        sound[inside] += (
            3.0 * np.exp(-18.0 * since) * np.sin(2 * np.pi * (50.0 + 60.0 * np.exp(-30.0 * since)) * since)
        )
        sound[inside] += 0.8 * np.exp(-60.0 * since) * rng.standard_normal(len(since))
    return np.asarray(_RMS * sound / np.sqrt(np.mean(sound**2)), np.float32)


def chunks(samples: Samples, lost: Callable[[int], bool] = lambda packet: False) -> Iterator[AudioChunk]:
    """Packets of 20 ms as the decoder gives them; those that are ``lost``, by number, are missing and said to be."""
    missing_s = 0.0
    for number, start in enumerate(range(0, len(samples), PACKET)):
        piece = samples[start : start + PACKET]
        if lost(number):
            missing_s += len(piece) / SAMPLE_RATE_HZ
            continue
        yield AudioChunk(start / SAMPLE_RATE_HZ, piece, SAMPLE_RATE_HZ, missing_s)
        missing_s = 0.0


def as_it_is(speech: Samples) -> Iterator[AudioChunk]:
    """Through the codec, and nothing else."""
    return chunks(through_opus(speech, KBPS))


def clipped(speech: Samples) -> Iterator[AudioChunk]:
    """The microphone is driven 26 dB too high."""
    return chunks(through_opus(np.clip(20.0 * speech, -1.0, 1.0).astype(np.float32), KBPS))


def telephone(speech: Samples) -> Iterator[AudioChunk]:
    """Sampled at 8 kHz on the way to the codec."""
    narrow = resample(_decimated(speech), 8_000)
    return chunks(through_opus(narrow, KBPS))


def starved(speech: Samples) -> Iterator[AudioChunk]:
    """So few bits a second that the codec keeps only a telephone's band."""
    return chunks(through_opus(speech, 8))


def gaps(speech: Samples) -> Iterator[AudioChunk]:
    """Half a second is missing of every two."""
    return chunks(through_opus(speech, KBPS), lambda packet: packet % 100 >= 75)


def lossy(speech: Samples) -> Iterator[AudioChunk]:
    """Of each packet it is drawn whether it arrives: 10 % do not."""
    drawn = np.random.default_rng(3).random(10_000) < 0.1
    return chunks(through_opus(speech, KBPS), lambda packet: bool(drawn[packet]))


def listened(
    sound: Iterator[AudioChunk], mouth: Samples, hub: ModelHub, reference: Template
) -> Mapping[str, list[Reading]]:
    """What every detector that hears says of a sound, in whose middle a digits challenge runs; the mouth is as open as ``mouth`` is loud."""
    models = {name: hub.get(name) for spec in SPECS.values() for name in spec.models}
    built = {
        kind: _built(spec, DetectorContext(models, {"voice": reference})) for kind, spec in SPECS.items()
    }
    readings: dict[str, list[Reading]] = {kind: [] for kind in SPECS}
    for item in _items(sound, mouth, hub):
        for kind, spec in SPECS.items():
            readings[kind] += _shown(spec, built[kind], item)
    for kind, detector in built.items():
        readings[kind] += detector.finish()
    return readings


def enrolled(speech: Samples, hub: ModelHub) -> Template:
    """A reference of the same voice, of all its speech at once."""
    encoder = VoiceEncoder(hub.get("campplus"))
    views = SpeechPerception(hub).feed(AudioChunk(0.0, speech, SAMPLE_RATE_HZ))
    return Template(
        "voice", encoder.embed(np.concatenate([speech_only(view) for view in views])), encoder.model
    )


def scores(readings: Sequence[Reading]) -> list[float]:
    return [reading.score for reading in readings if isinstance(reading, Observation)]


def reasons(readings: Sequence[Reading]) -> Counter[Reason]:
    return Counter(reading.reason for reading in readings if isinstance(reading, Abstention))


def _built(spec: DetectorSpec[Any], context: DetectorContext) -> Detector[Any]:
    built = spec.build(context)
    assert not isinstance(built, Absent)
    return built


def _shown(spec: DetectorSpec[Any], detector: Detector[Any], item: Any) -> list[Reading]:  # noqa: ANN401 - a view or a fact
    if isinstance(item, Fact):
        return (
            list(detector.learn(item)) if isinstance(detector, Learner) and item.topic in spec.topics else []
        )
    if isinstance(item, FarView):
        return list(detector.observe(item)) if spec.hears_far else []
    return list(detector.observe(item)) if isinstance(item, spec.view) else []


def _items(
    sound: Iterator[AudioChunk], mouth: Samples, hub: ModelHub
) -> list[FaceView | SpeechView | FarView | Fact]:
    """All views and facts in order of time; the officer is silent, the challenge's facts come 0.3 s late."""
    perception = SpeechPerception(hub)
    items: list[tuple[float, FaceView | SpeechView | FarView | Fact]] = []
    for chunk in sound:
        items.append((chunk.end, FarView(Span(chunk.t, chunk.end), chunk.samples * 0, 0.0)))
        for hop in perception.feed(chunk):
            items += [(chunk.end, hop), (chunk.end, heard(hop))]
    last_s = items[-1][0] if items else 0.0
    for hop in perception.finish():
        items += [(last_s, hop), (last_s, heard(hop))]
    items += [(fact.t + 0.3, fact) for fact in facts(b"degraded")]
    items += [(each.t, each) for each in _faces(mouth)]
    return [item for _, item in sorted(items, key=lambda pair: pair[0])]


def _faces(mouth: Samples) -> Iterator[FaceView]:
    """25 a second; the lips part as the sound's bands are loud, smoothed over a tenth of a second."""
    levels = np.maximum(envelope.levels_db(mouth).mean(axis=1), -70.0)
    smooth = np.convolve(levels, np.full(6, 1 / 6), "same")
    t = np.arange(0.0, len(mouth) / SAMPLE_RATE_HZ, 1 / _FPS)
    wide = np.interp(t, (np.arange(len(smooth)) + 0.5) * envelope.STEP_S, smooth)
    for at, opening in zip(t.tolist(), wide.tolist(), strict=True):
        yield view(at, face(0.5 * (opening + 70.0)), _FPS)


def _decimated(speech: Samples) -> Samples:
    """At 8 kHz: a windowed-sinc low-pass at 3.9 kHz, then every other sample."""
    n = np.arange(-128, 129)
    taps = np.sinc(n * 3_900 / 8_000) * np.hamming(len(n))
    return np.asarray(np.convolve(speech, taps / taps.sum(), "same")[::2], np.float32)
