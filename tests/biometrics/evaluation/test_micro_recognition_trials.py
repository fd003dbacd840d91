"""The quick form of ``candor evaluate microexpression``: without torch, without anybody's data."""

from __future__ import annotations

import json

import pytest

from biometrics.evaluation.micro_recognition_trials import QUICK, recognition_figures
from models.local_hub import LocalHub

pytestmark = pytest.mark.models


def test_shipped_weights_know_synthetic_movements_that_they_never_saw(hub: LocalHub) -> None:
    found = recognition_figures(None, hub, lambda *_: None, quick=True)
    assert found.zero_shot.uf1.value > 0.8
    assert found.zero_shot.uar.value > 0.8
    assert set(found.zero_shot_datasets) == {"synthetic-a", "synthetic-b"}
    assert (found.learnt, found.missing) == (None, QUICK)
    assert found.parameters <= 300_000
    assert sum(found.counts) == found.zero_shot.uf1.n == 48
    json.dumps(found.as_json())
