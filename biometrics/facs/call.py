"""A filmed plan as the other end of a call receives it: VP8 as a browser sends it (`attacklab.channel`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from biometrics.attacklab.channel import Channel, arriving, decoded
from biometrics.facs.plan import ClipPlan
from biometrics.media import Frame


def received(frames: Iterable[Frame], plan: ClipPlan, channel: Channel) -> Iterator[Frame]:
    """What is shown of a plan's ``frames`` after the channel; below some bit rates smaller, as a browser makes it."""
    t = np.arange(plan.frames) / plan.fps
    return decoded(arriving((frame.image for frame in frames), plan.size, t, channel))
