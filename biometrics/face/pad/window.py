"""One window's cues, as the numbers that the logistic combination takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.face.pad.frames import FrameCues
from biometrics.face.pad.motion import Movement
from biometrics.face.pad.texture import LENGTH

CUES = (
    "network", "moire", "harmonics", "slope", "unevenness", "specular", "specular_change", "compression", "bezel",
    "planarity", "comotion", "mouth", "bands",
)  # fmt: skip
"""The numbers of a window, in order."""
DISTANCES = ("gamut", "texture")
"""What the combination itself adds: how far the face's colours and texture are from those of live faces."""
_TRIM = 0.1
_PEAKS = 0.9

Rows = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WindowCues:
    """One row for the combination, all float32: ``cues`` (1, `CUES`) with 0 where ``known`` (1, `CUES`) is 0;
    ``gamut`` (1, 3) as `colour.Colours.spread`; ``texture`` (1, `texture.LENGTH`); ``seen`` (1, 2) whether these two are."""

    cues: Rows
    known: Rows
    gamut: Rows
    texture: Rows
    seen: Rows

    @property
    def rows(self) -> tuple[Rows, ...]:
        """The combination's inputs, in order."""
        return self.cues, self.known, self.gamut, self.texture, self.seen


def window_cues(
    network: Sequence[float],
    frames: Sequence[FrameCues],
    movement: Movement,
    mouth: float | None,
    bands: float | None,
) -> WindowCues:
    """Gather a window. ``network`` log-odds of an attack by the networks, one for each frame that they saw; ``mouth`` as
    `mouth.MouthWatch.take` and ``bands`` as `bands.BandWatch.take` say."""
    spectra = [each.spectrum for each in frames if each.spectrum is not None]
    colours = [each.colours for each in frames if each.colours is not None]
    textures = [each.texture for each in frames if each.texture is not None]
    specular = [each.specular for each in colours]
    values: dict[str, float | None] = {
        "network": trimmed_mean(network) if len(network) else None,
        "moire": _over(high, [each.moire for each in spectra]),
        "harmonics": _over(high, [np.log1p(each.harmonics) for each in spectra]),
        "slope": _over(np.median, [each.slope for each in spectra]),
        "unevenness": _over(np.median, [each.unevenness for each in spectra]),
        "specular": _over(np.median, np.sqrt(specular)),
        "specular_change": _over(np.std, np.sqrt(specular)) if len(specular) > 1 else None,
        "compression": _over(np.median, [each.compression for each in colours]),
        "bezel": _over(np.median, [each.bezel for each in frames]),
        "planarity": movement.planarity,
        "comotion": movement.comotion,
        "mouth": mouth,
        "bands": bands,
    }
    known = np.array([[values[name] is not None for name in CUES]], np.float32)
    cues = np.array([[values[name] or 0.0 for name in CUES]], np.float32)
    gamut = np.mean([each.spread for each in colours], axis=0) if colours else np.zeros(3)
    texture = np.mean(textures, axis=0) if textures else np.zeros(LENGTH)
    return WindowCues(
        cues,
        known,
        gamut[np.newaxis].astype(np.float32),
        texture[np.newaxis].astype(np.float32),
        np.array([[bool(colours), bool(textures)]], np.float32),
    )


def trimmed_mean(values: Iterable[float]) -> float:
    """The mean without the lowest and the highest tenth."""
    ordered = np.sort(np.fromiter(values, np.float64))
    cut = int(_TRIM * len(ordered))
    return float(ordered[cut : len(ordered) - cut].mean())


def high(values: Iterable[float]) -> float:
    """The 90 % quantile."""
    return float(np.quantile(np.fromiter(values, np.float64), _PEAKS))


def _over(statistic: Callable[..., np.floating | float], values: Iterable[float]) -> float | None:
    kept = list(values)
    return float(statistic(kept)) if kept else None
