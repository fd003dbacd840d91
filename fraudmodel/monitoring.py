"""Is the service still what it was calibrated as? A window of interviews against a reference window, by signal and by family of devices.

For the assessment's L and every signal: whether its raw statistic and the quality of what it measures are distributed as before (`stability`), whether its statistic drifts
on interviews that nobody confirmed as fraud (`cusum`), how often it could not be measured and why, and whether its LLR keeps its promise on confirmed
outcomes (`recalibration`); and whether policy proposes other than before. What is too small to tell is a gap, never a reassurance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import fisher_exact

from fraudmodel.assessment import Band
from fraudmodel.calibration import FloatArray
from fraudmodel.cusum import LEAST_REFERENCE, cusum, normal_scores, threshold_for
from fraudmodel.intervals import rate
from fraudmodel.monitored import (
    EVERY,
    FALSE_ALARMS,
    AbstentionDrift,
    BandDrift,
    Chart,
    Drift,
    Gap,
    InterviewSeen,
    ModelChange,
    SignalDrift,
)
from fraudmodel.outcome_calibration import Sees, calibration_gaps, calibrations, outcomes
from fraudmodel.signals import SignalKind
from fraudmodel.stability import LEAST_TRIALS, Stability, holm, stability


def drift(
    reference: Sequence[InterviewSeen],
    recent: Sequence[InterviewSeen],
    *,
    sees: Sees | None = None,
    seed: int = 0,
) -> Drift:
    """Compare ``recent`` interviews with ``reference`` ones, each in the order of their time.

    A signal's LLR is held against the confirmed frauds that it is meant to see (``sees``; all where it is not given), the whole L against all.
    """
    both = [*reference, *recent]
    windows = _Windows(_ordered(reference), _ordered(recent))
    groups = list(windows.groups())
    charted = sum(windows.charted(kind, device) for kind, device in groups)
    every = max(charted, 1) / FALSE_ALARMS
    threshold = threshold_for(every)
    signals, abstentions, bands = _corrected(
        [windows.signal(kind, device, threshold) for kind, device in groups],
        [each for kind, device in groups for each in windows.abstentions(kind, device)],
        [each for device in windows.large for each in windows.bands(device)],
    )
    return Drift(
        reference=len(reference),
        recent=len(recent),
        people=(_people(reference), _people(recent)),
        outcomes=outcomes(both),
        devices=windows.devices,
        signals=tuple(signals),
        abstentions=tuple(abstentions),
        bands=tuple(bands),
        calibrations=tuple(calibrations(both, sees, seed)),
        models=tuple(windows.model_changes()),
        threshold=threshold,
        false_alarm_every=every,
        gaps=(*windows.gaps(groups), *calibration_gaps(both, sees)),
    )


class _Windows:
    """The two windows, cut by signal and device."""

    def __init__(self, reference: Sequence[InterviewSeen], recent: Sequence[InterviewSeen]) -> None:
        self._both = reference, recent
        self.devices = tuple(sorted({each.device for each in (*reference, *recent)}))
        self.kinds = tuple(sorted({kind for each in (*reference, *recent) for kind in each.signals}))
        several = len(self.devices) > 1
        self.large = (EVERY, *(each for each in self.devices if several and not self._rare(each)))

    def groups(self) -> Iterator[tuple[str, str]]:
        """The whole assessment and every signal, over all devices and then by each family of which both windows hold enough."""
        for kind in (EVERY, *self.kinds):
            yield from ((kind, device) for device in self.large)

    def charted(self, kind: str, device: str) -> int:
        """How many interviews this group's chart has; 0 where the reference is too small for one."""
        before, now = (_assumed_genuine(each) for each in self._cut(kind, device, _statistic))
        return len(now) if len(before) >= LEAST_REFERENCE else 0

    def signal(self, kind: str, device: str, threshold: float) -> SignalDrift:
        """Both windows' statistics and qualities of one group, the p values not yet corrected."""
        before, now = self._cut(kind, device, _statistic)
        statistic, quality = _compared(before, now), _compared(*self._cut(kind, device, _quality))
        return SignalDrift(
            kind=kind,
            device=device,
            reference=len(before),
            recent=len(now),
            statistic=statistic,
            statistic_p=statistic.p if statistic else 1.0,
            moved=_moved(before, now),
            quality=quality,
            quality_p=quality.p if quality else 1.0,
            quality_moved=_moved(*self._cut(kind, device, _quality)),
            chart=_chart(_assumed_genuine(before), _assumed_genuine(now), threshold),
        )

    def bands(self, device: str) -> Iterator[BandDrift]:
        """Every band that policy proposed in either window, to those whom nobody confirmed as fraud."""
        before, now = (
            [e.band for e in w if e.band and e.fraud is not True and device in (EVERY, e.device)]
            for w in self._both
        )
        for band in Band:
            if before and now and band in (*before, *now):
                was, is_now = before.count(band), now.count(band)
                p = _exact(was, len(before), is_now, len(now))
                yield BandDrift(band, device, rate(was, len(before)), rate(is_now, len(now)), p)

    def abstentions(self, name: str, device: str) -> Iterator[AbstentionDrift]:
        """Every reason that either window knows."""
        kind = SignalKind(name)
        before, now = (
            [e for e in w if kind in e.signals and device in (EVERY, e.device)] for w in self._both
        )
        if not before or not now:
            return
        known = {e.signals[kind].reason for e in (*before, *now)} - {None}
        for reason in sorted(each for each in known if each is not None):
            was, is_now = (sum(e.signals[kind].reason is reason for e in window) for window in (before, now))
            p = _exact(was, len(before), is_now, len(now))
            yield AbstentionDrift(kind, device, reason, rate(was, len(before)), rate(is_now, len(now)), p)

    def model_changes(self) -> Iterator[ModelChange]:
        """Signals whose weights the reference does not know."""
        for kind in self.kinds:
            before, now = (
                sorted({m for e in window if kind in e.signals for m in e.signals[kind].models})
                for window in self._both
            )
            if before and set(now) - set(before):
                yield ModelChange(kind, tuple(before), tuple(now))

    def gaps(self, groups: Iterable[tuple[str, str]]) -> Iterator[Gap]:
        """What is too small to tell, or not of one kind."""
        yield from self._versions("parameters", lambda each: each.calibration)
        yield from self._versions("policy", lambda each: each.policy)
        before, now = (len(window) for window in self._both)
        if min(before, now) < LEAST_TRIALS:
            yield Gap("small", {"before": before, "now": now, "least": LEAST_TRIALS})
            return
        for device in self.devices:
            if device not in self.large and len(self.devices) > 1:
                before, now = self._on(device)
                yield Gap("rare", {"device": device, "before": before, "now": now, "least": LEAST_TRIALS})
        for kind, device in groups:
            before, now = (len(each) for each in self._cut(kind, device, _statistic))
            fields: dict[str, str | int] = {"signal": kind, "device": device, "before": before, "now": now}
            if min(before, now) < LEAST_TRIALS:
                yield Gap("few", {**fields, "least": LEAST_TRIALS})
            elif before < LEAST_REFERENCE:
                yield Gap("uncharted", {**fields, "least": LEAST_REFERENCE})

    def _versions(self, what: str, version: Callable[[InterviewSeen], str]) -> Iterator[Gap]:
        before, now = (", ".join(sorted({version(each) for each in window})) for window in self._both)
        if before != now:
            yield Gap(what, {"before": before, "now": now})

    def _on(self, device: str) -> tuple[int, int]:
        before, now = (sum(each.device == device for each in window) for window in self._both)
        return before, now

    def _rare(self, device: str) -> bool:
        return min(self._on(device)) < LEAST_TRIALS

    def _cut(self, kind: str, device: str, value: Measure) -> tuple[list[_Value], list[_Value]]:
        before, now = (
            [
                _Value(each, found)
                for each in window
                if device in (EVERY, each.device) and (found := value(each, kind)) is not None
            ]
            for window in self._both
        )
        return before, now


