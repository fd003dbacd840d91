"""What a call's codecs leave of the agreement of mouth and sound: VP8 at falling bit rates, Opus at 24 kbit/s."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from biometrics.av.tracks import seen_mouth
from biometrics.evaluation.audio import through_opus
from biometrics.evaluation.av_clips import clip_sound, hear, rows_of, talks
from biometrics.evaluation.av_trials import (
    SWAPPED,
    Bench,
    EerRow,
    Trial,
    eer_rows,
    estimate_json,
    window_trials,
)
from biometrics.evaluation.trials import Progress
from models.hub import ModelHub

KBPS: Final = (2500, 1000, 500, 250)
OPUS_KBPS: Final = 24


@dataclass(frozen=True, slots=True)
class RateRow:
    """One bit rate: ``seen`` share of grid points with a measurable mouth, ``z`` median of genuine 16 s windows, the ``eer`` against swapped sound."""

    kbps: int
    seen: float
    z: float
    eer: EerRow

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        figure = estimate_json(self.eer.eer)
        counts = {"genuine": self.eer.genuine, "attacks": self.eer.attacks}
        return {
            "kbps": self.kbps,
            "seen": round(self.seen, 3),
            "median_z": round(self.z, 2),
            "eer": figure,
            **counts,
        }


def rate_rows(
    files: Sequence[Path], clean: Bench, most: int, hub: ModelHub, report: Progress
) -> list[RateRow]:
    """Each bit rate, judged by weights that were learnt on uncoded clips of other people."""
    sounds = []
    for file in files:
        sound = clip_sound(file)
        sounds.append(tuple(hear(replace(sound, samples=through_opus(sound.samples, OPUS_KBPS)), hub)))
    rows = []
    for kbps in KBPS:
        coded = [
            replace(talk, facts=facts)
            for talk, facts in zip(talks(files, hub, report, kbps), sounds, strict=True)
        ]
        rows.append(_row(kbps, Bench(coded, clean), most, report))
    return rows


def _row(kbps: int, bench: Bench, most: int, report: Progress) -> RateRow:
    found: list[Trial] = [
        trial for trial in window_trials(bench, bench.groups(most), report) if trial.kind in ("", SWAPPED)
    ]
    longest = list(eer_rows(found))[-1]
    z = [-trial.score for trial in found if not trial.kind and trial.duration_s == longest.duration_s]
    seen = [float(seen_mouth(rows_of(talk)).mean()) for talk in bench.talks.values()]
    return RateRow(kbps, float(np.mean(seen)), float(np.median(z)), longest)
