from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from biometrics.challenges.pose import AXIS, pose_plan
from biometrics.evaluation.pose_tracks import Habits, draw_habits, pose_facts, pose_track, shown_times
from biometrics.evaluation.pose_trials import BEHAVIOURS, HONEST, pose_figures
from biometrics.head.turns import SIGNS

PLAN = pose_plan(b"simulated")
SHOWN_S = shown_times(PLAN)
ORDER = [step.direction for step in PLAN.steps]
STILL = Habits(reaction_spread=0.0, sway_deg=(0.0, 0.0), jitter_deg=0.0)


def test_every_behaviour_is_measured_and_told_apart() -> None:
    seen: list[tuple[int, int, str]] = []
    found = pose_figures(5, lambda *each: seen.append(each))
    assert [row.behaviour for row in found.rows] == list(BEHAVIOURS)
    assert len(seen) == 5 * len(BEHAVIOURS)
    for row in found.rows:
        assert row.abstained.value == 0.0
        assert row.error.n == 5
    by_name = {row.behaviour: row for row in found.rows}
    assert by_name["follows"].score[2] < -5.0
    assert by_name["ignores"].score[0] > 0.0
    assert by_name["scripted"].reaction_s[1] < 0.12 < by_name["follows"].reaction_s[0]
    plain = json.loads(json.dumps(found.as_json(), allow_nan=False))
    assert [row["kind"] for row in plain["rows"]] == [
        "frr" if name in HONEST else "far" for name in BEHAVIOURS
    ]


def test_a_simulated_head_is_where_the_arrow_said_when_the_arrow_goes() -> None:
    t, angles = pose_track(ORDER, SHOWN_S, STILL, np.random.default_rng(1))
    for direction, end in zip(ORDER, SHOWN_S[1:], strict=True):
        offset = angles[int(np.searchsorted(t, end)) - 1]
        assert offset[AXIS[direction]] * SIGNS[direction] > 8.0
        assert abs(offset[1 - AXIS[direction]]) < 9.0


def test_a_head_that_only_sways_has_the_sway_that_it_was_given() -> None:
    habits = replace(STILL, sway_deg=(6.0, 3.0), jitter_deg=0.5)
    tracks = [pose_track(None, SHOWN_S, habits, np.random.default_rng(k))[1] for k in range(20)]
    spread = np.concatenate(tracks).std(axis=0)
    assert spread == pytest.approx([np.hypot(6.0, 0.5), np.hypot(3.0, 0.5)], rel=0.15)


def test_the_simulated_talking_heads_span_what_the_clips_show() -> None:
    drawn = [draw_habits("ignores", np.random.default_rng(k)) for k in range(300)]
    yaw, pitch = np.array([habits.sway_deg for habits in drawn]).T
    assert 0.9 <= yaw.min() < 1.5 < 7.5 < yaw.max() <= 8.0
    assert 1.4 <= pitch.min() < 2.0 < 6.0 < pitch.max() <= 6.6


def test_the_facts_tell_what_was_shown() -> None:
    facts = pose_facts(b"simulated", SHOWN_S)
    assert [fact.values["event"] for fact in facts] == ["begin", *["show"] * len(ORDER), "end"]
    assert [fact.values["shown_s"] for fact in facts[1:-1]] == list(SHOWN_S[:-1])
    assert bytes.fromhex(facts[0].values["seed"]) == b"simulated"
