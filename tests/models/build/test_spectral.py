"""The graph gives what the same network gives in plain numpy: another transform, other sums, nothing folded."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping

import numpy as np
import onnxruntime
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.signal import get_window

from models.build.spectral import FFT, FLOOR, HOP, SPREAD, STAGES, VARIANCE_FLOOR, WINDOW, network
from tests.models.noise import noise

Weights = Mapping[str, NDArray[np.float32]]
Values = NDArray[np.float64]
WIDTHS, NARROW, ROWS, HIDDEN = (3, 4, 5, 6), 4, 17, 7


def shapes() -> Iterator[tuple[str, tuple[int, ...]]]:
    before = 1
    for number, width in enumerate(WIDTHS):
        name = f"stages.{number}"
        for conv, norm, into in (
            ("strided", "strided_bn", before),
            ("conv1", "bn1", width),
            ("conv2", "bn2", width),
        ):
            yield f"{name}.{conv}.weight", (width, into, 3, 3)
            yield from (
                (f"{name}.{norm}.{part}", (width,))
                for part in ("weight", "bias", "running_mean", "running_var")
            )
        before = width
    yield "narrow.weight", (NARROW, before, 1, 1)
    yield from (
        (f"narrow_bn.{part}", (NARROW,)) for part in ("weight", "bias", "running_mean", "running_var")
    )
    yield "hidden.weight", (HIDDEN, 2 * NARROW * ROWS)
    yield "hidden.bias", (HIDDEN,)
    yield "out.weight", (2, HIDDEN)
    yield "out.bias", (2,)


def made_up() -> dict[str, NDArray[np.float32]]:
    found: dict[str, NDArray[np.float32]] = {}
    for name, shape in shapes():
        values = noise(*shape, seed=zlib.crc32(name.encode()) & 0xFFFF)
        if name.endswith("running_var"):
            values = 1.0 + 0.5 * values
        elif "bn" in name and name.endswith("weight"):
            values = 1.0 + 0.3 * values
        elif len(shape) > 1:
            values = np.asarray(values * (3.0 / np.prod(shape[1:])) ** 0.5, np.float32)
        found[name] = np.asarray(values, np.float32)
    return found


def convolved(value: Values, kernel: NDArray[np.float32], strides: tuple[int, int], pad: int) -> Values:
    """(C, F, T) with a kernel (C', C, k, k)."""
    padded = np.pad(value, ((0, 0), (pad, pad), (pad, pad)))
    patches = sliding_window_view(padded, kernel.shape[2:], axis=(1, 2))[:, :: strides[0], :: strides[1]]
    return np.asarray(np.einsum("cftij,dcij->dft", patches, kernel.astype(np.float64), optimize=True))


def normalised(value: Values, weights: Weights, name: str) -> Values:
    mean, variance, gain, offset = (
        weights[f"{name}.{part}"].astype(np.float64)[:, None, None]
        for part in ("running_mean", "running_var", "weight", "bias")
    )
    return (value - mean) / np.sqrt(variance + 1e-5) * gain + offset


def reference(wave: NDArray[np.float32], weights: Weights) -> Values:
    """Logits (2,) of one window."""
    frames = sliding_window_view(wave.astype(np.float64), FFT)[::HOP] * get_window("hann", FFT)
    log_power = np.log(np.abs(np.fft.rfft(frames, axis=1)) ** 2 + FLOOR).T
    value = ((log_power - log_power.mean(1, keepdims=True)) / SPREAD)[np.newaxis]
    for number, (strides, _) in enumerate(STAGES):
        name = f"stages.{number}"
        value = convolved(value, weights[f"{name}.strided.weight"], strides, 1)
        value = np.maximum(normalised(value, weights, f"{name}.strided_bn"), 0.0)
        inner = normalised(
            convolved(value, weights[f"{name}.conv1.weight"], (1, 1), 1), weights, f"{name}.bn1"
        )
        inner = convolved(np.maximum(inner, 0.0), weights[f"{name}.conv2.weight"], (1, 1), 1)
        value = np.maximum(value + normalised(inner, weights, f"{name}.bn2"), 0.0)
    value = np.maximum(
        normalised(convolved(value, weights["narrow.weight"], (1, 1), 0), weights, "narrow_bn"), 0.0
    )
    rows = value.reshape(-1, value.shape[-1])
    told = np.concatenate([rows.mean(1), np.sqrt(rows.var(1) + VARIANCE_FLOOR)])
    hidden = np.maximum(weights["hidden.weight"].astype(np.float64) @ told + weights["hidden.bias"], 0.0)
    return np.asarray(weights["out.weight"].astype(np.float64) @ hidden + weights["out.bias"])


def test_the_graph_is_the_network_in_numpy() -> None:
    weights = made_up()
    session = onnxruntime.InferenceSession(network(weights), providers=["CPUExecutionProvider"])
    waves = np.asarray(0.05 * noise(2, WINDOW, seed=3), np.float32)
    waves[1, : WINDOW // 2] = 0.0
    (logits,) = session.run(None, {"wave": waves})
    np.testing.assert_allclose(logits, [reference(wave, weights) for wave in waves], atol=2e-5)
    assert abs(logits[0, 0] - logits[1, 0]) > 5e-4


def test_a_microphones_response_hardly_matters() -> None:
    """What one frequency is raised by throughout is taken off again."""
    weights = made_up()
    session = onnxruntime.InferenceSession(network(weights), providers=["CPUExecutionProvider"])
    wave = np.asarray(0.05 * noise(1, WINDOW, seed=4), np.float32)
    (one,) = session.run(None, {"wave": wave})
    (other,) = session.run(None, {"wave": np.asarray(1.5 * wave, np.float32)})
    assert np.abs(one - other).max() < 2e-3


def test_the_same_weights_give_the_same_bytes() -> None:
    weights = made_up()
    assert network(weights) == network(dict(reversed(weights.items())))
