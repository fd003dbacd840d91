"""The data folder and the store in it: all that `candor users` needs, so that it starts at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from interview.accounts import Accounts
from interview.errors import ServiceError
from interview.settings import Settings
from interview.store.repository import Repository


def now() -> datetime:
    """Wall time."""
    return datetime.now(UTC)


def open_repository(settings: Settings) -> Repository:
    """The store of this deployment, made if it is not there. Raises ServiceError."""
    prepare_data_dir(settings.data_dir)
    return Repository.open(settings.database)


def open_accounts(settings: Settings) -> Accounts:
    """The accounts of this deployment, for the command line. Raises ServiceError."""
    return Accounts(open_repository(settings).people, now)


def prepare_data_dir(folder: Path) -> None:
    """Make the data folder, for this account only, and see that it can be written. Raises ServiceError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise ServiceError(
            f"the data folder {folder} cannot be written ({error.strerror}): "
            "choose another with --data or CANDOR_DATA_DIR, or free some space"
        ) from error
