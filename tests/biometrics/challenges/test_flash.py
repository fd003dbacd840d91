from __future__ import annotations

import hashlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.challenges.drbg import HmacDrbg, challenge_drbg
from biometrics.challenges.flash import (
    CHIPS,
    GREY,
    LONGEST_RUN,
    LOOKS,
    MOST_IMBALANCE,
    PALETTE,
    draw_codes,
    emitted,
    flash_plan,
    signs,
)
from biometrics.colour import LUMINANCE

SEED = bytes(range(32))
PINNED = (1, 0, 3, 1, 3, 2, 2, 0, 3, 1, 1, 2)


def longest_run(bits: list[int]) -> int:
    longest = run = 1
    for before, after in pairwise(bits):
        run = run + 1 if before == after else 1
        longest = max(longest, run)
    return longest


def test_a_plan_is_its_seed_s() -> None:
    """A change of the generator would make every recorded challenge unverifiable: the first chips are pinned."""
    assert flash_plan(SEED).chips[:12] == PINNED
    assert flash_plan(SEED) == flash_plan(SEED)
    assert flash_plan(SEED).chips != flash_plan(SEED + b"x").chips


@settings(deadline=None)
@given(st.binary(min_size=1, max_size=64), st.integers(8, 64))
def test_every_code_is_balanced_and_without_long_runs(seed: bytes, chips: int) -> None:
    plan = flash_plan(seed, chips)
    assert len(plan.chips) == chips
    both = signs(np.array(plan.chips, np.int8))
    for bit in both.T:
        assert longest_run(bit.tolist()) <= LONGEST_RUN
        for look in (*LOOKS, chips):
            if look <= chips:
                assert abs(bit[:look].mean()) <= MOST_IMBALANCE


def test_colours_and_pairs_of_bits_are_as_likely() -> None:
    codes = draw_codes(HmacDrbg(b"many"), 4000, CHIPS)
    assert codes.shape == (4000, CHIPS)
    assert len({bytes(code) for code in codes}) == 4000
    for colour in range(4):
        assert abs((codes == colour).mean() - 0.25) < 0.01
    both = signs(codes).astype(float)
    assert abs(np.mean(both[..., 0] * both[..., 1])) < 0.02


def test_codes_of_one_generator_begin_where_the_last_ended() -> None:
    drbg = challenge_drbg(SEED, "other")
    assert not np.array_equal(draw_codes(drbg, 5, 16), draw_codes(drbg, 5, 16))


@pytest.mark.parametrize("chips", [0, 3, 65])
def test_too_few_or_too_many_chips_are_refused(chips: int) -> None:
    with pytest.raises(ValueError, match="4 to 64 chips"):
        flash_plan(SEED, chips)


def test_the_palette_is_equally_bright_and_never_a_saturated_red() -> None:
    for colour in (*PALETTE, GREY):
        light = np.array(colour.linear)
        assert abs(float(light @ LUMINANCE) - 0.35) < 0.005
        assert light[0] / light.sum() < 0.8


def test_the_palette_s_bits_are_what_the_light_does() -> None:
    grey = np.log(np.array(GREY.linear))
    for colour in PALETTE:
        red, green, blue = np.log(np.array(colour.linear)) - grey
        assert np.sign(red - green) == colour.rg
        assert np.sign(blue - (red + green) / 2) == colour.by


def test_the_light_is_grey_then_each_chip_then_grey() -> None:
    plan = flash_plan(SEED)
    colours = [plan.colour(k) for k in range(-1, len(plan.chips) + 1)]
    shown = (0.0, *plan.shown_s())
    settled = np.array([0.5, *(t + 0.3 for t in plan.shown_s())])
    light = emitted(colours, shown, settled, plan.fade_s)
    np.testing.assert_allclose(light, [colour.linear for colour in colours], atol=1e-9)
    halfway = emitted(colours, shown, np.array([plan.lead_s + plan.fade_s / 2]), plan.fade_s)
    np.testing.assert_allclose(halfway[0], (light[0] + light[1]) / 2)
    assert plan.duration_s == 18.0


def test_the_commitment_does_not_tell_the_code() -> None:
    """The page knows SHA-256 of the seed: another generator's seed."""
    assert flash_plan(hashlib.sha256(SEED).digest()).chips != flash_plan(SEED).chips
