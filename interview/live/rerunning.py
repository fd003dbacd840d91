"""A recorded interview analysed again, in the clerk's process."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from interview.analysis.compare import Difference, compare
from interview.analysis.protocol import AnalysisSpec, Output
from interview.analysis.recorded import rerun
from interview.analysis.senses import Parts
from interview.media.journal import Entry


@dataclass(frozen=True, slots=True)
class Rerun:
    """A job: analyse the recording as its journal says, the officer's sound beside it, and compare with what was stored."""

    recording: Path
    journal: tuple[Entry, ...]
    spec: AnalysisSpec
    stored: tuple[Output, ...]
    officer: Path | None = None

    def __call__(self, parts: Parts, /) -> Difference:
        fresh = rerun(self.recording, self.journal, self.spec, parts, officer=self.officer)
        return compare(self.stored, fresh)
