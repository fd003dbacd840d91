"""Honest applicants, injected media, replays and impostors, on drawn people."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import orjson
import pytest

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.catalogue import species_named
from biometrics.attacklab.species import Rendered, Scene
from biometrics.attacklab.species.looped_video import crossfaded
from biometrics.attacklab.virtual import h264, latest, off_grid, ticks, vp8
from tests.biometrics.attacklab.people import person

TRUTH: Mapping[str, set[str]] = {
    "bona_fide": {"held", "speed"},
    "face_swap": {"other", "texture_px", "late_frames", "blend", "virtual_fps"},
    "reenactment": {"other", "frame", "warp"},
    "lip_retime": {"delay_s", "pace", "virtual_fps"},
    "injected_still": {"jpeg_quality", "frame"},
    "looped_video": {"loop_s", "fade_frames", "starts_s"},
    "session_replay": {"earlier_kbps", "virtual_fps"},
    "virtual_transcode": {"codec", "scale", "shift_px", "virtual_fps"},
    "person_switch": {"other", "switch_s"},
}
VIRTUAL = sorted(set(TRUTH) - {"bona_fide", "person_switch"})
FPS = 15.0


def rendered(name: str, renderer: str, seed: int = 1, duration_s: float = 0.8) -> Rendered:
    rng = np.random.default_rng(seed)
    anna, bert = person("anna", (120, 150, 200), 20), person("bert", (70, 90, 130), 20)
    scene = Scene(anna, (bert,), rng, renderer, FPS, duration_s, draw_camera(rng, FPS, 0.8), (160, 120))
    return species_named(name).render(scene)


@pytest.mark.parametrize("renderer", ["a", "b"])
@pytest.mark.parametrize("name", TRUTH)
def test_a_render_follows_from_its_seed_and_says_how_it_was_made(name: str, renderer: str) -> None:
    duration_s = 4.0 if name == "looped_video" else 0.8
    one, again, other = (rendered(name, renderer, seed, duration_s) for seed in (7, 7, 8))
    assert one.frames.shape == (len(one.t), 160, 120, 3)
    assert one.frames.dtype == np.uint8
    assert one.t[0] == 0.0
    assert (np.diff(one.t) > 0).all()
    assert one.t[-1] == pytest.approx(duration_s, abs=2.5 / FPS)
    assert (one.frames == again.frames).all()
    assert one.truth == again.truth
    assert one.frames.shape != other.frames.shape or (one.frames != other.frames).any()
    assert TRUTH[name] <= set(one.truth)
    assert orjson.loads(orjson.dumps(one.truth)) == one.truth


@pytest.mark.parametrize("renderer", ["a", "b"])
@pytest.mark.parametrize("name", TRUTH)
def test_the_sound_is_as_long_as_the_pictures(name: str, renderer: str) -> None:
    seen = rendered(name, renderer, duration_s=4.0 if name == "looped_video" else 0.8)
    assert seen.audio is not None
    assert len(seen.audio) / seen.sample_rate == pytest.approx(seen.t[-1] + 1 / FPS, abs=2.5 / FPS)


@pytest.mark.parametrize("name", VIRTUAL)
def test_a_virtual_camera_ticks_exactly_and_a_real_one_does_not(name: str) -> None:
    steps = np.diff(rendered(name, "a", duration_s=4.0).t)
    assert np.ptp(steps) < 1e-9
    assert np.ptp(np.diff(rendered("bona_fide", "a").t)) > 1e-4


@pytest.mark.parametrize("name", ["bona_fide", "bona_fide_long", "session_replay"])
def test_nobody_comes_round_who_is_not_meant_to_loop(name: str) -> None:
    """The take of 20 frames is played there and back within 38 of the camera's, however long was asked for."""
    asked_s, frames = 5.0, len(person("anna", (120, 150, 200), 20).frames)
    seen = rendered(name, "a", duration_s=asked_s)
    assert len(seen.t) <= 2 * frames - 2 + 2
    short = rendered(name, "a", duration_s=1.0)
    assert short.t[-1] == pytest.approx(1.0, abs=2.5 / FPS)


