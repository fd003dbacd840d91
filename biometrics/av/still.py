"""Does a mouth move while somebody is heard? One that does not, says nothing of what is heard."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.av.timeline import RATE_HZ, Rows
from biometrics.av.tracks import heard_speech, seen_mouth
from biometrics.av.window import joined, part

LOOK_S: Final = 1.0
"""One look: of 248 at eight talking people the quietest moves four times as much as the liveliest of their faces held still."""
LOOK: Final = round(LOOK_S * RATE_HZ)
SPOKEN: Final = 0.8
"""Share of a look that must be speech."""
SILENT: Final = 0.1
SEEN: Final = 0.9
LIVELY: Final = 0.01
"""Standard deviation of the opening, in eye distances: half of the least (0.020) of those looks; held still at 1000 kbit/s it is 0.005 at most."""
TALKING: Final = 0.03
"""As much movement as speech makes: nine of ten looks at talking people have more."""
FLOOR: Final = 0.001


@dataclass(frozen=True, slots=True)
class Look:
    """``motion`` standard deviation of the opening, eye distances; ``spoken`` and ``seen`` shares of the rows; ``px`` the mouth's width."""

    rows: Rows
    motion: float
    spoken: float
    seen: float
    px: float

    @property
    def over_voice(self) -> bool:
        """Whether somebody is heard for long enough, with the mouth in sight."""
        return self.spoken >= SPOKEN and self.seen >= SEEN

    @property
    def unheard(self) -> bool:
        """Whether the mouth moves as in speech, and nobody is heard."""
        return self.spoken <= SILENT and self.seen >= SEEN and self.motion >= TALKING

    @property
    def score(self) -> float:
        """Natural log of `LIVELY` over the motion: above 0 for a mouth that is too still for what is heard."""
        return float(np.log((LIVELY + FLOOR) / (self.motion + FLOOR)))


class Looks:
    """Cuts looks out of a session's rows: the first stretch of `LOOK` rows that is either mostly speech or silence, and so on."""

    def __init__(self) -> None:
        self._rows: deque[Rows] = deque()

    def push(self, rows: Rows) -> list[Look]:
        """Take rows; give the looks that became whole."""
        self._rows.append(rows)
        all_rows = joined(self._rows)
        looks, start = [], 0
        while len(all_rows) - start >= LOOK:
            look = look_at(part(all_rows, slice(start, start + LOOK)))
            told = look.over_voice or look.spoken <= SILENT
            if told:
                looks.append(look)
            start += LOOK if told else 1
        self._rows.clear()
        if start < len(all_rows):
            self._rows.append(part(all_rows, slice(start, len(all_rows))))
        return looks


def look_at(rows: Rows) -> Look:
    """Measure a stretch."""
    seen = seen_mouth(rows)
    heard = np.isfinite(rows.speech)
    known = rows.mouth[seen]
    return Look(
        rows,
        motion=float(known[:, 0].std()) if len(known) else 0.0,
        spoken=float(heard_speech(rows).mean()) if heard.all() else 0.5,
        seen=float(seen.mean()),
        px=float(known[:, 1].mean()) if len(known) else 0.0,
    )
