"""How a challenge goes on: the pace, the deadlines, and that no acknowledgement passes but the next."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.challenges.digits import digits_plan
from biometrics.challenges.flash import PALETTE, flash_plan
from biometrics.challenges.pose import pose_plan
from interview.challenges.conduct import ANSWER_S, LEAD_S, SILENCE_S, Conduct, OutOfStep
from interview.challenges.script import Script, Step, script_of

SEED = b"a seed of thirty-two bytes, yes!"


def script(*after_s: float, lead: bool = False, tail_s: float = 1.0) -> Script:
    steps = tuple(Step(k - lead, gap) for k, gap in enumerate(after_s))
    return Script(steps, len(steps) - lead, tail_s, {})


def test_nobody_answers() -> None:
    conduct = Conduct(script(0.0), 100.0)
    assert conduct.due(100.0 + ANSWER_S - 0.001) is None
    assert conduct.due(100.0 + ANSWER_S) == "expired"


def test_each_step_comes_just_before_its_time_after_the_one_before_was_displayed() -> None:
    conduct = Conduct(script(0.0, 1.0, 0.5), 100.0)
    conduct.start(103.0)
    assert conduct.due(103.0) == Step(0, 0.0)
    assert conduct.due(103.0) is None
    conduct.acknowledge(0, 103.4)
    assert conduct.due_s == pytest.approx(103.4 + 1.0 - LEAD_S)
    assert conduct.due(conduct.due_s - 0.001) is None
    assert conduct.due(conduct.due_s) == Step(1, 1.0)
    conduct.acknowledge(1, 104.5)
    assert conduct.due(104.5 + 0.5 - LEAD_S) == Step(2, 0.5)
    conduct.acknowledge(2, 105.0)
    assert (conduct.due(105.999), conduct.due(106.0)) == (None, "done")
    assert conduct.shown == 3


def test_a_page_that_falls_silent() -> None:
    conduct = Conduct(script(0.0, 0.5), 100.0)
    conduct.start(100.0)
    assert conduct.due(100.0) == Step(0, 0.0)
    conduct.acknowledge(0, 100.1)
    assert conduct.due(100.5) == Step(1, 0.5)
    assert conduct.due(100.5 + LEAD_S + SILENCE_S - 0.001) is None
    assert conduct.due(100.5 + LEAD_S + SILENCE_S) == "unseen"


def test_a_step_shorter_than_the_lead_is_due_at_once() -> None:
    conduct = Conduct(script(0.0, 0.05), 100.0)
    conduct.start(100.0)
    conduct.due(100.0)
    conduct.acknowledge(0, 100.2)
    assert conduct.due(100.2) == Step(1, 0.05)


def test_lead_in_and_tail_are_no_steps_of_the_plan() -> None:
    conduct = Conduct(Script((Step(-1, 0.0), Step(0, 1.0), Step(1, 0.5)), 1, 1.0, {}), 100.0)
    conduct.start(100.0)
    counted = []
    for k in (-1, 0, 1):
        assert conduct.due(conduct.due_s) is not None
        conduct.acknowledge(k, conduct.due_s)
        counted.append(conduct.shown)
    assert counted == [0, 1, 1]


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["ack", "wait"]), st.integers(-1, 5), st.floats(0.0, 2.0)), max_size=40
    )
)
def test_only_the_next_step_is_ever_taken_and_the_next_never_comes_before_it(
    events: list[tuple[str, int, float]],
) -> None:
    conduct = Conduct(script(0.0, 1.0, 0.5, 0.5, lead=True), 0.0)
    conduct.start(0.0)
    now_s, pushed, taken = 0.0, list[int](), list[int]()
    for event, k, gap_s in events:
        now_s += gap_s
        if event == "ack":
            try:
                conduct.acknowledge(k, now_s)
            except OutOfStep:
                assert k not in pushed or k in taken
            else:
                taken.append(k)
        while isinstance(due := conduct.due(now_s), Step):
            pushed.append(due.k)
        if due is not None:
            break
    assert taken == [-1, 0, 1, 2][: len(taken)]
    assert pushed == [-1, 0, 1, 2][: len(pushed)]
    assert len(taken) <= len(pushed) <= len(taken) + 1


def test_flash_shows_the_colours_of_its_plan_between_two_greys() -> None:
    plan, script = flash_plan(SEED), script_of("flash", SEED)
    assert script.count == len(plan.chips) == script.facts["chips"]
    assert [step.k for step in script.steps] == list(range(-1, script.count + 1))
    assert [step.colour for step in script.steps[1:-1]] == [PALETTE[chip].hex for chip in plan.chips]
    assert script.steps[0].colour == script.steps[-1].colour not in {colour.hex for colour in PALETTE}
    shown_s = [sum(step.after_s for step in script.steps[: k + 1]) for k in range(1, len(script.steps))]
    assert shown_s == pytest.approx(plan.shown_s())
    assert shown_s[-1] + script.tail_s == pytest.approx(plan.duration_s)
    assert script_of("flash", SEED) == script


def test_pose_shows_each_direction_when_the_one_before_was_held() -> None:
    plan, script = pose_plan(SEED), script_of("pose", SEED)
    assert [(step.k, step.direction) for step in script.steps] == list(
        enumerate(step.direction for step in plan.steps)
    )
    assert (script.count, dict(script.facts)) == (len(plan.steps), {})
    assert sum(step.after_s for step in script.steps) + script.tail_s == pytest.approx(plan.duration_s)
    assert [step.after_s for step in script.steps[1:]] == [step.hold_s for step in plan.steps[:-1]]


def test_digits_are_shown_one_by_one() -> None:
    plan, script = digits_plan(SEED), script_of("digits", SEED)
    assert "".join(step.digit or "?" for step in script.steps) == plan.digits
    assert [step.after_s for step in script.steps] == [0.0] + [plan.period_s] * (len(plan.digits) - 1)
    assert (script.count, script.tail_s, dict(script.facts)) == (len(plan.digits), plan.period_s, {})
