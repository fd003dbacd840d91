"""Exchanging the weights that ship: ``python -m biometrics.training.micro.ship CHECKPOINT``, from the repository's folder.

Names the checkpoint and the network built of it in the manifest. Then ``candor models build``. Only for weights that learnt from
synthetic movements alone: what learns from a dataset is its licensee's. Needs torch, numpy and onnx, and nothing else.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biometrics.training.micro.shipped import WEIGHTS
from models.build import micro_expression
from models.build.checkpoint import read_checkpoint
from models.cache import sha256
from models.manifest import Manifest

NETWORK: Final = "micro_expression"
MODELS: Final = Path("models")
MANIFEST: Final = MODELS / "manifest.toml"
GOLDEN: Final = Path("tests", "models", "golden") / f"{NETWORK}.npz"


def as_checkpoint(state: Mapping[str, NDArray[Any]]) -> bytes:
    """The tensors as torch writes them."""
    import torch

    buffer = io.BytesIO()
    torch.save({name: torch.from_numpy(np.array(value, np.float32)) for name, value in state.items()}, buffer)
    return buffer.getvalue()


def exchanged(manifest: str, weights: bytes, network: bytes) -> str:
    """The manifest's text with the weights' size and SHA-256 and the built network's SHA-256 in place of the old ones."""
    entry = Manifest.parse(manifest).entry(NETWORK)
    (old,) = entry.parts
    archive = f'sha256 = "{old.sha256}"\nsize = {old.size}\n'
    return manifest.replace(archive, f'sha256 = "{sha256(weights)}"\nsize = {len(weights)}\n').replace(
        f'"{entry.sha256}"', f'"{sha256(network)}"'
    )


def example() -> NDArray[np.float32]:
    """Maps (3, 3, 28, 28) of no face: smooth waves."""
    rows, columns = np.mgrid[0:28, 0:28] / 28.0
    waves = [np.sin(2 * np.pi * (k * rows + m * columns)) for k in range(3) for m in range(1, 4)]
    return np.stack(waves).reshape(3, 3, 28, 28).astype(np.float32)


def answers(state: Mapping[str, NDArray[Any]]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What torch makes of `example`: probabilities (3, 3) and units (3, 30)."""
    import torch

    from biometrics.training.micro.network import answer, restored

    probabilities, units = answer(restored(state), torch.from_numpy(example()))
    return probabilities.numpy(), units.numpy()


def main() -> None:
    """Write the weights, the manifest and the golden answers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("checkpoint", type=Path)
    weights = options.parse_args().checkpoint.read_bytes()
    probabilities, units = answers(read_checkpoint(weights))
    manifest = exchanged(
        MANIFEST.read_text("utf-8"), weights, micro_expression.build({"checkpoint": weights})
    )
    (MODELS / "weights" / WEIGHTS).write_bytes(weights)
    MANIFEST.write_text(manifest, "utf-8")
    np.savez(GOLDEN, probability=probabilities, units=units)


if __name__ == "__main__":
    main()
