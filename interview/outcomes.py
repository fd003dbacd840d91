"""Confirmed outcomes come in: validated whole, stored with who and when, audited. No assessment and no decision changes by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fraudmodel.confirmed import Confirmed, Line
from interview.problems import NotFound, Rejected
from interview.session import OPEN
from interview.store.confirmed import Addition, Known
from interview.store.people import PeopleStore
from interview.store.records import AuditEntry, Detail, KeptOutcome, Role, User
from interview.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: ids of interviews. ``corrected`` had another outcome before, which is kept; ``unchanged`` were known already;
    ``unknown`` stand with their line: no interview of this store has that id."""

    added: tuple[str, ...]
    corrected: tuple[str, ...]
    unchanged: tuple[str, ...]
    unknown: tuple[tuple[int, str], ...]


def importer(people: PeopleStore, username: str) -> User:
    """The account in whose name outcomes are imported. Raises NotFound, or Rejected for one that may not."""
    for user in people.users():
        if user.username == username.lower():
            if not user.active or user.role is Role.OFFICER:
                raise Rejected(
                    f"{username} may not import outcomes: name an active account of compliance or of an administrator.",
                    f"{username} 无权导入结果，请使用合规或管理员账号。",
                )
            return user
    raise NotFound(f"There is no account named {username}.", f"账号 {username} 不存在。")


def import_outcomes(
    repository: Repository, lines: Sequence[Line], by: User, at: datetime, *, store: bool = True
) -> Imported:
    """Store a file's outcomes, all of them or none; ``store`` False only says what would come of it.

    Raises DatasetError, with the line, for an interview that has not ended, that nobody took part in, or that was confirmed later than the line says.
    """
    results: list[Imported] = []

    def plan(known: Mapping[str, Known]) -> list[Addition]:
        for line in lines:
            if (found := known.get(line.confirmed.interview)) is not None:
                _check(line, found)
        new = [line.confirmed for line in lines if _is_new(line.confirmed, known)]
        results.append(_imported(lines, new, known))
        return [_addition(each, known[each.interview], by, at) for each in new]

    repository.confirmed.add((line.confirmed.interview for line in lines), plan, store=store)
    return results[-1]


def _check(line: Line, known: Known) -> None:
    record, confirmed = known.record, line.confirmed
    if record.progress.state in OPEN:
        raise line.error(f"interview {record.id} has not ended: nothing can be confirmed of it yet")
    if record.simulated:
        raise line.error(f"interview {record.id} is simulated: nobody took part who could be confirmed")
    if confirmed.on < record.created_at.date():
        raise line.error(
            f"confirmed_on is {confirmed.on}, and interview {record.id} was made on {record.created_at.date()}"
        )
    if known.kept and confirmed.on < known.kept[-1].confirmed.on and not _kept_already(confirmed, known):
        raise line.error(
            f"interview {record.id} was confirmed on {known.kept[-1].confirmed.on}: an earlier finding, of {confirmed.on}, cannot correct it"
        )


def _kept_already(confirmed: Confirmed, known: Known) -> bool:
    """Whether it stands in the store, in force or corrected since: an old file read again changes nothing."""
    return any(each.confirmed == confirmed for each in known.kept)


def _is_new(confirmed: Confirmed, known: Mapping[str, Known]) -> bool:
    found = known.get(confirmed.interview)
    return found is not None and not _kept_already(confirmed, found)


def _imported(lines: Sequence[Line], new: Sequence[Confirmed], known: Mapping[str, Known]) -> Imported:
    fresh = {each.interview for each in new}
    ids = [line.confirmed.interview for line in lines]
    return Imported(
        added=tuple(each for each in ids if each in fresh and not known[each].kept),
        corrected=tuple(each for each in ids if each in fresh and known[each].kept),
        unchanged=tuple(each for each in ids if each in known and each not in fresh),
        unknown=tuple(
            (line.row.line, line.confirmed.interview)
            for line in lines
            if line.confirmed.interview not in known
        ),
    )


def _addition(confirmed: Confirmed, known: Known, by: User, at: datetime) -> Addition:
    number = len(known.kept)
    # The outcome itself stays out of the log that the officer reads: it is no verdict on how they decided.
    detail: Detail = {"confirmed_on": confirmed.on.isoformat(), "source": confirmed.source}
    if number:
        entry = AuditEntry(at, by.id, "outcome.corrected", confirmed.interview, detail)
    else:
        entry = AuditEntry(at, by.id, "outcome.confirmed", confirmed.interview, detail)
    return Addition(KeptOutcome(confirmed, number, at, by.id), entry)
