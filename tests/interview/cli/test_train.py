"""``candor train microexpression`` says what it lacks in one sentence."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from biometrics.errors import EvaluationError
from biometrics.training.micro.datasets import READERS
from interview.cli.train import DATASETS, app, microexpression_command


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
