"""One rendered presentation and what every signal made of it; kept as a line of JSON, so that scoring can resume."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

import orjson

from fraudmodel.errors import DatasetError

BONA_FIDE = "bona_fide"
"""Species and family of everything that is no attack."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a render was made. ``light`` and ``ita`` (skin tone, degrees, Chardon 1991) are those of the scene."""

    kbps: int
    fps: float
    light: float
    ita: float | None


@dataclass(frozen=True, slots=True)
class LabTrial:
    """One render. ``subject`` is who the camera is meant to show, ``other`` whoever else was shown (the same where nobody).

    ``scores`` are the signals' pooled raw scores (greater = more attack-like), ``reasons`` why the others could not measure;
    ``models`` who measured, by signal; ``dubbed`` whether its sound goes with no mouth; ``revision`` of its species.
    """

    render: str
    species: str
    family: str
    renderer: str
    split: str
    subject: str
    other: str
    conditions: Conditions
    scores: Mapping[str, float] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    models: Mapping[str, str] = field(default_factory=dict)
    dubbed: bool = False
    revision: int = 1

    @property
    def attack(self) -> bool:
        return self.family != BONA_FIDE


def dump(trial: LabTrial) -> bytes:
    """One line."""
    return orjson.dumps(asdict(trial), option=orjson.OPT_APPEND_NEWLINE)


def load(line: bytes) -> LabTrial:
    """The trial of a line. Raises DatasetError."""
    try:
        fields = orjson.loads(line)
        return LabTrial(**{**fields, "conditions": Conditions(**fields["conditions"])})
    except (orjson.JSONDecodeError, TypeError, KeyError) as error:
        raise DatasetError(f"this is no line of lab scores: {line[:80]!r}") from error


def read_trials(path: Path) -> list[LabTrial]:
    """Every trial of a file, each render once, the last one written; none where there is no file.

    A last line without its end was being written when the power went: it is left out, and scored again.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    found = {trial.render: trial for trial in map(load, filter(None, lines))}
    return sorted(found.values(), key=lambda trial: trial.render)


def mend(path: Path) -> None:
    """Cut a half-written last line off a file of trials, so that what is appended has lines of its own."""
    if path.exists():
        with path.open("r+b") as file:
            file.truncate(file.read().rfind(b"\n") + 1)


def signals_of(trials: Iterable[LabTrial]) -> tuple[str, ...]:
    """Every signal that measured or abstained anywhere, sorted."""
    return tuple(sorted({kind for trial in trials for kind in (*trial.scores, *trial.reasons)}))
