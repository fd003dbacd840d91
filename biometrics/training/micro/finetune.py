"""Learning from people's movements what synthetic ones cannot tell, and judging it on people who were left out.

The places' findings stay as synthetic movements taught them; hidden layer and answer learn on from there, held near it (Li et al. 2018,
L2-SP), with MixUp (Zhang et al. 2018), smoothed labels, classes of equal weight, and the running average of the weights. For judging,
one head learns for each subject left out, side by side on the same batches, in which that subject's movements weigh nothing. Every head
runs for the same number of epochs and is asked once, at the end.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from biometrics.training.micro.network import INPUTS, WIDTH, Member, mirrored
from biometrics.training.micro.pretrain import SEED
from biometrics.training.micro.samples import Samples
from biometrics.training.micro.synthetic import Lessons, lessons
from biometrics.training.micro.variety import varied
from models.build.micro_expression import CLASSES, HIDDEN

EPOCHS: Final = 40
BATCH: Final = 64
RATE: Final = 3e-3
AGAIN: Final = 4096
_WARM_UP = 0.2
_NEAR = 1e-3
_PLACES_OUT, _HIDDEN_OUT = 0.2, 0.5
_MIX, _SMOOTHING = 0.4, 0.1
_AVERAGE = 0.02
_OWN_OUT = 0.05
_RIDGE = 1e-4


@dataclass(frozen=True, slots=True)
class Told:
    """Log-probabilities (epochs, n, 3) of every movement after each epoch, by heads that never saw its subject."""

    log_probabilities: NDArray[np.float32]


def left_out(samples: Samples, members: list[Member], seed: int, epochs: int = EPOCHS) -> Told:
    """Every subject's movements by what learnt from all others: the members' mean, of the map and its mirror image."""
    who = torch.from_numpy(np.unique(samples.subjects, return_inverse=True)[1].astype(np.int64))
    seen = who[None, :] != torch.arange(int(who.max()) + 1)[:, None]
    parts = [
        _Learning(samples, member, seen, seed * len(members) + number).run(epochs, who)
        for number, member in enumerate(members)
    ]
    return Told(torch.stack(parts).mean(0).numpy())


def learnt(samples: Samples, members: list[Member], seed: int, epochs: int = EPOCHS) -> list[Member]:
    """The members after learning from everybody's movements. Their units are fitted again, on `AGAIN` synthetic movements."""
    found = []
    truth = lessons(AGAIN, SEED)
    for number, member in enumerate(members):
        learning = _Learning(
            samples, member, torch.ones(1, len(samples), dtype=torch.bool), seed * len(members) + number
        )
        learning.run(epochs, None)
        found.append(_units_again(learning.member(), truth))
    return found


