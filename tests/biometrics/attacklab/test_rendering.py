"""Many renders in a pool: what is there is kept, and a failure names its render."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import orjson
import pytest

from biometrics.attacklab import sources
from biometrics.attacklab.plan import Render
from biometrics.attacklab.pool import default_jobs
from biometrics.attacklab.rendering import render_all
from biometrics.attacklab.store import done
from biometrics.errors import EvaluationError
from tests.biometrics.attacklab.people import person

STILL = Render(
    "injected_still-a-test-00000", "injected_still", "injected", "a", "test", "anna", "anna", (), 1, 15.0, 0.4, 0.5, (96, 80)
)  # fmt: skip


@pytest.fixture
def takes(tmp_path: Path) -> Path:
    """A folder with one prepared source."""
    folder = tmp_path / "sources"
    folder.mkdir()
    clip = person("anna", (120, 150, 200))
    np.save(folder / "anna.frames.npy", clip.frames)
    np.save(folder / "anna.landmarks.npy", clip.landmarks)
    entry = {"source": "anna", "subject": "anna", "fps": 15.0, "audio": False, "ita_deg": 20.0}
    (folder / sources.INDEX).write_bytes(orjson.dumps([entry]))
    return folder


def test_what_is_there_is_not_made_again(tmp_path: Path, takes: Path) -> None:
    renders = [replace(STILL, name=f"injected_still-a-test-{i:05d}", seed=i) for i in range(3)]
    threads = os.environ.get("OPENBLAS_NUM_THREADS")
    seen: list[int] = []
    assert render_all(renders[:2], takes, tmp_path, 1, seen.append) == 2
    assert render_all(renders, takes, tmp_path, 1, seen.append) == 1
    assert render_all(renders, takes, tmp_path, 1, seen.append) == 0
    assert seen == [0, 1, 2, 2, 3, 3]
    assert all(done(each, tmp_path) for each in renders)
    assert os.environ.get("OPENBLAS_NUM_THREADS") == threads
    assert default_jobs() >= 1


def test_a_failure_names_its_render(tmp_path: Path, takes: Path) -> None:
    broken = replace(STILL, species="hologram", name="hologram-a-test-00000")
    with pytest.raises(
        EvaluationError, match=r"hologram-a-test-00000 could not be rendered: There is no species"
    ):
        render_all([broken], takes, tmp_path, 1, lambda there: None)
