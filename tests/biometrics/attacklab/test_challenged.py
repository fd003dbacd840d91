"""What a challenge's light does to screens, paper and masks, before any camera."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.clip import Clip
from biometrics.attacklab.lighting import challenge, lit_by_screen, screen_lights
from biometrics.attacklab.mirrors import Mirrored
from biometrics.attacklab.monitors import monitor
from biometrics.attacklab.optics import Floats, Light, Lights, Motion, Radiance, Reflection, room_only
from biometrics.attacklab.presenting import portrait_box, room_level, standing
from biometrics.attacklab.replaying import PANEL, Played
from biometrics.attacklab.room import BEHIND, Rim, prop
from biometrics.attacklab.species import Scene
from biometrics.attacklab.species.print import Sheet
from biometrics.attacklab.takes import Take
from tests.biometrics.attacklab.people import person

BEAM, SCREEN = np.array((0.3, 0.2, 0.1)), np.array((0.6, 0.4, 0.2))
LIT = Light(0.9, BEAM, SCREEN)
SIZE = (240, 180)
CENTRE = np.s_[90:150, 65:115]


def _scene(seed: int = 1, light: float = 0.5, size: tuple[int, int] = SIZE) -> Scene:
    rng = np.random.default_rng(seed)
    clip = person("anna", (120, 150, 200))
    return Scene(clip, (), rng, "a", 15.0, 14.0, draw_camera(rng, 15.0, light), size)


def _shine(strength: float, blur_px: float = 2.0, size: tuple[int, int] = SIZE) -> Reflection:
    return Reflection(np.random.default_rng(1), size, 1.17 * size[1], strength, blur_px)


def _monitor(lights: Lights, gloss: float = 0.0) -> Radiance:
    """A monitor of the same make each time, whose glass mirrors the share ``gloss``."""
    scene = _scene()
    t = np.zeros(1)
    device, _ = monitor(scene, t, 1.3)
    motion = standing(scene, 1, 1.3)
    played = Played(scene.clip, portrait_box(scene.clip, scene.size), scene.size)
    return next(replace(device, shine=_shine(gloss)).seen(scene, played, t, motion, lights))


def test_a_panel_throws_back_little_light_and_evenly() -> None:
    added = _monitor([Light(1.0, BEAM, SCREEN)]) - _monitor(room_only(1))
    level = room_level(_scene())
    assert added[CENTRE].reshape(-1, 3) == pytest.approx(
        np.tile(PANEL * level * BEAM, (60 * 50, 1)), rel=0.03, abs=1e-5
    )


def test_glass_mirrors_the_screen_that_it_stands_before() -> None:
    bare, glossy = (_monitor([Light(1.0, BEAM, SCREEN)], gloss) for gloss in (0.0, 0.04))
    dull = _monitor(room_only(1), 0.04) - _monitor(room_only(1), 0.0)  # what it mirrors of the room
    mirrored = glossy - bare - dull
    assert mirrored.reshape(-1, 3).max(axis=0) == pytest.approx(
        0.04 * room_level(_scene()) * SCREEN, rel=0.05
    )
    assert mirrored.min() == pytest.approx(0, abs=1e-4)


def test_a_screen_s_response_is_a_small_part_of_a_face_s() -> None:
    """Relative to what is there already, as colour is measured: without gloss, below a tenth."""
    scene = _scene()
    t = np.arange(2) / 15
    take = _take(scene.clip, t)
    lights = [Light(1.0, BEAM, SCREEN)] * 2
    face = (
        next(lit_by_screen(take, lights))[CENTRE].mean()
        / next(lit_by_screen(take, room_only(2)))[CENTRE].mean()
    )
    panel = _monitor(lights[:1])[CENTRE].mean() / _monitor(room_only(1))[CENTRE].mean()
    assert 0 < panel - 1 < 0.1 * (face - 1)


def _take(clip: Clip, t: Floats) -> Take:
    return Take(np.asarray(clip.frames[: len(t)]), t, clip.landmarks, None, 16000, np.arange(len(t)), 1.0)


def _sheet(light: Light, yaw: float, gloss: float = 0.0, paint: Radiance | None = None) -> Radiance:
    """A sheet that fills the picture."""
    texture = np.full((*SIZE, 3), 0.5, np.float32) if paint is None else paint
    frame = prop(SIZE, Rim(10, 10, (0.8, 0.8, 0.8)), 0, np.random.default_rng(1))
    sheet = Sheet(texture, 1.0, frame, _shine(gloss), np.array((0.0, 0.0, -1.0)), False)
    motion = Motion(np.array([[0.0, yaw, 0.0]]), np.zeros((1, 2)), np.full(1, 1.6))
    return next(sheet.seen(motion, SIZE, 1.17 * SIZE[1], np.full((*SIZE, 3), 0.2, np.float32), [light]))


@given(st.floats(-0.4, 0.4))
@settings(max_examples=15, deadline=None)
def test_paper_takes_the_light_evenly_by_the_cosine_of_its_turn(yaw: float) -> None:
    added = _sheet(LIT, yaw) - 0.9 * _sheet(room_only(1)[0], yaw)
    assert added[CENTRE].reshape(-1, 3) == pytest.approx(
        np.tile(0.5 * np.cos(yaw) * BEAM, (60 * 50, 1)), rel=1e-3
    )


def test_paper_s_response_is_flat_whatever_is_printed_on_it_and_a_face_s_is_not() -> None:
    picture = np.random.default_rng(2).uniform(0.1, 0.9, (*SIZE, 3)).astype(np.float32)
    dark = room_only(1)[0]
    paper = (_sheet(LIT, 0.2, paint=picture) / _sheet(dark, 0.2, paint=picture))[CENTRE]
    take = _take(person("anna", (120, 150, 200)), np.zeros(1))
    lit, unlit = next(lit_by_screen(take, [LIT])), next(lit_by_screen(take, room_only(1)))
    x, y = (int(v) for v in take.landmarks[0, 4, :2])
    face = (lit / unlit)[y - 40 : y + 40, x - 30 : x + 30]
    assert np.std(paper[..., 0]) < 1e-3
    assert np.std(face[..., 0]) > 20 * np.std(paper[..., 0])


def test_glossy_paper_shows_the_screen_as_a_spot_below_the_middle() -> None:
    spot = _sheet(LIT, 0.0, gloss=0.1) - _sheet(LIT, 0.0, gloss=0.0)
    spot -= 0.9 * (_sheet(room_only(1)[0], 0.0, gloss=0.1) - _sheet(room_only(1)[0], 0.0))
    row, _ = np.unravel_index(spot[..., 0].argmax(), SIZE)
    assert row > SIZE[0] / 2
    assert spot.reshape(-1, 3).max(axis=0) == pytest.approx(0.1 * SCREEN, rel=0.05)
    assert spot[:60].max() < 1e-4


def _middle(image: Radiance) -> tuple[float, float]:
    y, x = np.indices(image.shape)
    return float((x * image).sum() / image.sum()), float((y * image).sum() / image.sum())


@given(st.floats(-0.1, 0.1), st.floats(-0.1, 0.1))
@settings(max_examples=15, deadline=None)
def test_a_mirror_image_lies_where_rays_say(pitch: float, yaw: float) -> None:
    """Traced by hand: the mirror image of a point of a phone's screen, 8 cm below a camera that is 35 cm before the plane."""
    focal = 1.17 * SIZE[1]
    x, y = _middle(Mirrored(_shine(0.05), SIZE, focal).at(np.array((pitch, yaw, 0.0))))
    normal = np.array((-np.sin(yaw), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)))
    normal /= np.linalg.norm(normal)
    point, plane = np.array((0.0, 0.08, 0.0)), np.array((0.0, 0.0, 0.35))
    image = point - 2 * ((point - plane) @ normal) * normal
    assert x == pytest.approx(SIZE[1] / 2 + focal * image[0] / image[2], abs=2.5)
    assert y == pytest.approx(SIZE[0] / 2 + focal * image[1] / image[2], abs=2.5)