class _Learning:
    """Heads of one member, side by side: ``seen`` (heads, n) whether a head may learn from a movement."""

    def __init__(self, samples: Samples, member: Member, seen: Tensor, seed: int) -> None:
        self._drawn = torch.Generator().manual_seed(seed)
        self._mixing = np.random.default_rng(seed)
        self._member = member
        self._maps = torch.from_numpy(samples.maps)
        self._classes = torch.from_numpy(samples.classes.astype(np.int64))
        self._seen = seen.float()
        self._begun = _begun(member)
        count, own = len(seen), WIDTH - HIDDEN
        self._learnt = [torch.zeros(count, *each.shape) for each in self._begun]
        self._learnt[0][:, :, HIDDEN:] = torch.randn(count, INPUTS, own, generator=self._drawn) * INPUTS**-0.5
        self._learnt[2][:, HIDDEN:] = _OWN_OUT * torch.randn(count, own, CLASSES, generator=self._drawn)
        self._learnt = [each.requires_grad_() for each in self._learnt]
        self._average = [each.detach().clone() for each in self._learnt]
        counts = torch.stack([self._seen[:, self._classes == each].sum(1) for each in range(CLASSES)], 1)
        rarity = counts.sum(1, keepdim=True) / counts.clamp_min(1.0) / CLASSES
        self._weights = self._seen * rarity[:, self._classes]

    def run(self, epochs: int, who: Tensor | None) -> Tensor:
        """Learn; where ``who`` (n,) names the head of each movement, what it is told after each epoch (epochs, n, 3)."""
        count = len(self._maps)
        steps = epochs * -(-count // BATCH)
        optimiser = torch.optim.Adam(self._learnt, RATE, weight_decay=2.0 * _NEAR, fused=True)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, steps, pct_start=_WARM_UP)
        with torch.no_grad():
            both = [self._member.places(maps) for maps in (self._maps, mirrored(self._maps))]
        told = []
        for _ in range(epochs):
            for chosen in torch.randperm(count, generator=self._drawn).split(BATCH):
                loss = self._loss(chosen)
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
                for kept, value in zip(self._average, self._learnt, strict=True):
                    kept.lerp_(value.detach(), _AVERAGE)
            if who is not None:
                told.append(sum(self._answers(places, who) for places in both) / len(both))
        return torch.stack(told) if told else torch.empty(0)

    def member(self) -> Member:
        """The member with the first head's average in place of its own."""
        found = copy.deepcopy(self._member)
        hidden, shift, out, base = (a + b[0] for a, b in zip(self._begun, self._average, strict=True))
        with torch.no_grad():
            found.hidden.weight.copy_(hidden.T)
            found.hidden.bias.copy_(shift[0])
            found.out.weight.copy_(out.T)
            found.out.bias.copy_(base[0])
        return found

    def _loss(self, chosen: Tensor) -> Tensor:
        share = float(self._mixing.beta(_MIX, _MIX))
        other = torch.randperm(len(chosen), generator=self._drawn)
        shown = varied(self._maps[chosen], self._drawn)
        shown = share * shown + (1.0 - share) * shown[other]
        with torch.no_grad():
            places = self._member.places(shown)
        told = functional.log_softmax(self._logits(places, self._learnt, self._drawn), 2)
        wanted = (
            functional.one_hot(self._classes[chosen], CLASSES) * (1.0 - _SMOOTHING) + _SMOOTHING / CLASSES
        )
        one, two = (-(told * each).sum(2) for each in (wanted, wanted[other]))
        weights, seen = self._weights[:, chosen], self._seen[:, chosen]
        mixed = share * one * weights + (1.0 - share) * two * weights[:, other]
        return (mixed * seen * seen[:, other]).sum() / len(chosen)

    def _answers(self, places: Tensor, who: Tensor) -> Tensor:
        """(n, 3): what the average of its own head says of each movement."""
        told = torch.empty(len(places), CLASSES)
        with torch.no_grad():
            for head in range(len(self._seen)):
                own = [each[head : head + 1] for each in self._average]
                told[who == head] = functional.log_softmax(self._logits(places[who == head], own, None), 2)[0]
        return told

    def _logits(self, places: Tensor, learnt: list[Tensor], drawn: torch.Generator | None) -> Tensor:
        """(heads, n, 3) of places (n, INPUTS): what was begun with, and what each head has learnt on."""
        hidden, shift, out, base = learnt
        first_hidden, first_shift, first_out, first_base = self._begun
        shown = _thinned(places, _PLACES_OUT, drawn)
        value = torch.matmul(shown, hidden) + shift + (shown @ first_hidden + first_shift)
        value = _thinned(torch.relu(value), _HIDDEN_OUT, drawn)
        return torch.matmul(value, out) + base + (value @ first_out + first_base)


def _begun(member: Member) -> list[Tensor]:
    """The member's own head: hidden (INPUTS, WIDTH) and its shift, out (WIDTH, 3) and its shift; what synthetic lessons left open is 0."""
    hidden, out = member.hidden.weight.detach().T.clone(), member.out.weight.detach().T.clone()
    out[HIDDEN:] = 0.0
    return [hidden, member.hidden.bias.detach()[None].clone(), out, member.out.bias.detach()[None].clone()]


def _units_again(member: Member, truth: Lessons) -> Member:
    """What the hidden layer says of units has changed with it: least squares, with a ridge, on movements whose units are known."""
    with torch.no_grad():
        hidden = torch.relu(member.hidden(member.places(torch.from_numpy(truth.maps))))
        known = torch.cat([hidden, torch.ones(len(hidden), 1)], 1)
        ridge = _RIDGE * len(known) * torch.eye(known.shape[1])
        fitted = torch.linalg.solve(known.T @ known + ridge, known.T @ torch.from_numpy(truth.units))
        member.units.weight.copy_(fitted[:-1].T)
        member.units.bias.copy_(fitted[-1])
    return member


def _thinned(value: Tensor, share: float, drawn: torch.Generator | None) -> Tensor:
    """Drop-out, nothing without a generator."""
    if drawn is None:
        return value
    return value * (torch.rand(value.shape, generator=drawn) >= share) / (1.0 - share)
