from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from biometrics.voice.embed import VoiceEncoder, centre, distance, unit
from biometrics.voice.features import log_fbank
from tests.biometrics.voice.fakes import ShapeOfSpectrum, high_voice, low_voice

vectors = arrays(np.float32, 8, elements=st.floats(-10, 10, width=32)).filter(
    lambda v: np.linalg.norm(v) > 1e-3
)


@given(vectors, vectors)
def test_distance_is_symmetric_and_bounded(one: np.ndarray, other: np.ndarray) -> None:
    one, other = unit(one), unit(other)
    assert distance(one, other) == pytest.approx(distance(other, one))
    assert -1e-6 <= distance(one, other) <= 2.0 + 1e-6
    assert distance(one, one) == pytest.approx(0.0, abs=1e-6)


def test_distance_is_known_for_known_angles() -> None:
    east, north, west = (np.array(v, dtype=np.float32) for v in ([1, 0], [0, 1], [-1, 0]))
    assert distance(east, north) == 1.0
    assert distance(east, west) == 2.0


def test_the_centre_of_two_lies_between_them() -> None:
    middle = centre([np.array([1, 0], dtype=np.float32), np.array([0, 1], dtype=np.float32)])
    assert middle == pytest.approx([np.sqrt(0.5)] * 2)


def test_nothing_has_no_direction() -> None:
    with pytest.raises(ValueError, match="no direction"):
        unit(np.zeros(3, dtype=np.float32))


def test_the_encoder_sees_the_filterbank_of_levelled_speech() -> None:
    model = ShapeOfSpectrum()
    encoder = VoiceEncoder(model)
    speech = low_voice(3.0)
    level = np.sqrt(np.mean(speech.astype(np.float64) ** 2))
    (expected,) = model(log_fbank((speech * (0.05 / level)).astype(np.float32))[np.newaxis])
    assert encoder.embed(speech) == pytest.approx(unit(expected[0]), abs=1e-5)
    assert encoder.model == "campplus@aaaaaaaa"


def test_a_voiceprint_does_not_hear_loudness() -> None:
    encoder = VoiceEncoder(ShapeOfSpectrum())
    speech = low_voice(3.0)
    assert distance(encoder.embed(speech), encoder.embed((speech * 0.001).astype(np.float32))) < 1e-4
    assert distance(encoder.embed(speech), encoder.embed(high_voice(3.0))) > 0.2
