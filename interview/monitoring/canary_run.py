"""Run canaries through the whole analysis, decoding to fusion, as it is installed and configured now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import inf
from pathlib import Path
from typing import Final

from fraudmodel.assessment import FraudAssessment
from fraudmodel.rescoring import shift
from fraudmodel.signals import Observation, SignalKind
from interview.analysis.protocol import Fault, Output
from interview.analysis.recorded import analyse, rerun
from interview.analysis.senses import Parts
from interview.errors import MediaError
from interview.media.journal import decode
from interview.monitoring.canary import Expected, Material, read_canary

TOLERANCE: Final = 0.5
"""By how much L of a canary may move, nats: 2.2 decibans."""
_SAME: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Configured:
    """What a canary is assessed with: the deployment's parameters, policy and prevalence of today."""

    parameters: str
    policy: str
    prior: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one canary: L then and now (nats, None where there is none), and what is not as it was, as sentences.

    ``signals`` moved by so much each, nats: infinite for one that said something and says nothing now, or the other way round. ``failed`` says
    why it could not be analysed.
    """

    name: str
    expected: float | None
    now: float | None
    changes: tuple[str, ...] = ()
    signals: Mapping[SignalKind, float] = field(default_factory=dict)
    failed: str = ""

    @property
    def moved(self) -> float:
        """|L now - L then|, nats; infinite where one of them is missing."""
        return inf if self.now is None or self.expected is None else abs(self.now - self.expected)

    def beyond(self, tolerance: float) -> tuple[SignalKind, ...]:
        """The signals that moved by the tolerance or more: in L what one loses another can hide."""
        return tuple(kind for kind, moved in self.signals.items() if moved >= tolerance)

    def within(self, tolerance: float) -> bool:
        """Whether it still gives what it gave, as a whole and signal by signal."""
        return not self.failed and self.moved < tolerance and not self.beyond(tolerance)


def analysed(material: Material, parts: Parts, configured: Configured) -> Expected:
    """The assessment at the end of the recording, and what measured it. Raises MediaError for a recording that gives none."""
    spec = replace(
        material.spec, parameters=configured.parameters, policy=configured.policy, prior=configured.prior
    )
    return _gathered(_outputs(replace(material, spec=spec), parts), material)


def run_canary(home: Path, parts: Parts, configured: Configured) -> Outcome:
    """Analyse it again and compare. One that cannot be read or analysed is an outcome too: the others go on."""
    before: float | None = None
    try:
        canary = read_canary(home)
        before = shift(canary.expected.assessment)
        now = analysed(canary.material, parts, configured)
    except Exception as error:  # noqa: BLE001 - whatever breaks a canary is what it is there to tell
        return Outcome(home.name, before, None, failed=str(error) or type(error).__name__)
    moved = signals_moved(canary.expected.assessment, now.assessment)
    return Outcome(home.name, before, shift(now.assessment), tuple(changes(canary.expected, now)), moved)


def signals_moved(before: FraudAssessment, now: FraudAssessment) -> dict[SignalKind, float]:
    """By how much each signal's own LLR moved, nats: of those that say something in either, the largest move first."""
    was, is_now = _signals(before), _signals(now)
    heard = {kind for said in (was, is_now) for kind, value in said.items() if isinstance(value, float)}
    moves = {kind: _distance(was.get(kind), is_now.get(kind)) for kind in heard}
    return dict(sorted(moves.items(), key=lambda each: (-each[1], each[0])))


def changes(before: Expected, now: Expected) -> Iterator[str]:
    """What is not as it was: weights first, then parameters, then signal by signal, the largest change first."""
    for kind in sorted(before.models.keys() | now.models.keys()):
        was, is_now = before.models.get(kind, ()), now.models.get(kind, ())
        if was and is_now and was != is_now:
            yield f"{kind} is measured by {', '.join(is_now)}; it was {', '.join(was)}"
    yield from _renamed(before.assessment, now.assessment)
    yield from (f"a detector fails: {each}" for each in now.faults if each not in before.faults)
    said = _signals(before.assessment), _signals(now.assessment)
    kinds = said[0].keys() | said[1].keys()
    moved = {kind: _distance(said[0].get(kind), said[1].get(kind)) for kind in kinds}
    for kind in sorted(kinds, key=lambda each: (-moved[each], each)):
        if moved[kind] > _SAME:
            yield f"{kind}: {_said(said[1].get(kind))}; it was {_said(said[0].get(kind))}"


def _renamed(before: FraudAssessment, now: FraudAssessment) -> Iterator[str]:
    for what, was, is_now in (
        ("parameters", before.calibration, now.calibration),
        ("policy", before.policy, now.policy),
        ("band", before.band, now.band),
    ):
        if was != is_now:
            yield f"{what} {is_now}; it was {was}"


_Said = float | str | None
"""A signal's own LLR (nats), the reason why it says nothing, or None where it is not known at all."""


def _signals(assessment: FraudAssessment) -> dict[SignalKind, _Said]:
    said: dict[SignalKind, _Said] = {each.kind: each.llr for each in assessment.contributions}
    return {**said, **{each.kind: str(each.reason) for each in assessment.absent}}


def _distance(before: _Said, now: _Said) -> float:
    if isinstance(before, float) and isinstance(now, float):
        return abs(now - before)
    return 0.0 if before == now else inf


def _said(value: _Said) -> str:
    if value is None:
        return "not known"
    return f"LLR {value:+.3f} nats" if isinstance(value, float) else f"absent ({value})"


def _outputs(material: Material, parts: Parts) -> Iterator[Output]:
    if material.journal is not None:
        journal = (decode(line, number) for number, line in enumerate(material.journal.splitlines(), 1))
        yield from rerun(material.recording, journal, material.spec, parts, officer=material.officer)
        return
    given: list[Output] = []
    analysis = analyse(material.recording, material.spec, parts, on_outputs=given.extend)
    if analysis.damage:
        raise MediaError(analysis.damage)
    yield from given


def _gathered(outputs: Iterable[Output], material: Material) -> Expected:
    last: FraudAssessment | None = None
    models: dict[SignalKind, set[str]] = {}
    faults: list[str] = []
    for output in outputs:
        match output:
            case FraudAssessment():
                last = output
            case Observation(kind=kind, model=model):
                models.setdefault(kind, set()).add(model)
            case Fault(kind, _, message):
                faults.append(f"{kind}, {message}")
            case _:
                pass
    if last is None:
        raise MediaError(f"{material.recording.name} gave no assessment.")
    return Expected(
        last, {kind: tuple(sorted(names)) for kind, names in sorted(models.items())}, tuple(faults)
    )
