"""What the decoded pictures of one window say, as cues.

Points are natural-log odds by judgement, not fitted; the limits lie beyond what honest recordings showed (see each). Lab
renders are those of ``candor lab render --split test --seed 1``, of renderer b where they attack.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import log
from statistics import median
from typing import Final

from biometrics.injection.hashes import Reuse
from biometrics.injection.loop import Repeat
from biometrics.injection.noise import Grain
from biometrics.injection.points import LARGEST_SCORE, Tally
from biometrics.injection.resampling import Line
from biometrics.injection.standstill import Standstill

STRANGE: Final = 0.3
"""Stretches of honest recordings are at least this unlike: in eight clips one after the other, 74 s, 0.70 and more
(`tests/biometrics/detectors/test_injection_frames.py`), in 320 honest lab renders 0.35 and more. 300 loops through VP8 at 250
to 2500 kbit/s are by 0.16 and less, half of them by 0.001 and less."""
SAME_LAG_S: Final = 0.12
_A_FACTOR_E: Final = 5.0
"""Points for being alike by a further factor e: what is proven lies far from what is odd."""
UNLIKE: Final = 0.3
"""Share of bits in which five seconds of different recordings differ at least: of eight clips against each other 0.44, of six
drawn heads that sway alike 0.26; 320 honest lab renders differ from interviews of others by 0.41, 69 replays off a screen by 0.19
and less. Played again through VP8 they differ by 0.02 to 0.07, cropped by 15 % by 0.16 to 0.31
(`tests/biometrics/injection/test_hashes.py`)."""
_SHARE: Final = 40.0
"""Points for a whole share of bits."""
_OFTEN: Final = 0.1
_REGULAR: Final = 0.85
"""How regularly pictures come twice: honest renders up to 0.70, those of a 15 Hz file at 30 Hz 0.92 and more. 24 or 25 in 30 repeat one in five or six."""
_GRAINS: Final = 3
"""Fewer pictures whose grain can be measured say nothing of a window."""
_PLAIN: Final = 6.0
"""Lines of honest renders stand out up to 3.5 times."""


def repeat_cues(repeats: Sequence[Repeat], tally: Tally) -> None:
    """The best two looks that agree on a lag: one alone proves nothing. Nothing where nothing could be compared."""
    if not repeats:
        return
    pairs = [
        (max(one.unlike, other.unlike), one.lag_s)
        for one, other in combinations(repeats, 2)
        if abs(one.lag_s - other.lag_s) <= SAME_LAG_S
    ]
    unlike, lag_s = min(pairs, default=(1.0, repeats[0].lag_s))
    points = _A_FACTOR_E * log(STRANGE / max(unlike, 1e-6))
    tally.add("repeats", min(LARGEST_SCORE, max(0.0, points)))
    tally.measured |= {
        "unlike": unlike,
        "repeat_lag_s": lag_s,
        "motion_rms": max(each.rms for each in repeats),
    }


def reuse_cues(reuses: Sequence[Reuse], tally: Tally) -> None:
    """The earlier interview that five seconds of this one are most like; nothing where none was compared."""
    if not reuses:
        return
    best = min(reuses, key=lambda each: each.differs)
    tally.add("seen_before", min(LARGEST_SCORE, max(0.0, _SHARE * (UNLIKE - best.differs))))
    tally.measured |= {
        "past_differs": best.differs,
        "past_session": float(best.session),
        "past_at_s": best.at_s,
    }


def standstill_cues(found: Standstill | None, tally: Tally) -> None:
    """A face that stands still to the last grain, and pictures that come twice in a rhythm."""
    if found is None:
        return
    tally.add("frozen", 2.0 * min(1.0, max(0.0, (found.frozen - 0.3) / 0.4)))
    rhythm = found.repeated >= _OFTEN and found.regular >= _REGULAR
    tally.add("stutter", 1.5 * rhythm)
    tally.measured |= {"share_frozen": found.frozen, "share_repeated": found.repeated}
    tally.measured |= {"stutter_regular": found.regular, "stutter_period": float(found.period)}


def resampling_cues(line: Line | None, tally: Tally) -> None:
    """A line that only scaling or another codec's blocks leave. Cameras that scale leave it too: not worth much."""
    if line is None:
        return
    tally.add("scaled", min(1.5, max(0.0, log(max(line.ratio, 1e-6) / _PLAIN))))
    tally.measured |= {"line_ratio": line.ratio, "line_frequency": line.frequency}


def grain_cues(grains: Sequence[Grain], tally: Tally) -> None:
    """The face's grain against its surroundings', for the officer's eyes: no points, for it hardly tells a face swap from an
    honest picture after a call's codec (docs/injection-test-matrix.md)."""
    if len(grains) < _GRAINS:
        return
    tally.measured |= {
        "grain_ratio": median(each.ratio for each in grains),
        "grain_around": median(each.around for each in grains),
    }
