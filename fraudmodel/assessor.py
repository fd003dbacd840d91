"""One session's assessor: readings in, assessments out. Pure and deterministic; it has no clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf

import numpy as np

from fraudmodel.assessment import (
    AbsentSignal,
    Alternative,
    Contribution,
    FamilyShare,
    FraudAssessment,
    Proposal,
    Sequential,
)
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.calibration import FloatArray
from fraudmodel.explaining import Adviser, Explanation
from fraudmodel.fusion import Mixture
from fraudmodel.intervals import percentile_interval
from fraudmodel.llr import logit, posterior
from fraudmodel.parameters import Parameters
from fraudmodel.policy import Policy
from fraudmodel.pooling import Pooled
from fraudmodel.scoring import DRAWS, Scorer
from fraudmodel.sequential import advanced
from fraudmodel.signals import Absent, Observation, Reading, SignalKind, SignalScore
from fraudmodel.voice_decision import decide

INTERVAL = 0.90


class Assessor:
    """Accumulates the readings of one session and assesses it at any instant.

    ``prior`` is the deployment's fraud prevalence (0..1). ``expected`` names the signals of this session: None for one
    whose detector runs, Absent for one that cannot take part. Every calibrated signal is expected, named or not.
    With an ``explanation``, assessments have reasons by code and the next check. Two assessors given the same readings in the same
    order, and asked at the same instants, assess exactly alike.
    """

    def __init__(
        self,
        parameters: Parameters,
        policy: Policy,
        prior: float,
        expected: Mapping[SignalKind, Absent | None],
        explanation: Explanation | None = None,
    ) -> None:
        posterior(prior, 0.0)
        self._parameters, self._policy, self._prior = parameters, policy, prior
        self._explanation = explanation
        self._adviser = Adviser(explanation.checks, parameters, prior) if explanation else None
        self._challenges = explanation.checks.challenges if explanation else frozenset()
        self._checked_at = -inf
        self._sequential = policy.sequential.begin(*reach(parameters)) if policy.sequential else None
        self._scorers: dict[SignalKind, Scorer] = {}
        for kind in sorted({*expected, *parameters.signals}):
            self._scorers[kind] = Scorer(kind, parameters.signals.get(kind), expected.get(kind))
        self._priors = parameters.fusion.drawn_priors(DRAWS)
        self._mixtures: dict[tuple[SignalKind, ...], Mixture] = {}
        self._coverages: dict[frozenset[SignalKind], float] = {}

    def add(self, reading: Reading) -> None:
        """Take one reading. A kind that nobody expected is taken as uncalibrated."""
        if reading.kind not in self._scorers:
            self._scorers[reading.kind] = Scorer(reading.kind, None, None)
            self._scorers = dict(sorted(self._scorers.items()))
        self._scorers[reading.kind].add(reading)
        if isinstance(reading, Observation) and self._answers(reading.kind):
            self._checked_at = max(self._checked_at, reading.span.end)

    def _answers(self, kind: SignalKind) -> bool:
        """Whether a challenge's measurement counts. One that adds nothing, as it is not calibrated, does not answer the test's proposal."""
        return kind in self._challenges and not isinstance(self._scorers[kind].score().llr, Absent)

    def go_on(self, sequential: Sequential) -> None:
        """Take up the sequential test where an earlier assessor of this session had left it."""
        self._sequential = sequential

    def take(self, kind: SignalKind, pooled: Pooled) -> None:
        """What a signal measured over a whole interview, where its readings are not kept but pooled."""
        if kind not in self._scorers:
            self._scorers[kind] = Scorer(kind, None, None)
            self._scorers = dict(sorted(self._scorers.items()))
        self._scorers[kind].take(pooled)

    def withdraw(self, kind: SignalKind, absent: Absent) -> None:
        """From now on this signal says nothing (its detector failed, consent was withdrawn)."""
        if kind not in self._scorers:
            self._scorers[kind] = Scorer(kind, None, absent)
            self._scorers = dict(sorted(self._scorers.items()))
        self._scorers[kind].withdraw(absent)

    def scores(self) -> tuple[SignalScore, ...]:
        """Every signal's evidence so far, before fusion, by name."""
        return tuple(scorer.score() for scorer in self._scorers.values())

    def assess(self, t: float) -> FraudAssessment:
        """The assessment at media time ``t`` (s) of all readings added so far."""
        scores = self.scores()
        present = {score.kind: score.llr for score in scores if not isinstance(score.llr, Absent)}
        absent = tuple(
            AbsentSignal(s.kind, s.llr.reason, s.llr.detail, s.statistic, s.observations)
            for s in scores
            if isinstance(s.llr, Absent)
        )
        whole = self._fused(present)
        deciding = {kind: llr for kind, llr in present.items() if kind not in BEHAVIOUR}
        plain = whole if len(deciding) == len(present) else self._fused(deciding)
        coverage = self._coverage(deciding)
        self._look(t, plain.shift, coverage)
        proposal = self._proposal(plain, coverage, deciding, absent)
        parts = zip((s for s in scores if s.kind in present), whole.llrs, whole.parts, strict=True)
        assessment = FraudAssessment(
            t=t,
            probability=whole.probability,
            interval=whole.interval,
            prior=self._prior,
            log_odds=whole.log_odds,
            contributions=tuple(self._contribution(s, float(llr), float(part)) for s, llr, part in parts),
            absent=absent,
            coverage=coverage,
            band=proposal.band,
            family=plain.family,
            calibration=self._parameters.version,
            policy=self._policy.version,
            voice=decide(present, self._parameters.fusion),
            without_behaviour=None
            if plain is whole
            else Alternative(
                probability=plain.probability,
                interval=plain.interval,
                log_odds=plain.log_odds,
                band=proposal.band,
                band_with=self._proposal(whole, coverage, deciding, absent).band,
            ),
            families=plain.families,
            sequential=self._sequential,
            proposal=proposal,
        )
        return self._explained(assessment, deciding)

    def _proposal(
        self,
        fused: _Fused,
        coverage: float,
        present: Mapping[SignalKind, float],
        absent: Iterable[AbsentSignal],
    ) -> Proposal:
        return self._policy.propose(fused.probability, coverage, present, absent, self._sequential)

    def _look(self, t: float, evidence: float, coverage: float) -> None:
        if self._sequential is not None:
            covered = coverage >= self._policy.minimum_coverage
            self._sequential = advanced(
                self._sequential, t, evidence, covered=covered, checked_at=self._checked_at
            )

    def _explained(
        self, assessment: FraudAssessment, deciding: Mapping[SignalKind, float]
    ) -> FraudAssessment:
        if self._explanation is None or self._adviser is None:
            return assessment
        taxonomy, checks = self._explanation.taxonomy, self._explanation.checks
        return replace(
            assessment,
            codes=taxonomy.coded(assessment.contributions, assessment.absent, assessment.family),
            next_check=self._adviser.next_check(deciding, assessment.absent),
            taxonomy=taxonomy.version,
            checks=checks.version,
        )

    def _fused(self, present: Mapping[SignalKind, float]) -> _Fused:
        """What these signals' LLRs come to."""
        llrs = np.array(list(present.values()), dtype=np.float64)
        mixture = self._mixture(tuple(present))
        verdict = mixture.verdict(llrs)
        probability = posterior(self._prior, verdict.shift)
        return _Fused(
            probability=probability,
            interval=self._interval(mixture, present, probability),
            shift=verdict.shift,
            log_odds=logit(self._prior) + verdict.shift,
            llrs=llrs,
            parts=verdict.parts,
            family=verdict.family,
            families=_ranked(verdict.shares),
        )

    def _mixture(self, kinds: tuple[SignalKind, ...]) -> Mixture:
        if kinds not in self._mixtures:
            self._mixtures[kinds] = self._parameters.fusion.over(kinds)
        return self._mixtures[kinds]

    def _interval(
        self, mixture: Mixture, present: Collection[SignalKind], probability: float
    ) -> tuple[float, float]:
        """Central 90 % over refits, errors of measurement and the fusion's priors, widened to hold the estimate."""
        if not present:
            return probability, probability
        drawn = np.stack([self._scorers[kind].draws() for kind in present], axis=-1)
        low, high = percentile_interval(mixture.evidence_under(self._priors, drawn), INTERVAL)
        return (
            min(posterior(self._prior, low), probability),
            max(posterior(self._prior, high), probability),
        )

    def _contribution(self, score: SignalScore, llr: float, part: float) -> Contribution:
        parameters = self._parameters.signals[score.kind]
        return Contribution(
            kind=score.kind,
            contribution=part,
            llr=llr,
            bounds=parameters.limits,
            statistic=float(score.statistic or 0.0),
            observations=score.observations,
            grade=parameters.grade,
            evidence=score.evidence,
        )

    def _coverage(self, present: Collection[SignalKind]) -> float:
        """Share of the obtainable information that was measured; dependent signals count once, as the best of them.

        Behaviour is no part of either: to measure it is never asked for.
        """
        some = frozenset(present)
        if some not in self._coverages:
            self._coverages[some] = self._covered(some)
        return self._coverages[some]

    def _covered(self, present: frozenset[SignalKind]) -> float:
        measured = obtainable = 0.0
        for group in self._parameters.fusion.groups:
            known = {kind: self._information(kind) for kind in group.kinds if kind not in BEHAVIOUR}
            obtainable += max(known.values(), default=0.0)
            measured += max((worth for kind, worth in known.items() if kind in present), default=0.0)
        return measured / obtainable if obtainable > 0.0 else 0.0

    def _information(self, kind: SignalKind) -> float:
        parameters = self._parameters.signals.get(kind)
        return parameters.information * parameters.discount if parameters else 0.0


def reach(parameters: Parameters) -> tuple[float, float]:
    """The lowest and the highest L (nats) that these calibrations can come to, without behaviour: L never falls where a signal's LLR rises."""
    deciding = [each for kind, each in sorted(parameters.signals.items()) if kind not in BEHAVIOUR]
    mixture = parameters.fusion.over([each.kind for each in deciding])
    limits = np.array([each.limits for each in deciding], dtype=np.float64).reshape(-1, 2)
    lowest, highest = mixture.evidence(limits.T).tolist()
    return lowest, highest


@dataclass(frozen=True, slots=True)
class _Fused:
    """Some signals' evidence put together: ``shift`` is L, nats; ``llrs`` and ``parts`` (n,) in the order of the signals."""

    probability: float
    interval: tuple[float, float]
    shift: float
    log_odds: float
    llrs: FloatArray
    parts: FloatArray
    family: str
    families: tuple[FamilyShare, ...]


def _ranked(shares: Mapping[str, float]) -> tuple[FamilyShare, ...]:
    """The most probable first; of equals, by name."""
    ordered = sorted(shares.items(), key=lambda each: (-each[1], each[0]))
    return tuple(FamilyShare(family, share) for family, share in ordered)
