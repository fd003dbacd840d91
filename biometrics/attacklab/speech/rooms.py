"""How a room answers: sound goes from a source to a microphone on many ways."""

from __future__ import annotations

from itertools import product
from typing import Final

import numpy as np

from biometrics.attacklab.speech.waves import Floats
from biometrics.voice.features import SAMPLE_RATE_HZ

SPEED_M_S: Final = 343.0
_TAPS: Final = 32
_LONGEST_S: Final = 0.5
_CLOSEST_M: Final = 0.1


def decaying(rt60_s: float, direct_db: float, rng: np.random.Generator) -> Floats:
    """Direct sound and a tail of noise that dies away by 60 dB in ``rt60_s`` (Polack 1988), of unit energy, the direct sound first.

    ``direct_db`` direct over reverberant energy.
    """
    length = max(2, round(rt60_s * SAMPLE_RATE_HZ))
    tail = rng.standard_normal(length) * np.exp(-6.91 * np.arange(length) / length)
    tail[: round(0.002 * SAMPLE_RATE_HZ)] = 0.0
    energy = float(np.sum(tail**2))
    response = tail * (10 ** (-direct_db / 20) / np.sqrt(energy) if energy > 0.0 else 0.0)
    response[0] = 1.0
    return np.asarray(response / np.sqrt(np.sum(response**2)))


def shoebox(size_m: Floats, source_m: Floats, microphone_m: Floats, absorption: float) -> Floats:
    """A box with walls that take ``absorption`` (0..1) of the energy, by mirror sources (Allen & Berkley 1979), of unit energy.

    ``size_m``, ``source_m`` and ``microphone_m`` (3,); the direct sound first.
    """
    reflection = float(np.sqrt(1.0 - absorption))
    reach = [int(np.ceil(_LONGEST_S * SPEED_M_S / (2 * side) / 3)) for side in size_m]
    orders = np.array(list(product(*(range(-most, most + 1) for most in reach))))
    direct_m = max(float(np.linalg.norm(source_m - microphone_m)), _CLOSEST_M)
    response = np.zeros(round(_LONGEST_S * SAMPLE_RATE_HZ) + 2 * _TAPS)
    for mirrored in product((0, 1), repeat=3):
        mirror = np.array(mirrored)
        images = (1 - 2 * mirror) * source_m + 2 * orders * size_m
        bounces = np.abs(2 * orders - mirror).sum(axis=1)
        away = np.maximum(np.linalg.norm(images - microphone_m, axis=1), _CLOSEST_M)
        gains = reflection**bounces * direct_m / away
        _add(response, (away - direct_m) / SPEED_M_S * SAMPLE_RATE_HZ, gains)
    response = response[_TAPS // 2 :]
    return np.asarray(response / np.sqrt(np.sum(response**2)))


def drawn_shoebox(rng: np.random.Generator) -> Floats:
    """An office or a living room, the source 0.2 to 1 m from the microphone."""
    size = np.array([rng.uniform(2.5, 6.0), rng.uniform(2.5, 5.0), rng.uniform(2.3, 3.2)])
    microphone = size * rng.uniform(0.3, 0.7, 3)
    direction = rng.standard_normal(3)
    source = microphone + direction / np.linalg.norm(direction) * rng.uniform(0.2, 1.0)
    return shoebox(size, np.clip(source, 0.1, size - 0.1), microphone, float(rng.uniform(0.2, 0.6)))


def _add(response: Floats, at: Floats, gains: Floats) -> None:
    """Impulses at fractions of samples, as windowed sinc."""
    near = (at < len(response) - 2 * _TAPS) & (gains > 1e-4)
    whole = np.floor(at[near]).astype(int)
    offsets = np.arange(_TAPS) - _TAPS // 2
    away = offsets[np.newaxis] - (at[near] - whole)[:, np.newaxis]
    taps = np.sinc(away) * np.cos(np.pi * away / (_TAPS + 2)) ** 2
    np.add.at(response, whole[:, np.newaxis] + offsets + _TAPS // 2, gains[near, np.newaxis] * taps)
