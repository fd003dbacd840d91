"""Fixtures of biometrics."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from models.local_hub import LocalHub


@pytest.fixture(scope="session")
def hub() -> Iterator[LocalHub]:
    """The built default models. Only for tests marked ``models``."""
    with LocalHub() as hub:
        yield hub
