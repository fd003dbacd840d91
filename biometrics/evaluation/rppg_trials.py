"""How much of a pulse a call's codec leaves: painted skin with a known pulse, at falling bit rates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from time import process_time
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t as student

from biometrics.evaluation.rppg_clips import ClipRow
from biometrics.evaluation.rppg_scene import Scene, pictures, views
from biometrics.evaluation.trials import Progress
from biometrics.rppg.pulse import pos
from biometrics.rppg.reading import Pulse, mean_skin, measure
from biometrics.rppg.skin_run import RATE_HZ, Skin, SkinRun
from biometrics.rppg.spectrum import snr_db, spectra
from biometrics.views import FaceView
from fraudmodel.intervals import Estimate, rate

VGA: Final = Scene()
KBPS: Final = (None, 2500, 2000, 1500, 1000, 800, 500, 250)
QUICK_KBPS: Final = (None, 2500, 500)
"""None is uncoded."""
GREENS: Final = (0.01, 0.003, 0.0)
"""Amplitudes of the pulse in green light: strong, weak, none."""
FULL: Final = 4
QUICK: Final = 1
FOUND_BPM: Final = 3.0
_SEED = 41


@dataclass(frozen=True, slots=True)
class Row:
    """One amplitude at one bit rate.

    ``snr_db`` mean at the true rate, with its interval over scenes, None without a pulse; ``peak_db`` of the strongest rate
    in each scene; ``found`` share of scenes where a pulse is found at the true rate within `FOUND_BPM`, or, without a
    pulse, at any rate; ``kbps`` that the codec really took.
    """

    green: float
    target_kbps: int | None
    kbps: float | None
    snr_db: Estimate | None
    peak_db: tuple[float, ...]
    found: Estimate
    error_bpm: float | None

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "green_amplitude": self.green,
            "target_kbps": self.target_kbps,
            "kbps": None if self.kbps is None else round(self.kbps),
            "snr_db": None if self.snr_db is None else _json(self.snr_db),
            "peak_snr_db": [round(value, 2) for value in self.peak_db],
            "found": _json(self.found),
            "median_error_bpm": None if self.error_bpm is None else round(self.error_bpm, 2),
        }


@dataclass(frozen=True, slots=True)
class RppgFigures:
    """Everything measured; times on this machine, of one core's work."""

    rows: tuple[Row, ...]
    clips: tuple[ClipRow, ...]
    frame_ms: float
    reading_ms: float

    def as_json(self) -> dict[str, Any]:
        """Plain JSON."""
        return {
            "rows": [row.as_json() for row in self.rows],
            "clips_without_ground_truth": [row.as_json() for row in self.clips],
            "frame_ms": round(self.frame_ms, 4),
            "reading_ms": round(self.reading_ms, 2),
        }


@dataclass(slots=True)
class _Clock:
    frames: int = 0
    frames_s: float = 0.0
    readings: int = 0
    readings_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Sample:
    snr_db: float
    peak_db: float
    found: bool
    error_bpm: float
    kbps: float | None


def rppg_figures(
    scenes: int,
    kbps: Sequence[int | None],
    report: Progress,
    clips: Sequence[ClipRow] = (),
    like: Scene = VGA,
) -> RppgFigures:
    """The curve over painted scenes like ``like``: each is painted once and coded at every rate."""
    clock = _Clock()
    samples: dict[tuple[float, int | None], list[_Sample]] = {}
    total = scenes * len(GREENS)
    for k in range(total):
        green = GREENS[k % len(GREENS)]
        rng = np.random.default_rng([_SEED, k])
        scene = replace(like, green=green, bpm=float(rng.uniform(55.0, 110.0)))
        frames, places = pictures(scene, rng)
        for target in kbps:
            found = _sample(scene, _skin(views(scene, frames, places, target), clock), clock)
            samples.setdefault((green, target), []).append(found)
        report(k + 1, total, "pulse through the codec")
    rows = tuple(_row(green, target, each) for (green, target), each in sorted(samples.items(), key=_order))
    return RppgFigures(
        rows,
        tuple(clips),
        1e3 * clock.frames_s / max(clock.frames, 1),
        1e3 * clock.readings_s / max(clock.readings, 1),
    )


def _skin(through: Iterator[FaceView] | Sequence[FaceView], clock: _Clock) -> Skin | None:
    run = SkinRun()
    for view in through:
        started = process_time()
        run.push(view)
        clock.frames_s += process_time() - started
        clock.frames += 1
    return run.skin()


def _sample(scene: Scene, skin: Skin | None, clock: _Clock) -> _Sample:
    if skin is None:
        raise ValueError("a painted scene lost its skin in the codec")
    started = process_time()
    pulse = measure(skin)
    clock.readings_s += process_time() - started
    clock.readings += 1
    true = spectra(pos(mean_skin(skin.regions)[:, np.newaxis], RATE_HZ), RATE_HZ)
    snr = snr_db(true.hz, true.power(0), scene.bpm / 60.0)
    if not isinstance(pulse, Pulse):
        return _Sample(snr, float("nan"), False, float("nan"), skin.kbps)
    error = abs(pulse.beat.bpm - scene.bpm)
    right = error <= FOUND_BPM or scene.green == 0.0
    return _Sample(snr, pulse.beat.snr_db, pulse.found and right, error, skin.kbps)


def _row(green: float, target: int | None, samples: Sequence[_Sample]) -> Row:
    snr = np.array([sample.snr_db for sample in samples])
    rates_kbps = [sample.kbps for sample in samples if sample.kbps is not None]
    errors = [sample.error_bpm for sample in samples if np.isfinite(sample.error_bpm)]
    return Row(
        green=green,
        target_kbps=target,
        kbps=float(np.mean(rates_kbps)) if rates_kbps else None,
        snr_db=_mean(snr) if green else None,
        peak_db=tuple(sample.peak_db for sample in samples if np.isfinite(sample.peak_db)),
        found=rate(sum(sample.found for sample in samples), len(samples)),
        error_bpm=float(np.median(errors)) if green and errors else None,
    )


def _mean(values: NDArray[np.float64]) -> Estimate:
    """Mean and Student's interval; without a spread to go by, no limits are known."""
    value, n = float(values.mean()), len(values)
    if n < 2:
        return Estimate(value, -np.inf, np.inf, n)
    half = float(student.ppf(0.975, n - 1)) * float(values.std(ddof=1)) / np.sqrt(n)
    return Estimate(value, value - half, value + half, n)


def _order(item: tuple[tuple[float, int | None], list[_Sample]]) -> tuple[float, float]:
    (green, target), _ = item
    return -green, -(float("inf") if target is None else target)


def _json(figure: Estimate) -> dict[str, float | None]:
    limits = {"low": figure.low, "high": figure.high}
    finite = {name: round(limit, 4) if np.isfinite(limit) else None for name, limit in limits.items()}
    return {"value": round(figure.value, 4), **finite, "n": figure.n}
