"""What ``candor models`` does, as functions that return rows."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from models.cache import ModelCache
from models.errors import ModelError, ModelNotInstalled
from models.manifest import Manifest, ModelEntry
from models.sources import Sources

State = Literal["installed", "not installed", "damaged"]


class Builder(Protocol):
    """A module of ``models.build``."""

    def build(self, parts: dict[str, bytes]) -> bytes:
        """Turn ingredients into the model's file."""
        ...


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One model as a person wants to see it."""

    name: str
    version: str
    role: str
    licence: str
    use: str
    attribution: str
    optional: bool
    state: State
    file: str
    sha256: str
    source: str
    own: bool = False
    """Whether it is the institution's own file (`models.own`), in place of the manifest's."""
    detail: str = ""
    """Why it is not installed, in one sentence; empty where it is."""


def list_models(manifest: Manifest, cache: ModelCache) -> list[ModelRow]:
    """Every model and whether its file is there; hashes are not checked."""
    states: dict[bool, State] = {True: "installed", False: "not installed"}
    return [_row(entry, cache, states[cache.has(entry)]) for entry in manifest.entries.values()]


def verify_models(manifest: Manifest, cache: ModelCache) -> list[ModelRow]:
    """Every model after hashing its file."""
    return [_verified(entry, cache) for entry in manifest.entries.values()]


def build_models(
    manifest: Manifest, cache: ModelCache, sources: Sources, names: Sequence[str] = (), *, force: bool = False
) -> Iterator[ModelRow]:
    """Build what is missing, one row as each is done. A model that cannot be built is a row with its reason.

    Without names, everything but what is built on request only.

    Raises UnknownModel for a name that the manifest does not have, before anything is built.
    """
    wanted = [manifest.entry(name) for name in names] or [
        entry for entry in manifest.entries.values() if not entry.on_request
    ]
    return (_built(entry, cache, sources, force=force) for entry in wanted)


def unusable(rows: Iterable[ModelRow]) -> list[ModelRow]:
    """Rows that make a command fail: required models that are not there, and any that is damaged."""
    return [row for row in rows if row.state == "damaged" or (row.state != "installed" and not row.optional)]


def build(entry: ModelEntry, cache: ModelCache, sources: Sources) -> None:
    """Fetch the ingredients, build the file, verify and keep it. Raises ModelError."""
    builder = cast(Builder, importlib.import_module(f"models.build.{entry.build}"))
    parts = sources.parts(entry)
    try:
        data = builder.build(parts)
    except Exception as error:
        raise ModelError(f"{entry.name} could not be built from its parts: {error}") from error
    cache.write(entry, data)


def _built(entry: ModelEntry, cache: ModelCache, sources: Sources, *, force: bool) -> ModelRow:
    row = _verified(entry, cache)
    if row.state == "installed" and not force:
        return row
    try:
        build(entry, cache, sources)
    except ModelError as error:
        return _row(entry, cache, row.state, str(error))
    return _row(entry, cache, "installed")


def _verified(entry: ModelEntry, cache: ModelCache) -> ModelRow:
    try:
        cache.read(entry)
    except ModelNotInstalled as error:
        return _row(entry, cache, "not installed", str(error))
    except ModelError as error:
        return _row(entry, cache, "damaged", str(error))
    return _row(entry, cache, "installed")


def _row(entry: ModelEntry, cache: ModelCache, state: State, detail: str = "") -> ModelRow:
    return ModelRow(
        name=entry.name,
        version=entry.version,
        role=entry.role,
        licence=entry.licence,
        use=entry.use,
        attribution=entry.attribution,
        optional=entry.optional,
        state=state,
        file=str(cache.path(entry)),
        sha256=entry.sha256,
        source=_source(entry),
        own=entry.own is not None,
        detail=detail,
    )


def _source(entry: ModelEntry) -> str:
    if entry.own is not None:
        return str(entry.own)
    origins = (f"{part.package} {part.version}".strip() or part.url or part.file for part in entry.parts)
    return ", ".join(dict.fromkeys(origins))
