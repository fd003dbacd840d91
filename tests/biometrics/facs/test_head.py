"""Head motion: its size, its determinism, and that a turn moves near and far differently."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.facs.clip import Stage
from biometrics.facs.head import turns
from biometrics.facs.plan import ClipPlan, HeadMotion, Nod
from biometrics.facs.rig import Rig
from biometrics.facs.truth import landmarks_at
from tests.biometrics.facs.pictures import map_of_itself

STILL = HeadMotion(0.0, 0.0, 0.0, 0.0, 0.0)
SIZE, EYES_PX = (360, 420), 80.0


def test_a_head_that_is_still_is_still() -> None:
    for turn in turns(ClipPlan(1, 1.0, head=STILL), np.arange(5) / 30):
        assert np.array_equal(turn.turn, np.eye(3))
        assert not turn.shift.any()
        assert turn.scale == 1.0


def test_the_size_of_the_motion_is_what_the_plan_says() -> None:
    plan = ClipPlan(4, 600.0, head=HeadMotion(shift=0.05, tremor=0.0))
    shift = np.array([turn.shift for turn in turns(plan, np.arange(6000) / 10)])
    assert np.sqrt((shift**2).mean(axis=0)) == pytest.approx([0.05, 0.05], rel=0.1)


def test_a_moment_is_the_same_whichever_others_are_asked_for() -> None:
    plan = ClipPlan(4, 2.0)
    among, alone = turns(plan, np.arange(60) / 30)[17], turns(plan, np.array([17 / 30]))[0]
    assert np.allclose(among.turn, alone.turn, atol=1e-12)
    assert np.allclose(among.shift, alone.shift, atol=1e-12)


def test_a_nod_turns_by_its_angle_and_returns() -> None:
    plan = ClipPlan(1, 2.0, head=STILL, nods=(Nod(0.5, 1.0, 0.0, 5.0),))
    before, most, after = turns(plan, np.array([0.5, 1.0, 1.5]))
    assert np.degrees(np.arcsin(most.turn[0, 2])) == pytest.approx(-5.0)
    assert np.allclose(before.turn, np.eye(3))
    assert np.allclose(after.turn, np.eye(3))


def test_the_nose_goes_further_than_the_ears_when_the_head_turns() -> None:
    plan = ClipPlan(1, 2.0, size=SIZE, inter_ocular_px=EYES_PX, head=STILL, nods=(Nod(0.0, 1.0, 0.0, 5.0),))
    stage = Stage(Rig(map_of_itself(), SIZE, EYES_PX), plan)
    rest, turned = landmarks_at(stage, np.array([0.0, 0.5]))
    across = turned[:, 0] - rest[:, 0]
    nose, temples = across[4], across[[127, 356]].mean()
    assert nose > temples + 1.0  # to the image's right
    assert np.abs(rest - stage.rig.landmarks[:468, :2]).max() < 1e-3
