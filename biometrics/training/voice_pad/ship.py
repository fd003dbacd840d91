"""Exchanging the weights that ship: ``python -m biometrics.training.voice_pad.ship CHECKPOINT``, from the repository's folder.

Keeps of the checkpoint what the builder reads, in `WEIGHTS`, builds the network of it, names both files in the manifest, and notes in
`GOLDEN` what torch answers, for the test of the built one. Then ``candor models build``. A calibration is of one network: fit it anew.
Needs torch, numpy and onnx, and nothing else.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from models.build import spectral
from models.build.checkpoint import read_checkpoint
from models.cache import sha256
from models.manifest import Manifest

NETWORK: Final = "pad_voice"
MODELS: Final = Path("models")
WEIGHTS: Final = MODELS / "weights" / f"{NETWORK}.pth"
MANIFEST: Final = MODELS / "manifest.toml"
GOLDEN: Final = Path("tests", "models", "golden") / f"{NETWORK}.npz"
COUNTER: Final = ".num_batches_tracked"
"""What only training reads."""


def needed(state: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """A checkpoint without what only training reads."""
    return {
        name: np.asarray(value, np.float32) for name, value in state.items() if not name.endswith(COUNTER)
    }


def exchanged(manifest: str, weights: bytes, network: bytes) -> str:
    """The manifest's text with the weights' size and SHA-256 and the built network's SHA-256 in place of the old ones."""
    entry = Manifest.parse(manifest).entry(NETWORK)
    (old,) = entry.parts
    archive = f'sha256 = "{old.sha256}"\nsize = {old.size}\n'
    return manifest.replace(archive, f'sha256 = "{sha256(weights)}"\nsize = {len(weights)}\n').replace(
        f'"{entry.sha256}"', f'"{sha256(network)}"'
    )


def waves() -> NDArray[np.float32]:
    """Two of the network's windows, (2, 64512): noise, and a buzz at a voice's pitch that swells three times a second."""
    noise = np.random.default_rng(0).standard_normal((2, spectral.WINDOW))
    t = np.arange(spectral.WINDOW) / 16_000
    buzz = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 20)) * (1 + np.sin(6 * np.pi * t))
    return np.stack([0.05 * noise[0], 0.04 * buzz + 0.004 * noise[1]]).astype(np.float32)


def as_checkpoint(state: Mapping[str, NDArray[np.float32]]) -> bytes:
    """The tensors as torch writes them."""
    import torch

    buffer = io.BytesIO()
    torch.save({name: torch.from_numpy(value.copy()) for name, value in state.items()}, buffer)
    return buffer.getvalue()


def answers(state: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
    """What torch makes of `waves`: logits (2, 2)."""
    import torch

    from biometrics.training.voice_pad.network import restored, spectrogram

    with torch.no_grad():
        return restored(state).eval()(spectrogram(torch.from_numpy(waves()))).numpy()


def main() -> None:
    """Write the weights, the manifest and the golden answers."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("checkpoint", type=Path)
    given = options.parse_args()
    state = needed(read_checkpoint(given.checkpoint.read_bytes()))
    weights, logit = as_checkpoint(state), answers(state)
    manifest = exchanged(MANIFEST.read_text("utf-8"), weights, spectral.build({"checkpoint": weights}))
    WEIGHTS.write_bytes(weights)
    MANIFEST.write_text(manifest, "utf-8")
    np.savez(GOLDEN, logit=logit)


if __name__ == "__main__":
    main()
