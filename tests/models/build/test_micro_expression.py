"""The graph gives what the same network gives in plain numpy, and the shipped one what torch gave."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from biometrics.training.micro.ship import example
from biometrics.training.micro.shipped import shipped_state
from models.build.micro_expression import (
    CELLS,
    DEEP,
    FIRST,
    HIDDEN,
    MEMBERS,
    NARROW,
    OWN,
    SECOND,
    UNITS,
    network,
)
from tests.models.noise import noise

GOLDEN = Path(__file__).parents[1] / "golden" / "micro_expression.npz"
MOST_PARAMETERS = 300_000
Weights = Mapping[str, NDArray[np.float32]]
Values = NDArray[np.float64]


def shapes() -> Iterator[tuple[str, tuple[int, ...]]]:
    for number in range(MEMBERS):
        yield f"{number}.first.weight", (FIRST, 3, DEEP, DEEP)
        yield f"{number}.second.weight", (SECOND, FIRST, 3, 3)
        yield f"{number}.third.weight", (NARROW, SECOND, 3, 3)
        yield f"{number}.hidden.weight", (HIDDEN + OWN, (NARROW + 3) * CELLS**2)
        yield f"{number}.units.weight", (UNITS, HIDDEN + OWN)
        yield f"{number}.out.weight", (3, HIDDEN + OWN)
        for part, width in (
            ("first", FIRST),
            ("second", SECOND),
            ("third", NARROW),
            ("hidden", HIDDEN + OWN),
        ):
            yield f"{number}.{part}.bias", (width,)
        yield f"{number}.units.bias", (UNITS,)
        yield f"{number}.out.bias", (3,)


def made_up() -> dict[str, NDArray[np.float32]]:
    found = {}
    for name, shape in shapes():
        values = noise(*shape, seed=zlib.crc32(name.encode()) & 0xFFFF)
        spread = (3.0 / np.prod(shape[1:])) ** 0.5 if len(shape) > 1 else 0.3
        found[name] = np.asarray(values * spread, np.float32)
    return found


def convolved(value: Values, weights: Weights, name: str) -> Values:
    kernel = weights[f"{name}.weight"].astype(np.float64)
    pad = kernel.shape[-1] // 2
    patches = sliding_window_view(
        np.pad(value, ((0, 0), (pad, pad), (pad, pad))), kernel.shape[2:], axis=(1, 2)
    )
    found = np.einsum("cyxij,dcij->dyx", patches, kernel) + weights[f"{name}.bias"][:, None, None]
    return np.asarray(found, np.float64)


def halved(value: Values) -> Values:
    count, side, _ = value.shape
    return np.asarray(value.reshape(count, side // 2, 2, side // 2, 2).max(axis=(2, 4)))


def member(value: Values, weights: Weights, number: int) -> tuple[Values, Values]:
    found = np.maximum(halved(convolved(value, weights, f"{number}.first")), 0)
    found = np.maximum(halved(convolved(found, weights, f"{number}.second")), 0)
    found = np.maximum(convolved(found, weights, f"{number}.third"), 0)
    raw = value.reshape(3, CELLS, 4, CELLS, 4).mean(axis=(2, 4))
    places = np.concatenate([found.ravel(), raw.ravel()])

    def linear(of: Values, name: str) -> Values:
        return np.asarray(weights[f"{number}.{name}.weight"] @ of + weights[f"{number}.{name}.bias"])

    hidden = np.maximum(linear(places, "hidden"), 0)
    logits = linear(hidden, "out")
    return logits - np.log(np.exp(logits).sum()), linear(hidden, "units")


def plain(value: Values, weights: Weights) -> tuple[Values, Values]:
    mirror = value[:, :, ::-1] * np.array([-1.0, 1.0, 1.0])[:, None, None]
    straight = [member(value, weights, number) for number in range(MEMBERS)]
    turned = [member(mirror, weights, number) for number in range(MEMBERS)]
    likely = np.exp(np.mean([logs for logs, _ in (*straight, *turned)], axis=0))
    swapped = np.arange(UNITS) + np.tile([1, -1], UNITS // 2)
    units = np.mean([u for _, u in straight] + [u[swapped] for _, u in turned], axis=0)
    return likely / likely.sum(), np.maximum(units, 0)


def run(data: bytes, maps: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    return onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"]).run(None, {"maps": maps})  # type: ignore[no-any-return]


def test_the_graph_is_the_network() -> None:
    weights, maps = made_up(), noise(5, 3, 28, 28, seed=4)
    probability, units = run(network(weights), maps)
    expected = [plain(each.astype(np.float64), weights) for each in maps]
    np.testing.assert_allclose(probability, [p for p, _ in expected], atol=2e-5)
    np.testing.assert_allclose(units, [u for _, u in expected], atol=2e-4)
    assert probability.max() - probability.min() > 0.1


def test_a_movement_on_the_other_side_is_the_same_movement() -> None:
    data, maps = network(made_up()), noise(2, 3, 28, 28, seed=5)
    mirror = np.ascontiguousarray(maps[..., ::-1] * np.array([-1, 1, 1], np.float32)[:, None, None])
    (likely, units), (likely_turned, units_turned) = run(data, maps), run(data, mirror)
    np.testing.assert_allclose(likely_turned, likely, atol=1e-5)
    np.testing.assert_allclose(units_turned.reshape(2, -1, 2)[..., ::-1].reshape(2, -1), units, atol=1e-4)


def test_the_shipped_network_answers_as_torch_did() -> None:
    golden = np.load(GOLDEN)
    probability, units = run(network(shipped_state()), example())
    np.testing.assert_allclose(probability, golden["probability"], atol=1e-4)
    np.testing.assert_allclose(units, golden["units"], atol=1e-3)


def test_the_whole_network_is_small() -> None:
    assert sum(value.size for value in shipped_state().values()) <= MOST_PARAMETERS


@pytest.mark.parametrize("rows", [1, 7])
def test_any_number_of_movements_at_once(rows: int) -> None:
    assert run(network(made_up()), noise(rows, 3, 28, 28, seed=1))[0].shape == (rows, 3)
