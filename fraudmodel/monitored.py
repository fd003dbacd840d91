"""What monitoring takes and gives: interviews as it sees them, and what changed between two windows of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fraudmodel.assessment import Band
from fraudmodel.cusum import ALLOWANCE, Cusum
from fraudmodel.drift_words import ENGLISH
from fraudmodel.intervals import Estimate
from fraudmodel.phrases import Words, say
from fraudmodel.recalibration import Recalibration
from fraudmodel.signals import Reason, SignalKind
from fraudmodel.stability import Stability

EVERY: Final = ""
"""All families of devices together, and the whole assessment instead of one signal."""
FALSE_ALARMS: Final = 0.05
"""How often a report in which nothing changed may hold a crossed chart, and how often a change that is none."""


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """What one signal came to in one interview: its raw ``statistic`` (greater = more attack-like), its ``llr`` (nats), the mean ``quality`` of its
    readings (0..1), the ``reason`` why it says nothing, the ``models`` that measured it."""

    statistic: float | None = None
    llr: float | None = None
    quality: float | None = None
    reason: Reason | None = None
    models: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InterviewSeen:
    """One interview as monitoring sees it.

    ``person`` tells who is interviewed again; ``device`` the family of devices; ``shift`` the assessment's L (nats); ``fraud`` the
    confirmed outcome, None where there is none, and ``family`` of a fraud "" where nobody knows; ``calibration`` the version of the
    parameters, ``band`` what the policy of the version ``policy`` proposed.
    """

    name: str
    person: str
    at: datetime
    device: str
    shift: float
    fraud: bool | None
    signals: Mapping[SignalKind, SignalSeen]
    calibration: str = ""
    family: str = ""
    band: Band | None = None
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A CUSUM over the window's interviews in their order; ``first`` the name and time of the interview at which the shift probably began."""

    found: Cusum
    n: int
    first: tuple[str, datetime] | None


@dataclass(frozen=True, slots=True)
class SignalDrift:
    """One signal (`EVERY`: the assessment's L, of which there is no quality) on one family of devices (`EVERY` for all). ``moved`` is the mean of the recent statistics on the reference's normal scale, standard
    deviations; the p values are corrected for everything that one report looks at."""

    kind: str
    device: str
    reference: int
    recent: int
    statistic: Stability | None
    statistic_p: float
    moved: float
    quality: Stability | None
    quality_p: float
    quality_moved: float
    chart: Chart | None


@dataclass(frozen=True, slots=True)
class AbstentionDrift:
    """How often a signal said nothing for one reason, then and now; ``p`` of Fisher's exact test, corrected."""

    kind: SignalKind
    device: str
    reason: Reason
    before: Estimate
    now: Estimate
    p: float


@dataclass(frozen=True, slots=True)
class BandDrift:
    """For how many of the interviews that nobody confirmed as fraud policy proposed ``band``, then and now: where it is not to proceed, the rate of
    errors on genuine applicants as far as it can be known. ``p`` of Fisher's exact test, corrected."""

    band: Band
    device: str
    before: Estimate
    now: Estimate
    p: float


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be told, and why: ``what`` names the sentence, as ``gap.what`` of `drift_words`."""

    what: str
    fields: Mapping[str, str | int]

    def said(self, words: Words = ENGLISH) -> str:
        """The sentence, without its stop."""
        return say(words, f"gap.{self.what}", {"where": where(self.fields, words), **self.fields})

    def __str__(self) -> str:
        return self.said()


def where(fields: Mapping[str, str | int], words: Words) -> str:
    """``signal`` (the whole assessment where it is empty) and ``device`` (all where it is empty) as the beginning of a sentence."""
    what = fields.get("signal") or words["whole.first"]
    device = fields.get("device")
    return say(words, "on", {"what": what, "device": device}) if device else str(what)


@dataclass(frozen=True, slots=True)
class CalibrationFound:
    """Slope and intercept of one signal's LLR (`EVERY`: of the whole L) on confirmed outcomes of both windows."""

    kind: str
    device: str
    found: Recalibration
    significance: float
    """Below which p counts, for having looked at so many of them."""


@dataclass(frozen=True, slots=True)
class ModelChange:
    """A signal that is measured by other weights than in the reference."""

    kind: SignalKind
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """Everything that one report looked at. ``threshold`` and ``allowance`` are the charts' h and k, ``false_alarm_every`` the run length that h
    was chosen for; ``gaps`` what could not be told, and why."""

    reference: int
    recent: int
    people: tuple[int, int]
    outcomes: tuple[int, int]
    devices: tuple[str, ...]
    signals: tuple[SignalDrift, ...]
    abstentions: tuple[AbstentionDrift, ...]
    bands: tuple[BandDrift, ...]
    calibrations: tuple[CalibrationFound, ...]
    models: tuple[ModelChange, ...]
    threshold: float
    false_alarm_every: float
    gaps: tuple[Gap, ...]
    allowance: float = ALLOWANCE
