"""Every species that stands before a lens or answers a challenge, on a drawn person."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import orjson
import pytest

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.catalogue import species_named
from biometrics.attacklab.presenting import portrait_box, shown_frames
from biometrics.attacklab.species import Rendered, Scene
from biometrics.attacklab.wearing import awake_frames, frontal_frame
from biometrics.challenges.flash import flash_plan
from biometrics.evaluation.lab.report import LIT
from tests.biometrics.attacklab.people import person

PRESENTATIONS = {
    "print": {"printer", "halftone", "cell_px", "frame", "fill", "gloss", "turn_deg"},
    "lcd_replay": {"layout", "pitch_px", "gamma", "backlight_hz", "tears", "fill", "turn_deg"},
    "phone_replay": {"layout", "pitch_px", "gamma", "saturation", "refresh_hz", "fill", "turn_deg"},
    "cut_out": {"printer", "halftone", "bend", "radius_px", "worn", "holes", "frame", "turn_deg"},
    "mesh_mask": {"frame", "material", "gloss", "holes", "turn_deg", "other"},
}
CHALLENGES = {
    "bona_fide_flash": {"followed", "screen_share", "chips", "facts"},
    "bona_fide_flash_faint": {"followed", "screen_share", "chips", "facts"},
    "bona_fide_flash_drowned": {"followed", "screen_share", "chips", "facts"},
    "relight": {"followed", "delay_s", "step_s", "share", "method", "chips", "facts"},
    "challenge_replay": {"followed", "screen_share", "answered_seed", "chips", "facts"},
    "unlit_injection": {"followed", "screen_share", "codec", "scale", "chips", "facts"},
}
TOLD = CHALLENGES["bona_fide_flash"]
CHALLENGED = {f"{name}_flash": keys | TOLD for name, keys in PRESENTATIONS.items()}
FOLLOWED = {
    **dict.fromkeys(("print_flash", "cut_out_flash", "mesh_mask_flash"), True),
    **dict.fromkeys(("lcd_replay_flash", "phone_replay_flash"), False),
}
ALL = PRESENTATIONS | CHALLENGES | CHALLENGED


def _render(
    name: str, renderer: str, seed: int = 1, size: tuple[int, int] = (160, 120), light: float = 0.8
) -> Rendered:
    return species_named(name).render(_scene(renderer, np.random.default_rng(seed), size, light))


def _scene(
    renderer: str, rng: np.random.Generator, size: tuple[int, int] = (160, 120), light: float = 0.8
) -> Scene:
    anna, bert = person("anna", (120, 150, 200)), person("bert", (70, 90, 130))
    camera = draw_camera(rng, 15.0, light)
    return Scene(anna, (bert,), rng, renderer, 15.0, 0.5, camera, size)


@pytest.mark.parametrize("renderer", ["a", "b"])
@pytest.mark.parametrize("name", ALL)
def test_a_render_follows_from_its_seed_and_says_how_it_was_made(name: str, renderer: str) -> None:
    one, again, other = (_render(name, renderer, seed) for seed in (7, 7, 8))
    assert one.frames.shape[1:] == (160, 120, 3)
    assert len(one.frames) == len(one.t) >= 2
    assert (np.diff(one.t) > 0).all()
    assert (one.frames == again.frames).all()
    assert one.truth == again.truth
    assert one.frames.shape != other.frames.shape or (one.frames != other.frames).any()
    assert ALL[name] <= set(one.truth)
    assert orjson.loads(orjson.dumps(one.truth)) == one.truth


@pytest.mark.parametrize("renderer", ["a", "b"])
@pytest.mark.parametrize("name", PRESENTATIONS)
def test_a_presentation_is_seen_across_and_in_the_dark(name: str, renderer: str) -> None:
    seen = _render(name, renderer, size=(120, 160), light=0.1)
    assert seen.frames.shape[1:] == (120, 160, 3)
    assert seen.frames.std() > 5


@pytest.mark.parametrize("name", ALL)
def test_the_two_families_differ(name: str) -> None:
    assert species_named(name).renderers == ("a", "b")
    a, b = (_render(name, renderer) for renderer in "ab")
    assert a.frames.shape != b.frames.shape or (a.frames != b.frames).mean() > 0.2


@pytest.mark.parametrize("name", [*CHALLENGES, *CHALLENGED])
def test_a_recording_holds_its_whole_challenge(name: str) -> None:
    seen = _render(name, "a")
    begin, *shows, end = seen.truth["facts"]
    plan = flash_plan(bytes.fromhex(begin["values"]["seed"]), begin["values"]["chips"])
    assert len(shows) == len(plan.chips) + 2
    assert end["t"] < seen.t[-1]


def _red_green(seen: Rendered) -> tuple[float, float]:
    """Correlation of the face's redness with the asked code's, and with the code's half a second earlier in the dark part."""
    begin, *shows, _ = seen.truth["facts"]
    plan = flash_plan(bytes.fromhex(begin["values"]["seed"]), begin["values"]["chips"])
    asked = [plan.colour(show["values"]["k"]).rg for show in shows[1:-1]]
    face = []
    for show in shows[1:-1]:
        at = slice(*np.searchsorted(seen.t, (show["t"] + 0.2, show["t"] + 0.5)))
        blue, green, red, _ = cv2.mean(seen.frames[at, 60:100, 45:75].astype(np.float32).mean(axis=0))
        del blue
        face.append(np.log(red / green))
    return float(np.corrcoef(asked, face)[0, 1]), float(np.std(face))


