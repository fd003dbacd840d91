"""The hub: what it opens, what it refuses, and when it batches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from models.cache import ModelCache
from models.errors import ModelCorrupt, ModelError, ModelNotAllowed, ModelNotInstalled, UnknownModel
from models.hub import Rows
from models.local_hub import LocalHub, batching_difference, check_inputs
from models.manifest import ModelEntry, Profile
from models.session import Session
from tests.models.fakes import FakeSession, doubled, entry, manifest, numbers


class Opener:
    """Opens fake sessions and counts them."""

    def __init__(self, session: FakeSession | None = None) -> None:
        self.session = session or FakeSession()
        self.opened: list[bytes] = []

    def __call__(self, data: bytes, entry: ModelEntry) -> Session:
        self.opened.append(data)
        return self.session


def hub(
    folder: Path, *entries: ModelEntry, opener: Opener | None = None, production: bool = False
) -> LocalHub:
    for model in entries:
        ModelCache(folder).write(model, b"model")
    profile: Profile = "production" if production else "development"
    return LocalHub(manifest(*entries), folder, profile=profile, opener=opener or Opener())


def test_a_model_is_opened_once_from_verified_bytes(tmp_path: Path) -> None:
    opener = Opener()
    with hub(tmp_path, entry(), opener=opener) as models:
        model = models.get("toy")
        assert models.get("toy") is model
        np.testing.assert_array_equal(model(numbers(1, 2))[0], numbers(2, 4))
    assert opener.opened == [b"model"]


def test_a_model_says_what_it_is(tmp_path: Path) -> None:
    model = entry()
    identity = hub(tmp_path, model).get("toy").id
    assert (identity.name, identity.version, identity.provider) == ("toy", "1", "cpu")
    assert str(identity) == f"toy@{model.sha256[:8]}"


def test_an_unknown_and_a_missing_model_are_told_apart(tmp_path: Path) -> None:
    models = LocalHub(manifest(entry()), tmp_path)
    with pytest.raises(UnknownModel):
        models.get("other")
    with pytest.raises(ModelNotInstalled):
        models.get("toy")
    with pytest.raises(ModelNotInstalled):
        models.file("toy")


@pytest.mark.parametrize("method", ["get", "file"])
def test_a_damaged_file_is_never_used(tmp_path: Path, method: str) -> None:
    opener = Opener()
    models = hub(tmp_path, entry(), opener=opener)
    ModelCache(tmp_path).path(entry()).write_bytes(b"modem")
    with pytest.raises(ModelCorrupt):
        getattr(models, method)("toy")
    assert opener.opened == []


@pytest.mark.parametrize("use", ["research-only", "unclear"])
@pytest.mark.parametrize("method", ["get", "file"])
def test_production_refuses_what_is_not_for_commercial_use(tmp_path: Path, use: str, method: str) -> None:
    model = entry(use=use)  # type: ignore[arg-type] # parametrised Literal
    hub(tmp_path, model).get("toy")
    with pytest.raises(ModelNotAllowed, match=f"toy .MIT. is for {use} use"):
        getattr(hub(tmp_path, model, production=True), method)("toy")


def test_production_runs_what_is_for_commercial_use(tmp_path: Path) -> None:
    assert hub(tmp_path, entry(), production=True).get("toy").id.name == "toy"


def test_a_file_for_another_runtime_is_a_path_not_a_model(tmp_path: Path) -> None:
    task = entry(kind="task")
    models = hub(tmp_path, task)
    assert models.file("toy").read_bytes() == b"model"
    assert models.file("toy") == ModelCache(tmp_path).path(task)
    with pytest.raises(ModelError, match=r"task file for another runtime: use hub\.file"):
        models.get("toy")


def test_a_closed_hub_gives_nothing(tmp_path: Path) -> None:
    models = hub(tmp_path, entry())
    models.get("toy")
    models.close()
    models.close()
    with pytest.raises(ModelError, match="closed"):
        models.get("toy")
    with pytest.raises(ModelError, match="closed"):
        models.file("toy")


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ([], "takes 1 inputs, not 0"),
        ([numbers(1), numbers(1)], "takes 1 inputs, not 2"),
        ([numbers(1).astype(np.float64)], "rows must be float32"),
        ([np.zeros((1, 3), np.float32)], r"not float32 \[1, 3\]"),
        ([np.zeros((0, 2), np.float32)], "at least one"),
    ],
)
def test_wrong_inputs_are_answered_with_what_was_expected(inputs: list[Rows], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        check_inputs(entry(), inputs)


def mixing(inputs: Sequence[Rows]) -> tuple[Rows, ...]:
    """A model whose rows feel how many they are."""
    return (inputs[0] + 0.001 * (len(inputs[0]) - 1),)


def test_a_cpu_never_batches(tmp_path: Path) -> None:
    session = FakeSession("cpu")
    with hub(tmp_path, entry(), opener=Opener(session)) as models:
        models.get("toy")(numbers(1, 2, 3))
    assert session.batches == [1, 1, 1]


def test_an_accelerator_batches_what_batching_does_not_move(tmp_path: Path) -> None:
    session = FakeSession("cuda", doubled)
    with hub(tmp_path, entry(max_batch=4), opener=Opener(session)) as models:
        session.batches.clear()
        model = models.get("toy")
        checking = len(session.batches)
        model(numbers(1, 2, 3))
        assert model.id.provider == "cuda"
    assert session.batches[checking:] == [3]


@pytest.mark.parametrize(("tolerance", "runs"), [(0.01, [3]), (0.001, [1, 1, 1])])
def test_an_accelerator_batches_only_within_the_tolerance(
    tmp_path: Path, tolerance: float, runs: list[int]
) -> None:
    session = FakeSession("cuda", mixing)
    model = entry(max_batch=4, tolerance=tolerance)
    assert batching_difference(session, model) == pytest.approx(0.003, rel=1e-3)
    with hub(tmp_path, model, opener=Opener(session)) as models:
        opened = models.get("toy")
        checking = len(session.batches)
        opened(numbers(1, 2, 3))
    assert session.batches[checking:] == runs
