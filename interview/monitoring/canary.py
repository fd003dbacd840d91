"""A canary: a fixed recording with all that decides its assessment, and the assessment that it must keep giving.

One folder each: ``canary.json``, the recording, and of an interview its journal and the officer's recording. It holds a person's face, voice and
templates: film colleagues who agreed to it, not applicants.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import orjson

from biometrics.template import Template
from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import SignalKind
from interview.analysis.codec import assessment_from_json, assessment_to_json
from interview.analysis.protocol import AnalysisSpec
from interview.errors import SessionError
from interview.store.codec import template_to_bytes, vector_from_bytes

FORMAT: Final = "candor-canary-1"
FILE: Final = "canary.json"
_JOURNAL: Final = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Expected:
    """What the analysis gave when the canary was recorded. ``models`` measured each signal; ``faults`` are detectors that failed."""

    assessment: FraudAssessment
    models: Mapping[SignalKind, tuple[str, ...]]
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Material:
    """What is analysed: a recording; of an interview also the officer's recording and the journal's lines. ``spec`` without its parameters counts."""

    recording: Path
    spec: AnalysisSpec
    officer: Path | None = None
    journal: bytes | None = None


@dataclass(frozen=True, slots=True)
class Canary:
    """One canary as it lies in its folder."""

    name: str
    material: Material
    expected: Expected
    recorded_at: datetime
    version: str


def require_free(folder: Path, name: str) -> None:
    """Raises SessionError where there is a canary of that name: it would no longer be the one that is expected."""
    if (folder / name).exists():
        raise SessionError(f"There is a canary {name} in {folder}: remove it first, or take another folder.")


def write_canary(canary: Canary, folder: Path) -> Path:
    """Copy it into ``folder``/NAME, whole or not at all, for this account only. Raises SessionError where there is one of that name."""
    home = folder / canary.name
    if home.exists():
        raise SessionError(
            f"There is a canary {canary.name} in {folder}: remove it first, or take another folder."
        )
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{canary.name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700)
    material = canary.material
    document: dict[str, Any] = {
        "format": FORMAT,
        "recorded_at": canary.recorded_at.isoformat(),
        "version": canary.version,
        "recording": _copied(material.recording, part, "recording"),
        "officer": None if material.officer is None else _copied(material.officer, part, "officer"),
        "journal": None,
        "spec": _spec_json(material.spec),
        "expected": {
            "assessment": assessment_to_json(canary.expected.assessment),
            "models": {kind: list(names) for kind, names in canary.expected.models.items()},
            "faults": list(canary.expected.faults),
        },
    }
    if material.journal is not None:
        (part / _JOURNAL).write_bytes(material.journal)
        document["journal"] = {"file": _JOURNAL, "sha256": _digest(part / _JOURNAL)}
    (part / FILE).write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
    part.rename(home)
    return home


def homes(folder: Path) -> list[Path]:
    """The folders of every canary, by name. Raises SessionError where there is none."""
    found = sorted(file.parent for file in folder.glob(f"*/{FILE}") if not file.parent.name.startswith("."))
    if not found:
        raise SessionError(
            f"There is no canary in {folder}: record some with `candor canary record {folder} ...`."
        )
    return found


def read_canary(home: Path) -> Canary:
    """The canary in a folder. Raises SessionError where it cannot be read, or a file of it was altered."""
    try:
        document = orjson.loads((home / FILE).read_bytes())
        if document["format"] != FORMAT:
            raise ValueError(f"its format is {document['format']}")
        expected = document["expected"]
        return Canary(
            name=home.name,
            material=_material(home, document),
            expected=Expected(
                assessment_from_json(expected["assessment"]),
                {SignalKind(kind): tuple(names) for kind, names in expected["models"].items()},
                tuple(expected["faults"]),
            ),
            recorded_at=datetime.fromisoformat(document["recorded_at"]),
            version=document["version"],
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise SessionError(f"The canary {home} cannot be read ({error}): record it anew.") from None


def _material(home: Path, document: Mapping[str, Any]) -> Material:
    journal = document["journal"]
    return Material(
        recording=_checked(home, document["recording"]),
        spec=_spec(home.name, document["spec"]),
        officer=None if document["officer"] is None else _checked(home, document["officer"]),
        journal=None if journal is None else _checked(home, journal).read_bytes(),
    )


def _copied(source: Path, folder: Path, name: str) -> dict[str, str]:
    target = folder / f"{name}{source.suffix}"
    shutil.copyfile(source, target)
    return {"file": target.name, "sha256": _digest(target)}


def _checked(home: Path, named: Mapping[str, str]) -> Path:
    path = home / Path(named["file"]).name
    if _digest(path) != named["sha256"]:
        raise SessionError(f"{path} is not the file that was recorded: it was altered or is damaged.")
    return path


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _spec_json(spec: AnalysisSpec) -> dict[str, Any]:
    return {
        "consents": sorted(spec.consents),
        "channels_off": sorted(spec.channels_off),
        "jurisdiction": spec.jurisdiction,
        "references": [
            {
                "modality": each.modality,
                "model": each.model,
                "vector": base64.b64encode(template_to_bytes(each)).decode(),
                "covariates": [list(pair) for pair in each.covariates],
            }
            for _, each in sorted(spec.references.items())
        ],
    }


def _spec(name: str, fields: Mapping[str, Any]) -> AnalysisSpec:
    references = [_template(each) for each in fields["references"]]
    return AnalysisSpec(
        session_id=name,
        references={each.modality: each for each in references},
        consents=frozenset(fields["consents"]),
        channels_off=frozenset(fields["channels_off"]),
        jurisdiction=fields["jurisdiction"],
    )


def _template(fields: Mapping[str, Any]) -> Template:
    modality: Literal["face", "voice"] = "face" if fields["modality"] == "face" else "voice"
    covariates = tuple((str(name), float(value)) for name, value in fields["covariates"])
    return Template(
        modality, vector_from_bytes(base64.b64decode(fields["vector"])), fields["model"], covariates
    )
