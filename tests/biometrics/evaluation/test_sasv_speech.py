"""What is tried against a speaker: spoofs made from their own sittings."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import numpy as np
import pytest

from biometrics.attacklab.speech.pitch import pitch_of
from biometrics.attacklab.speech.programs import Synthesiser, installed
from biometrics.errors import EvaluationError
from biometrics.evaluation.sasv_speech import CONVERTED, MATERIAL_S, genuine, makers, spoofs
from biometrics.evaluation.voice_pairs import Sitting
from tests.biometrics.attacklab.speech.voices import spoken

PEOPLE = {"ada": 190.0, "ben": 110.0, "cy": 140.0}
SITTINGS = tuple(
    Sitting(name, f"{name}/{number}", spoken(5.0, 10 * place + number, hz))
    for place, (name, hz) in enumerate(PEOPLE.items())
    for number in range(2)
)


def fail(sentence: str) -> None:
    """Where nothing is to be left out."""
    raise AssertionError(sentence)


def test_what_people_said_themselves_is_nobodys_spoof() -> None:
    said = list(genuine(SITTINGS))
    assert [(each.subject, each.other, each.generator) for each in said] == [
        (s.subject, s.subject, "") for s in SITTINGS
    ]


@pytest.mark.parametrize("name", ["lpc_vocoder", "replay_phone"])
def test_a_copy_is_of_the_persons_own_words(name: str) -> None:
    made_by, _ = makers([name])
    made = list(spoofs(name, made_by[name], SITTINGS, fail))
    assert [(each.subject, each.other, each.sitting, each.generator) for each in made] == [
        (s.subject, s.subject, s.name, name) for s in SITTINGS
    ]
    again = list(spoofs(name, made_by[name], SITTINGS[2:3], fail))
    assert np.array_equal(again[0].samples, made[2].samples)


def test_a_conversion_is_anothers_words_at_the_targets_pitch() -> None:
    made_by, _ = makers(["conversion_vocoder"])
    for each in spoofs("conversion_vocoder", made_by["conversion_vocoder"], SITTINGS, fail):
        assert each.other != each.subject
        assert np.exp(pitch_of(each.samples).log_mean) == pytest.approx(PEOPLE[each.subject], rel=0.12)


def test_who_has_too_little_voice_is_left_out_and_told() -> None:
    silent = Sitting("di", "di/0", np.zeros(80_000, np.float32))
    made_by, _ = makers(["conversion_nearest"])
    told: list[str] = []
    made = spoofs("conversion_nearest", made_by["conversion_nearest"], [*SITTINGS[:2], silent], told.append)
    assert [each.sitting for each in made if each.subject == "di"] == []
    assert any(
        each.startswith("conversion_nearest made nothing of di/0: 0.00 s of voice say too little")
        for each in told
    )


def program(folder: Path, name: str, script: str | None) -> Synthesiser:
    """One that runs a script of ours, or that is not there."""
    path = folder / name
    if script is not None:
        path.write_text(f"#!{sys.executable}\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return Synthesiser(
        name, "formant", str(path), f"package-of-{name}", "none", {"en": ("v",)}, lambda *_: ()
    )


def test_a_program_that_fails_or_is_not_there_is_told(tmp_path: Path) -> None:
    there, gone = program(tmp_path, "breaks", "raise SystemExit(3)"), program(tmp_path, "gone", None)
    made_by, gaps = makers(synthesisers=[there, gone])
    assert gaps == [f"tts_gone: {tmp_path}/gone is not installed: install the package package-of-gone"]
    assert {"tts_breaks", CONVERTED} <= set(made_by)
    told: list[str] = []
    for name in ("tts_breaks", CONVERTED):
        assert list(spoofs(name, made_by[name], SITTINGS[:2], told.append)) == []
    assert [each.partition(": breaks could not speak as v: ")[0] for each in told] == [
        f"{name} made nothing of {sitting.name}"
        for name in ("tts_breaks", CONVERTED)
        for sitting in SITTINGS[:2]
    ]


def test_without_any_program_what_cannot_be_tried_is_named(tmp_path: Path) -> None:
    made_by, gaps = makers(synthesisers=[program(tmp_path, "gone", None)])
    assert not any(name.startswith("tts") for name in made_by)
    assert gaps[-1] == f"{CONVERTED}: there is no program for text to speech"
    assert makers(["lpc_vocoder"], [program(tmp_path, "gone", None)])[1] == []


def test_programs_speak_in_the_targets_place_and_in_their_voice() -> None:
    try:
        programs = installed("en")
    except EvaluationError as error:
        pytest.skip(str(error))
    plain, cloned = f"tts_{programs[0].name}", CONVERTED
    made_by, gaps = makers([plain, cloned])
    assert (set(made_by), gaps) == ({plain, cloned}, [])
    (said,), (made,) = (list(spoofs(name, made_by[name], SITTINGS[:1], fail)) for name in (plain, cloned))
    assert len(said.samples) == len(made.samples) == MATERIAL_S * 16_000
    assert np.exp(pitch_of(made.samples).log_mean) == pytest.approx(PEOPLE["ada"], rel=0.12)
