"""The weights that ship, read without torch."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from numpy.typing import NDArray

from models.build.checkpoint import read_checkpoint

if TYPE_CHECKING:
    from biometrics.training.micro.network import Member

WEIGHTS: Final = "micro_expression.pth"


def shipped_state() -> dict[str, NDArray[Any]]:
    """Every member's tensors."""
    return read_checkpoint((files("models") / "weights" / WEIGHTS).read_bytes())


def shipped_members() -> list[Member]:
    """The network of them. Needs torch."""
    from biometrics.training.micro.network import restored

    return restored(shipped_state())
