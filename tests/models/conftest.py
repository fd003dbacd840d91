"""The models that set-up builds, opened once for all tests of this package."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from models.errors import ModelNotInstalled
from models.hub import Model
from models.local_hub import LocalHub


@pytest.fixture(scope="session")
def hub() -> Iterator[LocalHub]:
    """The models in the default cache."""
    with LocalHub() as opened:
        yield opened


@pytest.fixture
def optional_model(hub: LocalHub) -> Callable[[str], Model]:
    """Opens a model that comes from upstream or a mirror; skips where it could not be had."""

    def get(name: str) -> Model:
        try:
            return hub.get(name)
        except ModelNotInstalled as error:
            pytest.skip(str(error))

    return get
