"""Files named on the command line: read whole where that is sensible, one sentence otherwise."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from interview.cli.errors import sentence
from interview.cli.files import content
from interview.errors import MediaError


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"abc")
    assert content(path, 1) == b"abc"


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda path: path.mkdir(), "is a folder"),
        (lambda path: None, "There is no file"),
        (lambda path: path.symlink_to("/dev/zero"), "pipe or a device"),
        (lambda path: path.write_bytes(bytes(1_600_000)), "photo.jpg has 2 MB, and at most 1 MB are read"),
    ],
    ids=["folder", "missing", "endless device", "too large"],
)
def test_anything_else_is_one_sentence(tmp_path: Path, make: Callable[[Path], object], told: str) -> None:
    path = tmp_path / "photo.jpg"
    make(path)
    with pytest.raises(MediaError, match=told):
        content(path, 1)


@pytest.mark.parametrize(
    ("touch", "told"),
    [
        (lambda folder: folder.read_bytes(), "that is a folder"),
        (lambda folder: (folder / "file").mkdir(), "that is a file"),
        (lambda folder: (folder / "file" / "below").mkdir(), "a part of that path is a file"),
        (lambda folder: (folder / ("x" * 300)).touch(), "x…: that name is too long"),
        (lambda folder: (folder / "missing").read_bytes(), "there is no such file or folder"),
    ],
    ids=["folder", "file", "file in the path", "long name", "missing"],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows has error numbers of its own for these")
def test_what_the_system_refuses_is_a_sentence(
    tmp_path: Path, touch: Callable[[Path], object], told: str
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError) as refused:  # noqa: PT011 - which one is what is tested
        touch(tmp_path)
    assert told in (sentence(refused.value) or "")
