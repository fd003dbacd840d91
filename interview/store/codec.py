"""Evidence to JSON and back. Numbers survive to the bit: a double is written with all the digits that it needs."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson

from biometrics.template import Template
from fraudmodel.assessment import AbsentSignal, Band, Contribution, FraudAssessment
from fraudmodel.signals import Abstention, EvidenceRef, Observation, Reading, Reason, SignalKind, Span

Json = dict[str, Any]


def dumps(value: object) -> str:
    """Compact JSON text."""
    return orjson.dumps(value).decode()


def loads(text: str) -> Any:  # noqa: ANN401 - JSON
    """What the JSON text holds."""
    return orjson.loads(text)


def evidence_to_json(evidence: tuple[EvidenceRef, ...]) -> list[Json]:
    """References to the recording, as the wire has them."""
    return [
        {"media": ref.media, "start": ref.span.start, "end": ref.span.end, "box": ref.box and list(ref.box)}
        for ref in evidence
    ]


def evidence_from_json(items: list[Json]) -> tuple[EvidenceRef, ...]:
    """The inverse of `evidence_to_json`."""
    return tuple(
        EvidenceRef(item["media"], Span(item["start"], item["end"]), item["box"] and tuple(item["box"]))
        for item in items
    )


def reading_to_json(reading: Reading) -> Json:
    """A reading's fields, flat; those that its type does not have are None."""
    shared = {"kind": reading.kind, "start": reading.span.start, "end": reading.span.end}
    if isinstance(reading, Observation):
        return shared | {
            "type": "observation",
            "score": reading.score,
            "quality": reading.quality,
            "model": reading.model,
            "reason": None,
            "detail": None,
            "covariates": dict(reading.covariates),
            "evidence": evidence_to_json(reading.evidence),
        }
    return shared | {
        "type": "abstention",
        "score": None,
        "quality": None,
        "model": None,
        "reason": reading.reason.value,
        "detail": reading.detail,
        "covariates": {},
        "evidence": [],
    }


def reading_from_json(item: Json) -> Reading:
    """The inverse of `reading_to_json`."""
    kind, span = SignalKind(item["kind"]), Span(item["start"], item["end"])
    if item["type"] == "abstention":
        return Abstention(kind, span, Reason(item["reason"]), item["detail"])
    evidence = evidence_from_json(item["evidence"])
    return Observation(
        kind, span, item["score"], item["quality"], item["model"], evidence, item["covariates"]
    )


def assessment_to_json(assessment: FraudAssessment) -> Json:
    """An assessment's fields, nested as the wire has them."""
    return {
        "t": assessment.t,
        "probability": assessment.probability,
        "interval": list(assessment.interval),
        "prior": assessment.prior,
        "log_odds": assessment.log_odds,
        "contributions": [_contribution_to_json(one) for one in assessment.contributions],
        "absent": [_absent_to_json(one) for one in assessment.absent],
        "coverage": assessment.coverage,
        "band": assessment.band.value,
        "family": assessment.family,
        "calibration": assessment.calibration,
        "policy": assessment.policy,
    }


def assessment_from_json(item: Json) -> FraudAssessment:
    """The inverse of `assessment_to_json`."""
    low, high = item["interval"]
    return FraudAssessment(
        t=item["t"],
        probability=item["probability"],
        interval=(low, high),
        prior=item["prior"],
        log_odds=item["log_odds"],
        contributions=tuple(_contribution_from_json(one) for one in item["contributions"]),
        absent=tuple(_absent_from_json(one) for one in item["absent"]),
        coverage=item["coverage"],
        band=Band(item["band"]),
        family=item["family"],
        calibration=item["calibration"],
        policy=item["policy"],
    )


def template_to_bytes(template: Template) -> bytes:
    """The template's vector, little-endian float32."""
    return template.vector.astype("<f4").tobytes()


def vector_from_bytes(data: bytes) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """The inverse of `template_to_bytes`: (d,) float32."""
    return np.frombuffer(data, dtype="<f4").astype(np.float32)


def _contribution_to_json(one: Contribution) -> Json:
    return {
        "kind": one.kind,
        "contribution": one.contribution,
        "llr": one.llr,
        "bounds": list(one.bounds),
        "statistic": one.statistic,
        "observations": one.observations,
        "grade": one.grade,
        "evidence": evidence_to_json(one.evidence),
    }


def _contribution_from_json(item: Json) -> Contribution:
    low, high = item["bounds"]
    evidence = evidence_from_json(item["evidence"])
    return Contribution(**(item | {"bounds": (low, high), "evidence": evidence}))


def _absent_to_json(one: AbsentSignal) -> Json:
    return {
        "kind": one.kind,
        "reason": one.reason.value,
        "detail": one.detail,
        "statistic": one.statistic,
        "observations": one.observations,
    }


def _absent_from_json(item: Json) -> AbsentSignal:
    return AbsentSignal(**(item | {"reason": Reason(item["reason"])}))
