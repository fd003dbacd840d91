"""What is tried against a speaker: spoofs made from their own sittings."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.attacklab.speech.pitch import pitch_of
from biometrics.attacklab.speech.programs import installed
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


def test_what_people_said_themselves_is_nobodys_spoof() -> None:
    said = list(genuine(SITTINGS))
    assert [(each.subject, each.other, each.generator) for each in said] == [
        (s.subject, s.subject, "") for s in SITTINGS
    ]


@pytest.mark.parametrize("name", ["lpc_vocoder", "replay_phone"])
def test_a_copy_is_of_the_persons_own_words(name: str) -> None:
    made_by, _ = makers([name])
    made = list(spoofs(name, made_by[name], SITTINGS))
    assert [(each.subject, each.other, each.sitting, each.generator) for each in made] == [
        (s.subject, s.subject, s.name, name) for s in SITTINGS
    ]
    again = list(spoofs(name, made_by[name], SITTINGS[2:3]))
    assert np.array_equal(again[0].samples, made[2].samples)


def test_a_conversion_is_anothers_words_at_the_targets_pitch() -> None:
    made_by, _ = makers(["conversion_vocoder"])
    for each in spoofs("conversion_vocoder", made_by["conversion_vocoder"], SITTINGS):
        assert each.other != each.subject
        assert np.exp(pitch_of(each.samples).log_mean) == pytest.approx(PEOPLE[each.subject], rel=0.12)


def test_who_has_too_little_voice_is_passed_over() -> None:
    silent = Sitting("di", "di/0", np.zeros(80_000, np.float32))
    made_by, _ = makers(["conversion_nearest"])
    made = spoofs("conversion_nearest", made_by["conversion_nearest"], [*SITTINGS[:2], silent])
    assert [each.sitting for each in made if each.subject == "di"] == []


def test_programs_speak_in_the_targets_place_and_in_their_voice() -> None:
    try:
        programs = installed("en")
    except EvaluationError as error:
        pytest.skip(str(error))
    plain, cloned = f"tts_{programs[0].name}", CONVERTED
    made_by, gaps = makers([plain, cloned])
    assert (set(made_by), gaps) == ({plain, cloned}, [])
    (said,), (made,) = (list(spoofs(name, made_by[name], SITTINGS[:1])) for name in (plain, cloned))
    assert len(said.samples) == len(made.samples) == MATERIAL_S * 16_000
    assert np.exp(pitch_of(made.samples).log_mean) == pytest.approx(PEOPLE["ada"], rel=0.12)
