"""The logistic combination of networks and cues: ``python -m biometrics.training.pad.combine CROPS --networks V2 V1SE --out FILE``.

Each cue may only speak the way physics says (`POLARITY`): there are too few people to let the data overrule it. The
penalty is chosen by leaving out one person after another. The networks never learnt from labels, so what they say of
these people is what they would say of others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from biometrics.face.pad.texture import chi_square
from biometrics.face.pad.window import CUES, DISTANCES, trimmed_mean
from biometrics.training.pad.networks import Pair
from biometrics.training.pad.takes import REAL, SPECIES, STILL, Window, read

POLARITY = {
    "network": 1, "moire": 1, "harmonics": 1, "slope": 0, "unevenness": 0, "specular": 1, "specular_change": 1,
    "compression": 0, "bezel": 1, "planarity": -1, "comotion": 1, "gamut": 1, "texture": 1, "mouth": -1,
    "bands": 1,
}  # fmt: skip
"""Which way a cue speaks for an attack: 1 more of it, -1 less of it, 0 either."""
FARTHEST = 3.0
"""Deviations of live faces: a cue further out counts no more, so that none decides alone."""
FARTHEST_NETWORK = 6.0
"""The same for the networks, whose log-odds the detector holds at 8 already."""
FARTHEST_MOUTH = 8.0
"""The same for the mouth: nobody speaks without moving it, so this cue alone may overrule what texture says."""
FARTHEST_BANDS = 6.0
"""The same for bands: those of screens are many times deeper than what lamps leave."""
TWO_SIDED = ("network", "slope", "unevenness", "compression")
"""The others count only when there is more of them than on live faces (or less, where less speaks): a good screen
shows no moire and a face may fill the picture, so their absence clears nobody."""
SHOWN_ONLY = ("slope", "unevenness", "compression", "bezel", "comotion", "gamut", "texture")
"""Cues without a say, though readings carry them. Slope, unevenness, colours and texture tell one camera, and the few
people who were filmed, from all others; shelves and window frames are edges as well; and a phone in an honest hand moves
face and room together. With them fewer attacks by other renderers on other people were found (models/cards/pad_window.md)."""
PENALTIES = (0.003, 0.01, 0.03, 0.1)
_SHRINK = 0.1

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Live:
    """What live faces look like: ``gamut`` mean (3,) and precision (3, 3) of the colours' spread, ``texture`` mean."""

    mean: Floats
    precision: Floats
    texture: Floats

    def distances(self, window: Window) -> tuple[float, float]:
        """How far a window is from that, in colour and in texture."""
        _, _, gamut, texture, _ = window.rows
        away = gamut[0] - self.mean
        return float(np.sqrt(away @ self.precision @ away)), chi_square(
            texture[0].astype(np.float64), self.texture
        )


def live_of(windows: Sequence[Window]) -> Live:
    """Fit it on bona fide windows that show both."""
    live = [window.rows for window in windows if not window.attack and window.rows[4].all()]
    spread = np.concatenate([rows[2] for rows in live]).astype(np.float64)
    covariance = np.cov(spread, rowvar=False)
    covariance += _SHRINK * np.trace(covariance) / 3 * np.eye(3)
    texture: Floats = np.mean([rows[3][0] for rows in live], axis=0).astype(np.float64)
    mean: Floats = spread.mean(axis=0).astype(np.float64)
    return Live(mean, np.asarray(np.linalg.inv(covariance)), texture)


def design(windows: Sequence[Window], live: Live, odds: Sequence[Floats]) -> tuple[Floats, NDArray[np.bool_]]:
    """(n, cues) values and which of them are known. ``odds`` the networks' log-odds for each window's crops."""
    values, known = [], []
    for window, each in zip(windows, odds, strict=True):
        cues, measured, _, _, seen = (row[0].astype(np.float64) for row in window.rows)
        cues[CUES.index("network")] = trimmed_mean(each)
        values.append([*cues, *live.distances(window)])
        known.append([*(measured > 0), *(seen > 0)])
    return np.array(values), np.array(known)


