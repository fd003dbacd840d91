"""``python -m biometrics.training.av_weights FOLDER``: learns `biometrics/av/weights.py` anew from FOLDER/clips/*.mp4.

The folder's media stay where they are: what ships are the filter's 102 numbers.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import biometrics.av
from biometrics.av.timeline import Floats
from biometrics.evaluation.av_clips import rows_of, talks
from biometrics.evaluation.av_fit import fit_weights
from biometrics.evaluation.rppg_clips import clip_files
from models.local_hub import LocalHub

_DIGITS = 4
_HEAD = '''"""Learnt by `biometrics.training.av_weights`; see models/cards/av_filter.md."""

from __future__ import annotations

from typing import Final

import numpy as np

from biometrics.av.timeline import Floats

NAME: Final = "av-filter-1"
WEIGHTS: Final[Floats] = np.array(
    [  # rows: the sound from 0.32 s before to 0.32 s after, columns: the bands of `voice.envelope`
'''


def text(weights: Floats) -> str:
    """The module's source, the greatest weight scaled to 1."""
    scaled = weights / np.abs(weights).max()
    rows = ("        [" + ", ".join(f"{value:.{_DIGITS}f}" for value in row) + "],\n" for row in scaled)
    return _HEAD + "".join(rows) + "    ]\n)\n"


if __name__ == "__main__":
    with LocalHub() as hub:
        found = talks(clip_files(Path(sys.argv[1])), hub, lambda done, total, what: None)
    target = Path(biometrics.av.__file__).parent / "weights.py"
    target.write_text(text(fit_weights([rows_of(talk) for talk in found])), "utf-8")
