from __future__ import annotations

import numpy as np
import pytest

from biometrics.evaluation.flash_trials import STAGES, Session, Size, flash_figures, row, simulated


def test_one_session_is_judged_at_every_stage_and_is_its_generator_s() -> None:
    session = simulated(3.0, np.random.default_rng(4), codes=200)
    assert session.own.shape == (len(STAGES),)
    assert session.others.shape == (len(STAGES), 200)
    assert session.own[-1] < 1e-4
    assert 0.3 < np.median(session.others) < 0.7
    again = simulated(3.0, np.random.default_rng(4), codes=200)
    np.testing.assert_array_equal(session.own, again.own)
    np.testing.assert_array_equal(session.others, again.others)


def a_session(own: list[float], others: float, weak: bool = False) -> Session:
    return Session(np.array(own), np.full(len(STAGES), weak), np.full((len(STAGES), 10), others), 0.1, 20.0)


def test_rates_are_counted() -> None:
    early, late, never = [1e-6] * 5, [0.5, 0.5, 0.5, 0.5, 6e-4], [0.5] * 5
    counted = row(
        -5.0, [a_session(early, 0.5), a_session(late, 0.5), a_session(never, 1e-6), a_session(never, 0.5)]
    )
    assert counted.frr[16].value == 0.75
    assert counted.frr[32].value == 0.5
    assert counted.frr_sequential is not None
    assert counted.frr_sequential.value == 0.5
    assert counted.far[24].value == 0.25
    assert counted.far[24].n == 40
    assert counted.far_sequential.value == 0.25
    assert counted.far_sequential.low <= 0.25 <= counted.far_sequential.high
    assert counted.chips == (16 + 3 * 32) / 4
    assert counted.weak_sequential is not None
    assert (counted.weak_sequential.value, counted.weak_sequential.n) == (0.0, 2)


def test_what_passes_as_weakly_as_glass_is_counted_by_itself() -> None:
    early, never = [1e-6] * 5, [0.5] * 5
    weak, strong = a_session(early, 0.5, weak=True), a_session(early, 0.5)
    counted = row(-5.0, [weak, weak, strong, a_session(never, 0.5, weak=True)])
    assert counted.weak_sequential is not None
    assert counted.weak_sequential.value == pytest.approx(2 / 3)
    assert counted.weak_sequential.n == 3


def test_faces_without_light_have_no_frr() -> None:
    counted = row(None, [a_session([0.5] * 5, 0.5)] * 2)
    assert counted.frr == {}
    assert counted.frr_sequential is None
    assert counted.far_sequential.value == 0.0


@pytest.mark.slow
def test_the_whole_experiment() -> None:
    told: list[str] = []
    figures = flash_figures(
        Size(target=6, others=3, codes=200), lambda _done, _total, what: told.append(what)
    )
    zero, target, _, unlit = figures.rows
    assert zero.frr_sequential is not None
    assert zero.frr_sequential.value == 0.0
    assert target.sessions == 6
    assert unlit.far_sequential.value < 5e-3
    assert (figures.codes, figures.flashing_codes) == (200, 0)
    assert set(told) == {"0 dB", "-5 dB", "-10 dB", "unlit", "codes through WCAG 2.3.1"}
