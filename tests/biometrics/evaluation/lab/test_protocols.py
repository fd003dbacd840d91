"""Who is judged where, and by which signals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.attacklab.catalogue import all_species
from biometrics.attacklab.lighting import LONGEST_S
from biometrics.attacklab.species import SPEECH
from biometrics.evaluation.lab.report import (
    CHALLENGE,
    CHALLENGE_FAINT,
    CHALLENGED,
    DROWNED,
    FAINT,
    HEARD,
    LIT,
    LOOPS,
    MIXED,
    PROTOCOLS,
    SYNC,
    UNSEEN,
    VOICE,
    VOICED,
    calibrating,
    fused,
    part_of,
    touched_by,
)
from fraudmodel.parameters import load_parameters
from tests.biometrics.evaluation.lab.trials import batch, trial

PASSIVE = sorted(set(PROTOCOLS) - {*CHALLENGED})


def test_every_species_that_plays_a_whole_challenge_is_judged_by_itself() -> None:
    assert {each.name for each in all_species() if each.longest_s == LONGEST_S} == LIT


@pytest.mark.parametrize("species", sorted(LIT))
@pytest.mark.parametrize("renderer", ["a", "b"])
def test_what_a_challenge_lights_is_in_no_passive_protocol(species: str, renderer: str) -> None:
    for split in ("train", "test"):
        family = "bona_fide" if species.startswith("bona_fide") else "presentation"
        one = trial(0, species, family, 0.0, split=split, renderer=renderer)
        assert not any(PROTOCOLS[name](one) for name in PASSIVE)
        assert PROTOCOLS[CHALLENGE](one) == (split == "test" and species not in (FAINT, DROWNED))
        assert PROTOCOLS[CHALLENGE_FAINT](one) == (
            split == "test" and species not in ("bona_fide_flash", DROWNED)
        )


def test_every_species_that_needs_speech_is_judged_among_its_kind() -> None:
    assert {each.name for each in all_species() if SPEECH in each.needs} == VOICED


@pytest.mark.parametrize("species", sorted(VOICED))
def test_a_voice_is_in_no_protocol_of_pictures(species: str) -> None:
    family = "bona_fide" if species.startswith("bona_fide") else "voice_attack"
    for split in ("train", "test"):
        one = trial(0, species, family, 0.0, split=split)
        assert [name for name, chosen in PROTOCOLS.items() if chosen(one)] == (
            [VOICE] if split == "test" else []
        )
    assert PROTOCOLS[VOICE](trial(0, species, family, 0.0, renderer="a")) == (family == "bona_fide")
    assert not PROTOCOLS[VOICE](trial(0, "bona_fide", "bona_fide", 0.0))


def test_a_voice_teaches_signals_of_the_voice_and_they_are_taught_by_nothing_else() -> None:
    honest, vocoder = (
        trial(0, "bona_fide_voice", "bona_fide", 0.0),
        trial(0, "voice_vocoder", "voice_attack", 0.0),
    )
    seen = trial(0, "bona_fide", "bona_fide", 0.0)
    assert calibrating("voice_pad", [honest, vocoder, seen]) == [honest, vocoder]
    assert calibrating("face_pad", [honest, vocoder, seen]) == [seen]


def test_a_second_person_is_no_machine() -> None:
    touched = touched_by(load_parameters().fusion)
    vocoder, mixed = (trial(0, species, "voice_attack", 0.0) for species in ("voice_vocoder", MIXED))
    assert touched("voice_pad", vocoder)
    assert not touched("voice_pad", mixed)
    assert touched("second_voice", mixed)
    assert not touched("second_voice", vocoder)
    assert not touched("face_pad", vocoder)


@pytest.mark.parametrize("species", sorted(VOICED))
def test_the_mouth_is_asked_about_words_that_are_not_its_own(species: str) -> None:
    """A copy and a replay of somebody's own words go with their mouth, and nothing goes with a borrowed picture."""
    touched = touched_by(load_parameters().fusion)
    one = trial(0, species, "voice_attack", 0.0)
    assert touched(SYNC, one) == (species in ("voice_tts", "voice_conversion"))
    assert not touched(SYNC, replace(one, dubbed=True))
    assert touched("voice_pad", replace(one, dubbed=True)) == touched("voice_pad", one)


@pytest.mark.parametrize("kind", sorted(HEARD))
def test_a_signal_of_the_voice_is_meant_to_see_no_picture(kind: str) -> None:
    """Whatever the fusion weighs it in: it is taught by voices, everywhere."""
    touched = touched_by(load_parameters().fusion)
    pictures = {(each.name, each.family) for each in all_species()} - {
        (each.name, each.family) for each in all_species() if SPEECH in each.needs
    }
    assert not any(touched(kind, trial(0, species, family, 0.0)) for species, family in pictures)


def test_voices_are_judged_by_what_is_heard_alone() -> None:
    seen = {"face_pad": 3.0, "injection_frames": 8.0}
    said = {"voice_pad": 1.0, "second_voice": 0.2, SYNC: -2.0}
    own = replace(trial(0, "voice_tts", "voice_attack", 0.0), scores=seen | said, reasons={"rppg": "no_face"})
    dubbed = replace(own, render="dubbed", dubbed=True)
    asked = part_of(VOICE, [own, dubbed])
    assert [each.scores for each in asked] == [
        said,
        {kind: score for kind, score in said.items() if kind != SYNC},
    ]
    assert [each.reasons for each in asked] == [{}, {}]


