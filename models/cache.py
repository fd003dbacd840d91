"""Where finished models lie: one folder, files named by hash, written atomically."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from models.errors import ModelCorrupt, ModelError, ModelNotInstalled
from models.manifest import ModelEntry

_READABLE = 0o644
"""A temporary file is its owner's alone; a model may be read by the service's account too."""


def default_cache_dir(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """The folder named by ``CANDOR_CACHE_DIR``, or the platform's own cache folder for Candor."""
    values = os.environ if environment is None else environment
    if named := values.get("CANDOR_CACHE_DIR"):
        return Path(named).expanduser()
    if platform == "win32":
        return Path(values.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local") / "candor" / "cache"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "candor"
    return Path(values.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "candor"


class ModelCache:
    """Finished model files under one folder. A file whose hash is wrong is never handed out."""

    def __init__(self, folder: Path) -> None:
        self._models = folder / "models"
        self.downloads = folder / "downloads"

    def path(self, entry: ModelEntry) -> Path:
        """Where the model's file belongs, whether or not it is there: an own one in its own folder."""
        return entry.own or self._models / entry.file_name

    def has(self, entry: ModelEntry) -> bool:
        """Whether a file is there; its hash is checked only by ``read``."""
        return self.path(entry).is_file()

    def read(self, entry: ModelEntry) -> bytes:
        """Return the verified bytes. Raises ModelNotInstalled, ModelCorrupt, ModelError."""
        if entry.own is not None:
            return read_own_file(entry, entry.own)
        path = self.path(entry)
        try:
            data = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise ModelNotInstalled(
                f"The model {entry.name} is not installed: run `candor models build {entry.name}`."
            ) from None
        except OSError as error:
            raise ModelError(f"The model file {path} cannot be read: {error.strerror}.") from error
        if sha256(data) != (entry.sha256 if entry.pinned else self._noted(path)):
            whose = "the manifest's" if entry.pinned else "the one noted when it was built"
            raise ModelCorrupt(
                f"The model file {path} is damaged (its SHA-256 is not {whose}) and was not used: "
                f"run `candor models build {entry.name}` to replace it."
            )
        return data

    def write(self, entry: ModelEntry, data: bytes) -> Path:
        """Verify and store finished bytes. Raises ModelCorrupt for other bytes than the manifest's, ModelError.

        Own files are never written. Of a file whose hash the manifest does not know, the hash is noted beside it: damage shows, another build does not.
        """
        if entry.own is not None:
            raise ModelError(f"The model {entry.name} is your own, {entry.own}: it is not built here.")
        found = sha256(data)
        if not entry.pinned:
            write_atomically(_note(self.path(entry)), f"{found}\n".encode())
        elif found != entry.sha256:
            raise ModelCorrupt(
                f"Building {entry.name} gave a file with SHA-256 {found[:12]}..., not the manifest's "
                f"{entry.sha256[:12]}...; it was not kept."
            )
        write_atomically(self.path(entry), data)
        return self.path(entry)

    @staticmethod
    def _noted(path: Path) -> str:
        try:
            return _note(path).read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            return ""


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def read_own_file(entry: ModelEntry, path: Path) -> bytes:
    """The bytes of an institution's own file. Raises ModelNotInstalled, ModelCorrupt, ModelError."""
    try:
        data = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise ModelNotInstalled(
            f"Your own file for the model {entry.name} is not there: {path}. Put it there, or take its entry out of models.toml."
        ) from None
    except OSError as error:
        raise ModelError(f"Your own model file {path} cannot be read: {error.strerror}.") from error
    if sha256(data) != entry.sha256:
        raise ModelCorrupt(
            f"Your own model file {path} is not the one that models.toml named for {entry.name} (its SHA-256 is "
            f"{sha256(data)[:12]}..., not {entry.sha256[:12]}...) and was not used."
        )
    return data


def sha256(data: bytes) -> str:
    """Hexadecimal SHA-256."""
    return hashlib.sha256(data).hexdigest()


def file_sha256(path: Path) -> str:
    """Hexadecimal SHA-256 of a file, without reading it whole."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_atomically(path: Path, data: bytes) -> None:
    """Write beside the target and rename, so that a reader sees the whole file or none. Raises ModelError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as stream:
            temporary = Path(stream.name)
            try:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
                temporary.chmod(_READABLE)
                temporary.replace(path)
            except OSError:
                temporary.unlink(missing_ok=True)
                raise
    except OSError as error:
        raise ModelError(
            f"The model cache {path.parent} cannot be written: {error.strerror}. "
            "Free some space, or name another folder with CANDOR_CACHE_DIR."
        ) from error
