"""One signal's calibration, and its JSON document: read with the line of every mistake, written to read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from json import dumps
from math import inf, isfinite, log
from re import Match, sub
from types import MappingProxyType

import numpy as np

from fraudmodel.behaviour import Validation, admitted, parse_validation, validation_fields
from fraudmodel.calibration import Calibrator, Covariate, FloatArray, Isotonic, Logistic
from fraudmodel.document import Node
from fraudmodel.intervals import Estimate, parse_estimate
from fraudmodel.llr import bounded
from fraudmodel.pooling import Pooling
from fraudmodel.signals import SignalKind

GRADES = ("measured", "simulated")
LARGEST_BOUND = 50.0
"""Nats. A likelihood ratio of N/3 takes N trials, and there are no 10^22 of them: this keeps a slip from giving certainty."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a calibration was fitted on. ``effective`` counts are those of independent trials (Kish 1965)."""

    name: str
    bona_fide: int
    attack: int
    subjects: int
    bona_fide_effective: float
    attack_effective: float


@dataclass(frozen=True, slots=True)
class SignalParameters:
    """Everything that turns one signal's readings into an LLR.

    ``model`` is the weights whose scores were calibrated: readings of other weights stay uncalibrated. ``grade`` says
    what supports it (``measured``, ``simulated``), ``discount`` (0..1) shrinks LLRs learnt from simulated attacks,
    ``cap`` (nats) is what science allows whatever the data say, ``bounds`` (nats) what the data support.
    ``information`` (bits, 0..1) is what one session's measurement is expected to tell; ``measured`` holds figures on
    held-out subjects. ``windows`` among how many the worst was looked for in the trials that it was calibrated on (peak-hold): only where a
    session has more of them is its worst worth less. ``validation`` is what lets a signal of the behaviour channel count, and no other signal has one.
    Raises ValueError for a calibration of that channel which does not meet its terms.
    """

    kind: SignalKind
    version: str
    model: str
    grade: str
    data: Provenance
    pooling: Pooling
    calibrator: Calibrator
    bounds: tuple[float, float]
    information: float
    discount: float = 1.0
    cap: float = inf
    measured: Mapping[str, Estimate] = field(default_factory=dict)
    validation: Validation | None = None
    windows: float = 1.0

    def __post_init__(self) -> None:
        if not admitted(self.kind, self.grade, self.bounds, self.validation):
            raise ValueError(
                f"{self.kind}: a calibration of behaviour, and no other, names its validation and stays within its cap"
            )

    @property
    def limits(self) -> tuple[float, float]:
        """Bounds and cap together (nats)."""
        return max(self.bounds[0], -self.cap), min(self.bounds[1], self.cap)

    def in_force(self, llr: float) -> float:
        """What a session uses of an LLR that the calibrator gave: discounted and held within the limits."""
        return bounded(self.discount * llr, self.limits)

    def looking(self, windows: int) -> float:
        """What it costs (nats) to have looked for the worst among so many windows: Bonferroni, beyond those of the calibration."""
        return log(max(windows / self.windows, 1.0))


def parse_signal(text: str, source: str) -> SignalParameters:
    """Read one signal's calibration. Raises ParametersError with the file, the line and the field."""
    root = Node.parse(text, source)
    root.fields(
        *("kind", "version", "model", "grade", "data", "pooling", "calibration", "bounds", "information"),
        optional=("discount", "cap", "measured", "validation", "windows"),
    )
    kind = SignalKind(root["kind"].line())
    return SignalParameters(
        kind=kind,
        version=root["version"].line(),
        model=root["model"].text(),
        grade=root["grade"].choice(*GRADES),
        data=_provenance(root["data"]),
        pooling=_pooling(root["pooling"]),
        calibrator=_calibrator(root["calibration"]),
        bounds=_bounds(root["bounds"]),
        information=root["information"].number(0.0, 1.0),
        discount=root["discount"].number(0.0, 1.0) if "discount" in root else 1.0,
        cap=root["cap"].positive() if "cap" in root else inf,
        measured=MappingProxyType(_measured(root["measured"]) if "measured" in root else {}),
        validation=parse_validation(root, kind),
        windows=root["windows"].number(1.0) if "windows" in root else 1.0,
    )


