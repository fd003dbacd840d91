"""A process that opens the real parts is quiet from then on."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from biometrics.reports import CLOSED
from interview.analysis.stack import Stack
from interview.bootstrap import build, stack
from interview.settings import Settings
from models.cache import ModelCache, default_cache_dir, sha256
from models.errors import ModelCorrupt, ModelError, ModelNotAllowed
from models.manifest import Manifest, Use
from models.own import OwnModel, write_own

MORE = b"\x32\x04more"
"""A field that ONNX's model message carries as its doc string: the same network, other bytes."""

OPENS = """
import json, os, sys
from pathlib import Path
from interview.analysis.stack import Stack
Stack(Path(sys.argv[1]))().close()
print(json.dumps(dict(os.environ)))
"""


def test_a_process_that_analyses_refuses_to_report(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OPENS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    environment = json.loads(done.stdout)
    assert environment["ORT_DISABLE_TELEMETRY"] == "1"
    assert environment["https_proxy"] == CLOSED
    assert "no_proxy" not in environment


def own_folder(folder: Path, use: Use = "commercial") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "ours.onnx").write_bytes(b"ours")
    write_own(
        folder, "micro_expression", OwnModel("1", "ours.onnx", sha256(b"ours"), "ours", use, "the bank")
    )
    return folder


def settings(folder: Path, **changes: object) -> Settings:
    return Settings.model_validate({"data_dir": folder / "var", "own_models": folder / "own", **changes})


def test_own_weights_travel_to_every_process(tmp_path: Path) -> None:
    own_folder(tmp_path / "own")
    travelled = pickle.loads(pickle.dumps(stack(settings(tmp_path))))  # noqa: S301 - our own bytes
    assert isinstance(travelled, Stack)
    entry = travelled.manifest.entry("micro_expression")
    assert (entry.own, entry.sha256) == (tmp_path / "own" / "ours.onnx", sha256(b"ours"))
    assert stack(Settings(data_dir=tmp_path)).manifest == Manifest.default()


def test_a_service_does_not_start_with_own_weights_that_it_may_not_or_cannot_run(tmp_path: Path) -> None:
    own_folder(tmp_path / "own", "research-only")
    with pytest.raises(ModelNotAllowed, match=r"micro_expression \(ours\) is for research-only use"):
        build(settings(tmp_path, profile="production"), tmp_path)
    (tmp_path / "own" / "ours.onnx").write_bytes(b"theirs")
    with pytest.raises(ModelCorrupt, match=r"ours\.onnx is not the one that models\.toml named"):
        build(settings(tmp_path), tmp_path)


@pytest.mark.models
def test_own_weights_of_another_shape_are_told_when_they_are_opened(tmp_path: Path) -> None:
    """The real thing: a copy of the shipped network runs as an own one, and readings name it; another network does not run."""
    shipped = Manifest.default().entry("micro_expression")
    cache = ModelCache(default_cache_dir())
    own = tmp_path / "own"
    for name, runs in (("micro_expression", True), ("pad_voice", False)):
        own.mkdir(exist_ok=True)
        data = cache.read(Manifest.default().entry(name)) + (b"" if not runs else MORE)
        (own / "ours.onnx").write_bytes(data)
        write_own(
            own,
            "micro_expression",
            OwnModel("1", "ours.onnx", sha256(data), "ours", "commercial", "the bank"),
        )
        with closing(stack(settings(tmp_path))()) as parts:
            if runs:
                model = parts.hub.get("micro_expression")
                assert (
                    str(model.id)
                    == f"micro_expression@{sha256(data)[:8]}"
                    != f"micro_expression@{shipped.sha256[:8]}"
                )
                continue
            with pytest.raises(ModelError, match="micro_expression has inputs and outputs"):
                parts.hub.get("micro_expression")
