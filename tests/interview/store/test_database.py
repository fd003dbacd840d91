"""Opening a database: schema, migrations, transactions, and a sentence for everything that can be wrong."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy.exc import IntegrityError, StatementError

from interview.errors import ServiceError
from interview.store.database import Database, open_database
from interview.store.migrations.upgrade import configuration, version
from interview.store.migrations.versions import (
    v0001_spine,
    v0002_challenges,
    v0003_references,
    v0004_speech,
    v0005_questions,
    v0006_jurisdiction,
    v0007_outcomes,
    v0008_documents,
)
from interview.store.repository import Repository
from interview.store.schema import AccountRow, AuditRow, InterviewRow, Table
from tests.interview.world import START, World, outputs


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path}"


def test_migrations_lead_to_the_schema_in_the_code(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "new" / "candor.db"))
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Table.metadata) == []
        assert version(connection) == "0008"
    database.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "candor.db")
    open_database(url).close()
    before = (tmp_path / "candor.db").read_bytes()
    open_database(url).close()
    assert (tmp_path / "candor.db").read_bytes() == before


def test_references_of_before_become_their_first_versions(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    session = World(Repository(database)).interview(World(Repository(database)).person())
    with database.engine.begin() as connection:
        before = connection.execute(sa.text("SELECT modality, vector FROM reference ORDER BY modality")).all()
        command.downgrade(configuration(connection), "0002")
        assert "version" not in {each["name"] for each in sa.inspect(connection).get_columns("reference")}
        command.upgrade(configuration(connection), "head")
        after = connection.execute(sa.text("SELECT modality, vector FROM reference ORDER BY modality")).all()
    assert after == before
    found = Repository(database).interviews.get(session.id)
    assert [(each.modality, each.version, each.made_at) for each in found.references] == [
        ("face", 1, START),
        ("voice", 1, START),
    ]
    database.close()


def test_interviews_of_before_took_place_where_nothing_is_off_and_lose_nothing(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    world = World(Repository(database))
    session = world.live(world.person())
    world.record(session.id, outputs(3))
    before = list(world.repository.outputs.all(session.id))
    with database.engine.begin() as connection:
        command.downgrade(configuration(connection), v0006_jurisdiction.down_revision)
        columns = {each["name"] for each in sa.inspect(connection).get_columns("interview")}
        assert "jurisdiction" not in columns
        command.upgrade(configuration(connection), "head")
    assert world.sessions.get(session.id).jurisdiction == "default"
    assert list(world.repository.outputs.all(session.id)) == before
    assert len(world.sessions.get(session.id).references) == 2
    database.close()


def test_migration_can_be_taken_back(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    with database.engine.begin() as connection:
        command.downgrade(configuration(connection), "base")
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version"}
    database.close()


def test_migration_writes_what_postgresql_takes() -> None:
    written = io.StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql", opts={"as_sql": True, "output_buffer": written}
    )
    with Operations.context(context):
        v0001_spine.upgrade()
        v0002_challenges.upgrade()
        v0003_references.upgrade()
        v0004_speech.upgrade()
        v0005_questions.upgrade()
        v0006_jurisdiction.upgrade()
        v0007_outcomes.upgrade()
        v0008_documents.upgrade()
    sql = written.getvalue()
    assert "TIMESTAMP WITH TIME ZONE" in sql
    assert "BEFORE UPDATE OR DELETE OR TRUNCATE ON audit" in sql
    assert "CREATE UNIQUE INDEX uq_challenge_open ON challenge (interview_id) WHERE" in sql
    assert sql.count("CREATE TABLE") == len(Table.metadata.tables)


def test_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "candor.db"
    open_database(sqlite_url(path)).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    with pytest.raises(ServiceError, match="newer version of Candor"):
        open_database(sqlite_url(path))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("not a url", "write it as sqlite:///FILE"),
        ("oracle9://x/y", "does not know the database oracle9"),
        ("postgresql+pg8000://user:secret@127.0.0.1:1/x", "run pip install pg8000"),
    ],
)
def test_wrong_url_is_one_sentence(url: str, said: str) -> None:
    with pytest.raises(ServiceError, match=said):
        open_database(url)


def test_file_that_is_no_database_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "candor.db"
    path.write_bytes(b"this is a letter, not a database " * 100)
    with pytest.raises(ServiceError, match=r"cannot be used: file is not a database"):
        open_database(sqlite_url(path))


def test_folder_in_place_of_a_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="unable to open database file"):
        open_database(sqlite_url(tmp_path))


def test_uses_a_write_ahead_log_and_checks_foreign_keys(world: World, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "candor.db") as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    raw.close()
    with pytest.raises(IntegrityError):
        world.repository.people.begin_sign_in("f", "nobody", START, START)


def test_audit_entries_cannot_be_changed_or_removed(world: World, tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    officer = world.person()
    world.interview(officer)
    for statement in (sa.update(AuditRow).values(actor="somebody else"), sa.delete(AuditRow)):
        with pytest.raises(IntegrityError, match="append-only"), database.writing() as session:
            session.execute(statement)
    database.close()


def test_outcome_without_an_officer_is_refused_by_the_database_itself(world: World, tmp_path: Path) -> None:
    session = world.sealed(world.person())
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    changes = (
        {"state": "decided"},
        {"decision_outcome": "approve"},
        {"decision_outcome": "approve", "state": "decided"},
    )
    for change in changes:
        statement = sa.update(InterviewRow).where(InterviewRow.id == session.id).values(**change)
        with pytest.raises(IntegrityError, match="decided_by_a_person"), database.writing() as transaction:
            transaction.execute(statement)
    database.close()


def test_wall_time_without_a_zone_is_refused(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    naive = START.replace(tzinfo=None)
    row = AccountRow(
        id="a",
        username="a",
        display_name="A",
        role="officer",
        active=True,
        password_hash="",
        created_at=naive,
    )
    with pytest.raises(StatementError, match="aware datetime"), database.writing() as session:
        session.add(row)
    database.close()


def test_error_rolls_the_whole_transaction_back(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    with pytest.raises(KeyError):
        _write_and_fail(database)
    with database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(AuditRow)) == 0
    database.close()


def _write_and_fail(database: Database) -> None:
    with database.writing() as session:
        session.add(AuditRow(at=START, actor="a", action="b", interview_id=None, detail="{}"))
        session.flush()
        raise KeyError("something else went wrong")


def test_writers_at_once_lose_no_update(tmp_path: Path) -> None:
    database = open_database(sqlite_url(tmp_path / "candor.db"))
    with database.writing() as session:
        session.add(
            AccountRow(
                id="a",
                username="a",
                display_name="0",
                role="officer",
                active=True,
                password_hash="",
                created_at=START,
            )
        )
    start = Barrier(4)
    threads = [Thread(target=_count_up, args=(database, start, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(AccountRow, "a").display_name == "40"
    database.close()


def _count_up(database: Database, start: Barrier, times: int) -> None:
    start.wait()
    for _ in range(times):
        with database.writing() as session:
            row = session.get_one(AccountRow, "a")
            row.display_name = str(int(row.display_name) + 1)


def test_ping_says_when_the_database_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    database = open_database(sqlite_url(folder / "candor.db"))
    database.ping()
    database.close()
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    with pytest.raises(ServiceError, match="cannot be used"):
        database.ping()
