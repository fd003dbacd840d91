"""Copy synthesis: what each vocoder keeps, and what it loses."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from biometrics.attacklab.speech.cepstral_vocoder import analysed, cepstral_vocoder, envelope, warped
from biometrics.attacklab.speech.griffin_lim import from_magnitude, mel_bank
from biometrics.attacklab.speech.lpc import lpc
from biometrics.attacklab.speech.lpc_vocoder import lpc_vocoder
from biometrics.attacklab.speech.pitch import pitch_of
from biometrics.attacklab.speech.waves import Grid, active_rms, as_loud, sound, spectra
from biometrics.voice.features import Samples
from tests.biometrics.attacklab.speech.voices import shifted, spoken, vowel

GRID = Grid(512, 128)


def _rng() -> np.random.Generator:
    return np.random.default_rng(5)


@pytest.mark.parametrize("grid", [GRID, Grid(1024, 160)])
def test_spectra_turn_back_into_the_very_sound(grid: Grid) -> None:
    samples = spoken(1.0)
    assert np.abs(sound(spectra(samples, grid), grid, len(samples)) - samples).max() < 1e-6


def test_griffin_lim_keeps_the_magnitude() -> None:
    samples = spoken(1.5)
    wanted = np.abs(spectra(samples, GRID))
    made = from_magnitude(wanted, GRID, len(samples), 40, _rng())
    off = np.abs(spectra(made, GRID)) - wanted
    assert 20 * np.log10(np.linalg.norm(off) / np.linalg.norm(wanted)) < -20.0


def test_griffin_lim_does_not_keep_the_phases() -> None:
    samples = spoken(1.5)
    made = from_magnitude(np.abs(spectra(samples, GRID)), GRID, len(samples), 40, _rng())
    assert abs(np.corrcoef(made, samples)[0, 1]) < 0.9


def test_more_iterations_come_nearer() -> None:
    samples = spoken(1.0)
    wanted = np.abs(spectra(samples, GRID))

    def off(iterations: int) -> float:
        made = from_magnitude(wanted, GRID, len(samples), iterations, _rng())
        return float(np.linalg.norm(np.abs(spectra(made, GRID)) - wanted))

    assert off(30) < 0.6 * off(3)


def test_mel_bands_cover_everything_between() -> None:
    bank = mel_bank(80, Grid(1024, 256))
    assert bank.shape == (80, 513)
    assert np.allclose(bank.sum(axis=1), 1.0)
    assert (bank[:, 3:-3].sum(axis=0) > 0).mean() > 0.95


def test_linear_prediction_finds_the_filter_that_made_noise() -> None:
    truth = np.array([1.0, -1.3, 0.8])
    noise = np.random.default_rng(0).standard_normal(16_000)
    made = np.zeros(16_000)
    for at in range(2, 16_000):
        made[at] = noise[at] - truth[1] * made[at - 1] - truth[2] * made[at - 2]
    polynomials, gains = lpc(made[np.newaxis], 2)
    assert np.allclose(polynomials[0], truth, atol=0.02)
    assert gains[0] == pytest.approx(1.0, rel=0.03)


def test_linear_prediction_of_silence_is_no_filter() -> None:
    polynomials, gains = lpc(np.zeros((2, 400)), 10)
    assert np.array_equal(polynomials, np.eye(1, 11).repeat(2, axis=0))
    assert not gains.any()


@pytest.mark.parametrize("vocoder", [lpc_vocoder, cepstral_vocoder])
@pytest.mark.parametrize("hz", [110.0, 210.0])
def test_a_source_filter_vocoder_keeps_pitch_and_resonances(
    vocoder: Callable[..., Samples], hz: float
) -> None:
    samples = vowel(hz)
    made = vocoder(samples, _rng())
    assert np.exp(pitch_of(made).log_mean) == pytest.approx(hz, rel=0.01)
    bands = mel_bank(24, GRID)
    before, after = (
        np.log(np.mean(np.abs(spectra(each, GRID)) ** 2, axis=0) @ bands.T) for each in (samples, made)
    )
    assert np.corrcoef(before[:16], after[:16])[0, 1] > 0.9


def test_warping_moves_the_resonances_by_the_factor() -> None:
    cepstra = analysed(vowel(120.0)).cepstra[50:51]
    longer = analysed(vowel(120.0, resonances=shifted(1.15))).cepstra[50:51]
    near, far = warped(cepstra, 1.15), warped(cepstra, 1 / 1.15)
    gap = [np.std((envelope(each) - envelope(longer))[0, 13:250]) for each in (near, far)]
    assert gap[0] < 0.4 * gap[1]


def test_loudness_is_that_of_the_model() -> None:
    model = spoken(1.0)
    assert active_rms(as_loud(7.0 * model, model)) == pytest.approx(active_rms(model), rel=1e-3)
    assert np.abs(as_loud(model, np.full(16_000, 5.0, np.float32))).max() <= 0.981
