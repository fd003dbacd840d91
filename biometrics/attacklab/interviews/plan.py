"""Which interviews are simulated: kinds and people in turn, everything else drawn by one seed.

An interview depends on its own number and on the seed only, never on how many are asked for: any first part of a plan is a plan, with as
many honest ones as frauds and every kind about as often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from biometrics.attacklab.interviews.cast import Cast, Person
from biometrics.attacklab.interviews.network import NETWORKS, Quality
from biometrics.attacklab.interviews.scenarios import BONA_FIDE, FRAUDS, MISSING, Missing, Scenario
from biometrics.attacklab.plan import SPLITS, Split
from biometrics.errors import EvaluationError

LENGTH_S: Final = (23.0, 28.0)
"""Long enough for 16 s of speech and a challenge, and not longer: every second costs a second of a processor."""
SHORT_S: Final = (6.0, 7.0)
"""For a check: too short for some signals."""
RENDERERS: Final[dict[Split, str]] = {"train": "a", "test": "b"}
"""As in the lab: no way of rendering is in both splits."""
_SIZES: Final = ((480, 360), (480, 360), (360, 480))
_SLOWER: Final = (20.0, 15.0, 15.0)
_FULL_RATE: Final = 0.15
"""Share of interviews at the rate of their takes, 22 to 30 Hz; the others are slower, and cheaper to analyse."""
_DIM: Final = 0.2


@dataclass(frozen=True, slots=True)
class Interview:
    """One interview to be simulated. ``other`` whoever takes part beside the ``subject``; ``size`` (height, width) px; ``fps`` what the
    camera is meant to run at; ``light`` share of a well-lit desk's."""

    name: str
    scenario: str
    split: Split
    renderer: str
    subject: str
    other: str
    seed: int
    duration_s: float
    fps: float
    light: float
    size: tuple[int, int]
    network: Quality
    missing: Missing


def plan(cast: Cast, seed: int, count: int, length_s: tuple[float, float] = LENGTH_S) -> list[Interview]:
    """The first ``count`` interviews. Raises EvaluationError where no split has two people of whom there is film and voice."""
    splits = [split for split in SPLITS if len(_movers(cast, split)) >= 2]
    if not splits:
        raise EvaluationError(
            "interviews need two people with a film and a voice on one side of the split: give more clips, and a folder of speech with a "
            "speaker for each"
        )
    return [_interview(cast, splits, seed, number, length_s) for number in range(count)]


def _interview(
    cast: Cast, splits: list[Split], seed: int, number: int, length_s: tuple[float, float]
) -> Interview:
    split = splits[number % len(splits)]
    turn = number // len(splits)
    scenario, subject = _turn(cast, split, turn)
    own = _seed(seed, number)
    rng = np.random.default_rng((own, 0))
    others = [person for person in _movers(cast, split) if person.name != subject.name]
    other = others[int(rng.integers(len(others)))]
    most = min([30.0, other.seen.fps, *([subject.seen.fps] if subject.moves else [])])
    slower = [rate for rate in _SLOWER if rate < most]
    full = rng.uniform() < _FULL_RATE or not slower
    dim = rng.uniform() < _DIM
    return Interview(
        name=f"i{number:05d}",
        scenario=scenario.name,
        split=split,
        renderer=RENDERERS[split],
        subject=subject.name,
        other=other.name,
        seed=own,
        duration_s=round(float(rng.uniform(*length_s)), 3),
        fps=float(most if full else rng.choice(slower)),
        light=round(float(np.exp(rng.uniform(*np.log((0.08, 0.3) if dim else (0.3, 1.0))))), 4),
        size=_SIZES[int(rng.integers(len(_SIZES)))],
        network=NETWORKS[int(rng.integers(len(NETWORKS)))],
        missing=MISSING[int(rng.integers(len(MISSING)))],
    )


def _turn(cast: Cast, split: Split, turn: int) -> tuple[Scenario, Person]:
    """Honest people and frauds by turns, each kind after the other, each time with the next person who can be in it."""
    movers = _movers(cast, split)
    round_ = turn // 2
    if turn % 2 == 0:
        return BONA_FIDE, movers[round_ % len(movers)]
    scenario = FRAUDS[round_ % len(FRAUDS)]
    able = list(_able(cast, split, scenario))
    return scenario, able[(round_ // len(FRAUDS) + round_) % len(able)]


def _able(cast: Cast, split: Split, scenario: Scenario) -> Iterator[Person]:
    for person in cast.of(split):
        if (person.moves or not scenario.needs_film) and (person.speaks or not scenario.needs_voice):
            yield person


def _movers(cast: Cast, split: Split) -> list[Person]:
    return [person for person in cast.of(split) if person.moves and person.speaks]


def _seed(seed: int, number: int) -> int:
    digest = hashlib.sha256(f"interview|{seed}|{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big")
