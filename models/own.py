"""An institution's own weights in place of the manifest's: a folder with ``models.toml`` and the files that it names.

One table for each model of the manifest that is replaced, every field a text::

    [model.micro_expression]
    version = "samm-133"
    file = "recognition.onnx"           # beside models.toml
    sha256 = "..."
    licence = "licence of SAMM"
    use = "research-only"               # or commercial, or unclear
    attribution = "who made it, of what"

Inputs, outputs and their shapes stay the manifest's: whoever reads the model's answers knows no others.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Final, cast, get_args

from models.cache import read_own_file, write_atomically
from models.manifest import Manifest, ManifestError, ModelEntry, Profile, Use

FILE: Final = "models.toml"
_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_HEAD: Final = (
    "# Own weights in place of the manifest's: point CANDOR_OWN_MODELS at this folder. What they may be used for,\n"
    '# "use" says: commercial, research-only or unclear. The production profile runs commercial ones alone.\n'
)


@dataclass(frozen=True, slots=True)
class OwnModel:
    """One entry, its fields as in the manifest. ``file`` is relative to the folder."""

    version: str
    file: str
    sha256: str
    licence: str
    use: Use
    attribution: str


def own_manifest(folder: Path | None, profile: Profile, shipped: Manifest | None = None) -> Manifest:
    """The shipped manifest with the folder's entries in their places, each file checked. No folder: as shipped.

    Raises ModelError, with a sentence, for whatever would keep one of them from running: nothing may measure with other weights
    than those that were set.
    """
    manifest = with_own(shipped or Manifest.default(), folder)
    for entry in manifest.entries.values():
        if entry.own is not None:
            entry.require_allowed(profile)
            read_own_file(entry, entry.own)
    return manifest


def with_own(shipped: Manifest, folder: Path | None) -> Manifest:
    """The same without looking at the files. Raises ModelError for a folder or an entry that is wrong."""
    if folder is None:
        return shipped
    named = read_own(folder)
    if not named:
        raise ManifestError(
            f"{folder / FILE} names no model: it needs a table such as [model.micro_expression]."
        )
    return Manifest(
        {**shipped.entries, **{name: _entry(shipped, folder, name, own) for name, own in named.items()}}
    )


def read_own(folder: Path) -> dict[str, OwnModel]:
    """The folder's entries by name. Raises ModelError: no ``models.toml``, or one that is wrong, with its line or field."""
    path = folder / FILE
    try:
        document = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise ManifestError(f"There is no {FILE} in {folder}, the folder of own models.") from None
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:  # of TOML, with line and column, or of UTF-8
        raise ManifestError(f"{path} is not valid TOML: {error}.") from error
    if others := document.keys() - {"model"}:
        raise ManifestError(
            f"{path}: there is no field {min(others)}: models are tables such as [model.micro_expression]."
        )
    tables = document.get("model", {})
    if not isinstance(tables, dict):
        raise ManifestError(f"{path}: model must hold tables such as [model.micro_expression].")
    return {name: _own(table, f"{path}: model.{name}") for name, table in tables.items()}


def write_own(folder: Path, name: str, own: OwnModel) -> Path:
    """Name a model in the folder's ``models.toml``, which is made if need be. Other models' entries stay, comments do not."""
    path = folder / FILE
    known = read_own(folder) if path.exists() else {}
    write_atomically(path, _document({**known, name: own}).encode())
    return path


def _document(entries: Mapping[str, OwnModel]) -> str:
    tables = (
        f"\n[model.{_key(name)}]\n"
        + "".join(f"{field} = {_quoted(text)}\n" for field, text in asdict(own).items())
        for name, own in entries.items()
    )
    return _HEAD + "".join(tables)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _quoted(name)


def _quoted(text: str) -> str:
    """A basic string of TOML: what JSON writes, but for DEL, which TOML wants escaped too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _own(table: object, where: str) -> OwnModel:
    if not isinstance(table, dict):
        raise ManifestError(f"{where} must be a table.")
    names = [field.name for field in fields(OwnModel)]
    if others := table.keys() - set(names):
        raise ManifestError(f"{where}: there is no field {min(others)}: it has {', '.join(names)}.")
    texts = {name: _text(table.get(name), f"{where}: {name}") for name in names}
    _require(_SHA256.fullmatch(texts["sha256"]), f"{where}: sha256 must be 64 lower-case hexadecimal digits")
    _require(
        texts["use"] in get_args(Use),
        f"{where}: use must be one of {', '.join(get_args(Use))}, not {texts['use']!r}",
    )
    return OwnModel(
        texts["version"],
        texts["file"],
        texts["sha256"],
        texts["licence"],
        cast(Use, texts["use"]),
        texts["attribution"],
    )


def _text(value: object, where: str) -> str:
    _require(isinstance(value, str) and value.strip(), f"{where} must be a text")
    return str(value)


def _require(holds: object, sentence: str) -> None:
    if not holds:
        raise ManifestError(f"{sentence}.")


def _entry(shipped: Manifest, folder: Path, name: str, own: OwnModel) -> ModelEntry:
    if name not in shipped.entries:
        raise ManifestError(
            f"{folder / FILE}: there is no model named {name!r} to replace; the manifest has: {', '.join(shipped.entries)}."
        )
    return replace(
        shipped.entries[name],
        version=own.version,
        licence=own.licence,
        use=own.use,
        attribution=own.attribution,
        sha256=own.sha256,
        parts=(),
        optional=False,
        on_request=False,
        pinned=True,
        own=folder.absolute() / own.file,
    )
