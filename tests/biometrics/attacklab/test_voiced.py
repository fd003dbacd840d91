"""Species of the voice: the person's picture, another sound, and the same way to the service for all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import orjson
import pytest

from biometrics.attacklab.camera import draw_camera
from biometrics.attacklab.catalogue import all_species, species_named
from biometrics.attacklab.clip import Clip
from biometrics.attacklab.plan import missing, plan
from biometrics.attacklab.species import SPEECH, Rendered, Scene
from biometrics.attacklab.speech.pitch import pitch_of
from biometrics.attacklab.speech.waves import active_rms
from biometrics.attacklab.voiced import (
    LEAST_VOICED_S,
    SHORTEST_S,
    filmed_speaking,
    speaks,
    words_of,
)
from biometrics.errors import EvaluationError
from tests.biometrics.attacklab.people import person
from tests.biometrics.attacklab.speech.voices import spoken

FPS = 15.0
VOICED = tuple(each for each in all_species() if SPEECH in each.needs)
TRUTH = {
    "bona_fide_voice": {"held"},
    "voice_replay": {"loudspeaker"},
    "voice_tts": {"generator", "language"},
    "voice_vocoder": {"generator"},
    "voice_conversion": {"generator", "other"},
    "voice_mixed": {"other", "below_db"},
}


def talker(name: str, hz: float, seed: int, seconds: float = 5.0) -> Clip:
    seen = person(name, (120, 150, 200), round(seconds * FPS), (60, 48))
    return replace(seen, audio=spoken(seconds, seed, hz))


ANNA, BERT = talker("anna", 190.0, 1), talker("bert", 110.0, 2)


def scene(clip: Clip, seed: int, renderer: str = "a", duration_s: float = 4.0) -> Scene:
    rng = np.random.default_rng(seed)
    return Scene(clip, (BERT,), rng, renderer, FPS, duration_s, draw_camera(rng, FPS, 0.8), (48, 40))


def rendered(name: str, renderer: str, seed: int = 1) -> Rendered:
    why = species_named(name).lacks(renderer)
    if why is not None:
        pytest.skip(why)
    return species_named(name).render(scene(ANNA, seed, renderer))


@pytest.mark.parametrize("renderer", ["a", "b"])
@pytest.mark.parametrize("name", TRUTH)
def test_a_render_follows_from_its_seed_and_is_as_long_as_its_picture(name: str, renderer: str) -> None:
    one, again, other = (rendered(name, renderer, seed) for seed in (7, 7, 8))
    assert one.audio is not None
    assert again.audio is not None
    assert other.audio is not None
    assert np.array_equal(one.audio, again.audio)
    assert len(one.audio) != len(other.audio) or not np.array_equal(one.audio, other.audio)
    assert len(one.audio) / one.sample_rate == pytest.approx(one.t[-1] + 1 / FPS, abs=0.1)
    assert np.isfinite(one.audio).all()
    assert np.abs(one.audio).max() <= 1.0
    assert TRUTH[name] | {"room"} <= set(one.truth)
    assert orjson.loads(orjson.dumps(one.truth)) == one.truth


@pytest.mark.parametrize("name", TRUTH)
def test_it_is_as_loud_as_the_person(name: str) -> None:
    sound = rendered(name, "b", 3).audio
    assert sound is not None
    assert active_rms(sound) == pytest.approx(active_rms(ANNA.audio), rel=0.35)  # type: ignore[arg-type]


def test_an_honest_person_is_heard_as_they_spoke() -> None:
    """Neither faster nor slower, whatever the camera's rate."""
    for fps in (15.0, 13.0, 11.0):
        asked = replace(scene(ANNA, 5), fps=fps)
        voiced = filmed_speaking(replace(asked, camera=replace(asked.camera, fps=fps)))
        assert voiced.take.speed == 1.0
        assert ANNA.audio is not None
        start = round(int(voiced.take.index[0]) / FPS * 16_000)
        assert np.array_equal(voiced.own, ANNA.audio[start : start + len(voiced.own)])


def test_half_of_all_renders_of_any_species_stand_in_a_room_and_replays_in_their_own() -> None:
    inside = [bool(rendered("bona_fide_voice", "a", seed).truth["room"]) for seed in range(12)]
    assert 2 <= sum(inside) <= 10
    assert not any(rendered("voice_replay", "a", seed).truth["room"] for seed in range(4))


def test_a_conversion_says_anothers_words_at_the_persons_pitch() -> None:
    one = rendered("voice_conversion", "a")
    assert one.audio is not None
    assert one.truth["other"] == "bert"
    assert np.exp(pitch_of(one.audio).log_mean) == pytest.approx(190.0, rel=0.12)


def test_who_says_too_little_is_named_and_left_out_of_the_plan() -> None:
    quiet = replace(ANNA, audio=np.zeros(80_000, np.float32))
    mute = replace(ANNA, audio=None)
    for clip in (quiet, mute):
        assert not speaks(clip)
        with pytest.raises(
            EvaluationError, match=r"anna: 0\.0 s of voice are in it, and a render of a voice needs 2 s"
        ):
            filmed_speaking(scene(clip, 1))
    vocoder, honest = species_named("voice_vocoder"), species_named("bona_fide")
    renders = plan([vocoder, honest], [quiet], 1, 2, ("test",))
    assert missing([vocoder, honest], renders) == ["voice_vocoder"]
    assert {each.source for each in plan([vocoder], [ANNA], 1, 2, ("test",))} == {"anna"}


