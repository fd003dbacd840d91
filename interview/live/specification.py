"""What decides an interview's numbers, out of its record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from biometrics.template import Template
from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment, Sequential
from fraudmodel.rulebook import Rulebook
from fraudmodel.signals import Abstention, Observation, Reading
from interview.analysis.pipeline import ASSESS_EVERY_S
from interview.analysis.protocol import AnalysisSpec, Output, Resume
from interview.jurisdiction import jurisdiction
from interview.store.records import SessionRecord


def spec_of(
    record: SessionRecord, templates: Mapping[str, Template], rulebook: Rulebook | None = None
) -> AnalysisSpec:
    """The analysis of this interview, live and in every re-run. Raises SessionError for a jurisdiction that is not known here.

    An interview that is older than rulebooks has none: its record names its parameters and policy, and they are read as they are now.
    """
    return AnalysisSpec(
        session_id=record.id,
        references=dict(templates),
        consents=consents_of(record),
        parameters=record.parameters,
        policy=record.policy,
        rulebook=rulebook,
        prior=record.prior,
        channels_off=jurisdiction(record.jurisdiction).channels_off,
        jurisdiction=record.jurisdiction,
    )


def consents_of(record: SessionRecord) -> frozenset[str]:
    """The parts that the applicant agreed to."""
    consent = record.progress.consent
    return frozenset(consent.parts) if consent is not None else frozenset()


def resume_of(outputs: Iterable[Output]) -> Resume:
    """Where the analysis goes on after the service was restarted."""
    readings: list[Reading] = []
    assessed = 0
    speech: SpeechHeard | None = None
    sequential: Sequential | None = None
    for output in outputs:
        match output:
            case FraudAssessment():
                assessed = max(assessed, int(output.t / ASSESS_EVERY_S))
                sequential = output.sequential
            case SpeechHeard():
                speech = output
            case Observation() | Abstention():
                readings.append(output)
    return Resume(tuple(readings), assessed, speech, sequential)
