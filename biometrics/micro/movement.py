"""One movement of a face, out of rest and back: what the spotter finds and what everything after it reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BRIEF_S: Final = (0.13, 0.5)
"""From onset to offset: a shorter one is not resolved at the frame rates of a call, a longer one is an ordinary (macro) expression."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A movement from ``onset_s`` over ``apex_s`` to ``offset_s``, seconds of media: where the spotter read them, between two frames;
    read back from a reading, each the time of the frame nearest to it.

    ``amplitude`` how far its strongest region moved, in distances between the eyes (0.02 is 2 %); ``strength`` its strongest swing in
    deviations of the person's own rest (of one coordinate: the median length of a swing over 1.1774, as if Rayleigh distributed);
    ``asymmetry`` -1..1, above 0 where the person's left side moved further; ``regions`` those that moved, the strongest first; ``upper``
    whether brows, lids or the root of the nose were among them; ``brief`` whether it is short enough for a micro-expression
    (`is_brief`), by the times between the frames: those of frames are up to a frame off.
    """

    onset_s: float
    apex_s: float
    offset_s: float
    amplitude: float
    strength: float
    asymmetry: float
    regions: tuple[str, ...]
    upper: bool
    brief: bool

    @property
    def duration_s(self) -> float:
        """From onset to offset."""
        return self.offset_s - self.onset_s


def is_brief(onset_s: float, offset_s: float) -> bool:
    """Whether a movement lasts as long as `BRIEF_S` says."""
    return BRIEF_S[0] <= offset_s - onset_s <= BRIEF_S[1]
