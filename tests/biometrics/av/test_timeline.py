"""Mouth and sound on one grid, whatever the order of arrival."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.av.timeline import WAIT_S, Rows, Timeline
from biometrics.av.window import joined
from biometrics.evaluation.av_clips import Talk, moved, played
from biometrics.views import FaceView, Fact
from fraudmodel.signals import Reason
from tests.biometrics.av.talking import arriving, face, facts, speaker, view


def blocks(items: Iterable[FaceView | Fact]) -> list[Rows]:
    timeline = Timeline()
    found = [
        rows
        for item in items
        for rows in (timeline.see(item) if isinstance(item, FaceView) else timeline.hear(item))
    ]
    return [*found, *timeline.finish()]


def same(one: list[Rows], other: list[Rows]) -> bool:
    pairs = zip(one, other, strict=True)
    names = ("t", "mouth", "levels_db", "speech")
    return all(
        np.array_equal(getattr(a, name), getattr(b, name), equal_nan=True) for a, b in pairs for name in names
    )


def test_levels_are_the_mean_of_the_sound_about_each_grid_point() -> None:
    ramp = facts(4.0, lambda t: -80.0 + 10.0 * t)
    rows = joined(blocks(played(Talk("", tuple(view(k / 25, face()) for k in range(100)), ramp))))
    inside = np.isfinite(rows.levels_db[:, 0])
    assert rows.levels_db[inside] == pytest.approx(
        np.repeat((-80.0 + 10.0 * rows.t[inside])[:, np.newaxis], 6, axis=1), abs=0.1
    )
    assert inside[2:80].all()


def test_openings_are_interpolated_between_frames_of_one_face_only() -> None:
    views = [view(0.05 * k, face(float(k)), 20.0) for k in range(40)]
    views[20:] = [replace(each, face=replace(each.face, track=2)) for each in views[20:] if each.face]
    rows = joined(blocks(views))
    seen = np.isfinite(rows.mouth[:, 0])
    assert np.diff(rows.mouth[:24, 0]) == pytest.approx(np.diff(rows.mouth[:24, 0]).mean(), abs=1e-4)
    between = (rows.t > 0.95) & (rows.t < 1.0)
    assert between.any()
    assert not seen[between].any()
    assert seen[(rows.t < 0.95) | ((rows.t > 1.0) & (rows.t < 1.9))].all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_what_comes_late_or_in_bunches_changes_nothing_to_the_bit(seed: int) -> None:
    items = list(played(speaker(6.0, late_s=0.1)))
    assert same(blocks(items), blocks(arriving(items, seed)))


def test_sound_that_is_waited_for_in_vain_is_unknown_not_silent() -> None:
    talk = speaker(8.0)
    late: list[FaceView | Fact] = [*talk.views, *talk.facts]
    rows = joined(blocks(late))
    given_up = rows.t < 8.0 - WAIT_S - 0.5
    assert np.isnan(rows.levels_db[given_up]).all()
    assert np.isnan(rows.speech[given_up]).all()


def test_a_gap_in_the_sound_is_unknown() -> None:
    sound = facts(4.0, lambda t: np.full(len(t), -30.0))
    apart = [*sound[:3], *(moved(fact, 0.3) for fact in sound[3:])]
    rows = joined(blocks(played(Talk("", tuple(view(k / 25, face()) for k in range(100)), tuple(apart)))))
    gap = (rows.t > 1.56) & (rows.t < 1.81)
    assert np.isnan(rows.levels_db[gap]).all()
    assert np.isfinite(rows.levels_db[(rows.t > 0.1) & (rows.t < 1.5)]).all()


def test_it_remembers_why_no_mouth_was_seen() -> None:
    timeline = Timeline()
    for k in range(20):
        timeline.see(view(k / 25, None, reason=Reason.SEVERAL_FACES))
    assert timeline.why_unseen(0.0, 1.0) is Reason.SEVERAL_FACES
    assert timeline.why_unseen(2.0, 3.0) is None
