"""An institution's own weights in the manifest's place, and what a wrong folder is answered with."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from models.cache import ModelCache, sha256
from models.commands import list_models, unusable, verify_models
from models.errors import ModelCorrupt, ModelError, ModelNotAllowed, ModelNotInstalled
from models.local_hub import LocalHub
from models.manifest import Manifest, ManifestError, ModelEntry, Profile
from models.own import FILE, OwnModel, own_manifest, read_own, with_own, write_own
from models.session import Session
from tests.models.fakes import FakeSession, entry, manifest, numbers, part

SHIPPED = manifest(entry("toy", parts=(part(),), optional=True), entry("other"))
OURS = OwnModel("ours-1", "ours.onnx", sha256(b"ours"), "ours", "commercial", "the bank")


def own_folder(folder: Path, own: OwnModel = OURS, data: bytes = b"ours") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / own.file).write_bytes(data)
    write_own(folder, "toy", own)
    return folder


class Opened:
    """Opens fake sessions and keeps the bytes."""

    def __init__(self) -> None:
        self.data: list[bytes] = []

    def __call__(self, data: bytes, entry: ModelEntry) -> Session:
        self.data.append(data)
        return FakeSession()


def test_without_a_folder_the_manifest_is_the_shipped_one() -> None:
    assert own_manifest(None, "production", SHIPPED) is SHIPPED
    assert own_manifest(None, "production").entries == Manifest.default().entries


def test_an_entry_takes_the_place_of_the_one_of_its_name_and_nothing_else_changes(tmp_path: Path) -> None:
    found = own_manifest(own_folder(tmp_path), "production", SHIPPED)
    assert list(found.entries) == ["toy", "other"]
    assert found.entry("other") == SHIPPED.entry("other")
    toy, before = found.entry("toy"), SHIPPED.entry("toy")
    assert (toy.version, toy.sha256, toy.licence, toy.attribution) == (
        "ours-1",
        OURS.sha256,
        "ours",
        "the bank",
    )
    assert (toy.inputs, toy.outputs, toy.recipe, toy.format) == (
        before.inputs,
        before.outputs,
        before.recipe,
        before.format,
    )
    assert toy.own == tmp_path / "ours.onnx"
    assert toy.parts == ()
    assert not toy.optional


def test_the_hub_opens_the_own_file_and_its_readings_name_it(tmp_path: Path) -> None:
    opened = Opened()
    folder = own_folder(tmp_path / "own")
    with LocalHub(
        own_manifest(folder, "production", SHIPPED), tmp_path, profile="production", opener=opened
    ) as hub:
        model = hub.get("toy")
        np.testing.assert_array_equal(model(numbers(1))[0], numbers(2))
        assert str(model.id) == f"toy@{OURS.sha256[:8]}" != f"toy@{SHIPPED.entry('toy').sha256[:8]}"
        assert hub.file("toy") == folder / "ours.onnx"
    assert opened.data == [b"ours"]


def test_a_file_that_changes_later_is_not_opened(tmp_path: Path) -> None:
    folder = own_folder(tmp_path / "own")
    hub = LocalHub(own_manifest(folder, "development", SHIPPED), tmp_path, opener=Opened())
    own_folder(
        folder, OwnModel("2", "ours.onnx", sha256(b"newer"), "ours", "commercial", "the bank"), b"newer"
    )
    with pytest.raises(ModelCorrupt, match=r"ours\.onnx is not the one that models\.toml named for toy"):
        hub.get("toy")


@pytest.mark.parametrize(
    ("use", "profile", "allowed"),
    [
        ("commercial", "production", True),
        ("research-only", "production", False),
        ("unclear", "production", False),
        ("research-only", "development", True),
    ],
)
def test_production_refuses_other_uses_before_anything_runs(
    tmp_path: Path, use: str, profile: Profile, allowed: bool
) -> None:
    own = OwnModel("1", "ours.onnx", sha256(b"ours"), "that of samm", use, "x")  # type: ignore[arg-type] # parametrised
    folder = own_folder(tmp_path, own)
    if allowed:
        assert own_manifest(folder, profile, SHIPPED).entry("toy").use == use
        return
    with pytest.raises(ModelNotAllowed, match=rf"toy \(that of samm\) is for {use} use"):
        own_manifest(folder, profile, SHIPPED)


def test_a_missing_and_another_file_are_told_apart_at_once(tmp_path: Path) -> None:
    folder = own_folder(tmp_path, data=b"theirs")
    with pytest.raises(ModelCorrupt, match=r"is not the one that models\.toml named for toy"):
        own_manifest(folder, "development", SHIPPED)
    (folder / "ours.onnx").unlink()
    with pytest.raises(
        ModelNotInstalled, match=r"Your own file for the model toy is not there: .*ours\.onnx"
    ):
        own_manifest(folder, "development", SHIPPED)
    (folder / "ours.onnx").mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        own_manifest(folder, "development", SHIPPED)


WHOLE = f"""[model.toy]
version = "1"
file = "ours.onnx"
sha256 = "{OURS.sha256}"
licence = "ours"
use = "commercial"
attribution = "the bank"
"""


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("[model.toy]", "[model.toy", r"models\.toml is not valid TOML: .*line 1"),
        ('version = "1"', "version = 1", r"models\.toml: model\.toy: version must be a text\."),
        ('version = "1"\n', "", r"model\.toy: version must be a text\."),
        ('"ours.onnx"', '" "', r"model\.toy: file must be a text\."),
        (OURS.sha256, OURS.sha256.upper(), r"model\.toy: sha256 must be 64 lower-case"),
        ('"commercial"', '"free"', "use must be one of commercial, research-only, unclear, not 'free'"),
        ("licence", "license", r"model\.toy: there is no field license: it has version, file, "),
        ("[model.toy]", "[models.toy]", r"there is no field models: models are tables such as"),
        ("[model.toy]", "[model.tyo]", r"no model named 'tyo' to replace; the manifest has: toy, other\."),
        (WHOLE, "", "names no model"),
        (WHOLE, "[model]\n", "names no model"),
        (WHOLE, "model = 1", "model must hold tables"),
        (WHOLE, "model.toy = 1", r"model\.toy must be a table"),
    ],
)
def test_a_wrong_file_is_answered_with_its_place(tmp_path: Path, before: str, after: str, says: str) -> None:
    assert before in WHOLE
    (tmp_path / FILE).write_text(WHOLE.replace(before, after), "utf-8")
    with pytest.raises(ManifestError, match=says):
        with_own(SHIPPED, tmp_path)


def test_a_folder_without_the_file_and_a_file_that_is_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=rf"There is no models\.toml in {tmp_path}"):
        with_own(SHIPPED, tmp_path)
    (tmp_path / FILE).write_bytes(b"\xff")
    with pytest.raises(ManifestError, match="is not valid TOML: 'utf-8' codec"):
        with_own(SHIPPED, tmp_path)


def test_list_and_verify_show_it_as_own(tmp_path: Path) -> None:
    folder, cache = own_folder(tmp_path / "own"), ModelCache(tmp_path)
    toy, other = list_models(with_own(SHIPPED, folder), cache)
    assert (toy.own, toy.state, toy.version, toy.file) == (
        True,
        "installed",
        "ours-1",
        str(folder / "ours.onnx"),
    )
    assert toy.source == toy.file
    assert not other.own
    (folder / "ours.onnx").write_bytes(b"theirs")
    damaged, _ = verify_models(with_own(SHIPPED, folder), cache)
    assert (damaged.state, "models.toml named for toy" in damaged.detail) == ("damaged", True)
    (folder / "ours.onnx").unlink()
    gone, _ = verify_models(with_own(SHIPPED, folder), cache)
    assert (gone.state, str(folder / "ours.onnx") in gone.detail) == ("not installed", True)
    assert gone in unusable([gone])


def test_an_own_file_is_never_written(tmp_path: Path) -> None:
    folder = own_folder(tmp_path)
    toy = with_own(SHIPPED, folder).entry("toy")
    with pytest.raises(ModelError, match=r"toy is your own, .*: it is not built here"):
        ModelCache(tmp_path).write(toy, b"ours")


TEXTS: SearchStrategy[str] = st.text(st.characters(codec="utf-8"), min_size=1).filter(
    lambda text: bool(text.strip())
)


@given(version=TEXTS, licence=TEXTS.filter(lambda text: text != "toy"), attribution=TEXTS)
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, version: str, licence: str, attribution: str
) -> None:
    folder = tmp_path_factory.mktemp("own")
    own = OwnModel(version, "ours.onnx", OURS.sha256, licence, "unclear", attribution)
    write_own(folder, licence, OURS)
    write_own(folder, "toy", OURS)
    write_own(folder, "toy", own)
    assert read_own(folder) == {licence: OURS, "toy": own}
