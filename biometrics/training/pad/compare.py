"""What came of it, on people and renderers that were held out: ``python -m biometrics.training.pad.compare TEST --networks V2 V1SE --published V2 V1SE --fit FILE``.

APCER by species at the threshold that 5 % of the test's own bona fide renders exceed, for the networks alone and for
the whole combination, with as many people as there are: figures of a simulation.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from biometrics.face.pad.window import CUES, trimmed_mean
from biometrics.training.pad.networks import Pair
from biometrics.training.pad.takes import REAL, Window, read
from fraudmodel.metrics import threshold_at_bpcer
from models.build import pad_window
from models.manifest import Manifest
from models.session import open_session

BPCER = 0.05
Floats = NDArray[np.float64]


def network_scores(windows: Sequence[Window], pair: Pair) -> Floats:
    """(n,) trimmed mean of the networks' log-odds."""
    return np.array([trimmed_mean(pair.odds(window.crops)) for window in windows])


def combined_scores(windows: Sequence[Window], network: Floats, fit: Path) -> Floats:
    """(n,) scores of the combination."""
    data = pad_window.build({"fit": fit.read_bytes()})
    session = open_session(data, Manifest.default().entry("pad_window"))
    scores = []
    for window, odds in zip(windows, network, strict=True):
        cues = window.rows[0].copy()
        cues[0, CUES.index("network")] = odds
        scores.append(float(session.run([cues, *window.rows[1:]])[0][0, 0]))
    return np.array(scores)


def table(name: str, scores: Floats, windows: Sequence[Window]) -> dict[str, object]:
    """One way to score, as figures."""
    kinds = np.array([REAL if window.renderer == REAL else window.species for window in windows])
    live = scores[kinds == "bona_fide"]
    threshold = threshold_at_bpcer(live, BPCER)
    rows = {}
    for kind in sorted(set(kinds.tolist())):
        own = scores[kinds == kind]
        area = float(np.mean((own[:, None] > live).astype(float) + 0.5 * (own[:, None] == live)))
        rows[kind] = {
            "windows": len(own),
            "above": round(float(np.mean(own > threshold)), 3),
            "auc": round(area, 3),
        }
    return {"scores": name, "threshold": round(threshold, 3), "by_kind": rows}


def main() -> None:
    """Take the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crops", type=Path)
    parser.add_argument("--networks", type=Path, nargs=2, required=True)
    parser.add_argument("--published", type=Path, nargs=2, required=True)
    parser.add_argument("--fit", type=Path, required=True)
    chosen = parser.parse_args()
    windows = [window for window in read(chosen.crops) if window.split == "test" and window.rows]
    published = network_scores(windows, Pair.load(*chosen.published))
    ours = network_scores(windows, Pair.load(*chosen.networks))
    found = [
        table("published networks", published, windows),
        table("fine-tuned networks", ours, windows),
        table("combination", combined_scores(windows, ours, chosen.fit), windows),
    ]
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
