"""Is the service still what it was calibrated as? A window of interviews against a reference window, by signal and by family of devices.

For every signal: whether its raw statistic and the quality of what it measures are distributed as before (`stability`), whether its statistic drifts
on interviews that nobody confirmed as fraud (`cusum`), how often it could not be measured and why, and whether its LLR keeps its promise on confirmed
outcomes (`recalibration`). What is too small to tell is a gap, never a reassurance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import fisher_exact

from fraudmodel.calibration import FloatArray
from fraudmodel.cusum import LEAST_REFERENCE, cusum, normal_scores, threshold_for
from fraudmodel.intervals import rate
from fraudmodel.monitored import (
    EVERY,
    FALSE_ALARMS,
    AbstentionDrift,
    CalibrationFound,
    Chart,
    Drift,
    InterviewSeen,
    ModelChange,
    SignalDrift,
    SignalSeen,
)
from fraudmodel.recalibration import LEAST_OUTCOMES, Recalibration, recalibration
from fraudmodel.signals import SignalKind
from fraudmodel.stability import LEAST_TRIALS, Stability, holm, stability


def drift(reference: Sequence[InterviewSeen], recent: Sequence[InterviewSeen], *, seed: int = 0) -> Drift:
    """Compare ``recent`` interviews with ``reference`` ones, each in the order of their time."""
    windows = _Windows(_ordered(reference), _ordered(recent))
    groups = list(windows.groups())
    charted = sum(windows.charted(kind, device) for kind, device in groups)
    every = max(charted, 1) / FALSE_ALARMS
    threshold = threshold_for(every)
    drifts = [windows.signal(kind, device, threshold) for kind, device in groups]
    silent = [each for kind, device in groups for each in windows.abstentions(kind, device)]
    signals, abstentions = _corrected(drifts, silent)
    return Drift(
        reference=len(reference),
        recent=len(recent),
        people=(_people(reference), _people(recent)),
        outcomes=_outcomes([*reference, *recent]),
        devices=windows.devices,
        signals=tuple(signals),
        abstentions=tuple(abstentions),
        calibrations=tuple(_calibrations([*reference, *recent], windows, seed)),
        models=tuple(windows.model_changes()),
        threshold=threshold,
        false_alarm_every=every,
        gaps=(*windows.gaps(groups), *_unlabelled([*reference, *recent])),
    )


class _Windows:
    """The two windows, cut by signal and device."""

    def __init__(self, reference: Sequence[InterviewSeen], recent: Sequence[InterviewSeen]) -> None:
        self._both = reference, recent
        self.devices = tuple(sorted({each.device for each in (*reference, *recent)}))
        self.kinds = tuple(sorted({kind for each in (*reference, *recent) for kind in each.signals}))

    def groups(self) -> Iterator[tuple[SignalKind, str]]:
        """Every signal over all devices, then by each family of which both windows hold enough."""
        for kind in self.kinds:
            yield kind, EVERY
            yield from (
                (kind, device) for device in self.devices if len(self.devices) > 1 and not self._rare(device)
            )

    def charted(self, kind: SignalKind, device: str) -> int:
        """How many interviews this group's chart has; 0 where the reference is too small for one."""
        before, now = (_assumed_genuine(each) for each in self._cut(kind, device, _statistic))
        return len(now) if len(before) >= LEAST_REFERENCE else 0

    def signal(self, kind: SignalKind, device: str, threshold: float) -> SignalDrift:
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

    def abstentions(self, kind: SignalKind, device: str) -> Iterator[AbstentionDrift]:
        """Every reason that either window knows."""
        before, now = (
            [e for e in w if kind in e.signals and device in (EVERY, e.device)] for w in self._both
        )
        if not before or not now:
            return
        known = {e.signals[kind].reason for e in (*before, *now)} - {None}
        for reason in sorted(each for each in known if each is not None):
            was, is_now = (sum(e.signals[kind].reason is reason for e in window) for window in (before, now))
            table = [[was, len(before) - was], [is_now, len(now) - is_now]]
            p = float(fisher_exact(table).pvalue)
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

    def gaps(self, groups: Iterable[tuple[SignalKind, str]]) -> Iterator[str]:
        """What is too small to tell, or not of one kind."""
        before_by, now_by = (sorted({each.calibration for each in window}) for window in self._both)
        if before_by != now_by:
            yield (
                f"parameters: assessed by {', '.join(now_by)} now and by {', '.join(before_by)} then; statistics can be compared where pooling stayed the "
                "same, slopes are of both together"
            )
        for device in self.devices if len(self.devices) > 1 else ():
            if self._rare(device):
                before, now = self._on(device)
                yield f"{device}: {before} interviews then and {now} now; below {LEAST_TRIALS} no change can be told of any signal"
        for kind, device in groups:
            before, now = (len(each) for each in self._cut(kind, device, _statistic))
            where = f"{kind} on {device}" if device else str(kind)
            if min(before, now) < LEAST_TRIALS:
                yield f"{where}: measured in {before} interviews then and {now} now; below {LEAST_TRIALS} no change can be told"
            elif before < LEAST_REFERENCE:
                yield f"{where}: {before} reference interviews; a control chart needs {LEAST_REFERENCE}"

    def _on(self, device: str) -> tuple[int, int]:
        before, now = (sum(each.device == device for each in window) for window in self._both)
        return before, now

    def _rare(self, device: str) -> bool:
        return min(self._on(device)) < LEAST_TRIALS

    def _cut(
        self, kind: SignalKind, device: str, value: Callable[[SignalSeen], float | None]
    ) -> tuple[list[_Value], list[_Value]]:
        before, now = (
            [
                _Value(each, found)
                for each in window
                if kind in each.signals and device in (EVERY, each.device)
                if (found := value(each.signals[kind])) is not None
            ]
            for window in self._both
        )
        return before, now


