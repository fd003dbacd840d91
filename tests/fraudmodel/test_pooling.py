from __future__ import annotations

import random
from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.stats import trim_mean

from fraudmodel.calibration import OBSERVATIONS
from fraudmodel.parameters import load_parameters
from fraudmodel.pooling import CONTINUOUS_HALF_LIFE_S, Pool, Pooled, Pooling, trimmed_mean
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason, Span
from tests.fraudmodel.builders import FACE, observation

SCORES = st.floats(-10.0, 10.0)
READINGS = st.lists(
    st.builds(
        lambda score, t, quality: observation(FACE, score, t=t, quality=quality),
        SCORES,
        st.floats(0.0, 600.0),
        st.floats(0.0, 1.0),
    ),
    min_size=1,
    max_size=90,
)
POOLINGS = st.builds(
    Pooling,
    strategy=st.sampled_from(["mean", "peak-hold", "strongest"]),
    trim=st.floats(0.0, 0.45),
    half_life_s=st.none() | st.floats(1.0, 300.0),
    window_s=st.floats(1.0, 60.0),
    autocorrelation=st.floats(0.0, 0.95),
    reading_sd=st.floats(0.0, 2.0),
)


def pooled(pooling: Pooling, *readings: Reading) -> Pooled:
    pool = Pool(pooling)
    for reading in readings:
        pool.add(reading)
    result = pool.pooled()
    assert isinstance(result, Pooled)
    return result


def abstention(reason: Reason, t: float, detail: str = "") -> Abstention:
    return Abstention(FACE, Span(t, t), reason, detail)


@given(
    hnp.arrays(np.float64, st.integers(1, 50), elements=st.floats(-9, 9)),
    st.sampled_from([0.0, 0.1, 0.2, 0.25]),
)
def test_the_trimmed_mean_of_equal_weights_is_that_of_scipy(scores: np.ndarray, trim: float) -> None:
    repeated = np.sort(np.repeat(scores, 20))  # so that the cut falls between readings, as scipy's does
    assert trimmed_mean(repeated, np.ones(len(repeated)), trim) == pytest.approx(
        trim_mean(repeated, trim), abs=1e-9
    )


def test_a_reading_on_the_cut_counts_with_the_part_inside() -> None:
    # A quarter of three units of weight is cut at each end: 0.25 of 0, all of 1 and 0.25 of 5 remain.
    assert trimmed_mean(np.array([0.0, 1.0, 5.0]), np.ones(3), 0.25) == pytest.approx(2.25 / 1.5)


@given(POOLINGS, READINGS, st.data(), st.floats(0.0, 5.0))
def test_raising_a_score_never_lowers_statistic_or_peak(
    pooling: Pooling, readings: list[Observation], data: st.DataObject, rise: float
) -> None:
    index = data.draw(st.integers(0, len(readings) - 1))
    old = readings[index]
    raised = [*readings[:index], observation(FACE, old.score + rise, t=old.span.end, quality=old.quality)]
    before, after = pooled(pooling, *readings), pooled(pooling, *raised, *readings[index + 1 :])
    assert after.statistic >= before.statistic - 1e-9
    if before.peak is not None:
        assert after.peak is not None
        assert after.peak >= before.peak - 1e-9


@given(POOLINGS, READINGS, st.randoms(use_true_random=False))
def test_order_does_not_matter(pooling: Pooling, readings: list[Observation], order: random.Random) -> None:
    shuffled = list(readings)
    order.shuffle(shuffled)
    a, b = pooled(pooling, *readings), pooled(pooling, *shuffled)
    assert a.statistic == pytest.approx(b.statistic, abs=1e-9)
    # The root of a variance that rounding leaves of nothing: 1e-8 squared is a double's last bit.
    assert a.standard_error == pytest.approx(b.standard_error, abs=1e-7)
    assert a.peak == pytest.approx(b.peak)
    assert a.observations == b.observations == len(readings)


@given(POOLINGS, READINGS)
def test_the_statistic_lies_between_the_readings(pooling: Pooling, readings: list[Observation]) -> None:
    scores = [reading.score for reading in readings]
    assert min(scores) - 1e-9 <= pooled(pooling, *readings).statistic <= max(scores) + 1e-9


def test_reading_by_reading_equals_all_at_once() -> None:
    readings = [
        observation(FACE, score, t=t) for t, score in enumerate(np.random.default_rng(0).normal(size=200))
    ]
    pool = Pool(Pooling(half_life_s=30.0, strategy="peak-hold"))
    for count, reading in enumerate(readings, 1):
        pool.add(reading)
        assert pool.pooled() == pooled(Pooling(half_life_s=30.0, strategy="peak-hold"), *readings[:count])


