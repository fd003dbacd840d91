"""Biometric references: what enrolment leaves behind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Template:
    """An enrolled reference. ``vector`` (d,) float32, L2-normalised; ``model`` names the encoder, as ``name@sha256[:8]``.

    A template is only ever compared with a probe of the same ``model``. ``covariates`` hold what calibration needs
    (``net_speech_s``, ``snr_db``).
    """

    modality: Literal["face", "voice"]
    vector: NDArray[np.float32]
    model: str
    covariates: tuple[tuple[str, float], ...] = ()
