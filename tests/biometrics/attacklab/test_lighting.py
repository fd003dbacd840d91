from __future__ import annotations

import numpy as np
import pytest

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.lighting import (
    FaceLight,
    challenge,
    exposed,
    lasting,
    lit_by_screen,
    relit,
    screen_share,
)
from biometrics.attacklab.optics import to_linear
from biometrics.attacklab.species import Scene
from biometrics.attacklab.takes import Take
from biometrics.challenges.flash import GREY, flash_plan
from biometrics.views import Fact
from tests.biometrics.attacklab.people import person


def _scene(duration_s: float = 14.0, light: float = 1.0, seed: int = 1) -> Scene:
    rng = np.random.default_rng(seed)
    clip = person("anna", (120, 150, 200))
    return Scene(clip, (), rng, "a", 15.0, duration_s, draw_camera(rng, 15.0, light), (200, 160))


def _take() -> Take:
    clip = person("anna", (120, 150, 200))
    t = np.arange(len(clip.frames)) / 15
    return Take(np.asarray(clip.frames), t, clip.landmarks, None, 16000, np.arange(len(t)), 1.0)


@pytest.mark.parametrize(("duration_s", "chips"), [(3.0, 16), (14.4, 24), (40.0, 32)])
def test_a_challenge_has_as_many_chips_as_there_is_time(duration_s: float, chips: int) -> None:
    flash = challenge(_scene(duration_s))
    assert len(flash.plan.chips) == chips
    assert lasting(flash) > flash.shown_s[-1] + flash.plan.tail_s


def test_a_challenge_is_told_so_that_its_plan_can_be_drawn_again() -> None:
    flash = challenge(_scene())
    facts = [Fact(**each) for each in flash.facts()]
    begin, *shows, end = (fact.values for fact in facts)
    assert flash_plan(bytes.fromhex(begin["seed"]), begin["chips"]) == flash.plan
    assert [show["k"] for show in shows] == list(range(-1, len(flash.plan.chips) + 1))
    assert tuple(show["shown_s"] for show in shows) == flash.shown_s
    assert end["how"] == "done"
    assert [fact.t for fact in facts] == sorted(fact.t for fact in facts)


def test_the_screen_shows_each_chip_s_colour_and_later_with_a_delay() -> None:
    flash = challenge(_scene())
    middles = np.array(flash.shown_s[1:-1]) + 0.35
    expected = np.array([flash.plan.colour(k).linear[::-1] for k in range(len(flash.plan.chips))])
    assert flash.light(middles) == pytest.approx(expected)
    assert flash.light(middles + 0.4, 0.4) == pytest.approx(expected)
    assert flash.light(np.array([0.0, 99.0])) == pytest.approx(np.array([GREY.linear] * 2))


def test_two_challenges_of_one_scene_differ() -> None:
    scene = _scene()
    assert challenge(scene).plan.chips != challenge(scene).plan.chips


def test_the_screen_reaches_the_face_more_than_the_room() -> None:
    take = _take()
    shade = FaceLight(take).at(0)
    x, y = (int(v) for v in take.landmarks[0, 4, :2])  # tip of the nose
    assert shade[y, x] > 0.6
    assert shade[y, x] > 3 * shade[5, 5]
    assert shade[y, x] > shade[y + 75, x] > 1.5 * shade[5, 5]  # the body lies between


def test_the_light_moves_with_the_face() -> None:
    take = _take()
    moved = take.landmarks.copy()
    moved[3:, :, 0] += 20
    light = FaceLight(Take(take.frames, take.t, moved, None, 16000, take.index, 1.0))
    still = FaceLight(take)
    assert light.at(3)[:, 25:150] == pytest.approx(still.at(3)[:, 5:130], abs=0.02)


def test_added_light_is_what_was_asked_for() -> None:
    radiance = np.full((2, 2, 3), 0.3, np.float32)
    shade = np.array([[1, 0.5], [0, 0]], np.float32)
    seen = relit(radiance, shade, exposed(np.array((0.1, 0.2, 0.4)), 0.2))
    assert seen[0, 0] == pytest.approx(np.array((1.1, 1.2, 1.4)) * 0.3 / 1.1)
    assert seen[0, 1] == pytest.approx(np.array((1.05, 1.1, 1.2)) * 0.3 / 1.1)
    assert seen[1, 1] == pytest.approx((0.3 / 1.1,) * 3)


def test_grey_light_leaves_colours_alone() -> None:
    take = _take()
    lights = [exposed(np.full(3, 0.3), 0.3)] * len(take.t)
    seen = next(lit_by_screen(take, lights))
    ratio = seen / to_linear(np.asarray(take.frames[0]))
    assert ratio[..., 0] == pytest.approx(ratio[..., 2], rel=1e-4)


def test_a_screen_counts_more_in_the_dark() -> None:
    assert screen_share(_scene(light=0.1)) > 4 * screen_share(_scene(light=1.0))
    assert screen_share(_scene(light=0.03)) <= 1
