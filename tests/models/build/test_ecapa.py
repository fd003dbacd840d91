"""The rebuilt network gives what SpeechBrain's own class gives, for a narrow one with weights made of numbers that every machine has.

``golden/ecapa.npz`` was computed once by SpeechBrain 1.1.2 in torch 2.13: `ECAPA_TDNN` with the shapes below.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from models.build.ecapa import network
from tests.models.noise import noise

WIDTH, GROUP, WIDE, HIDDEN, EMBEDDING = 32, 4, 96, 16, 24
FRAMES = (12, 40, 203)


def layers() -> Iterator[tuple[str, int, int, int, bool]]:
    """Name, channels out and in, kernel, whether a normalisation follows."""
    yield "blocks.0", WIDTH, 80, 5, True
    for block in ("blocks.1", "blocks.2", "blocks.3"):
        yield f"{block}.tdnn1", WIDTH, WIDTH, 1, True
        for group in range(7):
            yield f"{block}.res2net_block.blocks.{group}", GROUP, GROUP, 3, True
        yield f"{block}.tdnn2", WIDTH, WIDTH, 1, True
        yield f"{block}.se_block.conv1", HIDDEN, WIDTH, 1, False
        yield f"{block}.se_block.conv2", WIDTH, HIDDEN, 1, False
    yield "mfa", WIDE, 3 * WIDTH, 1, True
    yield "asp.tdnn", HIDDEN, 3 * WIDE, 1, True
    yield "asp.conv", WIDE, HIDDEN, 1, False


def shapes() -> Iterator[tuple[str, tuple[int, ...]]]:
    for name, out, into, kernel, normalised in layers():
        inner = f"{name}.conv.conv" if normalised else f"{name}.conv"
        yield f"{inner}.weight", (out, into, kernel)
        yield f"{inner}.bias", (out,)
        if normalised:
            for part in ("weight", "bias", "running_mean", "running_var"):
                yield f"{name}.norm.norm.{part}", (out,)
    for part in ("weight", "bias", "running_mean", "running_var"):
        yield f"asp_bn.norm.{part}", (2 * WIDE,)
    yield "fc.conv.weight", (EMBEDDING, 2 * WIDE, 1)
    yield "fc.conv.bias", (EMBEDDING,)


def made_up(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    values = noise(*shape, seed=zlib.crc32(name.encode()) & 0xFFFF)
    if name.endswith("running_var"):
        return np.asarray(1.0 + 0.5 * values, np.float32)
    if name.endswith("norm.weight"):
        return np.asarray(1.0 + 0.3 * values, np.float32)
    if "conv" in name and name.endswith("weight"):
        return np.asarray(values * (3.0 / np.prod(shape[1:])) ** 0.5, np.float32)
    return np.asarray(0.2 * values, np.float32)


@pytest.mark.parametrize("frames", FRAMES)
def test_it_is_speechbrains_network(frames: int) -> None:
    weights = {name: made_up(name, shape) for name, shape in shapes()}
    session = onnxruntime.InferenceSession(network(weights), providers=["CPUExecutionProvider"])
    (embedding,) = session.run(None, {"fbank": 2 * noise(2, frames, 80, seed=frames)})
    with np.load(Path(__file__).parent.parent / "golden" / "ecapa.npz") as golden:
        np.testing.assert_allclose(embedding, golden[f"ecapa_{frames}"], atol=2e-5)


def test_the_same_weights_give_the_same_bytes() -> None:
    weights = {name: made_up(name, shape) for name, shape in shapes()}
    assert network(weights) == network(dict(reversed(weights.items())))
