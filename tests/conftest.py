"""Fixtures that every package's tests may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development media folder. Skips where CANDOR_SHARED does not name one."""
    folder = os.environ.get("CANDOR_SHARED", "")
    if not folder or not Path(folder, "data").is_dir():
        pytest.skip("needs the development media: set CANDOR_SHARED to their folder")
    return Path(folder)
