"""Fine-tuning AASIST-L: ``python -m biometrics.training.voice_pad.finetune WINDOWS --checkpoint AASIST-L.pth --out voice_pad.pth``.

The sinc filters and the first three residual blocks, nine tenths of the work, stay as published and are run once for each window;
the other blocks and the graphs learn. Sources count alike, whatever they number, and people as much as machines. The kept features are
turned round in time by a drawn number of steps, so that where a window begins tells nothing, and some of their bands and channels are left
out, so that none decides alone. ``--without NAME`` leaves a source out, to
see how far it carries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from biometrics.training.voice_pad.network import TRUNK_BLOCKS, Aasist, load
from models.build.checkpoint import read_checkpoint

PEOPLE: Final = "people:"
BATCH: Final = 16
RATE: Final = 1.5e-4
DECAY: Final = 1e-3
SMOOTHING: Final = 0.1
LONGEST_STEP: Final = 2.0
"""Norm that a gradient is held to."""
EPOCHS: Final = 3
SEED: Final = 7
MOST_BANDS: Final = 7
"""Bands of 23 that are left out at most."""
CHANNELS_OUT: Final = 0.15
_FINE: Final = 27
"""Steps of the kept features in one node of the temporal graph."""
Features = NDArray[np.float16]


def features(network: Aasist, windows: NDArray[np.int16]) -> Features:
    """(N, n) windows through the frozen part: (N, 24, 23, time)."""
    with torch.no_grad():
        kept = [
            network.trunk(torch.from_numpy(one[np.newaxis].astype(np.float32) / 32_767)).half().numpy()
            for one in windows
        ]
    return np.concatenate(kept)


def tuned(
    network: Aasist, kept: Features, sources: NDArray[np.str_], *, epochs: int = EPOCHS, seed: int = SEED
) -> Aasist:
    """The network, taught in place what people are (sources that begin with ``people:``) and what is made."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    learning = _learning(network)
    optimiser = torch.optim.AdamW(learning, lr=RATE, weight_decay=DECAY)
    steps = epochs * len(kept) // BATCH
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=RATE, total_steps=steps, pct_start=0.1)
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    for step, (chosen, people) in zip(range(steps), _batches(sources, rng), strict=False):
        logits = network.head(torch.from_numpy(_varied(kept[chosen].astype(np.float32), rng)))
        loss = loss_of(logits, torch.from_numpy(people))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(learning, LONGEST_STEP)
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            sys.stderr.write(f"{step} of {steps}: loss {float(loss):.3f}\n")
    return network.eval()


def _learning(network: Aasist) -> list[Any]:
    """The weights that learn; the frozen part also keeps its normalisation as published."""
    network.train()
    frozen = [network.first_bn, *network.encoder[:TRUNK_BLOCKS]]
    for module in frozen:
        module.eval()
        module.requires_grad_(False)
    return [weight for weight in network.parameters() if weight.requires_grad]


def _batches(
    sources: NDArray[np.str_], rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Indices and classes (1 a person), half of each: a source is drawn first, then one of its windows."""
    is_person = np.char.startswith(sources, PEOPLE)
    by_class = [
        [np.flatnonzero(sources == name) for name in np.unique(sources[chosen])]
        for chosen in (~is_person, is_person)
    ]
    while True:
        chosen = [
            rng.choice(windows[int(rng.integers(len(windows)))])
            for windows in by_class
            for _ in range(BATCH // 2)
        ]
        yield np.array(chosen), np.repeat([0, 1], BATCH // 2)


def _varied(kept: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Each turned round in time, half of them by any number of steps, half by less than a node; with bands and channels left out."""
    varied = np.empty_like(kept)
    for index, one in enumerate(kept):
        steps = int(rng.integers(one.shape[-1] if rng.random() < 0.5 else _FINE))
        varied[index] = np.roll(one, steps, axis=-1)
        width = int(rng.integers(MOST_BANDS + 1))
        first = int(rng.integers(one.shape[1] - width + 1))
        varied[index, :, first : first + width] = 0.0
        varied[index, rng.random(len(one)) < CHANNELS_OUT] = 0.0
    return varied


def main() -> None:
    """Fine-tune and write the checkpoint."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("windows", type=Path)
    options.add_argument("--checkpoint", type=Path, required=True)
    options.add_argument("--without", action="append", default=[], metavar="NAME")
    options.add_argument("--epochs", type=int, default=EPOCHS)
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    network = load(read_checkpoint(given.checkpoint.read_bytes()))
    found = np.load(given.windows)
    sources = found["source"]
    learnt = _without(sources, given.without)
    kept = features(network, found["windows"][learnt])
    torch.save(tuned(network, kept, sources[learnt], epochs=given.epochs).state_dict(), given.out)


def _without(sources: NDArray[np.str_], names: Collection[str]) -> NDArray[np.bool_]:
    """Which windows are of none of these sources. Raises SystemExit for a name that is not there."""
    if unknown := sorted(set(names) - set(sources.tolist())):
        sys.exit(f"no source is called {unknown[0]}: there are {', '.join(sorted(set(sources.tolist())))}")
    return ~np.isin(sources, list(names))


if __name__ == "__main__":
    main()
