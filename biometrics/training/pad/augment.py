"""Variants of crops that are as likely as they are. numpy only."""

from __future__ import annotations

import numpy as np

from biometrics.training.pad.takes import Crops


def mirrored(crops: Crops) -> Crops:
    """The crops (n, S, S, 3) as a mirror shows them."""
    return np.ascontiguousarray(crops[:, :, ::-1])