def test_a_wide_picture_is_a_laptop_s_whose_screen_is_larger() -> None:
    phone, laptop = (
        Mirrored(_shine(0.05, size=size), size, 1.17 * 180).at(np.zeros(3)).sum()
        for size in (SIZE, SIZE[::-1])
    )
    assert laptop > 2 * phone


def test_what_stands_behind_takes_little() -> None:
    content = np.zeros((*SIZE, 3), np.float32)
    frame = prop(SIZE, Rim(10, 10, (0.8, 0.8, 0.8)), 0, np.random.default_rng(1))
    behind = np.full((*SIZE, 3), 0.2, np.float32)
    small = np.diag((0.4, 0.4, 1.0))
    seen = frame.over(behind, content, small, LIT, 0.9)
    assert seen[-1, -1] == pytest.approx(0.2 * (0.9 + BEHIND * BEAM), rel=1e-4)


def test_exposure_takes_light_back_from_what_grows_brighter() -> None:
    scene = _scene(light=0.5)
    flash = challenge(scene)
    first = screen_lights(scene, flash, np.zeros(1), 0.4)[0]
    assert first.room == pytest.approx(1 / 1.2)
    assert first.beam == pytest.approx(np.full(3, 0.4 / 1.2))
    assert first.screen == pytest.approx(flash.light(np.zeros(1))[0] / 1.2 / (0.9 * 0.5))


@pytest.mark.parametrize("light", [0.06, 0.5, 1.0])
def test_a_screen_lights_another_as_much_in_the_dark_as_by_day(light: float) -> None:
    """In units of the panel's white, which the camera is exposed for: its light is no share of the room's there."""
    scene = _scene(light=light)
    flash = challenge(scene)
    first = screen_lights(scene, flash, np.zeros(1), 0.05 / light, followed=False)[0]
    assert first.room == 1.0
    assert first.beam * room_level(scene) == pytest.approx(np.full(3, 0.05 * 0.9))
    assert first.screen * room_level(scene) == pytest.approx(flash.light(np.zeros(1))[0])


def test_no_screen_is_no_light() -> None:
    dark = room_only(3)[2]
    assert not dark.shines
    assert dark.on(0.7, 0.5) == pytest.approx(np.full(3, 0.5))
    picture = np.ones((2, 2, 3), np.float32)
    assert dark.over(picture, 0.7) is picture