def signal_document(signal: SignalParameters) -> str:
    """Write one signal's calibration as the JSON text that `parse_signal` reads to the same parameters."""
    document: dict[str, object] = {
        "kind": signal.kind,
        "version": signal.version,
        "model": signal.model,
        "grade": signal.grade,
        "data": _fields(signal.data),
        "pooling": _fields(signal.pooling),
        "bounds": list(signal.bounds),
        "information": signal.information,
        "discount": signal.discount,
        "measured": {name: _fields(estimate) for name, estimate in signal.measured.items()},
    }
    if isfinite(signal.cap):
        document["cap"] = signal.cap
    if signal.windows != 1.0:
        document["windows"] = signal.windows
    if signal.validation is not None:
        document["validation"] = validation_fields(signal.validation)
    document["calibration"] = _calibration_fields(signal.calibrator)
    return _one_row_a_line(dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _provenance(node: Node) -> Provenance:
    node.fields("name", "bona_fide", "attack", "subjects", "bona_fide_effective", "attack_effective")
    return Provenance(
        name=node["name"].text(),
        bona_fide=node["bona_fide"].count(),
        attack=node["attack"].count(),
        subjects=node["subjects"].count(),
        bona_fide_effective=node["bona_fide_effective"].positive(),
        attack_effective=node["attack_effective"].positive(),
    )


def _pooling(node: Node) -> Pooling:
    node.fields("strategy", "trim", "window_s", "autocorrelation", "reading_sd", optional=("half_life_s",))
    return Pooling(
        strategy=node["strategy"].choice("mean", "peak-hold", "strongest"),
        trim=node["trim"].number(0.0, 0.49),
        half_life_s=node["half_life_s"].positive() if "half_life_s" in node else None,
        window_s=node["window_s"].positive(),
        autocorrelation=node["autocorrelation"].number(0.0, 0.999),
        reading_sd=node["reading_sd"].number(0.0),
    )


def _bounds(node: Node) -> tuple[float, float]:
    values = node.numbers()
    if len(values) != 2 or not values[0] <= 0.0 <= values[1]:
        raise node.error("must be two numbers (nats), the first not above 0, the second not below")
    if max(-values[0], values[1]) > LARGEST_BOUND:
        raise node.error(f"must lie within {LARGEST_BOUND:g} nats of 0: no data support more")
    return values[0], values[1]


def _calibrator(node: Node) -> Calibrator:
    if "type" in node and node["type"].choice("logistic", "isotonic") == "isotonic":
        return _isotonic(node)
    return _logistic(node)


def _isotonic(node: Node) -> Isotonic:
    node.fields("type", "scores", "llrs")
    try:
        return Isotonic(node["scores"].numbers(), node["llrs"].numbers())
    except ValueError as error:
        raise node.error(f"cannot be used: {error}") from None


def _logistic(node: Node) -> Logistic:
    node.fields("type", "centre", "coefficients", "covariates", "replicates")
    covariates = tuple(_covariate(item) for item in node["covariates"].items())
    width = 2 + 2 * len(covariates)
    rows = [_row(node["coefficients"], width), *(_row(item, width) for item in node["replicates"].items())]
    replicates: FloatArray = np.array(rows[1:], dtype=np.float64).reshape(-1, width)
    return Logistic(node["centre"].number(), rows[0], covariates, replicates)


def _row(node: Node, width: int) -> tuple[float, ...]:
    values = node.numbers()
    if len(values) != width:
        raise node.error(
            f"must hold {width} numbers, an intercept and a slope for each condition; it holds {len(values)}"
        )
    if values[1] < 0.0:
        raise node.error("has a slope below 0: a greater score must be more attack-like")
    return values


def _covariate(node: Node) -> Covariate:
    node.fields("name", "centre", "scale", "low", "high", "log")
    log = node["log"].flag()
    low = node["low"].positive() if log else node["low"].number()
    return Covariate(
        name=node["name"].text(),
        centre=node["centre"].number(),
        scale=node["scale"].positive(),
        low=low,
        high=node["high"].number(low),
        log=log,
    )


def _measured(node: Node) -> dict[str, Estimate]:
    return {name: parse_estimate(item) for name, item in node.entries()}


def _fields(instance: Provenance | Pooling | Covariate | Estimate) -> dict[str, object]:
    names = instance.__dataclass_fields__
    return {name: value for name in names if (value := getattr(instance, name)) is not None}


def _calibration_fields(calibrator: Calibrator) -> dict[str, object]:
    if isinstance(calibrator, Isotonic):
        return {"type": "isotonic", "scores": list(calibrator.scores), "llrs": list(calibrator.llrs)}
    if isinstance(calibrator, Logistic):
        return {
            "type": "logistic",
            "centre": calibrator.centre,
            "coefficients": list(calibrator.coefficients),
            "covariates": [_fields(covariate) for covariate in calibrator.covariates],
            "replicates": calibrator.replicates.tolist(),
        }
    raise TypeError(f"no document is defined for a {type(calibrator).__name__}")


def _one_row_a_line(text: str) -> str:
    return sub(r"\[\s*([-+.\deE]+(?:,\s*[-+.\deE]+)*)\s*\]", _on_one_line, text)


def _on_one_line(numbers: Match[str]) -> str:
    return f"[{' '.join(numbers[1].split())}]"
