"""Copy synthesis that forgets the phases: speech from its magnitudes alone (Griffin & Lim 1984; faster, Perraudin et al. 2013).

What many text-to-speech systems ended with before neural vocoders, and the simplest of what those imitate.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from biometrics.attacklab.speech.waves import Floats, Grid, Spectra, as_loud, sound, spectra
from biometrics.voice.features import Samples

MOMENTUM: Final = 0.99
_HIGHEST_HZ: Final = 8000.0


def linear(samples: Samples, rng: np.random.Generator) -> Samples:
    """From the whole magnitude: windows of 32 or 64 ms, 12 to 60 iterations."""
    size = int(rng.choice([512, 1024]))
    grid = Grid(size, size // int(rng.choice([4, 8])))
    made = from_magnitude(np.abs(spectra(samples, grid)), grid, len(samples), int(rng.integers(12, 61)), rng)
    return as_loud(made, samples)


def mel(samples: Samples, rng: np.random.Generator) -> Samples:
    """From 60 to 100 mel bands, which blur the harmonics: windows of 64 ms, 30 to 60 iterations."""
    grid = Grid(1024, 256 if rng.uniform() < 0.5 else 128)
    bank = mel_bank(int(rng.integers(60, 101)), grid)
    seen = np.abs(spectra(samples, grid)) @ bank.T
    magnitude = np.maximum(seen @ np.linalg.pinv(bank).T, 1e-7)
    return as_loud(from_magnitude(magnitude, grid, len(samples), int(rng.integers(30, 61)), rng), samples)


def from_magnitude(
    magnitude: Floats, grid: Grid, length: int, iterations: int, rng: np.random.Generator
) -> Floats:
    """The sound (length,) of a magnitude (frames, bins), phases found from random ones."""
    phases: Spectra = np.exp(2j * np.pi * rng.uniform(size=magnitude.shape))
    before = np.zeros_like(phases)
    for _ in range(iterations):
        now = spectra(sound(magnitude * phases, grid, length), grid)
        ahead = now + MOMENTUM * (now - before)
        phases = ahead / np.maximum(np.abs(ahead), 1e-12)
        before = now
    return sound(magnitude * phases, grid, length)


def mel_bank(bands: int, grid: Grid) -> Floats:
    """Triangles of equal width in mel (O'Shaughnessy), each of area 1 over its bins: (bands, bins)."""
    highest = 2595 * np.log10(1 + _HIGHEST_HZ / 700)
    edges = 700 * (10 ** (np.linspace(0.0, highest, bands + 2) / 2595) - 1)
    hz = grid.hz
    rise = (hz - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - hz) / (edges[2:] - edges[1:-1])[:, None]
    bank = np.maximum(0.0, np.minimum(rise, fall))
    return np.asarray(bank / np.maximum(bank.sum(axis=1, keepdims=True), 1e-9))