def test_a_loop_repeats_to_the_bit() -> None:
    seen = rendered("looped_video", "a", duration_s=5.0)
    period = round(seen.truth["loop_s"] * FPS)
    assert (seen.frames[period:] == seen.frames[:-period]).all()
    assert len(seen.frames) >= 2 * period
    assert seen.truth["starts_s"][:2] == [0.0, seen.truth["loop_s"]]


def test_a_crossfade_has_no_jump_where_it_starts_again() -> None:
    ramp = np.repeat(np.arange(0, 200, 4, dtype=np.uint8), 3 * 4).reshape(50, 2, 2, 3)
    faded = crossfaded(ramp, 10).astype(int)
    around = np.concatenate([faded, faded[:1]])[:, 0, 0, 0]
    assert len(faded) == 40
    assert abs(np.diff(around)).max() < 25
    assert abs(int(ramp[-1, 0, 0, 0]) - int(ramp[0, 0, 0, 0])) > 150


def test_a_still_never_changes_and_a_moved_one_always_does() -> None:
    still, moving = (rendered("injected_still", renderer).frames for renderer in ("a", "b"))
    assert (still == still[:1]).all()
    assert all((a != b).any() for a, b in pairwise(moving))


def test_a_swap_changes_the_face_and_nothing_else() -> None:
    """The same seed films the same impostor whatever face is put on: pictures differ between two victims only there."""
    rng, frames = [np.random.default_rng(3) for _ in range(2)], []
    bert = person("bert", (70, 90, 130), 20)
    for chance, skin in zip(rng, ((120, 150, 200), (200, 160, 160)), strict=True):
        scene = Scene(
            person("anna", skin, 20),
            (bert,),
            chance,
            "b",
            FPS,
            0.8,
            draw_camera(chance, FPS, 0.8),
            (160, 120),
        )
        frames.append(species_named("face_swap").render(scene).frames.astype(int))
    differing = abs(frames[0] - frames[1]).max(axis=(0, 3)) > 8
    assert differing.any()
    rows, columns = np.nonzero(differing)
    assert rows.min() > 4
    assert columns.min() > 4
    assert columns.max() < 115


def test_person_switch_shows_one_before_and_the_other_after() -> None:
    seen = rendered("person_switch", "a")
    at = int(np.searchsorted(seen.t, seen.truth["switch_s"]))
    face = seen.frames[:, 70:90, 50:70].mean(axis=(1, 2, 3))
    assert abs(face[at:].mean() - face[:at].mean()) > 5 * max(face[:at].std(), face[at:].std(), 1.0)


def test_a_covered_lens_is_dark_for_as_long_as_it_says() -> None:
    seen = rendered("person_switch", "b", duration_s=1.3)
    dark = seen.frames.mean(axis=(1, 2, 3)) < 12
    assert dark.sum() / FPS == pytest.approx(seen.truth["covered_s"], abs=1.5 / FPS)


def test_the_newest_frame_is_shown_at_each_tick() -> None:
    t = np.array([0.0, 0.1, 0.35, 0.4])
    assert latest(t, np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])).tolist() == [0, 1, 1, 1, 3, 3]
    assert ticks(0.5, 10).tolist() == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4])


def test_an_earlier_generation_loses_detail_but_no_frame() -> None:
    frames = person("anna", (120, 150, 200), 20).frames
    again = h264(frames, FPS, 30, 60)
    assert again.shape == frames.shape
    assert 0.3 < abs(again.astype(int) - frames).mean() < 12
    heard, t = vp8(frames, np.arange(20) / FPS, 600)
    assert heard.shape[1:] == frames.shape[1:]
    assert len(heard) == len(t) >= 18


@pytest.mark.parametrize("scale", [0.7, 1.3])
def test_a_copy_off_the_grid_lies_where_the_original_did(scale: float) -> None:
    y, x = np.mgrid[0:64, 0:64]
    smooth = np.repeat((127 + 60 * np.sin(x / 9) * np.cos(y / 7))[np.newaxis, ..., np.newaxis], 3, axis=3)
    frames = smooth.astype(np.uint8)
    copied = off_grid(frames, scale, (0.4, -0.3), smooth=True)
    inside = (slice(None), slice(6, -6), slice(6, -6))
    assert abs(copied[inside].astype(int) - frames[inside]).max() <= 6
