"""Outputs as plain JSON and back, exactly: the form of ``observations.jsonl``, of the store and of the console."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import (
    AbsentSignal,
    Alternative,
    Band,
    CodedReason,
    Contribution,
    Crossing,
    FamilyShare,
    FraudAssessment,
    Ground,
    GroundKind,
    GroundSignal,
    NextCheck,
    Proposal,
    Sequential,
    VoiceDecision,
)
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span
from interview.analysis.protocol import Fault, Output

Json = dict[str, Any]
_LATER = frozenset(
    {
        "voice",
        "without_behaviour",
        "families",
        "sequential",
        "codes",
        "next_check",
        "taxonomy",
        "checks",
        "proposal",
    }
)
"""Fields that assessments from before there was one lack."""


def to_json(output: Output) -> Json:
    """A JSON object with ``type`` observation, abstention, assessment, speech or fault. Floats keep every bit."""
    match output:
        case Observation() | Abstention():
            return reading_to_json(output)
        case FraudAssessment():
            return {"type": "assessment", **assessment_to_json(output)}
        case SpeechHeard():
            return {"type": "speech", **speech_to_json(output)}
        case Fault(kind, t, message):
            return {"type": "fault", "kind": kind, "t": t, "message": message}


def from_json(value: Mapping[str, Any]) -> Output:
    """The output that `to_json` wrote. Raises ValueError for any other object."""
    try:
        match value["type"]:
            case "observation" | "abstention":
                return reading_from_json(value)
            case "assessment":
                return assessment_from_json(value)
            case "speech":
                return speech_from_json(value)
            case "fault":
                return Fault(SignalKind(value["kind"]), value["t"], value["message"])
            case other:
                raise ValueError(f"there is no output of type {other!r}")
    except (KeyError, TypeError) as error:
        raise ValueError(f"a stored output lacks {error}") from error


def reading_to_json(reading: Reading) -> Json:
    """A reading as the console takes it."""
    common: Json = {"kind": reading.kind, "start": reading.span.start, "end": reading.span.end}
    if isinstance(reading, Abstention):
        return {
            **common,
            "type": "abstention",
            "reason": reading.reason.value,
            "detail": reading.detail,
            "evidence": [],
        }
    return {
        **common,
        "type": "observation",
        "score": reading.score,
        "quality": reading.quality,
        "model": reading.model,
        "covariates": dict(reading.covariates),
        "evidence": [_evidence_to_json(each) for each in reading.evidence],
    }


def reading_from_json(value: Mapping[str, Any]) -> Reading:
    """The reading that `reading_to_json` wrote."""
    kind, span = SignalKind(value["kind"]), Span(value["start"], value["end"])
    if value["type"] == "abstention":
        return Abstention(kind, span, Reason(value["reason"]), value.get("detail") or "")
    evidence = _evidence_from_json(value["evidence"])
    covariates = dict(value["covariates"])
    return Observation(kind, span, value["score"], value["quality"], value["model"], evidence, covariates)


def assessment_to_json(assessment: FraudAssessment) -> Json:
    """An assessment as the console takes it: the fields of FraudAssessment."""
    value = asdict(assessment)
    value["band"] = assessment.band.value
    value["interval"] = list(assessment.interval)
    value["contributions"] = [_contribution_to_json(each) for each in assessment.contributions]
    value["absent"] = [{**asdict(each), "reason": each.reason.value} for each in assessment.absent]
    if assessment.without_behaviour is not None:
        value["without_behaviour"] = _alternative_to_json(assessment.without_behaviour)
    if assessment.sequential is not None:
        value["sequential"]["crossed"] = assessment.sequential.crossed.value
    if assessment.next_check is not None:
        value["next_check"]["kinds"] = list(assessment.next_check.kinds)
    if assessment.proposal is not None:
        value["proposal"] = proposal_to_json(assessment.proposal)
    for many in ("families", "codes"):
        value[many] = list(value[many])
    return value


def assessment_from_json(value: Mapping[str, Any]) -> FraudAssessment:
    """The assessment that `assessment_to_json` wrote."""
    known = {name: value[name] for name in FraudAssessment.__dataclass_fields__ if name not in _LATER}
    known["band"] = Band(value["band"])
    known["interval"] = tuple(value["interval"])
    known["contributions"] = tuple(_contribution_from_json(each) for each in value["contributions"])
    known["absent"] = tuple(_absent_from_json(each) for each in value["absent"])
    voice, without = value.get("voice"), value.get("without_behaviour")
    return FraudAssessment(
        **known,
        voice=VoiceDecision(**voice) if voice else None,
        without_behaviour=_alternative_from_json(without) if without else None,
        families=tuple(FamilyShare(**each) for each in value.get("families") or ()),
        sequential=_sequential_from_json(value.get("sequential")),
        codes=tuple(CodedReason(**each) for each in value.get("codes") or ()),
        next_check=_next_check_from_json(value.get("next_check")),
        proposal=_proposal_from_json(value.get("proposal")),
        taxonomy=value.get("taxonomy") or "",
        checks=value.get("checks") or "",
    )


def speech_to_json(heard: SpeechHeard) -> Json:
    """What the meter of speech said, as the console takes it."""
    return {**asdict(heard), "reason": heard.reason and heard.reason.value}


def speech_from_json(value: Mapping[str, Any]) -> SpeechHeard:
    """What `speech_to_json` wrote."""
    known = {name: value[name] for name in SpeechHeard.__dataclass_fields__}
    return SpeechHeard(**{**known, "reason": Reason(value["reason"]) if value["reason"] else None})


def _sequential_from_json(value: Mapping[str, Any] | None) -> Sequential | None:
    return Sequential(**{**value, "crossed": Crossing(value["crossed"])}) if value else None


def _next_check_from_json(value: Mapping[str, Any] | None) -> NextCheck | None:
    return NextCheck(**{**value, "kinds": tuple(value["kinds"])}) if value else None


def proposal_to_json(proposal: Proposal) -> Json:
    """Why policy proposes what it does, as the console takes it."""
    return {
        **asdict(proposal),
        "band": proposal.band.value,
        "grounds": [_ground_to_json(each) for each in proposal.grounds],
        "asks": list(proposal.asks),
        "products": list(proposal.products),
    }


def _ground_to_json(ground: Ground) -> Json:
    signals = [{"kind": each.kind, "reason": each.reason and each.reason.value} for each in ground.signals]
    return {**asdict(ground), "kind": ground.kind.value, "band": ground.band.value, "signals": signals}


def _proposal_from_json(value: Mapping[str, Any] | None) -> Proposal | None:
    if not value:
        return None
    known = {name: value[name] for name in Proposal.__dataclass_fields__}
    grounds = tuple(_ground_from_json(each) for each in value["grounds"])
    many = {name: tuple(value[name]) for name in ("asks", "products")}
    return Proposal(**{**known, **many, "band": Band(value["band"]), "grounds": grounds})


def _ground_from_json(value: Mapping[str, Any]) -> Ground:
    signals = tuple(
        GroundSignal(SignalKind(each["kind"]), Reason(each["reason"]) if each["reason"] else None)
        for each in value["signals"]
    )
    kind, band = GroundKind(value["kind"]), Band(value["band"])
    return Ground(kind, band, value["value"], value["threshold"], signals)


def _alternative_to_json(alternative: Alternative) -> Json:
    return {
        **asdict(alternative),
        "interval": list(alternative.interval),
        "band": alternative.band.value,
        "band_with": alternative.band_with.value,
    }


def _alternative_from_json(value: Mapping[str, Any]) -> Alternative:
    known = {name: value[name] for name in Alternative.__dataclass_fields__}
    low, high = value["interval"]
    bands = {name: Band(value[name]) for name in ("band", "band_with")}
    return Alternative(**{**known, **bands, "interval": (low, high)})


def _contribution_to_json(contribution: Contribution) -> Json:
    value = asdict(contribution)
    value["bounds"] = list(contribution.bounds)
    value["evidence"] = [_evidence_to_json(each) for each in contribution.evidence]
    return value


def _contribution_from_json(value: Mapping[str, Any]) -> Contribution:
    known = {name: value[name] for name in Contribution.__dataclass_fields__}
    return Contribution(
        **{**known, "bounds": tuple(value["bounds"]), "evidence": _evidence_from_json(value["evidence"])}
    )


def _absent_from_json(value: Mapping[str, Any]) -> AbsentSignal:
    known = {name: value[name] for name in AbsentSignal.__dataclass_fields__}
    return AbsentSignal(**{**known, "reason": Reason(value["reason"])})


def _evidence_to_json(evidence: EvidenceRef) -> Json:
    return {
        "media": evidence.media,
        "start": evidence.span.start,
        "end": evidence.span.end,
        "box": list(evidence.box) if evidence.box else None,
    }


def _evidence_from_json(values: Sequence[Mapping[str, Any]]) -> tuple[EvidenceRef, ...]:
    return tuple(
        EvidenceRef(
            each["media"], Span(each["start"], each["end"]), tuple(each["box"]) if each["box"] else None
        )
        for each in values
    )
