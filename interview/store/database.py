"""Opens the database, brings it to the present schema, and hands out transactions.

SQLite runs with a write-ahead log; a transaction that writes takes the write lock when it begins, so that two of them
never deadlock and none reads what the other is about to change. Other databases use their own locking.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from interview.errors import ServiceError
from interview.store.migrations.upgrade import upgrade

BUSY_TIMEOUT_S: Final = 10.0


class Database:
    """One database. Safe for use by several threads; ``close`` when done."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(candor_writes=True)

    @property
    def engine(self) -> Engine:
        """The engine beneath, for migrations and tools."""
        return self._engine

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that reads one consistent state."""
        with Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that writes: committed at the end, rolled back on an error."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def ping(self) -> None:
        """Raises ServiceError when the database does not answer."""
        try:
            with self._engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except DBAPIError as error:
            raise _unreachable(self._engine.url, error) from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def open_database(url: str) -> Database:
    """Open ``url``, creating and migrating what is missing. Raises ServiceError with a sentence when it cannot."""
    target = _parse(url)
    if target.get_backend_name() == "sqlite":
        _make_folder(target)
    engine = _engine(target)
    try:
        upgrade(engine)
    except DBAPIError as error:
        engine.dispose()
        raise _unreachable(target, error) from error
    return Database(engine)


def _parse(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise ServiceError(
            "CANDOR_DATABASE_URL is no database URL: write it as sqlite:///FILE or postgresql+psycopg://USER@HOST/NAME"
        ) from error


def _engine(target: URL) -> Engine:
    sqlite = target.get_backend_name() == "sqlite"
    options: dict[str, Any] = (
        {"connect_args": {"timeout": BUSY_TIMEOUT_S}} if sqlite else {"pool_pre_ping": True}
    )
    try:
        engine = create_engine(target, **options)
    except NoSuchModuleError as error:
        raise ServiceError(
            f"Candor does not know the database {target.drivername}: use sqlite or postgresql+psycopg"
        ) from error
    except ModuleNotFoundError as error:
        raise ServiceError(
            f"the driver for {target.drivername} is not installed: run pip install {error.name}"
        ) from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(target: URL) -> None:
    if target.database and target.database != ":memory:":
        Path(target.database).parent.mkdir(parents=True, exist_ok=True)


def _prepare_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:  # noqa: ANN401 - the driver's own type
    # The driver's own BEGIN comes too late to choose the lock: begin by hand, in _begin_sqlite.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("candor_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _unreachable(target: URL, error: DBAPIError) -> ServiceError:
    cause = str(error.orig).strip().splitlines()[0]
    return ServiceError(f"the database {target.render_as_string(hide_password=True)} cannot be used: {cause}")
