"""Readings and assessments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from fraudmodel.assessment import Band, Crossing, GroundKind
from fraudmodel.signals import Reason
from web.schemas.base import UnitInterval, Wire


class Evidence(Wire):
    """Where to look or listen: media time in seconds; ``box`` is (x, y, width, height) as fractions of the frame."""

    media: Literal["video", "audio"]
    start: float
    end: float
    box: tuple[float, float, float, float] | None


class Reading(Wire):
    """One measurement, or a span over which one detector could not measure. A raw score is greater when more attack-like."""

    seq: int
    kind: str
    type: Literal["observation", "abstention"]
    start: float
    end: float
    score: float | None
    quality: float | None
    model: str | None
    reason: Reason | None
    detail: str | None
    covariates: Mapping[str, float]
    evidence: list[Evidence]


class MovementReplay(Wire):
    """A movement of the face shown again, picture by picture. ``image`` is a JPEG as a data URL: square pictures of ``tile_px`` in rows of
    ``columns``; first one for each of ``times`` (s of media) as seen, then, from a new row on, the same with motion since the onset
    magnified by ``factor``. ``onset``, ``apex`` and ``offset`` count into ``times``."""

    seq: int
    times: list[float]
    onset: int
    apex: int
    offset: int
    factor: float
    columns: int
    tile_px: int
    image: str


class Contribution(Wire):
    """How far one signal moved the log-odds, in nats; multiply by 10 / ln 10 for decibans."""

    kind: str
    contribution: float
    llr: float
    bounds: tuple[float, float]
    statistic: float
    observations: int
    grade: str
    evidence: list[Evidence]


class AbsentSignal(Wire):
    """A signal that contributed nothing, with the reason."""

    kind: str
    reason: Reason
    detail: str
    statistic: float | None
    observations: int


class VoiceDecision(Wire):
    """Own live voice against another person's or a machine's as one LLR, nats; a part is null where it was not measured."""

    llr: float
    impostor: float | None
    spoof: float | None


class WithoutBehaviour(Wire):
    """The same assessment without the behaviour channel. ``band`` is the proposal in force, ``band_with`` what counting behaviour would have proposed."""

    probability: UnitInterval
    interval: tuple[float, float]
    log_odds: float
    band: Band
    band_with: Band


class FamilyShare(Wire):
    """How probable one kind of fraud is, given that it is fraud at all."""

    family: str
    share: UnitInterval


class Sequential(Wire):
    """Where the sequential test stands: which bound of the evidence (nats) was crossed, and ``at`` which media time (s).

    Crossed up it proposes a further check until a challenge was measured, at ``checked_at``; it proposes nothing else. ``lowest`` and ``highest``
    are what the evidence can come to with the calibrations in force (nats); null in assessments from before they were told.
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


class CodedReason(Wire):
    """A reason by its code in the taxonomy; ``contribution`` in nats, 0 for a signal that is absent."""

    code: str
    kind: str
    contribution: float


class NextCheck(Wire):
    """What to ask for next: ``check`` names it in the version ``checks``, ``starts`` the challenge that it is.

    ``gain`` is the expected change of the log-odds (nats, of either sign), ``seconds`` what it costs, ``kinds`` what it would let measure.
    """

    check: str
    starts: Literal["flash", "pose", "digits"] | None
    seconds: float
    gain: float
    kinds: list[str]


class GroundSignal(Wire):
    """A signal that is missing, with the reason; null where it was measured, and had to be passed, and was not."""

    kind: str
    reason: Reason | None


class Ground(Wire):
    """One ground of a proposal: it asks for ``band``. ``value`` is what was compared with ``threshold``; ``signals`` those that a check takes one of,
    or the one that is absent."""

    kind: GroundKind
    band: Band
    value: UnitInterval | None
    threshold: UnitInterval | None
    signals: list[GroundSignal]


class Proposal(Wire):
    """Why policy proposes its band, the strictest ground first. ``asks`` is what a further check asks for, in order; ``products`` what the policy is
    for; ``approved_by`` and ``approved_on`` who answers for it, empty where nobody is named."""

    band: Band
    grounds: list[Ground]
    asks: list[str]
    products: list[str]
    approved_by: str
    approved_on: str


class Assessment(Wire):
    """The fraud probability at media time ``t`` (s), with its 90 % interval, its parts and what was not measurable.

    ``without_behaviour`` is null where behaviour does not count, which is everywhere but at a bank that has validated it. ``families`` are
    the kinds of fraud, the most probable first; ``codes`` the reasons, strongest first, of the version ``taxonomy``. Assessments from before
    there were these have none: empty lists and texts, and null. So is ``proposal``, which says why the band is what it is.
    """

    seq: int
    t: float
    probability: UnitInterval
    interval: tuple[float, float]
    prior: UnitInterval
    log_odds: float
    contributions: list[Contribution]
    absent: list[AbsentSignal]
    coverage: UnitInterval
    band: Band
    family: str
    calibration: str
    policy: str
    voice: VoiceDecision | None
    without_behaviour: WithoutBehaviour | None
    families: list[FamilyShare]
    sequential: Sequential | None
    codes: list[CodedReason]
    next_check: NextCheck | None
    taxonomy: str
    checks: str
    proposal: Proposal | None