@pytest.mark.parametrize("renderer", ["a", "b"])
def test_an_honest_face_follows_the_code_and_a_replayed_one_does_not(renderer: str) -> None:
    followed, _ = _red_green(_render("bona_fide_flash", renderer, 3))
    replayed, size = _red_green(_render("challenge_replay", renderer, 3))
    assert followed > 0.9
    assert replayed < 0.6
    assert size > 0.01  # it shows some code


@pytest.mark.parametrize("name", FOLLOWED)
def test_paper_and_masks_follow_the_code_and_screens_do_not(name: str) -> None:
    """The same chance, the same camera: what a screen throws back is below a fifth of what paper does."""
    follows, size = _red_green(_render(name, "a", 5))
    _, face = _red_green(_render("bona_fide_flash", "a", 5))
    assert FOLLOWED[name] == (follows > 0.9 and size > 0.3 * face)
    assert FOLLOWED[name] or size < 0.2 * face


@pytest.mark.parametrize("name", CHALLENGED)
def test_what_the_challenge_lights_is_told(name: str) -> None:
    assert _render(name, "b").truth["followed"] is FOLLOWED[name]
    assert species_named(name).family == "presentation"


def test_all_that_a_challenge_lights_is_judged_by_itself() -> None:
    assert {*CHALLENGES, *CHALLENGED} == LIT
    assert not LIT & set(PRESENTATIONS)


def test_masks_keep_the_wearer_s_surroundings() -> None:
    """Beyond the mask it is the other person's take, so that the other's subject is named."""
    for name in ("mesh_mask", "cut_out"):
        worn = next(seen for seed in range(20) if (seen := _render(name, "a", seed)).truth.get("worn", True))
        assert worn.truth["other"] == "bert"


def test_a_still_is_taken_with_open_eyes_and_least_turned() -> None:
    clip = person("anna", (120, 150, 200))
    points = clip.landmarks.copy()
    for upper, lower in ((159, 145), (386, 374)):
        points[6:, upper] = points[6:, lower]
    blinking = replace(clip, landmarks=points)
    assert set(awake_frames(blinking)) <= set(range(6))
    assert frontal_frame(blinking) == 0  # the head turns away from the first frame on


def test_a_held_print_shows_one_frame_and_a_replay_many() -> None:
    still, moving = (_render(name, "a", 4) for name in ("print", "lcd_replay"))
    assert isinstance(still.truth["frame"], int)
    assert still.audio is not None  # whoever holds it speaks
    assert moving.audio is not None
    assert moving.truth["turn_deg"] == 0


def test_a_take_that_is_too_short_plays_back_and_forth() -> None:
    clip = person("anna", (120, 150, 200), count=4)
    assert shown_frames(clip, np.arange(9) / 15).tolist() == [0, 1, 2, 3, 2, 1, 0, 1, 2]


@pytest.mark.parametrize("size", [(480, 360), (360, 480), (160, 120)])
def test_a_portrait_lies_in_its_take_and_holds_the_face(size: tuple[int, int]) -> None:
    clip = person("anna", (120, 150, 200))
    left, top, right, bottom = portrait_box(clip, size)
    assert 0 <= left < right <= 160
    assert 0 <= top < bottom <= 200
    assert (right - left) / (bottom - top) == pytest.approx(size[1] / size[0], rel=0.03)
    assert left < clip.landmarks[0, 4, 0] < right
    assert top < clip.landmarks[0, 4, 1] < bottom