@dataclass(frozen=True, slots=True)
class _Value:
    interview: InterviewSeen
    value: float


def _statistic(seen: SignalSeen) -> float | None:
    return seen.statistic


def _quality(seen: SignalSeen) -> float | None:
    return seen.quality


def _ordered(interviews: Sequence[InterviewSeen]) -> list[InterviewSeen]:
    return sorted(interviews, key=lambda each: (each.at, each.name))


def _assumed_genuine(values: Sequence[_Value]) -> list[_Value]:
    return [each for each in values if each.interview.fraud is not True]


def _array(values: Sequence[_Value]) -> FloatArray:
    return np.array([each.value for each in values], dtype=np.float64)


def _people(interviews: Iterable[InterviewSeen]) -> int:
    return len({each.person for each in interviews})


def _outcomes(interviews: Iterable[InterviewSeen]) -> tuple[int, int]:
    known = [each.fraud for each in interviews if each.fraud is not None]
    return sum(known), len(known) - sum(known)


def _unlabelled(interviews: Iterable[InterviewSeen]) -> Iterator[str]:
    frauds, bona_fide = _outcomes(interviews)
    if min(frauds, bona_fide) < LEAST_OUTCOMES:
        yield (
            f"calibration: {frauds} confirmed frauds and {bona_fide} bona fide interviews; {LEAST_OUTCOMES} of each are needed for a slope"
        )


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
    drifts: Sequence[SignalDrift], silent: Sequence[AbstentionDrift]
) -> tuple[list[SignalDrift], list[AbstentionDrift]]:
    """The same with every p value corrected for all of them."""
    p = [value for each in drifts for value in (each.statistic_p, each.quality_p)] + [
        each.p for each in silent
    ]
    corrected = holm(np.array(p)).tolist() if p else []
    return (
        [
            replace(each, statistic_p=corrected[2 * place], quality_p=corrected[2 * place + 1])
            for place, each in enumerate(drifts)
        ],
        [replace(each, p=corrected[2 * len(drifts) + place]) for place, each in enumerate(silent)],
    )


def _calibrations(
    interviews: Sequence[InterviewSeen], windows: _Windows, seed: int
) -> list[CalibrationFound]:
    known = [each for each in interviews if each.fraud is not None]
    devices = (EVERY, *windows.devices) if len(windows.devices) > 1 else (EVERY,)
    found = [
        (kind or EVERY, device, line)
        for kind in (None, *windows.kinds)
        for device in devices
        if (line := _recalibrated(known, kind, device, seed)) is not None
    ]
    # Bonferroni, over slopes and intercepts.
    significance = FALSE_ALARMS / max(2 * len(found), 1)
    return [CalibrationFound(*each, significance) for each in found]


def _recalibrated(
    known: Sequence[InterviewSeen], kind: SignalKind | None, device: str, seed: int
) -> Recalibration | None:
    rows = [
        (llr, each.fraud is True, (each.person,))
        for each in known
        if device in (EVERY, each.device) and (llr := _llr(each, kind)) is not None
    ]
    if not rows:
        return None
    llrs, fraud, people = zip(*rows, strict=True)
    return recalibration(np.array(llrs), np.array(fraud, dtype=bool), people, seed=seed)


def _llr(interview: InterviewSeen, kind: SignalKind | None) -> float | None:
    if kind is None:
        return interview.shift
    return interview.signals[kind].llr if kind in interview.signals else None
