"""How a movement runs in time: a raised cosine up, perhaps a hold, a raised cosine down. Onset, apex and offset are exact."""

from __future__ import annotations

from math import cos, pi


def activation(t: float, onset_s: float, apex_s: float, offset_s: float, hold_s: float = 0.0) -> float:
    """0 before onset and after offset, 1 from apex for ``hold_s``, without a jump of its speed anywhere."""
    if t < apex_s:
        return _rise((t - onset_s) / (apex_s - onset_s))
    return _rise((offset_s - t) / (offset_s - apex_s - hold_s))


def _rise(share: float) -> float:
    return 0.5 - 0.5 * cos(pi * min(max(share, 0.0), 1.0))
