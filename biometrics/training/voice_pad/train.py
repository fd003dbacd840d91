"""Training the network: ``python -m biometrics.training.voice_pad.train WINDOWS ... --out voice_pad.pth``.

It learns from nothing, on batches of `lessons`, varied more and more (`augment`). ``--without NAME`` leaves a source out, to see how far it carries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from biometrics.training.voice_pad.augment import varied
from biometrics.training.voice_pad.lessons import BATCH, batches, read, without
from biometrics.training.voice_pad.network import Network, restored, spectrogram
from biometrics.training.voice_pad.ship import COUNTER
from biometrics.training.voice_pad.windows import Windows
from models.build.checkpoint import read_checkpoint

RATE: Final = 1.5e-3
DECAY: Final = 2e-2
SMOOTHING: Final = 0.03
LONGEST_STEP: Final = 5.0
"""Norm that a gradient is held to."""
STEPS: Final = 2400
WARM_UP: Final = 60
SEED: Final = 3
_RAMP: Final = (0.05, 0.45)
"""Of the training, between which the variations grow to full strength."""
Features = NDArray[np.float16]


def features(windows: NDArray[np.int16]) -> Features:
    """(N, n) windows to log power (N, 257, frames)."""
    parts = [
        spectrogram(torch.from_numpy(part.astype(np.float32) / 32_767)).half().numpy()
        for part in np.array_split(windows, max(1, len(windows) // BATCH))
    ]
    return np.concatenate(parts)


def trained(
    found: Windows,
    begun: Mapping[str, NDArray[Any]] | None = None,
    *,
    steps: int = STEPS,
    rate: float = RATE,
    seed: int = SEED,
) -> Network:
    """A network that has learnt, from nothing or from where another ``begun``, what people are (sources that begin with ``people:``) and what is made."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    kept = features(found.windows)
    network = (Network() if begun is None else restored(begun)).to(memory_format=torch.channels_last)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _rate(step, steps))
    loss_of = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    network.train()
    for step, (chosen, people) in zip(range(steps), batches(found, rng), strict=False):
        strength = 1.0 if begun is not None else float(np.interp(step / steps, _RAMP, (0.0, 1.0)))
        with torch.autocast("cpu", torch.bfloat16):
            logits = network(torch.from_numpy(varied(kept[chosen], strength, rng)))
        loss = loss_of(logits.float(), torch.from_numpy(people))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), LONGEST_STEP)
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            sys.stderr.write(f"{step} of {steps}: loss {loss.item():.3f}\n")
    return network.eval()


def _rate(step: int, steps: int) -> float:
    """A short warm-up, then half a cosine down to a hundredth."""
    return min(1.0, (step + 1) / WARM_UP) * (0.5 + 0.5 * float(np.cos(np.pi * step / steps)) + 0.01)


def main() -> None:
    """Train and write the checkpoint."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("windows", type=Path, nargs="+")
    options.add_argument("--without", action="append", default=[], metavar="NAME")
    options.add_argument("--steps", type=int, default=STEPS)
    options.add_argument("--rate", type=float, default=RATE)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--begun", type=Path, help="a checkpoint to go on from")
    options.add_argument("--out", type=Path, required=True)
    given = options.parse_args()
    begun = read_checkpoint(given.begun.read_bytes()) if given.begun else None
    found = without(read(given.windows), given.without)
    network = trained(found, begun, steps=given.steps, rate=given.rate, seed=given.seed)
    kept = {name: value for name, value in network.state_dict().items() if not name.endswith(COUNTER)}
    torch.save(kept, given.out)


if __name__ == "__main__":
    main()
