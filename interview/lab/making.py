"""Many interviews in a pool of processes, each row kept as it comes: a run that was broken off goes on."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import orjson

from biometrics.attacklab.interviews.cast import Cast, digest_of
from biometrics.attacklab.interviews.plan import Interview
from biometrics.attacklab.interviews.scenarios import BONA_FIDE, FRAUDS
from biometrics.attacklab.pool import outcomes
from biometrics.attacklab.store import LAB_VERSION
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


@dataclass(frozen=True, slots=True)
class Made:
    """``rows`` in the order asked for; ``failed`` why the others could not be simulated, by name."""

    rows: Sequence[InterviewRow]
    failed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Failed:
    name: str
    why: str


def make_table(
    interviews: Sequence[Interview],
    made: Mapping[str, Any],
    file: Path,
    open_runner: OpenRunner,
    jobs: int,
    progress: Callable[[int], None] = lambda done: None,
) -> Made:
    """The rows of these interviews, made now where ``file`` does not have them yet. What it has beside them stays in it.

    One on which anything fails is left out and named, and tried again the next time: a night's work does not hang on it, and no failure
    is taken for an absence. Raises DatasetError where ``file`` was made of something else.
    """
    failed: dict[str, str] = {}
    known = _known(file, made)
    left = [interview for interview in interviews if interview.name not in known]
    there = len(interviews) - len(left)
    progress(there)
    if left:
        _begin_file(file, made)
        with file.open("ab") as table:
            found = outcomes(left, _one, jobs, "simulated", partial(_begin, open_runner))
            for done, each in enumerate(found, start=1):
                if isinstance(each, _Failed):
                    failed[each.name] = each.why
                else:
                    known[each.name] = each
                    table.write(row_line(each))
                    table.flush()
                progress(there + done)
    return Made([known[each.name] for each in interviews if each.name in known], failed)


def write_table(found: Made, made: Mapping[str, Any], file: Path) -> None:
    """The rows in order of name, compressed (``.gz``): the same rows are the same bytes. The first line names those that failed."""
    rows = sorted(found.rows, key=lambda row: row.name)
    header = {
        **made,
        "rows": len(rows),
        "counts": {
            name: dict(sorted(Counter(str(getattr(row, name)) for row in rows).items()))
            for name in ("family", "split", "species", "subject")
        },
        "failed": dict(found.failed),
        "command": f"candor lab dataset --count {len(rows) + len(found.failed)} --seed {made['seed']}"
        + (" --quick" if made["quick"] else ""),
    }
    partial_file = file.with_name(f"{file.name}.part")
    partial_file.write_bytes(gzip.compress(table_bytes(header, rows), mtime=0))
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


def _one(interview: Interview) -> InterviewRow | _Failed:
    try:
        return _Worker.runner.row(interview)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the others go on
        return _Failed(interview.name, f"{interview.scenario}: {type(error).__name__}: {error}")