def weights_of(windows: Sequence[Window]) -> Floats:
    """(n,) so that bona fide and attacks, and within each every species and every person, count alike; they sum to n."""
    attack = np.array([window.attack for window in windows])
    cells = [(window.species, window.subject) for window in windows]
    sizes = {cell: cells.count(cell) for cell in set(cells)}
    of_class = {
        flag: len({cell for cell, is_attack in zip(cells, attack, strict=True) if is_attack == flag})
        for flag in (True, False)
    }
    weight = [0.5 / of_class[bool(flag)] / sizes[cell] for cell, flag in zip(cells, attack, strict=True)]
    return np.array(weight) * len(windows)


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted combination; arrays in the order of `CUES` and `DISTANCES`."""

    mean: Floats
    deviation: Floats
    weight: Floats
    bias: float

    def scores(self, values: Floats, known: NDArray[np.bool_]) -> Floats:
        """(n,) log-odds of an attack at even odds."""
        return np.asarray(scaled(values, known, self.mean, self.deviation) @ self.weight + self.bias)


def reach() -> tuple[Floats, Floats]:
    """(cues,) the range in which each cue counts, in deviations of live faces."""
    names = (*CUES, *DISTANCES)
    own = {"network": FARTHEST_NETWORK, "mouth": FARTHEST_MOUTH, "bands": FARTHEST_BANDS}
    far = np.array([own.get(name, FARTHEST) for name in names])
    less = [name in TWO_SIDED or POLARITY[name] < 0 for name in names]
    more = [name in TWO_SIDED or POLARITY[name] > 0 for name in names]
    return np.where(less, -far, 0.0), np.where(more, far, 0.0)


def scaled(values: Floats, known: NDArray[np.bool_], mean: Floats, deviation: Floats) -> Floats:
    """As ``models.build.pad_window`` scales: held in its `reach`, 0 where unknown."""
    return np.asarray(np.clip((values - mean) / deviation, *reach()) * known)


def fit(
    values: Floats,
    known: NDArray[np.bool_],
    attack: NDArray[np.bool_],
    weight: Floats,
    penalty: float,
    muted: Collection[str] = SHOWN_ONLY,
) -> Fit:
    """Ridge-penalised weighted logistic regression under `POLARITY`; ``muted`` cues get the weight 0."""
    seen = np.ma.masked_array(values, ~known)
    mean = np.asarray(seen[~attack].mean(axis=0).filled(0.0))
    # What live faces never show, such as harmonics, has no deviation of its own among them.
    spread = np.maximum(seen[~attack].std(axis=0).filled(0.0), 0.25 * seen.std(axis=0).filled(4.0))
    deviation = np.maximum(np.asarray(spread), 1e-3)
    x = scaled(values, known, mean, deviation)
    sign = np.where(attack, 1.0, -1.0)
    share = weight / weight.sum()

    def loss(beta: Floats) -> tuple[float, Floats]:
        margin = sign * (x @ beta[1:] + beta[0])
        slope = -share * sign * expit(-margin)
        value = float(share @ np.logaddexp(0.0, -margin)) + 0.5 * penalty * float(beta[1:] @ beta[1:])
        return value, np.concatenate([[slope.sum()], slope @ x + penalty * beta[1:]])

    allowed = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
    names = (*CUES, *DISTANCES)
    bounds = [(None, None), *((0.0, 0.0) if name in muted else allowed[POLARITY[name]] for name in names)]
    beta = minimize(loss, np.zeros(x.shape[1] + 1), jac=True, bounds=bounds, method="L-BFGS-B").x
    return Fit(mean, deviation, np.asarray(beta[1:]), float(beta[0]))


def best_penalty(values: Floats, known: NDArray[np.bool_], windows: Sequence[Window]) -> float:
    """The penalty with the least log-loss on people who were left out, one after another."""
    subjects = np.array([window.subject for window in windows])
    attack = np.array([window.attack for window in windows])
    weight = weights_of(windows)
    losses = {}
    for penalty in PENALTIES:
        scores = np.zeros(len(windows))
        for person in sorted(set(subjects.tolist())):
            away = subjects == person
            trained = fit(values[~away], known[~away], attack[~away], weight[~away], penalty)
            scores[away] = trained.scores(values[away], known[away])
        losses[penalty] = float(weight @ np.logaddexp(0, np.where(attack, -scores, scores)) / weight.sum())
    sys.stdout.write(
        "".join(f"penalty {each:g}: {value:.4f} nats on people left out\n" for each, value in losses.items())
    )
    return min(losses, key=lambda each: losses[each])


def document(found: Fit, live: Live) -> dict[str, Any]:
    """What ``models.build.pad_window`` reads."""
    names = (*CUES, *DISTANCES)
    low, high = (each.tolist() for each in reach())
    cues = [
        {
            "name": name,
            "mean": round(m, 6),
            "deviation": round(d, 6),
            "low": least,
            "high": most,
            "weight": round(w, 6),
        }
        for name, m, d, least, most, w in zip(
            names,
            found.mean.tolist(),
            found.deviation.tolist(),
            low,
            high,
            found.weight.tolist(),
            strict=True,
        )
    ]
    return {
        "cues": cues,
        "bias": round(found.bias, 6),
        "gamut": {"mean": live.mean.round(6).tolist(), "precision": live.precision.round(6).tolist()},
        "texture": live.texture.round(7).tolist(),
    }


def main() -> None:
    """Take the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crops", type=Path)
    parser.add_argument(
        "--networks", type=Path, nargs=2, required=True, help="checkpoints of pad_v2 and pad_v1se"
    )
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    taught = [each for each in read(chosen.crops) if each.split == "train" and each.rows]
    windows = [each for each in taught if each.species in SPECIES and each.renderer in ("a", REAL, STILL)]
    people = {window.subject for window in windows}
    live = live_of(windows)
    pair = Pair.load(*chosen.networks)
    odds = [pair.odds(window.crops) for window in windows]
    values, known = design(windows, live, odds)
    attack = np.array([window.attack for window in windows])
    found = fit(values, known, attack, weights_of(windows), best_penalty(values, known, windows))
    chosen.out.write_text(json.dumps(document(found, live), indent=1) + "\n")
    sys.stdout.write(
        f"{len(windows)} windows of {len(people)} people, {int(attack.sum())} of attacks: {chosen.out}\n"
    )
    for name, weight in zip((*CUES, *DISTANCES), found.weight, strict=True):
        sys.stdout.write(f"  {name:16s} {weight:+.3f}\n")


if __name__ == "__main__":
    main()
