"""Confirmed outcomes in the store: all or none, both kept when corrected, audited, and nothing else changes by them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from fraudmodel.confirmed import Line, parse_confirmed
from fraudmodel.errors import DatasetError
from interview.outcomes import Imported, import_outcomes, importer
from interview.problems import NotFound, Rejected
from interview.store.database import open_database
from interview.store.records import Role, SessionRecord
from interview.store.schema import ConfirmedOutcomeRow
from tests.interview.world import START, World

TODAY = START + timedelta(days=30)


def lines(*rows: str) -> tuple[Line, ...]:
    header = "interview,outcome,family,confirmed_on,by,source"
    return parse_confirmed("\n".join([header, *rows]), "out.csv", TODAY.date())


def take(world: World, *rows: str, store: bool = True) -> Imported:
    reviewer = next((each for each in world.accounts.everyone() if each.username == "chen"), None)
    by = reviewer or world.person("chen", Role.COMPLIANCE)
    return import_outcomes(world.repository, lines(*rows), by, TODAY, store=store)


@pytest.fixture
def session(world: World) -> SessionRecord:
    return world.sealed(world.person())


def kept(world: World, session: SessionRecord) -> list[tuple[int, str, str]]:
    found = world.repository.confirmed.of_interview(session.id)
    return [(each.number, each.confirmed.outcome, each.confirmed.source) for each in found]


def test_an_outcome_is_kept_with_who_and_when(world: World, session: SessionRecord) -> None:
    found = take(world, f"{session.id},fraud,impostor,2026-12-01,Risk,case 7")
    assert found == Imported((session.id,), (), (), ())
    outcome = world.repository.confirmed.of_interview(session.id)[0]
    reviewer = next(each for each in world.accounts.everyone() if each.username == "chen")
    assert (outcome.imported_at, outcome.imported_by) == (TODAY, reviewer.id)
    assert world.repository.confirmed.in_force()[session.id] == outcome.confirmed
    entry = world.repository.audit.of_session(session.id)[-1]
    assert (entry.action, entry.actor) == ("outcome.confirmed", reviewer.id)
    assert entry.detail == {"confirmed_on": "2026-12-01", "source": "case 7"}


def test_the_log_that_an_officer_reads_does_not_say_fraud(world: World, session: SessionRecord) -> None:
    take(world, f"{session.id},fraud,impostor,2026-12-01,Risk,case 7")
    assert "fraud" not in repr(world.repository.audit.of_session(session.id)[-1].detail)


def test_the_same_file_again_changes_nothing(world: World, session: SessionRecord) -> None:
    row = f"{session.id},bona_fide,,2026-12-01,Risk,repaid"
    take(world, row)
    entries = len(world.repository.audit.of_session(session.id))
    assert take(world, row) == Imported((), (), (session.id,), ())
    assert len(kept(world, session)) == 1
    assert len(world.repository.audit.of_session(session.id)) == entries


def test_a_correction_holds_and_both_are_kept(world: World, session: SessionRecord) -> None:
    first, second = (
        f"{session.id},bona_fide,,2026-12-01,Risk,repaid",
        f"{session.id},fraud,,2026-12-09,Risk,court",
    )
    take(world, first)
    assert take(world, second).corrected == (session.id,)
    assert kept(world, session) == [(0, "bona_fide", "repaid"), (1, "fraud", "court")]
    assert world.repository.confirmed.in_force()[session.id].fraud
    assert take(world, first).unchanged == (session.id,)
    assert world.repository.confirmed.in_force()[session.id].fraud
    assert world.repository.audit.of_session(session.id)[-1].action == "outcome.corrected"


def test_an_earlier_finding_cannot_correct_a_later_one(world: World, session: SessionRecord) -> None:
    take(world, f"{session.id},fraud,,2026-12-09,Risk,court")
    with pytest.raises(DatasetError, match=r"out\.csv, line 2: interview .* was confirmed on 2026-12-09"):
        take(world, f"{session.id},bona_fide,,2026-12-01,Risk,repaid")
    assert len(kept(world, session)) == 1


def test_one_wrong_line_and_nothing_is_stored(world: World, session: SessionRecord) -> None:
    live = world.live(world.person("wang"))
    with pytest.raises(DatasetError, match=f"line 3: interview {live.id} has not ended"):
        take(world, f"{session.id},fraud,,2026-12-01,R,s", f"{live.id},fraud,,2026-12-01,R,s")
    assert kept(world, session) == []
    assert world.repository.confirmed.everything() == []


def test_it_cannot_be_confirmed_before_the_interview(world: World, session: SessionRecord) -> None:
    with pytest.raises(DatasetError, match="line 2: confirmed_on is 2026-11-01, and interview"):
        take(world, f"{session.id},fraud,,2026-11-01,R,s")


def test_unknown_interviews_are_told_with_their_line(world: World, session: SessionRecord) -> None:
    found = take(world, "feed,fraud,,2026-12-01,R,s", f"{session.id},fraud,,2026-12-01,R,s")
    assert found.unknown == ((2, "feed"),)
    assert found.added == (session.id,)


def test_checking_stores_nothing(world: World, session: SessionRecord) -> None:
    assert take(world, f"{session.id},fraud,,2026-12-01,R,s", store=False).added == (session.id,)
    assert kept(world, session) == []


def test_officers_may_not_import(world: World) -> None:
    world.person("li")
    with pytest.raises(Rejected, match="compliance or of an administrator"):
        importer(world.repository.people, "Li")
    with pytest.raises(NotFound, match="no account named nobody"):
        importer(world.repository.people, "nobody")
    chen = world.person("chen", Role.COMPLIANCE)
    assert importer(world.repository.people, "Chen") == chen


def test_the_assessment_and_the_decision_stay_as_they_were(world: World, session: SessionRecord) -> None:
    before = world.sessions.get(session.id)
    take(world, f"{session.id},fraud,,2026-12-01,R,s")
    assert world.sessions.get(session.id) == before


def test_the_database_refuses_to_change_one(world: World, session: SessionRecord, tmp_path: Path) -> None:
    take(world, f"{session.id},fraud,,2026-12-01,R,s")
    database = open_database(f"sqlite:///{tmp_path / 'candor.db'}")
    with pytest.raises(IntegrityError, match="corrected by a further one"), database.writing() as transaction:
        transaction.execute(sa.update(ConfirmedOutcomeRow).values(fraud=False))
    database.close()