def half_silent(name: str, seed: int, hz: float, *, dubbed: bool, late: bool) -> Clip:
    """Silence for 30 s, and 20 s of speech before or after it."""
    seen = person(name, (120, 150, 200), round(50 * FPS), (60, 48))
    parts = [np.zeros(480_000, np.float32), spoken(20.0, seed, hz)]
    return replace(seen, audio=np.concatenate(parts if late else parts[::-1]), dubbed=dubbed)


def seconds_of_voice(samples: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    return float(pitch_of(samples).voiced.sum()) * 0.005


@pytest.mark.parametrize("late", [True, False])
@pytest.mark.parametrize("dubbed", [True, False])
def test_of_a_take_that_is_half_silent_the_other_half_is_rendered(dubbed: bool, late: bool) -> None:
    clip = half_silent("anna", 1, 190.0, dubbed=dubbed, late=late)
    assert speaks(clip)
    for seed in range(3):
        voiced = filmed_speaking(scene(clip, seed, duration_s=SHORTEST_S))
        # The tracker takes for silent what is so beside the loudest: within a stretch that is a little less than within the take.
        assert seconds_of_voice(voiced.own) >= LEAST_VOICED_S - 0.1
        assert seconds_of_voice(voiced.known) >= LEAST_VOICED_S - 0.1
        if not dubbed:
            start = round(int(voiced.take.index[0]) / FPS * 16_000)
            assert clip.audio is not None
            assert np.array_equal(voiced.own, clip.audio[start : start + len(voiced.own)])
        words = words_of(clip, 7 * 16_000, np.random.default_rng(seed))
        assert seconds_of_voice(words) >= LEAST_VOICED_S - 0.1


def test_every_render_that_is_planned_of_half_silent_takes_can_be_made() -> None:
    takes = [
        half_silent(name, k, 100.0 + 40 * k, dubbed=True, late=k % 2 == 0) for k, name in enumerate("wxyz")
    ]
    mixed = species_named("voice_mixed")
    clips = {each.source: each for each in takes}
    renders = plan([mixed], takes, 1, 2)
    assert len(renders) == 8
    for each in renders:
        assert each.duration_s >= SHORTEST_S
        asked = scene(clips[each.source], each.seed, each.renderer, each.duration_s)
        mixed.render(replace(asked, others=(clips[each.others[0]],)))


@pytest.mark.parametrize("seconds", [1.5, 2.5, 4.0, 6.0, 9.0])
def test_of_who_speaks_now_and_then_words_are_found_for_any_length(seconds: float) -> None:
    """A short take may be mixed with somebody who fills only a longer one."""
    said = [spoken(2.0, 3), np.zeros(40_000, np.float32), spoken(2.0, 4)]
    audio = np.concatenate([np.zeros(160_000, np.float32), *said, np.zeros(160_000, np.float32)])
    clip = replace(half_silent("anna", 1, 190.0, dubbed=True, late=True), audio=audio)
    assert speaks(clip)
    for seed in range(4):
        words = words_of(clip, round(seconds * 16_000), np.random.default_rng(seed))
        assert len(words) == round(seconds * 16_000)
        assert seconds_of_voice(words) > 0.3


def test_what_is_said_after_the_pictures_end_is_no_speech_of_the_take() -> None:
    late = replace(
        talker("anna", 190.0, 1), audio=np.concatenate([np.zeros(80_000, np.float32), spoken(9.0, 1)])
    )
    assert not speaks(late)
    assert speaks(replace(late, dubbed=True))


def test_voice_that_is_spread_too_thinly_is_no_speech() -> None:
    beat = np.concatenate([spoken(0.5, 3), np.zeros(40_000, np.float32)])
    sparse = replace(half_silent("anna", 1, 190.0, dubbed=True, late=True), audio=np.tile(beat, 16))
    assert seconds_of_voice(np.tile(beat, 16)) > LEAST_VOICED_S
    assert not speaks(sparse)
    said = r"anna: \d\.\d s of voice are in it, and a render of a voice needs 2 s within 7\.\d s"
    with pytest.raises(EvaluationError, match=said):
        filmed_speaking(scene(sparse, 1, duration_s=SHORTEST_S))
    with pytest.raises(EvaluationError, match=said):
        words_of(sparse, round(SHORTEST_S * 16_000), np.random.default_rng(0))


def test_a_mixture_needs_two_who_speak() -> None:
    mixed = species_named("voice_mixed")
    mute = replace(person("mute", (90, 90, 90), 20), audio=None)
    assert plan([mixed], [ANNA, mute], 1, 1, ("train", "test")) == []
    found = plan([mixed], [ANNA, talker("zoe", 210.0, 4), BERT, mute], 1, 1)
    assert all(each.others[0] != "mute" for each in found)


def test_what_a_machine_lacks_is_not_planned() -> None:
    absent = replace(
        species_named("bona_fide_voice"), lacks=lambda renderer: "nothing there" if renderer == "a" else None
    )
    assert {each.renderer for each in plan([absent], [ANNA], 1, 1, ("test",))} == {"b"}


def test_dubbed_speech_goes_with_any_picture_and_lasts_as_long_as_was_asked() -> None:
    long = replace(ANNA, audio=spoken(30.0, 9, 150.0), dubbed=True, subject="speaker-7")
    first, second = (filmed_speaking(scene(long, seed, duration_s=8.0)) for seed in (1, 2))
    assert len(first.own) / 16_000 == pytest.approx(8.0, abs=0.2)
    assert not np.array_equal(first.own[:16_000], second.own[:16_000])
    assert len(first.known) > 15 * 16_000
    assert long.audio is not None
    assert len(first.own) + len(first.known) == len(long.audio)


def test_every_species_of_the_voice_is_of_its_family() -> None:
    assert {each.name for each in VOICED} == set(TRUTH)
    assert {each.family for each in VOICED if each.name != "bona_fide_voice"} == {"voice_attack"}
