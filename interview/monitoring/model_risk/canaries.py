"""The last run of the canary recordings, as ``candor canary run --json`` printed it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from interview.errors import MediaError


@dataclass(frozen=True, slots=True)
class CanaryLine:
    """One canary: by how much its L moved (nats, None where it gave none), whether it is within the tolerance, and why it failed, if it did."""

    name: str
    moved: float | None
    within: bool
    failed: str


@dataclass(frozen=True, slots=True)
class CanaryRun:
    """All of them, the ``source`` file, and the tolerance (nats)."""

    source: str
    tolerance: float
    passed: bool
    lines: tuple[CanaryLine, ...]

    @property
    def within(self) -> int:
        """How many still give what they gave."""
        return sum(each.within for each in self.lines)


def read_canary_run(path: Path) -> CanaryRun:
    """The run in a file. Raises MediaError where it is none."""
    try:
        document = json.loads(path.read_text("utf-8").strip().splitlines()[-1])
        return CanaryRun(
            path.name,
            float(document["tolerance_nats"]),
            bool(document["passed"]),
            tuple(_line(each) for each in document["canaries"]),
        )
    except OSError as error:
        raise MediaError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError, IndexError):
        raise MediaError(f"{path} is no output of `candor canary run --json`.") from None


def _line(each: dict[str, Any]) -> CanaryLine:
    moved = None if each["moved"] is None else float(each["moved"])
    return CanaryLine(str(each["name"]), moved, bool(each["within"]), str(each["failed"]))
