"""What passes between the supervisor and its analysis workers. Everything here can be pickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from biometrics.template import Template
from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment, Sequential
from fraudmodel.rulebook import Rulebook
from fraudmodel.signals import Reading, SignalKind


@dataclass(frozen=True, slots=True)
class AnalysisSpec:
    """Everything that decides a session's numbers, apart from its packets.

    ``consents`` the parts that the applicant agreed to (``face``, ``voice``, ...); ``rulebook`` the documents of parameters and policy, word
    for word, fixed for the whole session: without one they are those that ``parameters`` and ``policy`` name, as they are now; ``prior`` the
    deployment's fraud prevalence, 0..1; ``channels_off`` the parts that do not run where the interview takes place, whatever was agreed to, and
    ``jurisdiction`` what that place is called.
    """

    session_id: str
    references: Mapping[str, Template] = field(default_factory=dict)
    consents: frozenset[str] = frozenset()
    parameters: str = "default"
    policy: str = "default"
    rulebook: Rulebook | None = None
    prior: float = 0.005
    channels_off: frozenset[str] = frozenset()
    jurisdiction: str = "default"


@dataclass(frozen=True, slots=True)
class Fault:
    """A detector or stage that failed, for the audit log. Its signal is absent from here on."""

    kind: SignalKind
    t: float
    message: str


@dataclass(frozen=True, slots=True)
class Resume:
    """What an earlier, lost pipeline of a session had given: the readings count on, the assessments go on after.

    ``readings`` in the order in which they were given; ``assessed`` how many half seconds had been assessed, that is
    the last assessment's ``t`` divided by 0.5 s; ``speech`` what the meter of speech said last; ``sequential`` where the last
    assessment had left its test, None before the first and where there is none.
    """

    readings: tuple[Reading, ...] = ()
    assessed: int = 0
    speech: SpeechHeard | None = None
    sequential: Sequential | None = None


Output = Reading | FraudAssessment | SpeechHeard | Fault
"""What a pipeline gives, in a fixed order."""
