from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.facs.motion import activation
from biometrics.micro.baseline import LAGS, LEAST_NOISE, Baseline, Rest, swings
from biometrics.micro.curves import Curves
from biometrics.micro.masks import HELD_S
from biometrics.micro.motion import Shifts
from biometrics.micro.movement import Movement, is_brief
from biometrics.micro.regions import IS_UPPER, NAMES
from biometrics.micro.spotting import Moment, Spotter, same
from biometrics.micro.windows import LATE_S

NONE = np.zeros(len(NAMES), bool)
BROW, OTHER, CORNER = (
    NAMES.index(name) for name in ("inner_brow_left", "inner_brow_right", "mouth_corner_left")
)
NOISE = 0.002
Moves = list[tuple[float, float, float, dict[int, float]]]


def series(
    moves: Moves,
    seconds: float = 26.0,
    fps: float = 30.0,
    scale: float = 1.0,
    head: float = 0.0,
    seed: int = 3,
) -> list[Shifts]:
    """Noise, with regions that go up and come back: (onset, apex, offset, how far each region)."""
    rng = np.random.default_rng(seed)
    found = []
    for k in range(round(seconds * fps)):
        t = k / fps
        shift = NOISE * rng.normal(size=(len(NAMES), 2))
        pose = 0.01 * np.sin(2 * np.pi * np.array([0.9, 1.3, 0.7, 1.1, 1.7, 2.1]) * t)
        shift[:, 1] += head * pose.sum()
        for onset, apex, offset, regions in moves:
            for region, far in regions.items():
                shift[region, 1] -= far * activation(t, onset, apex, offset)
        found.append(Shifts(t, scale * shift, pose, 0.0, k > 0))
    return found


def spot(samples: list[Shifts], disturbed: dict[int, np.ndarray] | None = None) -> list[Movement]:
    spotter = Spotter()
    return [
        each
        for k, sample in enumerate(samples)
        for each in spotter.push(sample, (disturbed or {}).get(k, NONE)).movements
    ]


def test_a_brief_movement_is_found_with_its_times_its_place_and_its_size() -> None:
    (found,) = spot(series([(20.0, 20.15, 20.4, {BROW: 0.03, OTHER: 0.015})]))
    assert (found.onset_s, found.apex_s, found.offset_s) == pytest.approx((20.0, 20.15, 20.4), abs=0.05)
    assert found.brief
    assert found.upper
    assert found.regions[0] == "inner_brow_left"
    assert "inner_brow_right" in found.regions
    assert found.amplitude == pytest.approx(0.03, abs=0.006)
    assert found.asymmetry == pytest.approx(1 / 3, abs=0.15)


def test_one_below_the_eyes_is_not_upper() -> None:
    (found,) = spot(series([(20.0, 20.15, 20.4, {CORNER: 0.03})]))
    assert (found.upper, found.regions) == (False, ("mouth_corner_left",))


@pytest.mark.parametrize("fps", [24.0, 25.0, 30.0])
def test_the_frame_rate_does_not_move_it(fps: float) -> None:
    (found,) = spot(series([(20.0, 20.15, 20.4, {BROW: 0.03})], fps=fps))
    assert (found.onset_s, found.offset_s) == pytest.approx((20.0, 20.4), abs=0.06)


def test_a_long_one_is_not_brief() -> None:
    found = spot(series([(20.0, 20.4, 21.0, {BROW: 0.04})]))
    assert [each.brief for each in found] == [False]


def test_noise_alone_is_no_movement() -> None:
    assert not [each for seed in range(3) for each in spot(series([], seconds=60.0, seed=seed))]


def test_a_face_that_goes_and_stays_has_not_moved_briefly() -> None:
    samples = series([])
    moved = [
        Shifts(each.t, each.shift - 0.03 * (each.t > 20.0), each.pose, 0.0, each.unbroken) for each in samples
    ]
    assert not [each for each in spot(moved) if each.brief]


def test_nothing_is_found_before_rest_is_known() -> None:
    assert not spot(series([(8.0, 8.15, 8.4, {BROW: 0.05})], seconds=12.0))