def test_an_hour_of_readings_is_pooled_in_bounded_memory_as_if_all_were_kept() -> None:
    rng = np.random.default_rng(4)
    scores, qualities = rng.normal(size=20_000), rng.uniform(0.1, 1.0, 20_000)
    result = pooled(
        Pooling(trim=0.1),
        *(
            observation(FACE, float(score), t=0.2 * k, quality=float(quality))
            for k, (score, quality) in enumerate(zip(scores, qualities, strict=True))
        ),
    )
    order = np.argsort(scores)
    assert result.statistic == pytest.approx(trimmed_mean(scores[order], qualities[order], 0.1), abs=1e-3)
    mean = np.average(scores, weights=qualities)
    variance = np.average((scores - mean) ** 2, weights=qualities)
    effective = qualities.sum() ** 2 / (qualities**2).sum()
    assert result.standard_error == pytest.approx(sqrt(variance / effective), rel=1e-3)
    assert result.observations == 20_000


def test_better_readings_count_for_more() -> None:
    good, poor = observation(FACE, 0.0, quality=0.9), observation(FACE, 1.0, quality=0.1)
    assert pooled(Pooling(trim=0.0), good, poor).statistic == pytest.approx(0.1)
    assert pooled(Pooling(), observation(FACE, 3.0, quality=0.0)).statistic == 3.0


def test_a_reading_one_half_life_old_counts_half() -> None:
    old, new = observation(FACE, 0.0, t=10.0), observation(FACE, 3.0, t=130.0)
    assert pooled(Pooling(trim=0.0, half_life_s=120.0), old, new).statistic == pytest.approx(2.0)
    assert pooled(Pooling(trim=0.0), old, new).statistic == pytest.approx(1.5)


def test_days_of_media_neither_overflow_nor_freeze() -> None:
    pooling = Pooling(trim=0.0, half_life_s=1.0)
    readings = [
        observation(FACE, score, t=t)
        for score, t in ((0.0, 1.0), (1.0, 5_000.0), (2.0, 200_000.0), (5.0, 200_001.0))
    ]
    assert pooled(pooling, *readings).statistic == pytest.approx(4.0)


def test_covariates_are_averaged_with_the_readings_weights() -> None:
    readings = [
        observation(FACE, 0.0, quality=0.75, covariates={"snr_db": 10.0}),
        observation(FACE, 0.0, quality=0.25, covariates={"snr_db": 30.0}),
        observation(FACE, 0.0),
    ]
    assert pooled(Pooling(), *readings).covariates == {"snr_db": pytest.approx(15.0), OBSERVATIONS: 3.0}


def test_the_standard_error_counts_correlated_readings_as_fewer() -> None:
    readings = [observation(FACE, score) for score in (0.0, 2.0) * 50]
    free = pooled(Pooling(trim=0.0), *readings).standard_error
    bound = pooled(Pooling(trim=0.0, autocorrelation=0.8), *readings).standard_error
    assert free == pytest.approx(sqrt(1.0 * 100.0 / 102.0 / 100.0))
    # (1 + 0.8) / (1 - 0.8) = 9 times fewer readings, so 3 times the error.
    assert bound == pytest.approx(3.0 * free)


def test_one_reading_is_as_uncertain_as_the_calibration_data_say() -> None:
    assert pooled(Pooling(reading_sd=0.3), observation(FACE, 1.0)).standard_error == pytest.approx(
        0.3 * sqrt(2.0 / 3.0)
    )


def test_peak_hold_keeps_the_worst_window() -> None:
    calm = [observation(FACE, 0.0, t=float(t)) for t in range(100)]
    attacked = [observation(FACE, 4.0, t=40.0 + 0.1 * k) for k in range(1, 90)]
    result = pooled(Pooling(strategy="peak-hold", window_s=10.0), *calm, *attacked)
    assert result.windows == 10
    assert result.peak == pytest.approx(4.0 * 89 / 99)
    assert pooled(Pooling(), *calm).peak is None


def test_of_challenges_the_clearest_counts() -> None:
    """A window whose curtain is drawn for the third try, and a recorded answer that a bright room does not excuse."""
    clearest = Pooling("strongest")
    one, other, passed, failed = (observation(FACE, score) for score in (1.39, 1.2, -5.73, 3.0))
    assert pooled(clearest, one, other, passed).statistic == -5.73
    assert pooled(clearest, failed, one).statistic == 3.0
    assert pooled(clearest, observation(FACE, -2.0), observation(FACE, 2.0)).statistic == 2.0


def test_evidence_shows_the_most_attack_like_moments_in_order_of_time() -> None:
    scores = {1.0: 0.5, 2.0: 0.9, 3.0: 0.1, 4.0: 0.7, 5.0: 0.2}
    result = pooled(Pooling(), *(observation(FACE, score, t=t) for t, score in scores.items()))
    assert [ref.span.end for ref in result.evidence] == [1.0, 2.0, 4.0]


