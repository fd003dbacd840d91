"""The assessment that the officer sees: a probability that can be taken apart."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from fraudmodel.signals import EvidenceRef, Reason, SignalKind


class Band(StrEnum):
    """What policy proposes. A person decides; no band is an outcome."""

    INSUFFICIENT = "insufficient"
    PROCEED = "proceed"
    STEP_UP = "step_up"
    REFER = "refer"


@dataclass(frozen=True, slots=True)
class Contribution:
    """How far one signal moved the log-odds, in nats. Contributions plus the prior sum exactly to the posterior.

    ``llr`` is the signal's own calibrated evidence before fusion, ``grade`` says what supports its calibration
    (``measured`` or ``simulated``).
    """

    kind: SignalKind
    contribution: float
    llr: float
    bounds: tuple[float, float]
    statistic: float
    observations: int
    grade: str
    evidence: tuple[EvidenceRef, ...] = ()


@dataclass(frozen=True, slots=True)
class AbsentSignal:
    """A signal that contributed nothing, with the reason; ``statistic`` where it measured but is not calibrated."""

    kind: SignalKind
    reason: Reason
    detail: str = ""
    statistic: float | None = None
    observations: int = 0


@dataclass(frozen=True, slots=True)
class VoiceDecision:
    """Own live voice, against another person's or a machine's, as one LLR (nats), greater where fraud is likelier.

    ``impostor`` and ``spoof`` are the LLRs that it is made of; None where that was not measured, or is not calibrated, which counts as 0.
    """

    llr: float
    impostor: float | None
    spoof: float | None


@dataclass(frozen=True, slots=True)
class Alternative:
    """The same assessment without the behaviour channel: what would stand here had nobody measured behaviour.

    ``band`` is what policy proposes, and the assessment's own: behaviour has no say in it. ``band_with`` is what the probability with
    behaviour would have given, for the record of how often that would have mattered; nobody acts on it.
    """

    probability: float
    interval: tuple[float, float]
    log_odds: float
    band: Band
    band_with: Band


@dataclass(frozen=True, slots=True)
class FamilyShare:
    """How probable one kind of fraud is, given that it is fraud at all: 0..1. The shares of all families sum to 1."""

    family: str
    share: float


class Crossing(StrEnum):
    """Which of the two bounds of the sequential test the evidence has crossed."""

    UNDECIDED = "undecided"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Sequential:
    """Where Wald's sequential test stands. It may propose a further check and nothing else; to have crossed down proposes nothing.

    ``at`` the media time (s) of the crossing, ``checked_at`` that of the first challenge measured after it was crossed up, with which its
    proposal lapses. ``upper`` and ``lower`` bound L (nats) for the error rates ``alpha`` and ``beta``; ``lowest`` and ``highest`` are what L
    can come to with the calibrations in force, which may be short of a bound. Assessments from before those were told lack them.
    """

    crossed: Crossing
    at: float | None
    checked_at: float | None
    upper: float
    lower: float
    alpha: float
    beta: float
    lowest: float | None = None
    highest: float | None = None


@dataclass(frozen=True, slots=True)
class CodedReason:
    """A reason by its code in the taxonomy: a signal that moved the log-odds by ``contribution`` (nats), or one that is absent and moved 0."""

    code: str
    kind: SignalKind
    contribution: float


@dataclass(frozen=True, slots=True)
class NextCheck:
    """What to ask for next: the check whose expected change of L (``gain``, nats, of either sign) is the most for each second of friction.

    ``kinds`` the signals that it would let measure; ``starts`` the challenge that it is, where it is one.
    """

    check: str
    starts: Literal["flash", "pose", "digits"] | None
    seconds: float
    gain: float
    kinds: tuple[SignalKind, ...]


class GroundKind(StrEnum):
    """What a proposal can rest on. A closed taxonomy: the console has a sentence for each in every language."""

    PROBABILITY = "probability"
    COVERAGE = "coverage"
    CHECK = "check"
    PASSING = "passing"
    ABSENCE = "absence"
    SEQUENTIAL = "sequential"


@dataclass(frozen=True, slots=True)
class GroundSignal:
    """A signal that is missing and the ``reason``; None where it was measured, and had to be passed, and was not."""

    kind: SignalKind
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground of a proposal: it asks for ``band``.

    ``value`` and ``threshold`` (0..1) where it compares: a probability at or above its threshold, or, where it lets one proceed, below; a
    coverage below. ``signals`` are those that a check takes one of, or the one that is absent.
    """

    kind: GroundKind
    band: Band
    value: float | None = None
    threshold: float | None = None
    signals: tuple[GroundSignal, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """Why policy proposes what it does: the strictest of ``grounds``, which come first.

    ``asks`` what a further check asks for by this policy, in order, of what was not measured yet; ``products`` what the policy is for;
    ``approved_by`` and ``approved_on`` (a day) who answers for it, empty where nobody is named.
    """

    band: Band
    grounds: tuple[Ground, ...]
    asks: tuple[SignalKind, ...]
    products: tuple[str, ...]
    approved_by: str = ""
    approved_on: str = ""


@dataclass(frozen=True, slots=True)
class FraudAssessment:
    """Fraud probability at media time ``t`` (s), with its 90 % interval, its parts and what could not be measured.

    ``prior`` and ``probability`` in 0..1; ``log_odds = logit(prior) + sum(contribution)``; ``coverage`` in 0..1 is the
    share of the obtainable information that was measured; ``family`` the most probable of the kinds of fraud that the evidence made more
    probable, ``none`` where there is none; ``calibration`` and ``policy`` name the versions of the parameters that produced it. ``voice`` is None where no voice was measured.
    ``without_behaviour`` is None where the behaviour channel says nothing, which is everywhere but at a bank that validated it; the
    channel moves the probability and its interval alone, never ``coverage``, ``band`` or ``family``.
    ``families`` the share of every kind of fraud given fraud, the most probable first; ``sequential`` is None where the policy sets no
    error rates; ``codes`` the reasons by the codes of the version ``taxonomy``, strongest first; ``next_check`` the best one of the version
    ``checks``, None where none is expected to change anything; ``proposal`` why it has its band. An assessment of before there were these
    lacks them.
    """

    t: float
    probability: float
    interval: tuple[float, float]
    prior: float
    log_odds: float
    contributions: tuple[Contribution, ...]
    absent: tuple[AbsentSignal, ...]
    coverage: float
    band: Band
    family: str
    calibration: str
    policy: str
    voice: VoiceDecision | None = None
    without_behaviour: Alternative | None = None
    families: tuple[FamilyShare, ...] = ()
    sequential: Sequential | None = None
    codes: tuple[CodedReason, ...] = ()
    next_check: NextCheck | None = None
    taxonomy: str = ""
    checks: str = ""
    proposal: Proposal | None = None
