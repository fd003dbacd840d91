"""Learning from synthetic movements alone: what shipped weights are made of, and what learning from people begins with."""

from __future__ import annotations

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from biometrics.training.micro.network import Member, mirrored, mirrored_units
from biometrics.training.micro.synthetic import Lessons, lessons
from models.build.micro_expression import MEMBERS

LESSONS: Final = 40_960
STEPS: Final = 1200
BATCH: Final = 128
RATE: Final = 3e-3
DECAY: Final = 1e-3
SEED: Final = 1
_LEFT_OUT, _SMOOTHING = 0.2, 0.1
_UNITS_WEIGHT, _UNITS_BEND = 10.0, 0.3
_AVERAGE = 0.01


def pretrained(*, count: int = LESSONS, steps: int = STEPS, seed: int = SEED) -> list[Member]:
    """All members, of the same lessons, each from its own beginning and in its own order."""
    learnt = lessons(count, seed)
    return [member(learnt, steps=steps, seed=seed + number) for number in range(MEMBERS)]


def member(learnt: Lessons, *, steps: int, seed: int) -> Member:
    """One member: the running average of its weights at the end (Polyak & Juditsky 1992)."""
    torch.manual_seed(seed)
    drawn = torch.Generator().manual_seed(seed)
    network, average = Member(), Member()
    average.load_state_dict(network.state_dict())
    optimiser = torch.optim.AdamW(network.parameters(), RATE, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps)
    maps, units, classes = (torch.from_numpy(each) for each in (learnt.maps, learnt.units, learnt.classes))
    for _ in range(steps):
        chosen = torch.randint(len(maps), (BATCH,), generator=drawn)
        turned = torch.rand(BATCH, generator=drawn) < 0.5
        shown = torch.where(turned.view(-1, 1, 1, 1), mirrored(maps[chosen]), maps[chosen])
        wanted = torch.where(turned.view(-1, 1), mirrored_units(units[chosen]), units[chosen])
        loss = _loss(network(shown, _LEFT_OUT), wanted, classes[chosen])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        with torch.no_grad():
            for kept, value in zip(average.parameters(), network.parameters(), strict=True):
                kept.lerp_(value, _AVERAGE)
    return average.eval()


def _loss(answer: tuple[Tensor, Tensor], units: Tensor, classes: Tensor) -> Tensor:
    told, logits = answer
    of_units = functional.smooth_l1_loss(told, units, beta=_UNITS_BEND)
    return _UNITS_WEIGHT * of_units + functional.cross_entropy(logits, classes, label_smoothing=_SMOOTHING)
