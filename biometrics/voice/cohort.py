"""A cohort: voices of other people, against which a comparison of two voiceprints is put in proportion."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import as_file, files
from pathlib import Path
from typing import Literal
from zipfile import BadZipFile

import numpy as np
from numpy.lib.npyio import NpzFile
from numpy.typing import NDArray

from biometrics.errors import CohortError
from biometrics.voice.embed import Vector, distance

FILE = "cohort.npz"
"""The shipped cohort, beside this module; made by `biometrics.training.voice_cohort`, see models/cards/voice_cohort.md."""
WIDTH = 192
"""Of a voiceprint, with every encoder that is used here."""
LEAST_VOICES = 20
"""Fewer have no spread worth dividing by."""

Side = Literal["reference", "probe", "both"]


@dataclass(frozen=True, slots=True)
class Cohort:
    """``voices`` (N, d) float32, each the L2-normalised voiceprint of one person; ``model`` the encoder that made them.

    Raises CohortError for fewer than 20 voices, or for rows that are not of length 1.
    """

    voices: NDArray[np.float32]
    model: str

    def __post_init__(self) -> None:
        if self.voices.ndim != 2 or len(self.voices) < LEAST_VOICES:
            raise CohortError(f"a cohort needs {LEAST_VOICES} voices or more, as rows of one array")
        if not np.allclose(np.linalg.norm(self.voices, axis=1), 1.0, atol=1e-3):
            raise CohortError("a cohort's voices must be voiceprints of length 1")

    def __len__(self) -> int:
        return len(self.voices)

    @property
    def id(self) -> str:
        """What was normalised with, as observations name it: ``cohort@sha256[:8]`` of encoder and voices."""
        return f"cohort@{sha256(self.model.encode() + self.voices.tobytes()).hexdigest()[:8]}"

    def distances(self, vector: Vector) -> NDArray[np.float64]:
        """Cosine distances (N,) of a voiceprint to every voice, ascending."""
        return np.sort(1.0 - self.voices.astype(np.float64) @ vector.astype(np.float64))


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A distance in standard deviations of the cohort's distances: 0 is as far as other people are, less is nearer.

    ``side``: those to the reference (Z-norm), to the probe (T-norm; Auckenthaler et al. 2000), or the mean of both
    (S-norm; Kenny 2010). ``nearest``: only this many voices nearest to each count (adaptive S-norm, Matějka et al. 2017,
    doi:10.21437/Interspeech.2017-803); None takes all.
    """

    cohort: Cohort
    side: Side = "both"
    nearest: int | None = None

    def score(self, probe: Vector, reference: Vector) -> float:
        """The normalised distance of two voiceprints; greater means less alike. Symmetric where ``side`` is both."""
        raw = distance(probe, reference)
        against = {"reference": (reference,), "probe": (probe,), "both": (probe, reference)}[self.side]
        return sum(self._standardised(raw, vector) for vector in against) / len(against)

    def _standardised(self, raw: float, vector: Vector) -> float:
        others = self.cohort.distances(vector)[: self.nearest]
        return (raw - float(others.mean())) / max(float(others.std()), 1e-6)


def read_cohort(path: Path, model: str) -> Cohort:
    """Read a cohort file for the encoder ``model``. Raises CohortError where it was made with another, or is damaged."""
    try:
        voices, made_with = _parts(path)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile, zlib.error) as error:
        raise CohortError(
            f"the cohort {path.name} cannot be read ({error}): make or install it again"
        ) from None
    if made_with != model:
        raise CohortError(
            f"the cohort {path.name} was made with {made_with}, and {model} is in use: make it again"
        )
    if voices.ndim != 2 or voices.shape[1] != WIDTH:
        raise CohortError(
            f"the cohort {path.name} holds an array of shape {voices.shape}, and rows of {WIDTH} are needed: make it again"
        )
    return Cohort(voices, model)


def _parts(path: Path) -> tuple[NDArray[np.float32], str]:
    with path.open("rb") as file:
        parts = np.load(file, allow_pickle=False)
        if not isinstance(parts, NpzFile):
            raise ValueError("it holds one array and no name of an encoder")
        return np.asarray(parts["voices"], np.float32), str(parts["model"])


def write_cohort(cohort: Cohort, path: Path) -> None:
    """Write a cohort; `read_cohort` reads the same."""
    with path.open("wb") as file:
        np.savez(file, voices=cohort.voices, model=np.array(cohort.model))


def shipped_cohort(model: str) -> Cohort:
    """The cohort that ships, for the encoder ``model``. Raises CohortError where it was made with another."""
    with as_file(files("biometrics.voice") / FILE) as path:
        return read_cohort(path, model)
