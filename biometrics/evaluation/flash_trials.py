"""Error rates of the coloured-light challenge on simulated sessions, through the codec of a call.

A session that follows its code is a bona fide trial; the same session is an attack trial for every code that it did not
show (a replayed other challenge), and a session that no screen lights is one for every code. So a few hundred sessions
make hundreds of thousands of attack trials; those of one session resemble each other, and intervals are over sessions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from biometrics.challenges.drbg import challenge_drbg
from biometrics.challenges.flash import CHIPS, GREY, LOOKS, FlashPlan, draw_codes, emitted, flash_plan
from biometrics.challenges.wcag import Flashes, flashes
from biometrics.evaluation.flash_scene import Conditions, flash_views, shown_times
from biometrics.evaluation.trials import Progress
from biometrics.flash.evidence import MIRRORED, compare, null_codes
from biometrics.flash.run import SPENT
from biometrics.flash.trace import SkinTrace
from fraudmodel.intervals import Estimate, percentile_interval, rate
from fraudmodel.signals import Span

LEVEL: Final = 1e-3
TARGET_DB: Final = -5.0
"""The ratio at which no more than one honest applicant in ten may fail."""
SNRS_DB: Final = (0.0, TARGET_DB, -10.0)
STAGES: Final = (*LOOKS, CHIPS)
CODES_EACH: Final = 1000
_START_S: Final = 0.5
_KBPS: Final = (70, 350)
_REPLICATES: Final = 500


@dataclass(frozen=True, slots=True)
class Size:
    """How many sessions at `TARGET_DB`, at each other ratio and without any light; and how many codes through WCAG."""

    target: int
    others: int
    codes: int


FULL: Final = Size(target=200, others=50, codes=10_000)
QUICK: Final = Size(target=6, others=3, codes=300)


@dataclass(frozen=True, slots=True)
class Row:
    """One condition.

    ``frr`` and ``far`` at p <= 1e-3 with exactly so many chips; ``frr_sequential`` and ``far_sequential`` with the looks
    and levels of the product; ``chips`` mean number until decided; ``weak_sequential`` of the sessions that pass, those that the
    detector abstains from all the same, for a screen's glass throws as much light back. FRR has N sessions, FAR N codes on ``sessions``.
    ``snr_db`` None for faces that no screen lights, which have no FRR.
    """

    snr_db: float | None
    sessions: int
    frr: dict[int, Estimate]
    far: dict[int, Estimate]
    frr_sequential: Estimate | None
    far_sequential: Estimate
    chips: float | None
    weak_sequential: Estimate | None


@dataclass(frozen=True, slots=True)
class FlashFigures:
    """All that `candor evaluate flash` measures. ``frame_ms`` and ``decision_ms`` of this machine, median and greatest."""

    rows: tuple[Row, ...]
    flashing_codes: int
    codes: int
    worst: Flashes
    frame_ms: float
    decision_ms: tuple[float, float]

    def as_json(self) -> dict[str, object]:
        """For `json.dumps`."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Session:
    """p-values at each stage: of the shown code (stages,), 1 where other light was found; and of codes not shown (stages, k).

    ``weak`` (stages,) whether the shown code's light is no stronger than what a screen's glass throws back.
    """

    own: NDArray[np.float64]
    weak: NDArray[np.bool_]
    others: NDArray[np.float64]
    frame_ms: float
    decision_ms: float


def flash_figures(size: Size, report: Progress, seed: int = 0) -> FlashFigures:
    """Simulate, judge and count. The same seed gives the same figures, but for times."""
    rows, timed = [], []
    for snr_db in (*SNRS_DB, None):
        count = size.target if snr_db == TARGET_DB else size.others
        what = "unlit" if snr_db is None else f"{snr_db:g} dB"
        sessions = []
        for number in range(count):
            sessions.append(
                simulated(snr_db, np.random.default_rng([seed, number, round(snr_db or 99) + 100]))
            )
            report(number + 1, count, what)
        rows.append(row(snr_db, sessions))
        timed += sessions
    counted = _screens(size.codes, report)
    decisions = [session.decision_ms for session in timed]
    return FlashFigures(
        rows=tuple(rows),
        flashing_codes=sum(not each.safe for each in counted),
        codes=len(counted),
        worst=Flashes(
            max(each.general_transitions for each in counted), max(each.red_transitions for each in counted)
        ),
        frame_ms=float(np.median([session.frame_ms for session in timed])),
        decision_ms=(float(np.median(decisions)), max(decisions)),
    )


