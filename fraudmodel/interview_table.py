"""Whole interviews with a known answer: what every signal measured in each, who was in it, and whether it was fraud.

One file is one version: JSON lines, the first of which says what made the rows. It holds raw statistics, before any calibration, so that
calibrations and weights can be fitted on some people and judged on others.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from fraudmodel.errors import DatasetError
from fraudmodel.pooling import Pooled
from fraudmodel.signals import Absent, Reason, SignalKind

FORMAT: Final = "candor-interviews-1"
BONA_FIDE: Final = "bona_fide"
"""Family and species of an interview that is no fraud."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one signal measured in one interview: a `Pooled` without its evidence. Greater = more attack-like."""

    statistic: float
    standard_error: float
    observations: int
    covariates: Mapping[str, float]
    models: tuple[str, ...]
    peak: float | None = None
    windows: int = 0

    def pooled(self) -> Pooled:
        """As a session's scorer has it."""
        return Pooled(
            statistic=self.statistic,
            standard_error=self.standard_error,
            observations=self.observations,
            covariates=self.covariates,
            models=self.models,
            evidence=(),
            peak=self.peak,
            windows=self.windows,
        )


def measured_of(pooled: Pooled) -> Measured:
    """What a table keeps of it."""
    return Measured(
        statistic=pooled.statistic,
        standard_error=pooled.standard_error,
        observations=pooled.observations,
        covariates=dict(sorted(pooled.covariates.items())),
        models=pooled.models,
        peak=pooled.peak,
        windows=pooled.windows,
    )


@dataclass(frozen=True, slots=True)
class InterviewRow:
    """One interview.

    ``subject`` is whom the applicant claims to be, ``other`` who was shown or heard instead (the same where nobody was); ``family`` and
    ``species`` of the fraud, `BONA_FIDE` for none; ``renderer`` and ``split`` as in the lab; ``duration_s`` of media; ``conditions``
    how it was made (numbers and words). Every signal stands in ``measured`` or, with its reason, in ``absent``.
    """

    name: str
    subject: str
    other: str
    family: str
    species: str
    renderer: str
    split: str
    duration_s: float
    conditions: Mapping[str, float | str] = field(default_factory=dict)
    measured: Mapping[SignalKind, Measured] = field(default_factory=dict)
    absent: Mapping[SignalKind, Absent] = field(default_factory=dict)

    @property
    def fraud(self) -> bool:
        return self.family != BONA_FIDE


@dataclass(frozen=True, slots=True)
class InterviewTable:
    """``source`` names the file; ``made`` says what made the rows (seed, models, parameters, data), plain JSON; ``digest`` names the exact content."""

    source: str
    made: Mapping[str, Any]
    rows: tuple[InterviewRow, ...]
    digest: str = ""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def people(self) -> tuple[str, ...]:
        """Everybody in it, sorted."""
        return tuple(sorted({person for row in self.rows for person in (row.subject, row.other)}))

    @property
    def kinds(self) -> tuple[SignalKind, ...]:
        """Every signal of any row, sorted."""
        return tuple(sorted({kind for row in self.rows for kind in (*row.measured, *row.absent)}))


def table_bytes(made: Mapping[str, Any], rows: Iterable[InterviewRow]) -> bytes:
    """A table as the lines that `read_interviews` reads, not compressed."""
    return b"".join((header_line(made), *map(row_line, rows)))


def header_line(made: Mapping[str, Any]) -> bytes:
    """The first line."""
    return orjson.dumps({"format": FORMAT, **made}, option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS)


def row_line(row: InterviewRow) -> bytes:
    """The line of one interview."""
    return orjson.dumps(asdict(row), option=orjson.OPT_APPEND_NEWLINE | orjson.OPT_SORT_KEYS)


def read_interviews(path: Path) -> InterviewTable:
    """Read a table, compressed (``.gz``) or not. Raises DatasetError with the file and the line.

    A last line without its end was being written when the power went: it is left out.
    """
    try:
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except (OSError, EOFError) as error:
        why = getattr(error, "strerror", None) or "it is not a whole gzip file"
        raise DatasetError(f"the table of interviews {path} cannot be read: {why}") from None
    return parse_interviews(data, path.name)


def parse_interviews(data: bytes, source: str) -> InterviewTable:
    """The table in the lines of a file. Raises DatasetError with the line."""
    lines = data.split(b"\n")[:-1]
    made = _made(lines[0] if lines else b"", source)
    rows = {row.name: row for row in _rows(lines[1:], source)}
    digest = sha256(b"\n".join(lines)).hexdigest()[:12]
    return InterviewTable(source, made, tuple(rows[name] for name in sorted(rows)), digest)


def _made(line: bytes, source: str) -> dict[str, Any]:
    try:
        made = orjson.loads(line)
    except orjson.JSONDecodeError:
        made = None
    if not isinstance(made, dict) or made.pop("format", None) != FORMAT:
        raise DatasetError(f"{source}, line 1: it is not the first line of a table of interviews ({FORMAT})")
    return made


def _rows(lines: Iterable[bytes], source: str) -> Iterator[InterviewRow]:
    for number, line in enumerate(lines, start=2):
        try:
            yield _row(orjson.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise DatasetError(
                f"{source}, line {number}: it is no row of a table of interviews ({error})"
            ) from None


def _row(fields: dict[str, Any]) -> InterviewRow:
    measured = {
        SignalKind(kind): Measured(**{**each, "models": tuple(each["models"])})
        for kind, each in fields.pop("measured").items()
    }
    absent = {
        SignalKind(kind): Absent(Reason(each["reason"]), each.get("detail") or "")
        for kind, each in fields.pop("absent").items()
    }
    return InterviewRow(**fields, measured=measured, absent=absent)
