from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics.challenges.digits import digits_plan
from biometrics.digits.bursts import bursts
from biometrics.digits.sound import Sound
from biometrics.errors import EvaluationError
from biometrics.evaluation import digits_voices
from biometrics.evaluation.digits_scene import FIRST_S, Behaviour, facts, scene
from biometrics.evaluation.digits_trials import digits_figures
from biometrics.evaluation.digits_voices import LEVEL, Voice
from tests.biometrics.voice.fakes import FakeHub

SEED = b"a session"


def tones() -> Voice:
    """Says each digit as a harmonic tone of its own: nobody understands it."""
    t = np.arange(4800) / 16_000
    takes = []
    for digit in range(10):
        harmonics = np.arange(1, 20)[:, np.newaxis]
        wave = np.sin(2 * np.pi * (180 + 35 * digit) * harmonics * t).sum(axis=0)
        takes.append((np.asarray(wave * LEVEL / np.std(wave), dtype=np.float32),))
    return Voice("tones", "none", recorded=False, takes=tuple(takes))


def onsets(behaviour: Behaviour, seed: bytes = SEED) -> list[float]:
    """Latencies after the digits, of what is loud."""
    drawn = scene(behaviour, tones(), seed, 40.0, np.random.default_rng(1))
    samples = drawn.samples[: len(drawn.samples) // 512 * 512]
    loud = np.square(samples.reshape(-1, 512)).mean(axis=1) > 1e-4
    found = bursts(Sound(0.0, samples, loud.astype(np.float32), 0.0))
    return [one.start - FIRST_S - 0.9 * k for k, one in enumerate(found)]


def test_people_take_their_time_and_a_machine_always_the_same() -> None:
    person, machine, early = onsets("reads"), onsets("machine reads"), onsets("too early")
    assert len(person) == len(machine) == len(early) == 8
    assert all(0.15 < wait < 1.0 for wait in person)
    assert np.std(machine) < 0.03 < np.std(person)
    assert np.mean(early) < 0.1


def test_the_facts_are_those_of_a_challenge() -> None:
    begin, *shown, end = facts(SEED)
    assert begin.values["seed"] == SEED.hex()
    assert [fact.values["k"] for fact in shown] == list(range(8))
    assert end.t == pytest.approx(FIRST_S + digits_plan(SEED).duration_s)


def test_every_behaviour_is_played_and_counted() -> None:
    told: list[str] = []
    figures = digits_figures(1, [tones()], FakeHub(), lambda done, total, what: told.append(what))
    rows = {row.behaviour: row for row in figures.rows}
    assert set(rows) == {"reads", "reads slowly", "other order", "machine reads", "too early", "silent"}
    assert rows["silent"].abstained.value == 1.0
    assert rows["silent"].followed is None
    assert rows["machine reads"].followed is not None
    (heard,) = figures.understood
    assert heard.right is not None
    assert heard.right.n == 8
    assert told
    assert figures.as_json()["rows"][0]["abstained"]["n"] == 1


def test_recorded_syllables_are_found_where_a_package_puts_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EvaluationError, match="no voice says digits here: install"):
        digits_voices.voices(tmp_path)
    for syllable in digits_voices._ZHUYIN:
        folder = tmp_path / "gcin-voice" / "ogg" / syllable
        folder.mkdir(parents=True)
        soundfile.write(folder / "3.ogg", 0.2 * np.random.default_rng(2).normal(size=8000), 16_000)
    (found,) = digits_voices.voices(tmp_path)
    assert (found.name, found.language, found.recorded) == ("gcin-voice 3", "zh", True)
    assert len(found.takes) == 10
    assert {len(said) for said in found.takes} == {digits_voices.TAKES}
    level = float(np.sqrt(np.mean(np.square(found.takes[3][1]))))
    assert level == pytest.approx(LEVEL, rel=0.01)


def test_people_of_a_corpus_say_each_digit_anew(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    for digit in range(10):
        for take in (0, 1, 12):
            soundfile.write(tmp_path / f"{digit}_ann_lee_{take}.wav", 0.2 * rng.normal(size=4000), 8000)
    soundfile.write(tmp_path / "3_bob_0.wav", 0.2 * rng.normal(size=4000), 8000)
    soundfile.write(tmp_path / "noise.wav", 0.2 * rng.normal(size=4000), 8000)
    (found,) = digits_voices.people(tmp_path)
    assert (found.name, found.language, found.recorded) == (f"{tmp_path.name} ann_lee", "en", True)
    assert [len(takes) for takes in found.takes] == [3] * 10
    first, second, _ = found.takes[0]
    assert not np.array_equal(first, second)
    assert abs(len(first) - 8000) <= 80  # 16 kHz


def test_a_recording_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for digit in range(10):
        (tmp_path / f"{digit}_ann_0.wav").write_bytes(b"no sound")
    with pytest.raises(EvaluationError, match=r"0_ann_0\.wav cannot be read as audio"):
        digits_voices.people(tmp_path)


def test_a_corpus_without_a_whole_set_of_digits_is_refused(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "3_bob_0.wav", 0.2 * np.ones(800), 8000)
    with pytest.raises(EvaluationError, match="nobody's ten digits"):
        digits_voices.people(tmp_path)
