"""Text to speech by programs: a stand-in program of our own, and the real ones where they are installed."""

from __future__ import annotations

import stat
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics.attacklab.speech.programs import (
    LEVEL,
    SYNTHESISERS,
    Manner,
    Synthesiser,
    absence,
    installed,
    interviewed,
    spoken,
)
from biometrics.attacklab.speech.texts import SENTENCES, sentences
from biometrics.attacklab.speech.waves import active_rms
from biometrics.errors import EvaluationError

_SPEAKER = """#!{python}
import sys, wave
text = open(sys.argv[1], encoding="utf-8").read().strip()
if "cannot" in text:
    sys.exit(3)
with wave.open(sys.argv[2], "wb") as out:
    out.setparams((1, 2, 22050, 0, "NONE", ""))
    out.writeframes((b"\\0\\0" * 2000) + (b"\\0\\x20" * 10 + b"\\0\\xe0" * 10) * 50 * len(text) + (b"\\0\\0" * 2000))
"""


@pytest.fixture
def speaker(tmp_path: Path) -> Synthesiser:
    """A program that says a tone as long as its text."""
    program = tmp_path / "speaker"
    program.write_text(_SPEAKER.format(python=sys.executable))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return Synthesiser(
        "speaker",
        "formant",
        str(program),
        "speaker",
        "none",
        {"en": ("one",)},
        lambda manner, text, out: (str(text), str(out)),
    )


def test_a_text_becomes_16_khz_speech_at_one_level_without_silent_ends(speaker: Synthesiser) -> None:
    samples = spoken(speaker, "hello there", Manner("one"))
    assert samples.dtype == np.float32
    assert len(samples) / 16_000 == pytest.approx(11 * 1000 / 22_050, rel=0.05)
    assert active_rms(samples) == pytest.approx(LEVEL, rel=0.01)


def test_an_interview_has_the_asked_length_and_pauses(speaker: Synthesiser) -> None:
    samples = interviewed(speaker, "en", 4.0, np.random.default_rng(0))
    assert len(samples) == 64_000
    assert (np.abs(samples) < 1e-6).mean() > 0.05
    assert np.array_equal(samples, interviewed(speaker, "en", 4.0, np.random.default_rng(0)))


def test_a_program_that_fails_is_named(speaker: Synthesiser) -> None:
    with pytest.raises(EvaluationError, match="speaker could not speak as one"):
        spoken(speaker, "I cannot", Manner("one"))


def test_a_program_that_is_missing_is_named_with_its_package(tmp_path: Path) -> None:
    absent = Synthesiser(
        "x", "formant", str(tmp_path / "absent"), "some-package", "none", {"en": ("one",)}, lambda *_: ()
    )
    with pytest.raises(EvaluationError, match="install the package some-package"):
        spoken(absent, "hello", Manner("one"))


def listing(speaker: Synthesiser, folder: Path, script: str) -> Synthesiser:
    """The same, whose voices another program lists."""
    program = folder / "lister"
    program.write_text(f"#!{sys.executable}\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return replace(speaker, listed=(str(program),))


def test_why_a_program_cannot_speak_is_told(speaker: Synthesiser, tmp_path: Path) -> None:
    assert absence(speaker) is None
    assert absence(listing(speaker, tmp_path, "print('one two')")) is None
    gone = replace(speaker, program=str(tmp_path / "gone"))
    assert absence(gone) == f"{tmp_path}/gone is not installed: install the package speaker"


def test_a_voice_that_is_not_listed_is_named(speaker: Synthesiser, tmp_path: Path) -> None:
    why = absence(listing(speaker, tmp_path, "print('two')"))
    assert why == f"{speaker.program} lacks one: install the package speaker"


@pytest.mark.parametrize("script", ["raise SystemExit(3)", None])
def test_a_list_that_fails_is_no_missing_package(
    speaker: Synthesiser, tmp_path: Path, script: str | None
) -> None:
    broken = listing(speaker, tmp_path, script or "")
    if script is None:
        (tmp_path / "lister").unlink()
    why = absence(broken)
    assert why is not None
    assert why.startswith(f"{tmp_path}/lister cannot list its voices: ")


def test_where_nothing_can_speak_the_packages_are_named() -> None:
    with pytest.raises(EvaluationError, match="no program for text to speech is installed"):
        installed("zh", ("diphone",))


@pytest.mark.parametrize("synthesiser", SYNTHESISERS, ids=lambda each: each.name)
def test_every_installed_program_speaks(synthesiser: Synthesiser) -> None:
    why = absence(synthesiser)
    if why is not None:
        pytest.skip(why)
    for language, voices in synthesiser.voices.items():
        text = SENTENCES[language][0]
        slow, fast = (spoken(synthesiser, text, Manner(voices[0], speed)) for speed in (0.8, 1.25))
        assert len(slow) >= len(fast) > 16_000 * 0.5
        assert synthesiser.name == "festival-hts" or len(slow) > 1.15 * len(fast)


def test_texts_are_there_in_both_languages() -> None:
    assert len(SENTENCES["en"]) == len(SENTENCES["zh"]) >= 20
    assert sorted(sentences("zh", np.random.default_rng(1))) == sorted(SENTENCES["zh"])
