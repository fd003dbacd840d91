"""How much a camera may send so that the far side's downlink carries it. Pure.

We forward what one browser encodes to another, so only the encoder can send less. Its browser is told a ceiling, found
from the losses that the far side reports: the loss-based rule of draft-ietf-rmcat-gcc-02 section 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_MAX_KBPS: Final = 2500.0
_HEAVY: Final = 0.10
_LIGHT: Final = 0.02
_GROWTH: Final = 1.08


@dataclass(slots=True)
class Ceiling:
    """``floor_kbps`` it never goes below; ``kbps`` where it is, None while there is none."""

    floor_kbps: float
    kbps: float | None = None

    def report(self, loss: float, sent_kbps: float) -> float | None:
        """Take the far side's loss, 0..1, of what was sent at ``sent_kbps``. Gives the ceiling to tell, None for nothing new."""
        if loss > _HEAVY:
            base = sent_kbps if self.kbps is None else min(self.kbps, sent_kbps)
            self.kbps = max(self.floor_kbps, base * (1 - loss / 2))
            return self.kbps
        if self.kbps is None:
            return None
        if loss < _LIGHT:
            self.kbps *= _GROWTH
        told, self.kbps = self.kbps, self.kbps if self.kbps < _MAX_KBPS else None
        return told
