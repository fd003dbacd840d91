"""On how many of the digits the visible mouth moved."""

from __future__ import annotations

import pytest

from biometrics.digits.bursts import Burst
from biometrics.digits.mouth import MouthMemory, MouthMoved
from biometrics.views import Fact

HEARD_S = 10.0


@pytest.mark.parametrize(
    ("seen", "moved", "told", "still"),
    [(8, 3, True, True), (8, 4, True, False), (4, 1, True, True), (3, 0, False, False), (0, 0, False, False)],
)
def test_fewer_than_half_of_at_least_four_is_a_still_mouth(
    seen: int, moved: int, told: bool, still: bool
) -> None:
    mouth = MouthMoved(seen, moved)
    assert (mouth.told, mouth.still) == (told, still)


def looks(moves_from: float, moves_to: float, gap_s: float = 0.04, track: int = 1) -> MouthMemory:
    """A mouth at 25 looks a second that opens and closes between two instants, with one gap just as the digit is heard."""
    memory = MouthMemory()
    for k in range(500):
        t = k / 25
        if HEARD_S < t < HEARD_S + gap_s - 1e-9:
            continue
        wide = 0.1 if moves_from <= t < moves_to and k % 2 else 0.0
        memory.learn(Fact(t, "mouth", {"track": track, "opening": 0.2 + wide}))
    return memory


def moved(memory: MouthMemory) -> MouthMoved:
    return memory.moved([Burst(HEARD_S, HEARD_S + 0.4)])


@pytest.mark.parametrize(
    ("moves_from", "moves_to", "counted"),
    [
        (HEARD_S - 0.35, HEARD_S, 1),  # it opens before it sounds
        (HEARD_S, HEARD_S + 0.6, 1),
        (HEARD_S - 2.0, HEARD_S - 0.4, 0),
        (HEARD_S + 0.7, HEARD_S + 3.0, 0),
    ],
)
def test_it_counts_where_it_moves_about_the_sound(moves_from: float, moves_to: float, counted: int) -> None:
    assert moved(looks(moves_from, moves_to)) == MouthMoved(1, counted)


def test_a_mouth_that_was_out_of_sight_for_a_moment_says_nothing() -> None:
    assert moved(looks(9.0, 12.0, gap_s=0.12)).seen == 1
    assert moved(looks(9.0, 12.0, gap_s=0.24)).seen == 0


def test_two_faces_are_no_one_s_mouth() -> None:
    memory = MouthMemory()
    for k in range(500):
        memory.learn(Fact(k / 25, "mouth", {"track": 1 if k < 250 else 2, "opening": 0.2 + 0.1 * (k % 2)}))
    assert moved(memory).seen == 0


def test_a_mouth_that_cannot_be_measured_says_nothing() -> None:
    memory = MouthMemory()
    for k in range(500):
        memory.learn(Fact(k / 25, "mouth", {"track": 1, "opening": None if k == 252 else 0.2}))
    assert moved(memory).seen == 0
