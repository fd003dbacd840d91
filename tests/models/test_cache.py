"""Finished files: stored whole or not at all, and never handed out with another hash."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.cache import ModelCache, default_cache_dir, write_atomically
from models.errors import ModelCorrupt, ModelError, ModelNotInstalled
from tests.models.fakes import entry


def test_what_was_written_is_read(tmp_path: Path) -> None:
    cache, model = ModelCache(tmp_path), entry(data=b"model")
    assert not cache.has(model)
    path = cache.write(model, b"model")
    assert cache.has(model)
    assert cache.read(model) == b"model"
    assert [path] == list(path.parent.iterdir())


def test_other_bytes_than_the_manifests_are_not_kept(tmp_path: Path) -> None:
    cache, model = ModelCache(tmp_path), entry(data=b"model")
    with pytest.raises(ModelCorrupt, match="Building toy gave a file with SHA-256"):
        cache.write(model, b"another")
    assert not cache.has(model)


def test_a_damaged_file_is_named_and_not_used(tmp_path: Path) -> None:
    cache, model = ModelCache(tmp_path), entry(data=b"model")
    cache.write(model, b"model").write_bytes(b"modem")
    with pytest.raises(ModelCorrupt) as caught:
        cache.read(model)
    assert str(cache.path(model)) in str(caught.value)
    assert "candor models build toy" in str(caught.value)


def test_of_a_file_that_the_manifest_does_not_know_the_hash_is_noted(tmp_path: Path) -> None:
    cache, model = ModelCache(tmp_path), replace(entry(), pinned=False, sha256="0" * 64)
    path = cache.write(model, b"whatever came out")
    assert cache.read(model) == b"whatever came out"
    path.write_bytes(b"whatever came in")
    with pytest.raises(ModelCorrupt, match="the one noted when it was built"):
        cache.read(model)
    cache.write(model, b"another build")
    assert cache.read(model) == b"another build"
    path.with_name(f"{path.name}.sha256").unlink()
    with pytest.raises(ModelCorrupt):
        cache.read(model)


def test_a_missing_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(ModelNotInstalled, match="run `candor models build toy`"):
        ModelCache(tmp_path).read(entry())


def test_a_file_that_cannot_be_read_is_a_model_error(tmp_path: Path) -> None:
    cache, model = ModelCache(tmp_path), entry()
    cache.path(model).mkdir(parents=True)
    with pytest.raises(ModelError, match="cannot be read"):
        cache.read(model)


def test_a_folder_that_cannot_be_written_says_how_to_choose_another(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ModelError, match="CANDOR_CACHE_DIR"):
        write_atomically(tmp_path / "file" / "model", b"model")


def test_a_failed_write_leaves_the_old_file_and_no_rest(tmp_path: Path) -> None:
    target = tmp_path / "model"
    target.mkdir()
    with pytest.raises(ModelError):
        write_atomically(target, b"model")
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({"CANDOR_CACHE_DIR": "/srv/models"}, "linux", Path("/srv/models")),
        ({"XDG_CACHE_HOME": "/home/a/cache"}, "linux", Path("/home/a/cache/candor")),
        ({}, "linux", Path.home() / ".cache/candor"),
        ({}, "darwin", Path.home() / "Library/Caches/candor"),
        ({"LOCALAPPDATA": "/local"}, "win32", Path("/local/candor/cache")),
    ],
)
def test_the_default_folder_follows_the_platform(
    environment: dict[str, str], platform: str, expected: Path
) -> None:
    assert default_cache_dir(environment, platform) == expected