def test_what_was_disturbed_is_not_judged() -> None:
    samples = series([(20.0, 20.15, 20.4, {BROW: 0.03})])
    assert not spot(samples, dict.fromkeys(range(603, 607), ~NONE))


def test_what_the_head_brings_with_it_does_not_count() -> None:
    plain = spot(series([(20.0, 20.15, 20.4, {BROW: 0.03})]))
    nodding = spot(series([(20.0, 20.15, 20.4, {BROW: 0.03})], head=2.0))
    assert len(nodding) == 1
    assert nodding[0].strength == pytest.approx(plain[0].strength, rel=0.25)


@settings(deadline=None, max_examples=4)
@given(scale=st.floats(1.0, 20.0))
def test_the_threshold_is_in_the_persons_own_deviations(scale: float) -> None:
    """A face that trembles more must move more: everything scaled alike reads alike."""
    moves: Moves = [(20.0, 20.15, 20.4, {BROW: 0.03})]
    (one,), (other,) = spot(series(moves)), spot(series(moves, scale=scale))
    assert other.strength == pytest.approx(one.strength, rel=1e-6)
    assert (other.onset_s, other.apex_s, other.offset_s) == pytest.approx(
        (one.onset_s, one.apex_s, one.offset_s)
    )
    assert other.amplitude == pytest.approx(scale * one.amplitude)


def test_the_same_movement_in_a_restless_face_is_weaker() -> None:
    (calm,) = spot(series([(20.0, 20.15, 20.4, {BROW: 0.04})]))
    restless = series([(20.0, 20.15, 20.4, {BROW: 0.01})], scale=4.0)
    found = spot(restless)
    assert not found or found[0].strength < 0.5 * calm.strength


def test_a_break_begins_anew_but_keeps_what_rest_is() -> None:
    first, then = series([], seconds=20.0), series([(3.0, 3.15, 3.4, {BROW: 0.03})], seconds=6.0, seed=8)
    later = [Shifts(each.t + 21.0, each.shift, each.pose, 0.0, each.unbroken) for each in then]
    (found,) = spot([*first, *later])
    assert found.apex_s == pytest.approx(24.15, abs=0.05)


def looks(samples: list[Shifts], disturbed: dict[int, np.ndarray] | None = None) -> list[Moment]:
    spotter = Spotter()
    return [
        moment
        for k, sample in enumerate(samples)
        for moment in spotter.push(sample, (disturbed or {}).get(k, NONE)).moments
    ]


def test_every_moment_of_an_unbroken_run_is_looked_at_in_time() -> None:
    """Samples come `HELD_S` late, and a window closes `LATE_S` after its end: by then all of it has been looked at."""
    spotter, seen = Spotter(), []
    for sample in series([], seconds=30.0):
        for moment in spotter.push(sample, NONE).moments:
            assert sample.t + HELD_S - moment.t < LATE_S - 0.5
            seen.append(moment)
    assert all(each.undisturbed for each in seen)
    assert 15.0 < seen[0].t < 17.0
    np.testing.assert_allclose(np.diff([each.t for each in seen]), 1 / 30)


def test_moments_about_a_disturbance_are_looked_at_in_vain() -> None:
    disturbed = dict.fromkeys(range(750, 756), IS_UPPER)
    hidden = [each.t for each in looks(series([], seconds=30.0), disturbed) if not each.undisturbed]
    assert (hidden[0], hidden[-1]) == pytest.approx((25.0 - 5 / 30, 25.0 + 10 / 30), abs=0.04)
    below = dict.fromkeys(range(750, 756), ~IS_UPPER)
    assert all(each.undisturbed for each in looks(series([], seconds=30.0), below))


def test_short_runs_are_not_looked_at() -> None:
    first, then = series([], seconds=20.0), series([], seconds=2.0)
    later = [
        Shifts(each.t + 21.0 + 2.1 * k, each.shift, each.pose, 0.0, each.unbroken)
        for k in range(4)
        for each in then
    ]
    assert max(each.t for each in looks([*first, *later])) < 20.0


