"""The network of `models.build.micro_expression` in torch: a few small members whose answers are averaged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from models.build.micro_expression import (
    CELLS,
    CLASSES,
    DEEP,
    FIRST,
    HIDDEN,
    MEMBERS,
    NARROW,
    OWN,
    SECOND,
    SIGNS,
    UNITS,
)

INPUTS: Final = (NARROW + len(SIGNS)) * CELLS**2
"""What the hidden layer reads: each place's findings, and the place's mean in the map itself."""
WIDTH: Final = HIDDEN + OWN


class Member(nn.Module):
    """Maps (n, 3, 28, 28) to how far units went (n, 30) and logits (n, 3).

    Of the hidden layer, `HIDDEN` units are learnt from what is synthetic; the `OWN` others are 0 until people's movements teach them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(len(SIGNS), FIRST, DEEP, padding=DEEP // 2)
        self.second = nn.Conv2d(FIRST, SECOND, 3, padding=1)
        self.third = nn.Conv2d(SECOND, NARROW, 3, padding=1)
        self.hidden = nn.Linear(INPUTS, WIDTH)
        self.units = nn.Linear(WIDTH, UNITS)
        self.out = nn.Linear(WIDTH, CLASSES)
        with torch.no_grad():
            self.hidden.weight[HIDDEN:] = 0.0
            self.hidden.bias[HIDDEN:] = 0.0

    def places(self, maps: Tensor) -> Tensor:
        """(n, INPUTS): what is found at each of 7 x 7 places."""
        value = torch.relu(functional.max_pool2d(self.first(maps), 2))
        value = torch.relu(functional.max_pool2d(self.second(value), 2))
        value = torch.relu(self.third(value))
        return torch.cat([value.flatten(1), functional.avg_pool2d(maps, 4).flatten(1)], 1)

    def forward(self, maps: Tensor, left_out: float = 0.0) -> tuple[Tensor, Tensor]:
        """Units and logits; ``left_out`` the share of hidden units that is dropped (Srivastava et al. 2014)."""
        hidden = functional.dropout(torch.relu(self.hidden(self.places(maps))), left_out)
        return self.units(hidden), self.out(hidden)


def mirrored(maps: Tensor) -> Tensor:
    """The same movement on the other side of the face."""
    return torch.flip(maps, [3]) * torch.tensor(SIGNS).view(1, -1, 1, 1)


def mirrored_units(units: Tensor) -> Tensor:
    """Left halves and right halves changed over."""
    return units.view(len(units), -1, 2).flip(2).reshape(len(units), -1)


def answer(members: list[Member], maps: Tensor) -> tuple[Tensor, Tensor]:
    """What the built network answers: probabilities (n, 3) and units (n, 30)."""
    with torch.no_grad():
        straight, turned = ([member(each) for member in members] for each in (maps, mirrored(maps)))
    logs = [functional.log_softmax(logit, 1) for _, logit in (*straight, *turned)]
    own = torch.stack([units for units, _ in straight]).mean(0)
    other = mirrored_units(torch.stack([units for units, _ in turned]).mean(0))
    return torch.softmax(torch.stack(logs).mean(0), 1), torch.relu((own + other) / 2)


def state_of(members: list[Member]) -> dict[str, NDArray[Any]]:
    """Every member's tensors, each name after the member's number."""
    return {
        f"{number}.{name}": value.detach().numpy().copy()
        for number, member in enumerate(members)
        for name, value in member.state_dict().items()
    }


def restored(state: Mapping[str, NDArray[Any]]) -> list[Member]:
    """The members of a checkpoint. Raises RuntimeError where it is another network's."""
    members = []
    for number in range(MEMBERS):
        member, prefix = Member(), f"{number}."
        own = {
            n.removeprefix(prefix): torch.from_numpy(v.copy())
            for n, v in state.items()
            if n.startswith(prefix)
        }
        member.load_state_dict(own)
        members.append(member.eval())
    return members


def parameters(members: list[Member]) -> int:
    """How many numbers the whole network holds."""
    return sum(value.numel() for member in members for value in member.parameters())
