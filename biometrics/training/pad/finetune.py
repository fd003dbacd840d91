"""Fine-tuning one network for calls: ``python -m biometrics.training.pad.finetune CROPS CHECKPOINT --network pad_v2 --out FOLDER``.

The network learns to say of a picture that came through a call's codec what the published one says of the same picture
before it, and to go on saying of the latter what it said. No labels: taught with those of the few people that there are,
its last layers, and even a new last layer alone, learnt the people (see models/cards/pad_v2.md). What was published is the
start and, by a penalty on every step away from it (Li et al. 2018, L2-SP), the anchor. People may be left out, to see
how far it carries.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray

from biometrics.training.pad.augment import mirrored
from biometrics.training.pad.network import STEM, Weights, live_log_odds, logits, stem
from biometrics.training.pad.takes import CLEAN, Crops, Window, read

BATCH = 64
RATE = 2e-6
"""At 1e-4 a single epoch undid what the published network knew."""
ANCHOR = 1e-3
SURE = 6.0
"""Log-odds beyond this are all one: certainty has no details to learn."""
SEED = 1


@dataclass(frozen=True, slots=True)
class Lessons:
    """``stems`` (n, ...) pictures after the frozen layers, ``odds`` (n,) log-odds of a live face that are to be given."""

    stems: Any
    odds: Any


def gather(windows: Sequence[Window], network: str) -> tuple[Crops, Crops, NDArray[np.str_]]:
    """All crops after the channel, the same before it, and the subject of each."""
    kept = [window for window in windows if network + CLEAN in window.crops]
    after, before = (np.concatenate([window.crops[network + end] for window in kept]) for end in ("", CLEAN))
    counts = [len(window.crops[network]) for window in kept]
    return after, before, np.repeat([window.subject for window in kept], counts)


def tensor(crops: Crops) -> Any:  # noqa: ANN401 - torch has no types here
    """(N, 3, 80, 80) float32 0..255 of crops (N, 80, 80, 3) uint8."""
    return torch.from_numpy(np.ascontiguousarray(crops.transpose(0, 3, 1, 2))).float()


def stems_of(weights: Weights, crops: Crops) -> Any:  # noqa: ANN401
    """Crops through the frozen layers."""
    with torch.no_grad():
        parts = [stem(weights, tensor(crops[k : k + 256])) for k in range(0, len(crops), 256)]
    return torch.cat(parts).contiguous(memory_format=torch.channels_last)


def odds_of(weights: Weights, stems: Any) -> Any:  # noqa: ANN401
    """(n,) log-odds of a live face, held at `SURE`."""
    with torch.no_grad():
        parts = [live_log_odds(logits(weights, stems[k : k + 256])) for k in range(0, len(stems), 256)]
    return torch.cat(parts).clamp(-SURE, SURE)


def lessons(weights: Weights, after: Crops, before: Crops) -> Lessons:
    """What the published network says before the channel, of pictures after and before it, each mirrored too."""
    after, before = (np.concatenate([each, mirrored(each)]) for each in (after, before))
    clean = stems_of(weights, before)
    odds = odds_of(weights, clean)
    return Lessons(torch.cat([stems_of(weights, after), clean]), torch.cat([odds, odds]))


def trainable(weights: Weights) -> dict[str, Any]:
    """Everything behind the frozen layers but the statistics of batch normalisation."""
    return {
        name: value
        for name, value in weights.items()
        if value.is_floating_point() and not name.startswith(STEM) and "running_" not in name
    }


def epoch(
    weights: Weights,
    anchor: Weights,
    optimiser: Any,  # noqa: ANN401
    data: Lessons,
    rng: np.random.Generator,
) -> float:
    """One pass in random order; gives the mean loss."""
    losses = []
    order = torch.from_numpy(rng.permutation(len(data.odds)))
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        said = live_log_odds(logits(weights, data.stems[rows])).clamp(-SURE - 1, SURE + 1)
        loss = F.smooth_l1_loss(said, data.odds[rows])
        away = sum(((weights[name] - value) ** 2).sum() for name, value in anchor.items())
        optimiser.zero_grad()
        (loss + ANCHOR * away).backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    return float(np.mean(losses))


def error_on(weights: Weights, data: Lessons) -> float:
    """Mean absolute difference from what is to be said, nats."""
    return float((odds_of(weights, data.stems) - data.odds).abs().mean())


def finetune(
    weights: dict[str, Any],
    windows: Sequence[Window],
    network: str,
    held_out: Sequence[str],
    epochs: int,
    rate: float = RATE,
) -> dict[str, Any]:
    """Train on everybody but ``held_out``; gives the last epoch's weights. Says how each epoch did on those people."""
    rng = np.random.default_rng(SEED)
    torch.manual_seed(SEED)
    after, before, subjects = gather(windows, network)
    kept = ~np.isin(subjects, held_out)
    data = lessons(weights, after[kept], before[kept])
    check = lessons(weights, after[~kept], before[~kept]) if held_out else None
    anchor = {name: value.clone() for name, value in trainable(weights).items()}
    for name in anchor:
        weights[name].requires_grad_()
    optimiser = torch.optim.Adam([weights[name] for name in anchor], lr=rate)
    sys.stdout.write(f"{network}: {len(data.odds)} pictures, without {held_out}{_on(weights, check)}\n")
    for number in range(1, epochs + 1):
        reached = epoch(weights, anchor, optimiser, data, rng)
        sys.stdout.write(f"epoch {number}: loss {reached:.3f}{_on(weights, check)}\n")
        sys.stdout.flush()
    return {name: value.detach() for name, value in weights.items() if value.is_floating_point()}


def _on(weights: Weights, check: Lessons | None) -> str:
    return "" if check is None else f", off by {error_on(weights, check):.3f} nats on them"


def main() -> None:
    """Take the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("crops", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--network", required=True)
    parser.add_argument("--held-out", default="", help="people, separated by commas, to leave out")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--threads", type=int, default=1)
    chosen = parser.parse_args()
    torch.set_num_threads(chosen.threads)
    state = torch.load(chosen.checkpoint, map_location="cpu", weights_only=True)
    weights = {name.removeprefix("module."): value for name, value in state.items()}
    people = [name for name in chosen.held_out.split(",") if name]
    found = finetune(weights, list(read(chosen.crops)), chosen.network, people, chosen.epochs, chosen.rate)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for name in [f"{chosen.network}-{person}" for person in people] or [chosen.network]:
        torch.save(found, chosen.out / f"{name}.pth")


if __name__ == "__main__":
    main()