Measure = Callable[[InterviewSeen, str], float | None]


@dataclass(frozen=True, slots=True)
class _Value:
    interview: InterviewSeen
    value: float


def _statistic(interview: InterviewSeen, kind: str) -> float | None:
    if kind == EVERY:
        return interview.shift
    seen = interview.signals.get(SignalKind(kind))
    return seen.statistic if seen else None


def _quality(interview: InterviewSeen, kind: str) -> float | None:
    seen = interview.signals.get(SignalKind(kind))
    return seen.quality if seen else None


def _exact(was: int, before: int, is_now: int, now: int) -> float:
    """p of Fisher's exact test of two shares."""
    return float(fisher_exact([[was, before - was], [is_now, now - is_now]]).pvalue)


def _ordered(interviews: Sequence[InterviewSeen]) -> list[InterviewSeen]:
    return sorted(interviews, key=lambda each: (each.at, each.name))


def _assumed_genuine(values: Sequence[_Value]) -> list[_Value]:
    return [each for each in values if each.interview.fraud is not True]


def _array(values: Sequence[_Value]) -> FloatArray:
    return np.array([each.value for each in values], dtype=np.float64)


def _people(interviews: Iterable[InterviewSeen]) -> int:
    return len({each.person for each in interviews})


def _compared(before: Sequence[_Value], now: Sequence[_Value]) -> Stability | None:
    people = _people(e.interview for e in before), _people(e.interview for e in now)
    return stability(_array(before), _array(now), people=people)


def _moved(before: Sequence[_Value], now: Sequence[_Value]) -> float:
    return float(normal_scores(_array(before), _array(now)).mean()) if before and now else 0.0


def _chart(before: Sequence[_Value], now: Sequence[_Value], threshold: float) -> Chart | None:
    if len(before) < LEAST_REFERENCE or not now:
        return None
    found = cusum(normal_scores(_array(before), _array(now)), threshold)
    first = None if found.since is None else now[found.since].interview
    return Chart(found, len(now), None if first is None else (first.name, first.at))


def _corrected(
    drifts: Sequence[SignalDrift], silent: Sequence[AbstentionDrift], bands: Sequence[BandDrift]
) -> tuple[list[SignalDrift], list[AbstentionDrift], list[BandDrift]]:
    """The same with every p value corrected for all of them. A group without a quality was not looked at for one."""
    looked = [(each.statistic is not None, each.quality is not None) for each in drifts]
    p = [
        value
        for each, used in zip(drifts, looked, strict=True)
        for value, counts in zip((each.statistic_p, each.quality_p), used, strict=True)
        if counts
    ]
    p += [each.p for each in silent] + [each.p for each in bands]
    corrected = iter(holm(np.array(p, dtype=np.float64)).tolist())
    return (
        [
            replace(
                each,
                statistic_p=next(corrected) if statistic else 1.0,
                quality_p=next(corrected) if quality else 1.0,
            )
            for each, (statistic, quality) in zip(drifts, looked, strict=True)
        ],
        [replace(each, p=next(corrected)) for each in silent],
        [replace(each, p=next(corrected)) for each in bands],
    )
