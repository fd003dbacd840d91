"""Files that a person names on the command line, read whole."""

from __future__ import annotations

from pathlib import Path

from interview.errors import MediaError

_MB = 1_000_000


def content(path: Path, most_mb: int) -> bytes:
    """All of a regular file of at most ``most_mb`` megabytes. Raises MediaError for anything else, OSError."""
    if path.is_dir():
        raise MediaError(f"{path} is a folder, not a file.")
    if not path.exists():
        raise MediaError(f"There is no file {path}.")
    if not path.is_file():
        raise MediaError(f"{path} is a pipe or a device: save it to a file first.")
    size_mb = path.stat().st_size / _MB
    if size_mb > most_mb:
        raise MediaError(
            f"{path.name} has {size_mb:.0f} MB, and at most {most_mb} MB are read: choose a smaller file."
        )
    return path.read_bytes()