def test_speech_on_borrowed_pictures_teaches_the_voice_and_not_the_mouth() -> None:
    honest = trial(0, "bona_fide_voice", "bona_fide", 0.0)
    dubbed = replace(honest, dubbed=True)
    assert calibrating("voice_pad", [honest, dubbed]) == [honest, dubbed]
    assert calibrating(SYNC, [honest, dubbed]) == [honest]


def test_a_face_has_no_say_about_a_voice() -> None:
    """The same joint scores with the face's, which are high in every attack, as without."""
    fusion = load_parameters().fusion
    spread = np.linspace(0.0, 1.0, 40)
    heard = [
        *batch("bona_fide_voice", "bona_fide", spread, kind="voice_pad"),
        *batch("voice_tts", "voice_attack", spread + 0.5, kind="voice_pad"),
    ]
    faces = [*batch("bona_fide", "bona_fide", spread), *batch("print", "presentation", spread + 3.0)]
    also = [replace(one, scores={**one.scores, "face_pad": 4.0 if one.attack else -1.0}) for one in heard]
    plain, more = (fused(VOICE, [*voices, *faces], fusion, touched_by(fusion)) for voices in (heard, also))
    assert more.kinds == plain.kinds == ("voice_pad",)
    assert np.array_equal(more.total, plain.total)


def test_a_print_without_a_challenge_is_in_a_passive_protocol_and_not_in_the_other() -> None:
    one = trial(0, "print", "presentation", 0.0)
    assert any(PROTOCOLS[name](one) for name in PASSIVE)
    assert not any(PROTOCOLS[name](one) for name in CHALLENGED)


@pytest.mark.parametrize(
    "species",
    sorted(LIT - {"bona_fide_flash", FAINT, DROWNED, "relight", "challenge_replay", "unlit_injection"}),
)
def test_a_challenge_is_meant_to_see_screens_and_not_what_takes_its_light(species: str) -> None:
    touched = touched_by(load_parameters().fusion)
    one = trial(0, species, "presentation", 0.0)
    assert touched("face_pad", one)
    assert touched("flash_challenge", one) == (species in ("lcd_replay_flash", "phone_replay_flash"))


def test_a_signal_has_one_calibration_whether_a_challenge_runs_or_not() -> None:
    passive, lit = trial(0, "print", "presentation", 0.0), trial(0, "lcd_replay_flash", "presentation", 0.0)
    honest, faint = trial(0, "bona_fide", "bona_fide", 0.0), trial(0, DROWNED, "bona_fide", 0.0)
    trained = trial(0, "print", "presentation", 0.0, split="train")
    every = [passive, lit, honest, faint, trained]
    assert calibrating("face_pad", every) == [passive, honest]
    assert calibrating("flash_challenge", every) == [lit, faint]


def test_how_many_relit_faces_were_rendered_does_not_calibrate_the_light() -> None:
    relit, replayed = (trial(0, species, "challenge", 0.0) for species in ("relight", "challenge_replay"))
    assert calibrating("flash_challenge", [relit, replayed]) == [replayed]
    assert PROTOCOLS[CHALLENGE](relit)


def test_people_of_our_weights_teach_only_a_signal_whose_weights_never_saw_them() -> None:
    tested, trained = (trial(0, "person_switch", "impostor", 0.0, split=split) for split in ("test", "train"))
    lit = trial(0, "bona_fide_flash", "bona_fide", 0.0)
    assert calibrating("face_continuity", [tested, trained, lit]) == [tested, trained]
    assert calibrating("face_pad", [tested, trained, lit]) == [tested]


def test_no_more_people_are_judged_than_before_where_more_people_teach() -> None:
    """Twice the people make the same distance count for more; who is judged stays the same."""
    fusion = load_parameters().fusion
    near, far = np.linspace(0.1, 0.3, 40), np.linspace(0.5, 0.7, 40)
    kind = {"kind": "face_continuity"}
    tested = [
        *batch("bona_fide", "bona_fide", near, **kind),
        *batch("person_switch", "impostor", far, **kind),
    ]
    trained = [
        replace(one, split="train", subject=f"{one.subject} too", other=f"{one.other} too") for one in tested
    ]
    alone, more = (fused(UNSEEN, trials, fusion, touched_by(fusion)) for trials in (tested, tested + trained))
    assert alone.trials == more.trials == tuple(tested)
    attacks = [one.attack for one in tested]
    assert more.llrs[attacks].mean() > alone.llrs[attacks].mean() + 0.3


def test_a_signal_is_calibrated_against_the_families_that_it_is_weighed_most_in() -> None:
    """A swapped face moves as a face does: `face_pad` has half a say there, and is not taught by it."""
    touched = touched_by(load_parameters().fusion)
    swapped, printed = trial(0, "face_swap", "injected", 0.0), trial(0, "print", "presentation", 0.0)
    assert touched("face_pad", printed)
    assert not touched("face_pad", swapped)
    assert touched("injection_frames", swapped)
    assert not touched("injection_frames", printed)


def test_what_comes_round_by_itself_is_not_asked_whether_it_loops() -> None:
    lit = replace(trial(0, "print_flash", "presentation", 1.0), scores={"face_pad": 1.0, LOOPS: 8.0})
    passive = replace(trial(1, "print", "presentation", 1.0), scores={"face_pad": 1.0, LOOPS: 8.0})
    (challenged,) = part_of(CHALLENGE, [lit, passive])
    assert challenged == replace(lit, scores={"face_pad": 1.0})
    assert [part_of(name, [lit, passive]) for name in PASSIVE].count([passive]) == 1
