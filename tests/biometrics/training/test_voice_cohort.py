from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics.errors import EvaluationError
from biometrics.training.voice_cohort import distinct, grouped, make_cohort, voice_of
from biometrics.voice.embed import Vector, unit
from biometrics.voice.features import Samples
from tests.biometrics.voice.fakes import FakeHub, hush, low_voice

RATE = 16_000


def silent(done: int, total: int, what: str) -> None:
    """Nobody watches."""


def around(direction: int, count: int, seed: int, spread: float = 0.1) -> list[Vector]:
    rng = np.random.default_rng(seed)
    centre = np.eye(64)[direction]
    return [unit((centre + spread * rng.standard_normal(64)).astype(np.float32)) for _ in range(count)]


def test_clips_are_grouped_by_voice_the_most_heard_first() -> None:
    drafts = [*around(0, 4, 1, 0.05), *around(1, 6, 2, 0.05), *around(2, 1, 3, 0.05)]
    assert grouped(drafts) == [[4, 5, 6, 7, 8, 9], [0, 1, 2, 3], [10]]


def test_the_order_of_clips_does_not_change_the_groups() -> None:
    drafts = [*around(0, 4, 1, 0.05), *around(1, 6, 2, 0.05)]
    order = np.random.default_rng(0).permutation(len(drafts))
    shuffled = [sorted(int(order[index]) for index in group) for group in grouped([drafts[i] for i in order])]
    assert shuffled == grouped(drafts)


def test_of_two_voices_that_are_nearly_the_same_the_first_stays() -> None:
    first, second, other = around(0, 1, 1)[0], around(0, 1, 2, 0.02)[0], around(5, 1, 3)[0]
    kept = distinct([first, second, other])
    assert len(kept) == 2
    assert kept[0] is first
    assert kept[1] is other


def hum(hertz: float) -> Callable[[float], Samples]:
    """A steady tone with overtones up to the top of the band, in syllables."""

    def sound(seconds: float) -> Samples:
        t = np.arange(round(seconds * RATE)) / RATE
        tone = np.sin(2 * np.pi * hertz * t) + 0.3 * np.sin(2 * np.pi * 5000.0 * t)
        return np.asarray(0.2 * tone * np.clip(np.sin(2 * np.pi * 4 * t) + 1.01, 0.02, 1.0), np.float32)

    return sound


class ByCrossings:
    """Two voices only: a low one crosses zero less often than every fifth sample."""

    model = "crossings@00000000"

    def embed(self, speech: Samples) -> Vector:
        crossings = float(np.mean(np.diff(np.signbit(speech).astype(int)) != 0))
        return np.asarray([1.0, 0.0] if crossings < 0.2 else [0.0, 1.0], np.float32)


def test_a_voice_is_held_to_what_enrolment_asks() -> None:
    encoder = ByCrossings()
    low, high = hum(150.0), hum(3500.0)
    assert voice_of(low(12.0), encoder) is not None
    assert voice_of(low(5.0), encoder) is None  # too little speech
    assert voice_of(np.concatenate([low(6.0), high(6.0)]), encoder) is None  # two voices


def test_too_few_clips_are_said(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "one.wav", np.concatenate([hush(0.5), low_voice(2.0), hush(0.5)]), RATE)
    (tmp_path / "broken.wav").write_text("not audio")
    with pytest.raises(EvaluationError, match="1 of 2 audio files"):
        make_cohort([tmp_path], FakeHub(), silent)


def test_too_few_voices_are_said(tmp_path: Path) -> None:
    for number in range(2):
        soundfile.write(
            tmp_path / f"{number}.wav", np.concatenate([hush(0.5), low_voice(8.0, number), hush(0.5)]), RATE
        )
    with pytest.raises(EvaluationError, match=r"the 2 clips hold \d voices .* needs 20"):
        make_cohort([tmp_path], FakeHub(), silent)
