"""Many interviews in a pool of processes, each row kept as it comes: a run that was broken off goes on."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from biometrics.attacklab.interviews.cast import Cast, digest_of
from biometrics.attacklab.interviews.plan import Interview
from biometrics.attacklab.interviews.scenarios import BONA_FIDE, FRAUDS
from biometrics.attacklab.pool import outcomes
from biometrics.attacklab.store import LAB_VERSION
from biometrics.errors import EvaluationError
from biometrics.evaluation.lab.scoring import POOLINGS
from biometrics.evaluation.lab.trials import mend
from fraudmodel.errors import DatasetError
from fraudmodel.interview_table import InterviewRow, header_line, read_interviews, row_line, table_bytes
from fraudmodel.parameters import Parameters
from interview.lab.keeping import poolings
from interview.lab.running import InterviewRunner

VERSION: Final = 1
"""Counts up whenever the same seed makes another interview."""
OpenRunner = Callable[[], AbstractContextManager[InterviewRunner]]
"""Opens what runs interviews in a worker process; can be pickled."""


def made_by(
    cast: Cast, seed: int, models: Sequence[str], code: str, parameters: Parameters, *, quick: bool
) -> dict[str, Any]:
    """The first line of a table: all that its rows depend on. Plain JSON, without a path or a date."""
    digests = digest_of(cast)
    return {
        "version": VERSION,
        "lab": LAB_VERSION,
        "code": code,
        "seed": seed,
        "quick": quick,
        "grade": "simulated",
        "data": "an animated portrait: a check, no evidence" if quick else _described(cast),
        "models": sorted(models),
        "parameters": parameters.version,
        "poolings": {
            **{kind: asdict(each) for kind, each in sorted(POOLINGS.items())},
            **{kind: asdict(each) for kind, each in poolings(parameters).items()},
        },
        "people": {
            person.name: {
                "split": person.split,
                "film": person.moves,
                "voice": person.speaks,
                "face_reference": person.likeness,
                "material": digests[person.name],
            }
            for person in cast.people
        },
        "scenarios": {each.name: each.family for each in (BONA_FIDE, *FRAUDS)},
    }


def _described(cast: Cast) -> str:
    films = sum(person.moves for person in cast.people)
    voices = sum(person.speaks for person in cast.people)
    photos = len(cast.people) - films
    return f"{films} people in films, {photos} in photos, {voices} voices; faces and voices were joined at random"


def make_table(
    interviews: Sequence[Interview],
    made: Mapping[str, Any],
    file: Path,
    open_runner: OpenRunner,
    jobs: int,
    progress: Callable[[int], None] = lambda done: None,
) -> list[InterviewRow]:
    """The rows of these interviews, made now where ``file`` does not have them yet. What it has beside them stays in it.

    Raises EvaluationError, naming the interview, where a detector fails on one; DatasetError where ``file`` was made of something else.
    """
    known = _known(file, made)
    left = [interview for interview in interviews if interview.name not in known]
    there = len(interviews) - len(left)
    progress(there)
    if left:
        _begin_file(file, made)
        with file.open("ab") as table:
            found = outcomes(left, _one, jobs, "simulated", partial(_begin, open_runner))
            for done, row in enumerate(found, start=1):
                known[row.name] = row
                table.write(row_line(row))
                table.flush()
                progress(there + done)
    return [known[interview.name] for interview in interviews]


def write_table(rows: Sequence[InterviewRow], made: Mapping[str, Any], file: Path) -> None:
    """The rows in order of name, compressed (``.gz``): the same rows are the same bytes."""
    command = f"candor lab dataset --count {len(rows)} --seed {made['seed']}"
    whole = table_bytes(
        {**made, "rows": len(rows), "command": command}, sorted(rows, key=lambda row: row.name)
    )
    partial_file = file.with_name(f"{file.name}.part")
    partial_file.write_bytes(gzip.compress(whole, mtime=0))
    partial_file.replace(file)


def _known(file: Path, made: Mapping[str, Any]) -> dict[str, InterviewRow]:
    if not file.exists():
        return {}
    table = read_interviews(file)
    before, now = dict(table.made), orjson.loads(orjson.dumps(made))
    if before != now:
        names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
        raise DatasetError(
            f"{file}, line 1: it was made of something else ({', '.join(names)} differ): give another folder, or delete the file"
        )
    return {row.name: row for row in table.rows}


def _begin_file(file: Path, made: Mapping[str, Any]) -> None:
    if file.exists():
        mend(file)
    else:
        file.write_bytes(header_line(made))


class _Worker:
    """What a worker process keeps between interviews: a process has no other place for it."""

    opened: AbstractContextManager[InterviewRunner]
    runner: InterviewRunner


def _begin(open_runner: OpenRunner) -> None:
    _Worker.opened = open_runner()
    _Worker.runner = _Worker.opened.__enter__()


def _one(interview: Interview) -> InterviewRow:
    try:
        return _Worker.runner.row(interview)
    except EvaluationError:
        raise
    except Exception as error:
        raise EvaluationError(
            f"{interview.scenario} of {interview.subject}: {type(error).__name__}: {error}"
        ) from error
