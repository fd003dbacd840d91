"""What every model is: the typed form of ``manifest.toml``."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal, get_args

from models.errors import ModelError, ModelNotAllowed, UnknownModel

Use = Literal["commercial", "research-only", "unclear"]
Format = Literal["onnx", "tflite", "task"]
Kind = Literal["package", "upstream", "built-in"]
Registry = Literal["pypi", "npm"]
Profile = Literal["development", "production"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


class ManifestError(ModelError):
    """``manifest.toml`` is wrong; the sentence names the model and the field."""


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """One input or output of an ONNX model. ``-1`` is a free axis; axis 0 is always the batch."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    warm_up: tuple[int, ...]
    """A real shape for one row, used to warm the session up."""

    def accepts(self, shape: tuple[int, ...]) -> bool:
        """Whether an array of this shape fits."""
        fits = (want in (-1, have) for want, have in zip(self.shape, shape, strict=False))
        return len(shape) == len(self.shape) and all(fits)


@dataclass(frozen=True, slots=True)
class Part:
    """One ingredient of a model: a whole file, or a member of a package's archive."""

    name: str
    """What the builder calls it."""
    kind: Kind
    file: str
    """The file's name at its source, and in a mirror folder."""
    sha256: str
    """Of that file, checked before anything is read from it."""
    size: int = 0
    """Bytes of that file, for progress."""
    registry: Registry | None = None
    package: str = ""
    version: str = ""
    member: str = ""
    """Path inside the archive; empty means the whole file."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ModelEntry:
    """One model: what it is, what it may be used for, and what it is made from."""

    name: str
    version: str
    role: str
    format: Format
    licence: str
    """SPDX identifier of the weights' licence."""
    use: Use
    attribution: str
    sha256: str
    """Of the finished file; where ``pinned`` is False, of what it is made from: builder, version and the parts' hashes."""
    recipe: str
    """How an input is made, in words."""
    build: str
    """Module of ``models.build`` that turns the parts into the file."""
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    parts: tuple[Part, ...]
    optional: bool = False
    """Not from a package registry: set-up goes on without it, and detectors that need it abstain."""
    max_batch: int = 1
    """Rows in one run on an accelerator; a CPU always computes row by row."""
    tolerance: float = 0.0
    """Largest absolute change of an output that an accelerator's batching may cause, checked when it is opened."""
    on_request: bool = False
    """Built only where it is named: large, and nothing needs it by default."""
    pinned: bool = True
    """Whether the finished file's hash is known. Weights that we may not pass on and cannot reach are known by their parts' hashes only."""
    own: Path | None = None
    """An institution's own file in place of the one that is built (`models.own`)."""

    def require_allowed(self, profile: Profile) -> None:
        """Raises ModelNotAllowed where the licence is not for this profile."""
        if profile == "production" and self.use != "commercial":
            raise ModelNotAllowed(
                f"The model {self.name} ({self.licence}) is for {self.use} use and cannot run in the production profile."
            )

    @property
    def file_name(self) -> str:
        """Name in the cache: carries the hash, so two versions live side by side."""
        return f"{self.name}-{self.version}-{self.sha256[:8]}.{self.format}"


@dataclass(frozen=True, slots=True)
class Manifest:
    """All models by name, in the file's order."""

    entries: Mapping[str, ModelEntry]

    def entry(self, name: str) -> ModelEntry:
        """Return one entry. Raises UnknownModel."""
        try:
            return self.entries[name]
        except KeyError:
            known = ", ".join(self.entries)
            raise UnknownModel(f"There is no model named {name!r}; the manifest has: {known}.") from None

    @classmethod
    def default(cls) -> Manifest:
        """Read the manifest that ships with this package."""
        return cls.parse(resources.files("models").joinpath("manifest.toml").read_text("utf-8"))

    @classmethod
    def parse(cls, text: str) -> Manifest:
        """Read TOML text. Raises ManifestError naming the model and the field."""
        try:
            document = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise ManifestError(f"The model manifest is not valid TOML: {error}.") from error
        archives = {
            name: _table(value, f"archive {name}") for name, value in document.get("archive", {}).items()
        }
        models = document.get("model", {})
        return cls({name: _entry(name, _table(value, name), archives) for name, value in models.items()})


