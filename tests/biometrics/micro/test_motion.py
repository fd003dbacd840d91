from __future__ import annotations

import numpy as np
import pytest

from biometrics.micro.align import Aligned, Aligner
from biometrics.micro.motion import RegionMotion, Shifts
from biometrics.micro.regions import IS_UPPER, LOWER, NAMES, UPPER, discs, eye_discs, rigid_pixels
from tests.biometrics.micro import faces

BROW = NAMES.index("inner_brow_left")


def shifts(
    movements: list[tuple[float, float, float]], amplitude: float = 0.02, seconds: float = 2.5
) -> list[Shifts]:
    aligner, motion = Aligner(), RegionMotion()
    found = []
    for view in faces.views(seconds, movements, amplitude):
        aligned = aligner.push(view)
        assert isinstance(aligned, Aligned)
        found.append(motion.push(aligned))
    return found


@pytest.mark.parametrize("amplitude", [0.005, 0.02, 0.04])
def test_a_brow_that_goes_up_and_back_is_seen_to(amplitude: float) -> None:
    found = shifts([(1.2, 1.4, 1.7)], amplitude)
    up = np.array([-each.shift[BROW, 1] for each in found])
    assert int(up.argmax()) == 42
    # A region is wider than the painted bump: it moves by a fixed share of it.
    assert 0.6 * amplitude < up.max() < amplitude
    assert abs(up[-10:]).max() < 0.2 * up.max()


def test_what_does_not_move_stays() -> None:
    found = shifts([(1.2, 1.4, 1.7)])
    far = np.array([np.hypot(*each.shift.T) for each in found])
    others = [k for k, name in enumerate(NAMES) if "left" not in name and name != "glabella"]
    assert far[:, others].max() < 0.1 * far[:, BROW].max() + 0.001


def test_it_goes_on_where_its_reference_is_renewed() -> None:
    up = np.array([-each.shift[BROW, 1] for each in shifts([(0.9, 1.1, 1.4)])])
    assert up[33] == pytest.approx(up.max(), rel=0.1)
    assert abs(up[-5:]).max() < 0.2 * up.max()


def test_after_a_break_everything_is_at_rest_again() -> None:
    aligner, motion = Aligner(), RegionMotion()
    views = faces.views(0.5, [(0.1, 0.2, 0.9)])
    for view in views[:10]:
        aligned = aligner.push(view)
        assert isinstance(aligned, Aligned)
        motion.push(aligned)
    again = Aligner().push(views[10])
    assert isinstance(again, Aligned)
    found = motion.push(again)
    assert not found.unbroken
    assert not found.shift.any()


def test_eyes_that_stay_open_do_not_change() -> None:
    assert max(each.eyes for each in shifts([], seconds=0.5)) < 0.3


def test_regions_are_the_twelve_of_the_contract() -> None:
    assert UPPER + LOWER == NAMES
    assert len(NAMES) == 12
    assert IS_UPPER.sum() == 7


def test_discs_weigh_what_is_about_their_landmarks() -> None:
    found = Aligner().push(faces.views(0.1)[0])
    assert isinstance(found, Aligned)
    weights = discs(found.points)
    np.testing.assert_allclose(weights.sum(axis=(1, 2)), 1.0)
    rows, columns = np.mgrid[0:128, 0:128]
    left, right = (NAMES.index(f"inner_brow_{side}") for side in ("left", "right"))
    assert (weights[left] * columns).sum() > 64 > (weights[right] * columns).sum()
    assert (weights[left] * rows).sum() < (weights[NAMES.index("chin")] * rows).sum()
    assert eye_discs(found.points).shape == (2, 128, 128)
    across, down = rigid_pixels(found.points)
    assert len(across) == len(down) > 100
