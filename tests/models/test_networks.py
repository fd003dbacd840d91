"""Each rebuilt network gives the numbers that its own upstream gives.

``golden/networks.npz`` was computed once: CAM++ and MiniFASNet by their authors' code in torch 2.13 (as were
AASIST-L's four numbers, which stand in its test), dlib_resnet by the
face-api package's JavaScript, Silero VAD by the package's own ``silero_vad.onnx``. ``golden/pad_voice.npz`` is torch's, noted by the
command that ships the weights.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.training.voice_pad.ship import waves
from models.hub import Model
from models.local_hub import LocalHub
from models.manifest import Manifest
from tests.models.noise import noise

pytestmark = pytest.mark.models

Golden = dict[str, NDArray[np.float32]]


@pytest.fixture(scope="module")
def golden() -> Golden:
    with np.load(Path(__file__).parent / "golden" / "networks.npz") as arrays:
        return dict(arrays)


@pytest.mark.parametrize("frames", [40, 199, 200, 201, 298, 437])
def test_campplus_is_the_authors_network(hub: LocalHub, golden: Golden, frames: int) -> None:
    (embedding,) = hub.get("campplus")(2 * noise(1, frames, 80, seed=frames))
    np.testing.assert_allclose(embedding, golden[f"campplus_{frames}"], atol=2e-5)


def test_dlib_resnet_is_the_packages_network(hub: LocalHub, golden: Golden) -> None:
    (embedding,) = hub.get("dlib_resnet")(np.stack([_grain(), _ramp()]).transpose(0, 3, 1, 2).copy())
    np.testing.assert_allclose(embedding, golden["dlib_resnet"], atol=1e-5)


def _grain() -> NDArray[np.float32]:
    return (127.5 + 127.5 * noise(150, 150, 3)).astype(np.float32)


def _ramp() -> NDArray[np.float32]:
    slope = 100 * np.linspace(-1, 1, 150)[:, None, None] * np.array([1, 0.7, 0.4])
    ramp: NDArray[np.float32] = np.clip(128 + slope + 20 * noise(150, 150, 3, seed=1), 0, 255).astype(
        np.float32
    )
    return ramp


def test_silero_vad_is_the_packages_network_frame_after_frame(hub: LocalHub, golden: Golden) -> None:
    model = hub.get("silero_vad")
    state: NDArray[np.float32] = np.zeros((3, 2, 128), np.float32)
    for index, expected in enumerate(golden["silero_speech"]):
        frame = noise(3, 576, seed=index) * np.float32(0.1 * (index % 5))
        speech, state = model(frame, state)
        np.testing.assert_allclose(speech, expected, atol=1e-5)
    np.testing.assert_allclose(state, golden["silero_state"], atol=1e-4)


@pytest.mark.parametrize("name", ["minifasnet_v2", "minifasnet_v1se"])
def test_minifasnet_is_the_authors_network(
    optional_model: Callable[[str], Model], golden: Golden, name: str
) -> None:
    contrast = np.array([1, 0.5, 0.2, 0.05], np.float32).reshape(4, 1, 1, 1)
    (probability,) = optional_model(name)((127.5 + 127.5 * noise(4, 3, 80, 80) * contrast).astype(np.float32))
    np.testing.assert_allclose(probability, golden[name], atol=1e-5)


def test_aasist_is_the_authors_network(optional_model: Callable[[str], Model]) -> None:
    t = np.arange(64_512) / 16_000
    buzz = 0.05 * sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 20)) * (1 + np.sin(6 * np.pi * t))
    waves = np.stack([0.1 * noise(64_512), buzz + 0.005 * noise(64_512, seed=1)]).astype(np.float32)
    (logit,) = optional_model("aasist_l")(waves)
    np.testing.assert_allclose(logit, [[3.73037, -3.40484], [10.2581, -8.73875]], atol=2e-4)


def test_pad_voice_is_what_was_trained(hub: LocalHub) -> None:
    with np.load(Path(__file__).parent / "golden" / "pad_voice.npz") as golden:
        expected = golden["logit"]
    (logit,) = hub.get("pad_voice")(waves())
    np.testing.assert_allclose(logit, expected, atol=2e-4)


@pytest.mark.parametrize("name", ["dlib_resnet", "campplus", "silero_vad", "pad_voice", "micro_expression"])
def test_a_row_is_the_same_alone_and_among_others(hub: LocalHub, name: str) -> None:
    specs = Manifest.default().entry(name).inputs
    rows = [noise(3, *spec.warm_up[1:], seed=index) for index, spec in enumerate(specs)]
    together = hub.get(name)(*rows)
    for row in range(3):
        alone = hub.get(name)(*(array[row : row + 1] for array in rows))
        for one, all_of_them in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one[0], all_of_them[row])
