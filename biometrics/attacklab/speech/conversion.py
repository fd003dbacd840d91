"""Somebody's words in another's voice: pitch and envelope moved to what a few seconds of the target show.

Statistics only, as conversion was before networks (Stylianou et al. 1998): a proxy for what a clone can do, not a modern one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d
from scipy.spatial import cKDTree

from biometrics.attacklab.speech.cepstral_vocoder import Voice, analysed, envelope, synthesised
from biometrics.attacklab.speech.pitch import HOP, Pitch
from biometrics.attacklab.speech.psola import repitched
from biometrics.attacklab.speech.speakers import Path, heard_speaker, path, speaker_of
from biometrics.attacklab.speech.waves import Floats, Grid, as_loud, sound, spectra
from biometrics.voice.features import Samples

_GRID: Final = Grid(1024, 160)
"""Frames every 10 ms: two of the analysis' hops."""
_HEARD: Final = 21
"""Cepstra that envelopes are compared by."""
_SMOOTH: Final = 5
_MOST: Final = float(np.log(10 ** (20 / 20)))


def through_vocoder(samples: Samples, target: Samples, rng: np.random.Generator) -> Samples:
    """Taken apart, moved and put together by the cepstral vocoder. Raises EvaluationError where either has too little voice."""
    voice = analysed(samples, int(rng.integers(32, 45)))
    way = path(speaker_of(voice), speaker_of(analysed(target, voice.cepstra.shape[1] - 1)))
    moved = replace(
        voice, pitch=Pitch(way.hz(voice.pitch.hz), voice.pitch.voiced), cepstra=way.cepstra(voice.cepstra)
    )
    return as_loud(synthesised(moved, len(samples), rng, float(rng.uniform(3000, 6000))), samples)


def from_nearest(samples: Samples, target: Samples, rng: np.random.Generator) -> Samples:
    """Every envelope is the mean of the target's own nearest ones, so that the resonances are really theirs.

    As kNN-VC (Baas et al. 2023), on cepstra in place of learned features: ten seconds of the target and more serve well. Raises
    EvaluationError where either has too little voice.
    """
    voice, other = analysed(samples), analysed(target)
    way = path(speaker_of(voice), speaker_of(other))
    moved = way.cepstra(voice.cepstra)
    found = _nearest(moved, voice.pitch.voiced, other, int(rng.integers(3, 7)))
    made = replace(voice, pitch=Pitch(way.hz(voice.pitch.hz), voice.pitch.voiced), cepstra=found)
    return as_loud(synthesised(made, len(samples), rng, float(rng.uniform(3000, 6000))), samples)


def by_waveform(samples: Samples, target: Samples, rng: np.random.Generator) -> Samples:
    """The sound's own periods at the target's pitch, then filtered from envelope to envelope: no vocoder, natural phases.

    Raises EvaluationError where either has too little voice.
    """
    voice = analysed(samples)
    way = path(speaker_of(voice), heard_speaker(target))
    strength = float(rng.uniform(0.8, 1.0))
    moved = repitched(samples, voice.pitch, way.hz(voice.pitch.hz))
    return as_loud(_refiltered(moved, way, strength), samples)


def _nearest(wanted: Floats, voiced: NDArray[np.bool_], other: Voice, count: int) -> Floats:
    """For each of ``wanted`` (f, order + 1) the mean of the ``count`` nearest of the other's, voice for voice; the level stays."""
    found = wanted.copy()
    for kind in (True, False):
        those = other.cepstra[other.pitch.voiced == kind]
        mine = voiced == kind
        if len(those) >= count and mine.any():
            _, nearest = cKDTree(those[:, 1:_HEARD]).query(wanted[mine, 1:_HEARD], count)
            found[mine, 1:] = those[nearest.reshape(-1, count), 1:].mean(axis=1)
    found[:, 1:] = uniform_filter1d(found[:, 1:], _SMOOTH, axis=0)
    return found


def _refiltered(samples: Floats, way: Path, strength: float) -> Floats:
    """Each frame times the ratio of the wanted to its own envelope, at most 20 dB."""
    made = spectra(samples, _GRID)
    cepstra = analysed(np.asarray(samples, np.float32)).cepstra[:: _GRID.hop // HOP]
    count = min(len(made), len(cepstra))
    change = strength * (envelope(way.cepstra(cepstra[:count])) - envelope(cepstra[:count]))
    made[:count] *= np.exp(np.clip(change, -_MOST, _MOST))
    return sound(made, _GRID, len(samples))