def test_before_any_reading_it_is_not_yet() -> None:
    assert Pool(Pooling()).pooled() == Absent(Reason.NOT_YET)


def test_the_reason_for_absence_is_the_one_that_dominated_lately() -> None:
    pool = Pool(Pooling())
    for t in range(30):
        pool.add(abstention(Reason.TOO_DARK, float(t)))
    for t in range(30, 42):
        pool.add(abstention(Reason.NO_FACE, float(t), f"frame {t}"))
    assert pool.pooled() == Absent(Reason.NO_FACE, "frame 41")
    assert pool.abstentions == 42


def test_of_equally_frequent_reasons_the_latest_is_told() -> None:
    pool = Pool(Pooling())
    for t, reason in enumerate([Reason.NO_FACE, Reason.TOO_DARK, Reason.TOO_DARK, Reason.NO_FACE]):
        pool.add(abstention(reason, float(t)))
    assert pool.pooled() == Absent(Reason.NO_FACE)


def test_one_measurement_outweighs_any_number_of_abstentions() -> None:
    pool = Pool(Pooling())
    pool.add(observation(FACE, 1.5))
    for t in range(50):
        pool.add(abstention(Reason.NO_FACE, float(t)))
    result = pool.pooled()
    assert isinstance(result, Pooled)
    assert result.statistic == 1.5
    assert result.observations == 1


def test_what_is_measured_all_the_time_fades_and_what_is_found_once_does_not() -> None:
    """The shipped calibrations: averages with a half-life of two minutes; challenges, switches of the person and loops without."""
    half_lives = {kind: each.pooling.half_life_s for kind, each in load_parameters().signals.items()}
    assert half_lives == {
        "face_match": CONTINUOUS_HALF_LIFE_S,
        "voice_match": CONTINUOUS_HALF_LIFE_S,
        "face_pad": CONTINUOUS_HALF_LIFE_S,
        "voice_pad": CONTINUOUS_HALF_LIFE_S,
        "av_sync": CONTINUOUS_HALF_LIFE_S,
        "voice_over": CONTINUOUS_HALF_LIFE_S,
        "face_continuity": None,
        "voice_continuity": None,
        "second_voice": None,
        "injection_frames": None,
        "injection_page": None,
        "injection_transport": None,
        "flash_challenge": None,
    }


@pytest.mark.parametrize(("half_life_s", "within_s"), [(CONTINUOUS_HALF_LIFE_S, 125.0), (None, 601.0)])
def test_an_attack_that_begins_after_ten_minutes_turns_the_mean(
    half_life_s: float | None, within_s: float
) -> None:
    pool = Pool(Pooling(trim=0.1, half_life_s=half_life_s))
    for t in range(600):
        pool.add(observation(FACE, -1.0, t=float(t)))
    for after in range(1200):
        pool.add(observation(FACE, 1.0, t=600.0 + after))
        now = pool.pooled()
        assert isinstance(now, Pooled)
        if now.statistic > 0.0:
            break
    assert within_s - 30.0 < after < within_s


@pytest.mark.parametrize("rho", [0.0, 0.321, 0.9])
def test_the_standard_error_is_that_of_means_of_an_autocorrelated_series(rho: float) -> None:
    """Against the spread of the means themselves, over series as long as a call."""
    rng = np.random.default_rng(3)
    series = np.empty((400, 300))
    series[:, 0] = rng.standard_normal(400)
    for t in range(1, 300):
        series[:, t] = rho * series[:, t - 1] + np.sqrt(1.0 - rho**2) * rng.standard_normal(400)
    told = []
    for row in series[:40]:
        readings = [observation(FACE, float(score), t=float(t)) for t, score in enumerate(row)]
        told.append(pooled(Pooling(trim=0.0, autocorrelation=rho, reading_sd=1.0), *readings).standard_error)
    assert float(np.mean(told)) == pytest.approx(float(series.mean(axis=1).std()), rel=0.15)


@given(
    st.lists(st.tuples(st.floats(0.0, 40.0), SCORES, st.floats(0.01, 1.0)), min_size=1, max_size=60),
    st.floats(1.0, 20.0),
)
def test_the_peak_is_the_worst_mean_of_all_windows(
    readings: list[tuple[float, float, float]], window_s: float
) -> None:
    pool = Pool(Pooling(strategy="peak-hold", window_s=window_s))
    windows: dict[int, list[tuple[float, float]]] = {}
    for t, score, quality in readings:
        pool.add(observation(FACE, score, t=t, quality=quality))
        windows.setdefault(int(t // window_s), []).append((score, quality))
        found = pool.pooled()
        assert isinstance(found, Pooled)
        means = [
            sum(score * weight for score, weight in each) / sum(weight for _, weight in each)
            for each in windows.values()
        ]
        assert found.peak == pytest.approx(max(means), abs=1e-9)
        assert found.windows == len(windows)
