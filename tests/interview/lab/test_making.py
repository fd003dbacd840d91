"""A table that is made bit by bit, and goes on where it was broken off."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from fraudmodel.errors import DatasetError
from fraudmodel.interview_table import InterviewRow, read_interviews, row_line
from fraudmodel.parameters import load_parameters
from interview.lab import making
from interview.lab.making import Made, made_by, make_table, write_table
from tests.biometrics.attacklab.interviews.people import everybody
from tests.interview.lab.fakes import interviews, open_runner, runner

MADE = made_by(everybody(), 1, ["b@1", "a@2"], "c0de", load_parameters(), quick=False)


def never() -> None:
    raise AssertionError("nothing was left to make")


def made(folder: Path, count: int) -> Path:
    """A table of so many, made here."""
    run = runner()
    file = folder / "interviews.jsonl.gz"
    write_table(Made([run.row(each) for each in interviews(count)], {}), MADE, file)
    return file


def test_the_header_says_what_it_was_made_of_and_nobodys_file() -> None:
    assert MADE["models"] == ["a@2", "b@1"]
    assert MADE["people"]["p05"] == {
        "split": "train",
        "film": False,
        "voice": False,
        "face_reference": "other_file",
        "material": MADE["people"]["p05"]["material"],
    }
    assert MADE["poolings"]["pose_challenge"]["strategy"] == "strongest"
    assert MADE["data"].startswith("4 people in films, 2 in photos, 4 voices")
    assert "/" not in str({name: value for name, value in MADE.items() if name != "command"})


def test_the_same_table_in_another_process(tmp_path: Path) -> None:
    here = made(tmp_path, 3).read_bytes()
    code = (
        "import sys; from pathlib import Path; from tests.interview.lab.test_making import made; "
        "sys.stdout.buffer.write(made(Path(sys.argv[1]), 3).read_bytes())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True, check=True, env={**os.environ, "PYTHONHASHSEED": "11"},
    )  # fmt: skip
    assert done.stdout == here
    table = read_interviews(tmp_path / "interviews.jsonl.gz")
    assert len(table) == table.made["rows"] == 3
    assert table.made["command"] == "candor lab dataset --count 3 --seed 1"
    assert table.made["counts"]["family"] == {"bona_fide": 3}


def rows(count: int) -> list[InterviewRow]:
    return [
        InterviewRow(each.name, "p01", "p01", "bona_fide", "bona_fide", "a", "train", 4.0)
        for each in interviews(count)
    ]


def test_what_is_there_is_kept(tmp_path: Path) -> None:
    file, told = tmp_path / "interviews.jsonl", list[int]()
    making._begin_file(file, MADE)
    with file.open("ab") as table:
        table.writelines(row_line(row) for row in reversed(rows(2)))
    found = make_table(interviews(2), MADE, file, never, 1, told.append)  # type: ignore[arg-type]
    assert found == Made(rows(2), {})
    assert told == [2]


def test_a_line_that_was_cut_is_made_again(tmp_path: Path) -> None:
    file = tmp_path / "interviews.jsonl"
    making._begin_file(file, MADE)
    file.write_bytes(file.read_bytes() + b"".join(map(row_line, rows(2)))[:-9])
    making._begin_file(file, MADE)
    with file.open("ab") as table:
        table.write(row_line(rows(2)[1]))
    assert read_interviews(file).rows == tuple(rows(2))


@pytest.mark.parametrize(
    ("change", "names"),
    [
        (lambda header: {**header, "seed": 2}, "seed"),
        (lambda header: {**header, "code": "other", "lab": 99}, "code, lab"),
    ],
)
def test_rows_of_something_else_are_refused(
    tmp_path: Path, change: Callable[[dict[str, object]], dict[str, object]], names: str
) -> None:
    file = tmp_path / "interviews.jsonl"
    making._begin_file(file, MADE)
    with pytest.raises(DatasetError, match=f"line 1: it was made of something else \\({names} differ\\)"):
        make_table([], change(MADE), file, never, 1)  # type: ignore[arg-type]


def test_workers_make_what_one_process_would(tmp_path: Path) -> None:
    file, told = tmp_path / "interviews.jsonl", list[int]()
    asked = interviews(2)
    found = make_table(asked, MADE, file, open_runner, 1, told.append)
    assert found == Made([runner().row(each) for each in asked], {})
    assert read_interviews(file).rows == tuple(found.rows)
    assert told == [0, 1, 2]


def test_an_interview_that_fails_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    first, second = interviews(2)
    found = make_table(
        [replace(first, subject="p99"), second], MADE, tmp_path / "interviews.jsonl", open_runner, 1
    )
    assert [row.name for row in found.rows] == [second.name]
    assert found.failed == {first.name: "bona_fide: KeyError: 'p99'"}
    write_table(found, MADE, tmp_path / "interviews.jsonl.gz")
    header = read_interviews(tmp_path / "interviews.jsonl.gz").made
    assert header["failed"] == found.failed
    assert header["command"] == "candor lab dataset --count 2 --seed 1"