def _entry(name: str, table: Mapping[str, Any], archives: Mapping[str, Mapping[str, Any]]) -> ModelEntry:
    parts = tuple(_part(row, f"{name}.parts", archives) for row in table.get("parts", []))
    version, build = _text(table, "version", name), _text(table, "build", name)
    pinned = "sha256" in table
    return ModelEntry(
        name=name,
        version=version,
        role=_text(table, "role", name),
        format=_choice(table, "format", name, get_args(Format)),
        licence=_text(table, "licence", name),
        use=_choice(table, "use", name, get_args(Use)),
        attribution=_text(table, "attribution", name),
        sha256=_sha256(table, name) if pinned else _of_parts(name, build, version, parts),
        recipe=_text(table, "recipe", name),
        build=build,
        inputs=tuple(_tensor(row, f"{name}.inputs") for row in table.get("inputs", [])),
        outputs=tuple(_tensor(row, f"{name}.outputs") for row in table.get("outputs", [])),
        parts=parts,
        optional=bool(table.get("optional", False)),
        max_batch=int(table.get("max_batch", 1)),
        tolerance=float(table.get("tolerance", 0.0)),
        on_request=bool(table.get("on_request", False)),
        pinned=pinned,
    )


def _of_parts(name: str, build: str, version: str, parts: Sequence[Part]) -> str:
    if not parts:
        raise ManifestError(
            f"The model manifest: {name}: without sha256 it needs parts whose hashes stand for it."
        )
    made_from = [build, version, *(f"{part.name} {part.sha256} {part.member}" for part in parts)]
    return hashlib.sha256("\n".join(made_from).encode()).hexdigest()


def _tensor(row: Mapping[str, Any], where: str) -> TensorSpec:
    shape = tuple(int(size) for size in row.get("shape", ()))
    if not shape or shape[0] != -1:
        raise ManifestError(
            f"The model manifest: {where}: shape must start with -1, the batch, not {list(shape)}."
        )
    warm_up = tuple(int(size) for size in row.get("warm_up", [1, *shape[1:]]))
    if any(size < 1 for size in warm_up) or len(warm_up) != len(shape):
        raise ManifestError(
            f"The model manifest: {where}: warm_up must give every axis of {list(shape)} a size."
        )
    return TensorSpec(_text(row, "name", where), shape, _text(row, "dtype", where), warm_up)


def _part(row: Mapping[str, Any], where: str, archives: Mapping[str, Mapping[str, Any]]) -> Part:
    archive = _text(row, "archive", where)
    if archive not in archives:
        raise ManifestError(f"The model manifest: {where}: there is no [archive.{archive}].")
    source = archives[archive]
    kind: Kind = _choice(source, "kind", f"archive {archive}", get_args(Kind))
    packaged = kind == "package"
    return Part(
        name=_text(row, "name", where),
        kind=kind,
        file=_text(source, "file", f"archive {archive}"),
        sha256=_sha256(source, f"archive {archive}"),
        size=int(source.get("size", 0)),
        registry=_choice(source, "registry", f"archive {archive}", get_args(Registry)) if packaged else None,
        package=_text(source, "package", f"archive {archive}") if packaged else "",
        version=_text(source, "version", f"archive {archive}") if packaged else "",
        member=str(row.get("member", "")),
        url=_text(source, "url", f"archive {archive}") if kind == "upstream" else "",
    )


def _table(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise ManifestError(f"The model manifest: {where} must be a table.")
    return value


def _text(table: Mapping[str, Any], field: str, where: str) -> str:
    value = table.get(field)
    if not isinstance(value, str) or not value:
        raise ManifestError(f"The model manifest: {where}: {field} must be a text.")
    return value


def _choice(table: Mapping[str, Any], field: str, where: str, allowed: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a Literal
    value = table.get(field)
    if value not in allowed:
        raise ManifestError(
            f"The model manifest: {where}: {field} must be one of {', '.join(allowed)}, not {value!r}."
        )
    return value


def _sha256(table: Mapping[str, Any], where: str) -> str:
    value = _text(table, "sha256", where)
    if not _SHA256.fullmatch(value):
        raise ManifestError(f"The model manifest: {where}: sha256 must be 64 lower-case hexadecimal digits.")
    return value