def simulated(snr_db: float | None, rng: np.random.Generator, codes: int = CODES_EACH) -> Session:
    """One session under conditions that are drawn, at every stage."""
    seed = rng.bytes(32)
    plan = flash_plan(seed)
    conditions = Conditions(
        snr_db,
        lag_s=float(rng.uniform(0.05, 0.6)),
        fps=float(rng.uniform(20.0, 30.0)),
        kbps=round(float(np.exp(rng.uniform(*np.log(_KBPS))))),
    )
    shown = shown_times(plan, _START_S)
    views = list(flash_views(plan, shown, conditions, rng))
    trace, began = SkinTrace(), perf_counter()
    for view in views:
        trace.push(view)
    frame_ms = 1000 * (perf_counter() - began) / len(views)
    others = draw_codes(challenge_drbg(seed, "evaluation"), codes, CHIPS)
    null = null_codes(seed, CHIPS)
    stages = [_judged(trace, plan, shown, stage, null, others) for stage in STAGES]
    return Session(
        own=np.array([stage.own for stage in stages]),
        weak=np.array([stage.weak for stage in stages]),
        others=np.array([stage.others for stage in stages]),
        frame_ms=frame_ms,
        decision_ms=max(stage.ms for stage in stages),
    )


@dataclass(frozen=True, slots=True)
class _Judged:
    own: float
    weak: bool
    others: list[float]
    ms: float


def _judged(
    trace: SkinTrace,
    plan: FlashPlan,
    shown: Sequence[float],
    chips: int,
    null: NDArray[np.int8],
    others: NDArray[np.int8],
) -> _Judged:
    began = perf_counter()
    tail_s = plan.tail_s if chips == len(plan.chips) else 0.0
    series = trace.series(Span(shown[0], shown[chips + 1] + tail_s))
    comparison = None if series is None else compare(series, shown[1 : chips + 2])
    if comparison is None:
        return _Judged(1.0, False, [1.0] * len(others), 0.0)
    verdict = comparison.judge(plan.chips[:chips], null)
    took_ms = 1000 * (perf_counter() - began)
    law = comparison.law(null[:, :chips])
    not_shown = [law.p_value(float(each))[0] for each in comparison.statistics(others[:, :chips])]
    own = 1.0 if verdict.other_light else verdict.p_value
    return _Judged(own, verdict.fit.amplitude <= MIRRORED[1], not_shown, took_ms)


def row(snr_db: float | None, sessions: Sequence[Session]) -> Row:
    """Count one condition's sessions."""
    own = np.stack([session.own for session in sessions])
    others = np.stack([session.others for session in sessions])
    levels = np.array(SPENT)
    decided = own <= levels
    passed = decided.any(axis=1)
    first = np.where(passed, decided.argmax(axis=1), len(STAGES) - 1)
    strong = (decided & ~np.stack([session.weak for session in sessions])).any(axis=1)
    lit = snr_db is not None
    return Row(
        snr_db=snr_db,
        sessions=len(sessions),
        frr={n: rate(int((own[:, k] > LEVEL).sum()), len(own)) for k, n in enumerate(STAGES)} if lit else {},
        far={n: _over_sessions(others[:, k] <= LEVEL) for k, n in enumerate(STAGES)},
        frr_sequential=rate(int((~passed).sum()), len(own)) if lit else None,
        far_sequential=_over_sessions(np.asarray((others <= levels[:, np.newaxis]).any(axis=1))),
        chips=float(np.mean(np.array(STAGES)[first])) if lit else None,
        weak_sequential=rate(int((passed & ~strong).sum()), int(passed.sum()))
        if lit and passed.any()
        else None,
    )


def _over_sessions(passed: NDArray[Any]) -> Estimate:
    """The rate of passes (sessions, codes), its interval by drawing sessions again."""
    each = passed.mean(axis=1)
    rng = np.random.default_rng(1)
    drawn = np.array([each[rng.integers(len(each), size=len(each))].mean() for _ in range(_REPLICATES)])
    low, high = percentile_interval(drawn)
    point = float(each.mean())
    return Estimate(point, min(low, point), max(high, point), passed.size)


def _screens(count: int, report: Progress) -> list[Flashes]:
    """What each of so many codes makes of a screen, cross-faded at 30 Hz and as hard cuts."""
    return list(_each_screen(range(count), report))


def _each_screen(numbers: range, report: Progress) -> Iterable[Flashes]:
    smooth = np.arange(0.0, FlashPlan((0,) * CHIPS).duration_s, 1 / 30)
    for number in numbers:
        plan = flash_plan(b"wcag" + number.to_bytes(4, "big"))
        colours = [GREY, *(plan.colour(k) for k in range(CHIPS + 1))]
        shown = shown_times(plan, 0.0)
        soft = flashes(smooth, emitted(colours, shown, smooth, plan.fade_s))
        hard = flashes(np.array(shown), np.array([colour.linear for colour in colours]))
        yield Flashes(
            max(soft.general_transitions, hard.general_transitions),
            max(soft.red_transitions, hard.red_transitions),
        )
        if number % 100 == 99:
            report(number + 1, len(numbers), "codes through WCAG 2.3.1")
