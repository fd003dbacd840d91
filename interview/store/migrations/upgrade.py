"""Brings a database to the newest schema version, at start-up and without a configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection

from interview.errors import ServiceError

_ADVISORY_LOCK: Final = 0x43414E44  # any number, the same for every process of this service


def configuration(connection: Connection) -> Config:
    """Alembic's configuration for the migrations that lie beside this file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine) -> None:
    """Apply what is missing, in one transaction. Raises ServiceError when the database is newer than this program."""
    with engine.execution_options(candor_writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":  # two servers starting at once: one migrates, the other waits
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        config = configuration(connection)
        if version(connection) == ScriptDirectory.from_config(config).get_current_head():
            return
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise ServiceError(
                "the database was written by a newer version of Candor: start that version, or restore a backup"
            ) from error


def version(connection: Connection) -> str | None:
    """The schema version that the database is at; None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()
