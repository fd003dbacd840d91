"""Laws that every generator keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.attacklab.speech.generators import GENERATORS, Generator, generator_named
from biometrics.attacklab.speech.waves import active_rms
from tests.biometrics.attacklab.speech.voices import spoken

OWN, TARGET = spoken(2.5, 1, 120.0), spoken(3.0, 2, 170.0, factor=1.1)
EVERY = pytest.mark.parametrize("generator", GENERATORS, ids=lambda each: each.name)


@EVERY
@given(seed=st.integers(0, 2**32 - 1), gain=st.floats(0.05, 3.0), cut=st.integers(0, 7_000))
@settings(max_examples=4, deadline=None)
def test_as_many_samples_come_out_finite_and_bounded(
    generator: Generator, seed: int, gain: float, cut: int
) -> None:
    samples = np.asarray(np.clip(gain * OWN[cut:], -1, 1), np.float32)
    made = generator.make(samples, TARGET, np.random.default_rng(seed))
    assert made.shape == samples.shape
    assert made.dtype == np.float32
    assert np.isfinite(made).all()
    assert np.abs(made).max() <= 1.0


@EVERY
def test_a_seed_gives_the_same_to_the_bit_and_another_something_else(generator: Generator) -> None:
    first, again, other = (generator.make(OWN, TARGET, np.random.default_rng(seed)) for seed in (7, 7, 8))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert not np.allclose(first, OWN, atol=1e-3)


@EVERY
def test_loudness_tells_nothing(generator: Generator) -> None:
    made = generator.make(OWN, TARGET, np.random.default_rng(7))
    assert active_rms(made) == pytest.approx(active_rms(OWN), rel=0.05)


@pytest.mark.parametrize(
    "generator", [each for each in GENERATORS if each.idea != "conversion"], ids=lambda each: each.name
)
def test_silence_stays_silent(generator: Generator) -> None:
    silence = np.zeros(16_000, np.float32)
    assert not generator.make(silence, silence, np.random.default_rng(0)).any()


def test_names_are_unique_and_every_idea_has_two_groups_or_ways() -> None:
    assert len({each.name for each in GENERATORS}) == len(GENERATORS)
    assert generator_named("lpc_vocoder").group == "source_filter"
    assert {each.group for each in GENERATORS if each.idea == "vocoder"} == {"griffin_lim", "source_filter"}
    assert {each.group for each in GENERATORS if each.idea == "conversion"} == {"source_filter", "waveform"}
