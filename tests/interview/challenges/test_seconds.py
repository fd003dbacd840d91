"""What the next check says a challenge takes is no less than what it displays."""

from __future__ import annotations

import pytest

from fraudmodel.checks import Check, load_checks
from interview.challenges.script import script_of

STARTS = [each for each in load_checks().checks.values() if each.starts is not None]


@pytest.mark.parametrize("check", STARTS, ids=[each.name for each in STARTS])
def test_a_challenge_takes_at_least_what_it_displays_and_the_time_to_answer(check: Check) -> None:
    assert check.starts is not None
    script = script_of(check.starts, bytes(32))
    displayed_s = sum(step.after_s for step in script.steps) + script.tail_s
    assert check.seconds >= displayed_s + 5.0


def test_every_kind_of_challenge_can_be_the_next_check() -> None:
    assert {each.starts for each in STARTS} == {"flash", "pose", "digits"}
