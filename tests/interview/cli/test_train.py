"""``candor train microexpression`` says what it lacks in one sentence."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from biometrics.errors import EvaluationError
from biometrics.training.micro.datasets import READERS
from interview.cli.train import DATASETS, app, how_to_use, microexpression_command, name_own
from models.cache import sha256
from models.errors import ModelNotAllowed
from models.manifest import Manifest, ManifestError
from models.own import own_manifest


def test_every_dataset_of_the_readers_is_offered() -> None:
    assert set(READERS) < set(DATASETS)
    assert {"megc2019", "synthetic"} < set(DATASETS)


def test_an_unknown_dataset_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="there is no dataset 'casme9': there are megc2019, casme2"):
        microexpression_command("casme9", tmp_path / "o.pth")


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is here")
def test_without_torch_it_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"pip install 'candor\[training\]'"):
        microexpression_command("samm", tmp_path / "o.pth", tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(find_spec("torch") is None, reason="learning needs the training extra")
def test_a_dataset_needs_its_folder(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="--dataset samm needs --root"):
        microexpression_command("samm", tmp_path / "o.pth")


def test_the_command_is_microexpression(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app(["--help"], prog_name="candor train")
    assert "microexpression" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("dataset", "version", "use", "refused"),
    [
        *(
            (name, f"{name}-133", "research-only", True)
            for name in DATASETS
            if name not in ("own", "synthetic")
        ),
        ("own", "own-133", "unclear", True),
        ("synthetic", "synthetic", "commercial", False),
    ],
)
def test_what_is_written_is_a_folder_that_the_setting_can_name(
    tmp_path: Path, dataset: str, version: str, use: str, refused: bool
) -> None:
    network = tmp_path / "recognition.onnx"
    network.write_bytes(b"learnt")
    named = name_own(network, dataset, 133, 28)
    entry = own_manifest(tmp_path, "development").entry("micro_expression")
    assert (entry.own, entry.sha256, entry.version, entry.use) == (network, sha256(b"learnt"), version, use)
    assert entry.outputs == Manifest.default().entry("micro_expression").outputs
    told = how_to_use(tmp_path, named)
    assert f"CANDOR_OWN_MODELS={tmp_path}" in told
    assert "\n" not in told
    assert ("production profile refuses" in told) is refused
    if refused:
        with pytest.raises(ModelNotAllowed):
            own_manifest(tmp_path, "production")
    else:
        own_manifest(tmp_path, "production")


def test_it_says_of_whom_it_learnt(tmp_path: Path) -> None:
    (tmp_path / "recognition.onnx").write_bytes(b"learnt")
    named = name_own(tmp_path / "recognition.onnx", "samm", 133, 28)
    assert named.attribution == "candor train microexpression, of 133 movements of 28 people (samm)"
    assert named.licence == "licence of samm"


def test_a_wrong_models_toml_is_told_before_anything_is_learnt(tmp_path: Path) -> None:
    (tmp_path / "models.toml").write_text("[model", "utf-8")
    with pytest.raises(ManifestError, match=r"models\.toml is not valid TOML"):
        microexpression_command("synthetic", tmp_path / "o.pth")
    assert [path.name for path in tmp_path.iterdir()] == ["models.toml"]


def test_where_nothing_can_be_written_is_told_before_anything_is_learnt(tmp_path: Path) -> None:
    for out, why in (
        (tmp_path / "o.onnx", "the network goes beside it as .onnx: give it another ending"),
        (tmp_path, "is a folder: name a file in it"),
    ):
        with pytest.raises(EvaluationError, match=why):
            microexpression_command("synthetic", out)
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"File exists|Not a directory"):
        microexpression_command("synthetic", tmp_path / "file" / "o.pth")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
