"""What a batch is made of.

Half of it is made by machines, every source of them by the root of its number of windows. For three quarters of those that have one the
other half holds a window of the original: the same voice, words and channel, so that nothing but the making is left to learn.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from biometrics.training.voice_pad.windows import PEOPLE, Windows

BATCH: Final = 32
PAIRED: Final = 0.75


def read(files: Sequence[Path]) -> Windows:
    """The windows of several files as one; streams of different files stay different."""
    parts = [np.load(file) for file in files]
    first = np.cumsum([0, *(int(part["stream"].max(initial=0)) + 1 for part in parts)])
    return Windows(
        np.concatenate([part["windows"] for part in parts]),
        np.concatenate([part["source"] for part in parts]),
        np.concatenate([part["stream"] + start for part, start in zip(parts, first, strict=False)]),
    )


def without(found: Windows, names: Collection[str]) -> Windows:
    """The windows of none of these sources. Raises SystemExit for a name that is not there."""
    if unknown := sorted(set(names) - set(found.source.tolist())):
        sys.exit(
            f"no source is called {unknown[0]}: there are {', '.join(sorted(set(found.source.tolist())))}"
        )
    kept = ~np.isin(found.source, list(names))
    return Windows(found.windows[kept], found.source[kept], found.stream[kept])


def batches(
    found: Windows, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Indices and classes (1 a person) without end: half made, half people's. Raises SystemExit where either is missing."""
    person = np.char.startswith(found.source, PEOPLE)
    if person.all() or not person.any():
        sys.exit("training needs windows of people and of machines")
    made = _by_source(found.source, ~person)
    people = _by_source(found.source, person)
    originals = {
        stream: np.flatnonzero(person & (found.stream == stream)) for stream in np.unique(found.stream)
    }
    shares = np.sqrt([len(windows) for windows in made])
    shares /= shares.sum()
    while True:
        spoofs = [int(rng.choice(made[int(rng.choice(len(made), p=shares))])) for _ in range(BATCH // 2)]
        own = [originals[found.stream[spoof]] for spoof in spoofs]
        chosen = [
            int(
                rng.choice(
                    one if len(one) and rng.random() < PAIRED else people[int(rng.integers(len(people)))]
                )
            )
            for one in own
        ]
        yield np.array(spoofs + chosen), np.repeat([0, 1], BATCH // 2)


def _by_source(source: NDArray[np.str_], chosen: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    return [np.flatnonzero(source == name) for name in np.unique(source[chosen])]
