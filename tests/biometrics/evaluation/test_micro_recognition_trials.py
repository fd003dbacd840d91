"""The quick form of ``candor evaluate microexpression``: without torch, without anybody's data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from biometrics.evaluation.micro_recognition_trials import QUICK, recognition_figures
from models.cache import sha256
from models.local_hub import LocalHub
from models.own import OwnModel, own_manifest, write_own

pytestmark = pytest.mark.models


def test_shipped_weights_know_synthetic_movements_that_they_never_saw(hub: LocalHub) -> None:
    found = recognition_figures(None, hub, lambda *_: None, quick=True)
    assert found.zero_shot.uf1.value > 0.8
    assert found.zero_shot.uar.value > 0.8
    assert set(found.zero_shot_datasets) == {"synthetic-a", "synthetic-b"}
    assert (found.learnt, found.missing) == (None, QUICK)
    assert found.shipped
    assert found.parameters is not None
    assert found.parameters <= 300_000
    assert sum(found.counts) == found.zero_shot.uf1.n == 48
    json.dumps(found.as_json())


def test_other_weights_are_not_taken_for_the_shipped_ones(hub: LocalHub, tmp_path: Path) -> None:
    data = (
        hub.file("micro_expression").read_bytes() + b"\x32\x04more"
    )  # the same network, with a note in its doc string
    (tmp_path / "ours.onnx").write_bytes(data)
    own = OwnModel("1", "ours.onnx", sha256(data), "ours", "commercial", "the bank")
    write_own(tmp_path, "micro_expression", own)
    with LocalHub(own_manifest(tmp_path, "production"), profile="production") as ours:
        found = recognition_figures(None, ours, lambda *_: None, quick=True)
    assert not found.shipped
    assert found.parameters is None
    assert found.model == f"micro_expression@{own.sha256[:8]}"
