from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.micro.align import Aligned, Aligner
from biometrics.micro.masks import HELD_S, Masks, Sample, opening, turn_deg
from biometrics.micro.motion import RegionMotion, Shifts
from biometrics.micro.regions import IS_LOWER, IS_UPPER
from biometrics.views import FaceView
from tests.biometrics.micro import faces

SECONDS = 3.0
AT = 45
"""The frame at which something happens."""


def run(
    change: dict[int, Aligned] | None = None,
    views: list[FaceView] | None = None,
    eyes: dict[int, float] | None = None,
    silent: bool = True,
) -> list[Sample]:
    """A face at rest with some frames exchanged."""
    masks, aligner, motion = Masks(), Aligner(), RegionMotion()
    if silent:
        hear(masks, [0.02] * 190)
    found: list[Sample] = []
    for k, view in enumerate(views or faces.views(SECONDS)):
        aligned = aligner.push(view)
        assert isinstance(aligned, Aligned)
        aligned = (change or {}).get(k, aligned)
        shifts = replace(motion.push(aligned), eyes=(eyes or {}).get(k, 0.0))
        found += masks.push(view, aligned, shifts)
    return found + masks.rest()


def hear(masks: Masks, speech: list[float], start: float = 0.0) -> None:
    masks.learn({"from_s": start, "to_s": start + 0.032 * len(speech), "speech": speech})


def disturbed(samples: list[Sample], regions: np.ndarray) -> list[int]:
    """The frames at which all of some regions are."""
    return [k for k, each in enumerate(samples) if each.disturbed[regions].all()]


def test_nothing_disturbs_a_face_at_rest_in_silence() -> None:
    samples = run()
    assert len(samples) == 90
    inside = samples[9:]
    assert not any(each.disturbed.any() for each in inside)


def test_samples_wait_until_they_can_be_judged() -> None:
    masks, aligner, motion = Masks(), Aligner(), RegionMotion()
    for view in faces.views(SECONDS):
        aligned = aligner.push(view)
        assert isinstance(aligned, Aligned)
        for sample in masks.push(view, aligned, motion.push(aligned)):
            assert view.t - sample.shifts.t == pytest.approx(HELD_S, abs=0.04)


def test_eyes_that_change_disturb_the_upper_face_before_and_after() -> None:
    assert disturbed(run(eyes={AT: 0.6}), IS_UPPER) == list(range(AT - 3, AT + 4))


def test_lids_that_landmarks_see_closing_do_too() -> None:
    aligned = Aligner().push(faces.views(0.1)[0])
    assert isinstance(aligned, Aligned)
    closed = aligned.points.copy()
    for upper, lower in ((159, 145), (158, 153), (160, 144)):
        closed[upper] = closed[lower]
    assert opening(closed) < 0.5 * opening(aligned.points)
    shut = replace(aligned, t=AT / 30, points=closed, unbroken=True)
    assert disturbed(run({AT: shut}), IS_UPPER) == list(range(AT - 3, AT + 4))


def test_a_key_frame_and_lost_media_disturb_everything_for_a_frame() -> None:
    views = faces.views(SECONDS)
    for frame in (replace(views[AT].frame, keyframe=True), replace(views[AT].frame, lost_s=0.1)):
        changed = [*views[:AT], replace(views[AT], frame=frame), *views[AT + 1 :]]
        assert disturbed(run(views=changed), IS_UPPER | IS_LOWER) == [AT - 1, AT, AT + 1]


def test_a_jump_of_the_light_disturbs_everything() -> None:
    aligned = Aligner().push(faces.views(0.1)[0])
    assert isinstance(aligned, Aligned)
    brighter = replace(
        aligned,
        t=AT / 30,
        grey=np.clip(aligned.grey.astype(int) + 12, 0, 255).astype(np.uint8),
        unbroken=True,
    )
    assert {AT - 1, AT, AT + 1} <= set(disturbed(run({AT: brighter}), IS_UPPER | IS_LOWER))


def test_a_head_that_jerks_disturbs_everything_and_one_that_turns_slowly_nothing() -> None:
    aligned = Aligner().push(faces.views(0.1)[0])
    assert isinstance(aligned, Aligned)

    def turning(deg_s: float) -> dict[int, Aligned]:
        angles = np.radians(deg_s) * np.clip((np.arange(90) - 30) / 30, 0.0, 0.5)
        return {
            k: replace(
                aligned,
                t=k / 30,
                place=replace(aligned.place, turn=np.array([0.0, angle, 0.0])),
                unbroken=k > 0,
            )
            for k, angle in enumerate(angles)
        }

    assert len(disturbed(run(turning(80.0)), IS_UPPER)) >= 12
    assert not disturbed(run(turning(15.0))[9:], IS_UPPER)
    ends = turning(60.0)
    assert turn_deg(ends[0], ends[89]) == pytest.approx(30.0, abs=0.1)


def test_below_the_eyes_nothing_is_judged_unless_it_is_known_that_nobody_speaks() -> None:
    unheard = run(silent=False)
    assert disturbed(unheard, IS_LOWER) == list(range(90))
    assert not disturbed(unheard[9:], IS_UPPER)
    masks = Masks()
    hear(masks, [0.02] * 40 + [0.95] * 10 + [0.02] * 40)
    shifts = [Shifts(t, np.zeros((12, 2)), np.zeros(6), 0.0, True) for t in np.arange(0.0, 2.8, 0.1).tolist()]
    quiet = {round(each.t, 1) for each in shifts if masks._silent(each.t)}
    assert {0.5, 0.9, 2.0, 2.4} <= quiet
    assert not quiet & {1.1, 1.3, 1.5, 1.7, 0.1}


def test_hops_of_silence_join() -> None:
    masks = Masks()
    for hop in range(4):
        hear(masks, [0.02] * 16, 0.512 * hop)
    assert masks._silent(1.0)
