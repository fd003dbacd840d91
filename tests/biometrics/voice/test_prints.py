"""Who asks again gets the same voiceprint, and it is made once."""

from __future__ import annotations

import numpy as np

from biometrics.detector import DetectorContext
from biometrics.detectors import voice_continuity, voice_match
from biometrics.media import AudioChunk
from biometrics.template import Template
from biometrics.views import SpeechView
from biometrics.voice.embed import VoiceEncoder
from biometrics.voice.perception import SpeechPerception
from biometrics.voice.prints import voiceprint
from fraudmodel.signals import Absent, Observation, Span
from tests.biometrics.voice.fakes import FakeHub, ShapeOfSpectrum, high_voice, low_voice


def a_view() -> SpeechView:
    return SpeechView(Span(0.0, 0.032), np.zeros(512, np.float32), np.ones(1, np.float32), 0.0)


def test_the_same_samples_are_embedded_once_for_a_view_and_a_model() -> None:
    model = ShapeOfSpectrum()
    view, encoder, samples = a_view(), VoiceEncoder(model), low_voice(3.0)
    first = voiceprint(view, samples, encoder)
    assert voiceprint(view, samples.copy(), VoiceEncoder(model)) is first
    assert model.calls == 1
    assert np.array_equal(first, encoder.embed(samples))


def test_other_samples_another_model_or_another_view_are_embedded_anew() -> None:
    view, samples = a_view(), low_voice(3.0)
    first, other = ShapeOfSpectrum(), ShapeOfSpectrum(sha256="b" * 64)
    voiceprint(view, samples, VoiceEncoder(first))
    voiceprint(view, high_voice(3.0), VoiceEncoder(first))
    voiceprint(view, samples[:-512], VoiceEncoder(first))
    voiceprint(view, samples, VoiceEncoder(other))
    voiceprint(a_view(), samples, VoiceEncoder(first))
    assert (first.calls, other.calls) == (4, 1)


def test_detectors_beside_each_other_read_as_alone_at_the_cost_of_one() -> None:
    def readings(*specs: object) -> tuple[list[object], int]:
        model = ShapeOfSpectrum()
        reference = Template(
            "voice", VoiceEncoder(ShapeOfSpectrum()).embed(low_voice(10.0)), "campplus@aaaaaaaa"
        )
        context = DetectorContext({"campplus": model}, {"voice": reference})
        built = [
            spec.build(context) for spec in (voice_continuity.DETECTOR, voice_match.DETECTOR) if spec in specs
        ]
        views = SpeechPerception(FakeHub()).feed(AudioChunk(0.0, low_voice(25.0), 16_000))
        given = [
            reading
            for view in views
            for one in built
            if not isinstance(one, Absent)
            for reading in one.observe(view)
        ]
        return [each for each in given if isinstance(each, Observation)], model.calls

    both, calls = readings(voice_continuity.DETECTOR, voice_match.DETECTOR)
    continuity, alone = readings(voice_continuity.DETECTOR)
    match, _ = readings(voice_match.DETECTOR)
    assert calls == alone
    assert sorted(map(repr, both)) == sorted(map(repr, [*continuity, *match]))
