from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.challenges.drbg import challenge_drbg
from biometrics.challenges.flash import CHIPS, GREY, PALETTE, Colour, FlashPlan, draw_codes, emitted
from biometrics.challenges.wcag import Flashes, chromaticity, flashes
from biometrics.colour import coded_light, linear_light

RATE_HZ = 60.0
WHITE = Colour("white", "#ffffff", 0, 0)


def blinking(bright: float, dark: float, hz: float, seconds: float = 3.0) -> Flashes:
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    on = (np.floor(t * 2 * hz) % 2).astype(bool)
    return flashes(t, np.where(on, bright, dark)[:, np.newaxis] * np.ones(3))


def test_four_flashes_a_second_are_too_many() -> None:
    assert not blinking(1.0, 0.2, 4.0).safe
    assert blinking(1.0, 0.2, 4.0).general_transitions in (8, 9)


def test_two_flashes_a_second_are_not() -> None:
    assert blinking(1.0, 0.2, 2.0).safe
    assert blinking(1.0, 0.2, 2.0).general_transitions in (4, 5)


@pytest.mark.parametrize(("bright", "dark"), [(0.29, 0.2), (1.0, 0.81)])
def test_small_or_bright_changes_are_no_flashes(bright: float, dark: float) -> None:
    assert blinking(bright, dark, 10.0) == Flashes(0, 0)


def test_a_change_that_goes_on_into_the_dark_counts_once() -> None:
    t = np.arange(60) / RATE_HZ
    assert flashes(t, np.linspace(1.0, 0.1, 60)[:, np.newaxis] * np.ones(3)).general_transitions == 1


def alternating(one: tuple[float, float, float], other: tuple[float, float, float], hz: float) -> Flashes:
    t = np.arange(int(3 * RATE_HZ)) / RATE_HZ
    on = (np.floor(t * 2 * hz) % 2).astype(bool)
    return flashes(t, np.where(on[:, np.newaxis], one, other))


def test_saturated_red_counts_however_equal_the_luminance() -> None:
    """(0.5, 0.02, 0.02) and the grey of its luminance: WCAG 2.2's red flash."""
    grey = 0.2126 * 0.5 + 0.7874 * 0.02
    counted = alternating((0.5, 0.02, 0.02), (grey, grey, grey), 4.0)
    assert counted.general_transitions == 0
    assert counted.red_transitions in (8, 9)
    assert not counted.safe


def test_a_red_that_is_less_than_saturated_does_not() -> None:
    assert alternating((0.7, 0.1, 0.1), (0.2, 0.2, 0.2), 4.0).red_transitions == 0


def test_two_saturated_reds_do_not_flash_between_each_other() -> None:
    assert alternating((0.9, 0.01, 0.01), (0.8, 0.02, 0.02), 4.0).red_transitions == 0


def test_chromaticities_are_the_cie_s() -> None:
    """u', v' of D65 white and of sRGB's red primary."""
    np.testing.assert_allclose(
        chromaticity(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 0.0]])),
        [[0.1978, 0.4683], [0.4507, 0.5229]],
        atol=2e-4,
    )


@cache
def plans() -> tuple[FlashPlan, ...]:
    """Ten thousand codes, as `flash_plan` draws one."""
    codes = draw_codes(challenge_drbg(b"law", "flash-1"), 10_000, CHIPS)
    return tuple(FlashPlan(tuple(code)) for code in codes.tolist())


def screen(
    plan: FlashPlan, at_s: NDArray[np.float64], around: Colour = GREY, before_s: float = 0.0
) -> NDArray[np.float64]:
    """The whole challenge, before and after it the page."""
    colours = [around, *(plan.colour(k) for k in range(-1, len(plan.chips) + 1)), around]
    shown = [0.0, before_s, *(before_s + t for t in plan.shown_s()), before_s + plan.duration_s]
    return emitted(colours, shown, at_s, plan.fade_s)


def worst(count: int, at_s: NDArray[np.float64], around: Colour = GREY, before_s: float = 0.0) -> Flashes:
    """The most that any of the codes makes."""
    counted = [flashes(at_s, screen(plan, at_s, around, before_s)) for plan in plans()[:count]]
    return Flashes(
        max(each.general_transitions for each in counted), max(each.red_transitions for each in counted)
    )


def test_no_code_of_ten_thousand_flashes() -> None:
    """Cross-faded in linear light, 30 times a second."""
    assert worst(10_000, np.arange(18 * 30) / 30.0) == Flashes(0, 0)


def test_nor_as_hard_cuts_which_a_slow_screen_may_make_of_it() -> None:
    assert worst(10_000, np.arange(0.25, 18.0, 0.5)) == Flashes(0, 0)


def test_a_white_page_before_and_after_is_one_change_each() -> None:
    t = np.arange(int(20 * RATE_HZ)) / RATE_HZ
    assert worst(100, t, WHITE, before_s=0.5) == Flashes(1, 0)


def test_a_fade_in_coded_values_as_style_sheets_make_it_does_not_flash_either() -> None:
    """Between any two of the colours: a dip in luminance, of less than a tenth."""
    for one in (*PALETTE, GREY):
        for other in (*PALETTE, GREY):
            share = np.linspace(0, 1, 20)[:, np.newaxis]
            there = (
                coded_light(np.array(one.linear)) * (1 - share) + coded_light(np.array(other.linear)) * share
            )
            back = np.concatenate([there, there[::-1]] * 5)
            assert flashes(np.arange(len(back)) / RATE_HZ, linear_light(back)) == Flashes(0, 0)
