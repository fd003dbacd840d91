"""The store of a service that has run here, for commands that read it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from interview.errors import SessionError
from interview.settings import Settings
from interview.store.repository import Repository


@contextmanager
def existing_store(settings: Settings) -> Iterator[Repository]:
    """Open it and close it; none is made. Raises SessionError where there is none."""
    if not settings.database_url and not (settings.data_dir / "candor.db").is_file():
        raise SessionError(
            f"There are no interviews in {settings.data_dir.resolve()}: "
            "name the service's data folder with CANDOR_DATA_DIR, or its database with CANDOR_DATABASE_URL."
        )
    repository = Repository.open(settings.database)
    try:
        yield repository
    finally:
        repository.close()
