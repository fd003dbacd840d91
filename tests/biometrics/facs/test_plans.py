"""Plans drawn at random keep to what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.facs.plans import CLASSES, MACRO, Mix, draw_movement, draw_plan, draw_units
from biometrics.facs.rig import Rig
from biometrics.facs.units import UNITS
from tests.biometrics.facs.pictures import portrait

SEEDS = st.integers(0, 2**31)


@given(SEEDS, st.floats(4.0, 60.0))
@settings(deadline=None)
def test_movements_are_apart_inside_the_clip_and_of_their_kind(seed: int, duration_s: float) -> None:
    plan = draw_plan(np.random.default_rng(seed), duration_s)
    for before, after in zip(plan.movements, plan.movements[1:], strict=False):
        assert after.onset_s - before.offset_s >= 0.7
    for each in plan.movements:
        assert each.onset_s >= 0.5
        assert each.offset_s < duration_s
        assert set(each.units) <= set(UNITS)
        assert max(each.units.values()) == 1.0
        if each.label == MACRO:
            assert 0.6 <= each.duration_s <= 3.0 + 1e-9
        else:
            assert each.label in CLASSES
            assert 0.14 - 1e-9 <= each.duration_s <= 0.5 + 1e-9
            assert 0.005 <= each.amplitude <= 0.03
    assert all(0.0 <= said.start_s < said.end_s <= duration_s for said in plan.speech)
    assert all(0.0 < blink.t < duration_s for blink in plan.blinks)


def test_the_same_seed_is_the_same_plan() -> None:
    one, two, other = (draw_plan(np.random.default_rng(seed), 30.0) for seed in (1, 1, 2))
    assert one == two
    assert one != other


def test_a_mix_of_nothing_is_a_still_person() -> None:
    plan = draw_plan(
        np.random.default_rng(1), 30.0, mix=Mix(brief=0, macro=0, blinks=0, glances=0, nods=0, speech=0)
    )
    assert (plan.movements, plan.blinks, plan.glances, plan.nods, plan.speech) == ((), (), (), (), ())


def test_rates_and_shares_are_those_of_the_mix() -> None:
    rng = np.random.default_rng(5)
    plan = draw_plan(rng, 3000.0, mix=Mix(brief=12, macro=3, speech=0.4))
    brief = sum(each.label != MACRO for each in plan.movements)
    assert brief / 50 == pytest.approx(12, rel=0.2)
    assert len(plan.blinks) / 50 == pytest.approx(17, rel=0.2)
    assert sum(said.end_s - said.start_s for said in plan.speech) / 3000 == pytest.approx(0.4, abs=0.05)


@pytest.mark.parametrize("label", CLASSES)
def test_classes_are_made_of_their_units(label: str) -> None:
    rng = np.random.default_rng(2)
    found = {name for _ in range(400) for name in draw_units(rng, label)}
    expected = {
        "negative": {f"AU{n}" for n in (1, 4, 7, 9, 10, 14, 15, 17, 20, 23, 24)},
        "positive": {"AU6", "AU12", "AU14"},
        "surprise": {"AU1", "AU2", "AU5"},
    }
    assert found == expected[label]


def test_any_of_them_can_be_rendered() -> None:
    rig = Rig(portrait(), (240, 320), 44.0)
    rng = np.random.default_rng(3)
    for _ in range(40):
        label = CLASSES[int(rng.integers(3))]
        rig.movement(draw_movement(rng, 1.0, label, (0.03, 0.03)))
    for each in draw_plan(rng, 240.0, mix=Mix(macro=30)).movements:
        rig.movement(each)