def test_swings_of_a_line_are_nought_and_of_a_peak_its_height() -> None:
    line = np.arange(60.0)[:, np.newaxis]
    centres = np.array([20, 30])
    np.testing.assert_allclose(swings(line, centres), 0.0, atol=1e-12)
    peak = np.zeros((60, 1))
    peak[30] = 1.0
    np.testing.assert_allclose(swings(peak, centres)[1], 1.0)


def test_rest_is_known_after_fifteen_seconds_and_what_it_measures_is_the_noise() -> None:
    rng = np.random.default_rng(2)
    baseline = Baseline()
    curves = np.concatenate([NOISE * rng.normal(size=(900, 24)), rng.normal(size=(900, 6))], axis=1)
    usable = np.ones((15, len(LAGS), len(NAMES)), bool)
    for start in range(15, 800, 15):
        before = baseline.observed_s
        baseline.push(swings(curves, np.arange(start, start + 15)), usable)
        baseline.settle()
        assert (baseline.rest is not None) == (before + 0.5 >= 15.0)
    assert isinstance(baseline.rest, Rest)
    # A value less the mean of two others: half as much variance again.
    assert baseline.rest.noise == pytest.approx(NOISE * np.sqrt(1.5), rel=0.15)


def test_a_picture_without_noise_has_the_least_there_is() -> None:
    baseline = Baseline()
    for _ in range(32):
        baseline.push(np.zeros((15, len(LAGS), 30)), np.ones((15, len(LAGS), len(NAMES)), bool))
    baseline.settle()
    assert baseline.rest is not None
    assert (baseline.rest.noise == LEAST_NOISE).all()


def test_samples_between_frames_lie_on_the_line_between_them() -> None:
    curves = Curves()
    for k in range(25):
        value = np.full((len(NAMES), 2), k / 25)
        curves.push(Shifts(k / 25, value, np.zeros(6), 0.0, k > 0), NONE)
    rows, disturbed = curves.between(0, len(curves))
    times = np.array([curves.time(k) for k in range(len(curves))])
    np.testing.assert_allclose(rows[:, 0], times, atol=1e-9)
    np.testing.assert_allclose(np.diff(times), 1 / 30)
    assert not disturbed.any()


def moved(onset_s: float, offset_s: float, *regions: str) -> Movement:
    return Movement(onset_s, (onset_s + offset_s) / 2, offset_s, 0.02, 10.0, 0.0, regions, True, True)


@pytest.mark.parametrize(
    ("other", "one_movement"),
    [
        (moved(1.3, 2.0, "chin"), False),
        (moved(1.1, 1.8, "chin"), True),
        (moved(1.0, 1.5, "chin", "glabella"), True),
        (moved(1.5, 2.0, "chin"), False),
        (moved(1.2, 1.3, "glabella"), False),
        (moved(1.0, 3.0, "chin"), True),
    ],
)
def test_what_is_part_of_another(other: Movement, one_movement: bool) -> None:
    one = moved(1.0, 1.5, "chin", "mouth_corner_left")
    assert same(one, other) is same(other, one) is one_movement


@pytest.mark.parametrize(
    ("duration_s", "brief"), [(0.12, False), (0.131, True), (0.3, True), (0.499, True), (0.51, False)]
)
def test_brief_is_from_013_to_half_a_second(duration_s: float, brief: bool) -> None:
    assert is_brief(2.0, 2.0 + duration_s) is brief


def test_a_way_back_that_falters_is_told_once() -> None:
    falters: Moves = [(22.0, 22.3, 23.9, {CORNER: 0.05}), (22.68, 22.88, 23.08, {CORNER: 0.03})]
    assert len(spot(series(falters))) == 1


_IN_A_PROCESS = """
from tests.biometrics.micro.test_spotting import NAMES, series, spot
regions = {k: 0.03 + 0.0013 * k for k in range(len(NAMES))}
print([movement.asymmetry.hex() for movement in spot(series([(20.0, 20.15, 20.4, regions)]))])
"""


def test_every_process_measures_the_same_to_the_bit() -> None:
    told = {
        subprocess.run(
            [sys.executable, "-c", _IN_A_PROCESS],
            cwd=Path(__file__).parents[3],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in range(1, 5)
    }
    assert len(told) == 1
    assert "0x" in told.pop()
