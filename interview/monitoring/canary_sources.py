"""What can become a canary: a recording, or an interview of the service that has ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from biometrics.template import Template
from interview.analysis.protocol import AnalysisSpec
from interview.analysis.senses import Parts, consents_of
from interview.errors import SessionError
from interview.jurisdiction import Jurisdiction
from interview.live.reels import Reels
from interview.live.specification import spec_of
from interview.media.recording import probe
from interview.media.side import refuse_officer
from interview.monitoring.canary import Material
from interview.problems import NotFound
from interview.session import OPEN
from interview.store.repository import Repository


def of_file(path: Path, parts: Parts, references: Mapping[str, Template], where: Jurisdiction) -> Material:
    """A recording. Who hands it in answers for the consent to analyse all of it. Raises MediaError."""
    refuse_officer(probe(path).side)
    spec = AnalysisSpec(
        session_id=path.stem,
        references=dict(references),
        consents=consents_of(parts.detectors),
        channels_off=where.channels_off,
        jurisdiction=where.name,
    )
    return Material(path, spec)


def of_interview(session: str, store: Repository, data_dir: Path) -> Material:
    """An interview as it was analysed live: with its journal, its references and what was agreed to. Raises SessionError."""
    try:
        record = store.interviews.get(session)
    except NotFound:
        raise SessionError(f"There is neither a file nor an interview {session}.") from None
    if record.progress.state in OPEN:
        raise SessionError(f"Interview {session} has not ended: end it before it becomes a canary.")
    reels = Reels(data_dir / "sessions", store)
    recording = reels.finished(session, "applicant")
    if recording is None:
        raise SessionError(f"Interview {session} has no recording of the applicant in {data_dir}.")
    spec = spec_of(record, store.interviews.templates(session))
    journal = b"".join(line + b"\n" for line in store.outputs.journal(session))
    return Material(recording, spec, reels.finished(session, "officer"), journal)
