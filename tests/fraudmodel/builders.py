"""Parameters, readings and score tables made by hand, for the fraud model's tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import inf

import numpy as np

from fraudmodel.absence import AbsenceRule, Absences, Check, Means
from fraudmodel.calibration import Calibrator, FloatArray, Logistic
from fraudmodel.datasets import ScoreTable
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.parameters import Parameters
from fraudmodel.policy import Costs, Policy
from fraudmodel.pooling import Pooling
from fraudmodel.signal_parameters import Provenance, SignalParameters
from fraudmodel.signals import EvidenceRef, Observation, Reason, SignalKind, Span

MODEL = "net@00000000"
FACE, VOICE, PAD, SWITCH = (
    SignalKind(k) for k in ("face_match", "voice_match", "face_pad", "face_continuity")
)

KINDS_OF_FOUR = (FACE, SWITCH, PAD, VOICE)


def observation(
    kind: SignalKind = FACE,
    score: float = 0.0,
    *,
    t: float = 1.0,
    quality: float = 1.0,
    model: str = MODEL,
    covariates: Mapping[str, float] | None = None,
) -> Observation:
    """A reading that ends at ``t``."""
    span = Span(max(t - 1.0, 0.0), t)
    return Observation(kind, span, score, quality, model, (EvidenceRef("video", span),), covariates or {})


def identity(replicates: FloatArray | None = None) -> Logistic:
    """A calibration under which the score is the LLR."""
    return Logistic(0.0, (0.0, 1.0), (), np.empty((0, 2)) if replicates is None else replicates)


def signal(
    kind: SignalKind = FACE,
    calibrator: Calibrator | None = None,
    *,
    pooling: Pooling | None = None,
    bounds: tuple[float, float] = (-4.0, 4.0),
    information: float = 0.8,
    discount: float = 1.0,
    cap: float = inf,
) -> SignalParameters:
    """A calibrated signal; without a calibrator its score is its LLR."""
    return SignalParameters(
        kind=kind,
        version="1",
        model=MODEL,
        grade="measured",
        data=Provenance("by hand", 100, 200, 20, 50.0, 80.0),
        pooling=pooling or Pooling(trim=0.0),
        calibrator=calibrator or identity(),
        bounds=bounds,
        information=information,
        discount=discount,
        cap=cap,
    )


def fusion(correlation: float = 0.75, equivalent_cases: float = 1e6) -> Fusion:
    """Three families over four signals, two of them dependent."""
    return Fusion(
        version="test",
        source="by hand",
        equivalent_cases=equivalent_cases,
        groups=(
            Group("identity", (FACE, SWITCH), correlation),
            Group("pixels", (PAD,), correlation),
            Group("voice", (VOICE,), correlation),
        ),
        components=(
            Component("presentation", "screen", 0.5, {PAD: 1.0, FACE: 0.2}),
            Component("impostor", "another person", 0.3, {FACE: 1.0, SWITCH: 0.7, VOICE: 0.9}),
            Component("voice_attack", "cloned voice", 0.2, {VOICE: 1.0}),
        ),
    )


def parameters(*signals: SignalParameters) -> Parameters:
    """Parameters of these signals under `fusion`."""
    return Parameters("test+1", {s.kind: s for s in signals}, fusion())


def policy(
    *, required: Iterable[SignalKind] = (), minimum_coverage: float = 0.4, absences: Absences | None = None
) -> Policy:
    """Step-up from 0.4 %, referral from 1.875 %; a detector that failed means a step-up."""
    failed = AbsenceRule(Means.STEP_UP, reason=Reason.DETECTOR_FAILED)
    return Policy(
        version="test",
        products=("test",),
        costs=Costs(
            missed_fraud=10_000.0, referral=150.0, step_up=20.0, referral_catch=0.8, step_up_catch=0.5
        ),
        minimum_coverage=minimum_coverage,
        absences=absences or Absences(tuple(Check((kind,)) for kind in required), (failed,)),
    )


def gaussian_table(
    subjects: int = 60, each: int = 3, *, separation: float = 2.0, person_sd: float = 0.0, seed: int = 0
) -> ScoreTable:
    """Bona fide scores N(0, 1) and attack scores N(d, 1) of every subject, so that the true LLR is d s - d^2 / 2.

    ``person_sd`` moves all of a subject's scores together.
    """
    rng = np.random.default_rng(seed)
    people = np.repeat(np.arange(subjects), 2 * each)
    attack = np.tile(np.repeat([False, True], each), subjects)
    shift = rng.normal(0.0, person_sd, subjects)[people] if person_sd else 0.0
    scores = rng.standard_normal(len(people)) + separation * attack + shift
    names = tuple(f"p{person}" for person in people)
    species = tuple("print" if is_attack else "" for is_attack in attack)
    return ScoreTable("gaussian", scores, attack, names, names, species)


def pair_table(people: int = 10, takes: int = 4, *, noise: float = 0.35, seed: int = 0) -> ScoreTable:
    """Distances between noisy takes of random vectors: every pair of takes, mated and non-mated."""
    rng = np.random.default_rng(seed)
    takes_of = rng.normal(size=(people, 1, 8)) + noise * rng.normal(size=(people, takes, 8))
    flat = (takes_of / np.linalg.norm(takes_of, axis=-1, keepdims=True)).reshape(-1, 8)
    first, second = np.triu_indices(len(flat), 1)
    owners = np.arange(len(flat)) // takes
    attack = owners[first] != owners[second]
    return ScoreTable(
        "pairs",
        1.0 - np.sum(flat[first] * flat[second], axis=1),
        attack,
        tuple(f"p{owner}" for owner in owners[first]),
        tuple(f"p{owner}" for owner in owners[second]),
        tuple("impostor" if is_attack else "" for is_attack in attack),
    )
