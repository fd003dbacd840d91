"""What the bank remembers of an earlier interview: the fingerprint of its motion, told at the beginning of a later one."""

from __future__ import annotations

from typing import Any

import numpy as np

from biometrics.attacklab.clip import Frames
from biometrics.attacklab.optics import Floats
from biometrics.injection.hashes import Fingerprinting
from biometrics.injection.motion import areas, luma_of, small


def remembered(frames: Frames, t: Floats) -> dict[str, Any]:
    """JSON of the `views.Fact` about pictures (n, H, W, 3) that an earlier call received at ``t`` (n,) s."""
    made = Fingerprinting()
    for image, at in zip(frames, t, strict=True):
        made.push(float(at), areas(small(luma_of(np.asarray(image)))))
    return {"t": 0.0, "topic": "past", "values": made.fingerprint().values()}
