"""Joint trials: who is tried against whom, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.errors import EvaluationError
from biometrics.evaluation.sasv_speech import Said, Tell
from biometrics.evaluation.sasv_trials import Countermeasure, Joint, JointTrials
from biometrics.evaluation.voice_pairs import Sitting
from fraudmodel.sasv import Trial
from models.hub import ModelId, Rows
from tests.biometrics.voice.fakes import FakeHub, hush, voice

BANDS = {"ada": (200, 900), "ben": (900, 1800), "cy": (1800, 3200)}


class Clicks:
    """Takes speech for a machine's by its strongest sample, at a level of 0.05."""

    def __init__(self) -> None:
        self.waves: list[NDArray[np.float32]] = []

    @property
    def id(self) -> ModelId:
        return ModelId("clicks", "fake", "c" * 64, "cpu")

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        (wave,) = inputs
        self.waves.append(wave)
        peak = float(np.abs(wave).max())
        return (np.array([[peak, -peak]], np.float32),)


def sitting(name: str, number: int) -> Sitting:
    """In three parts, with pauses."""
    seed = 10 * list(BANDS).index(name) + number
    said = voice(14.0, *BANDS[name], seed=seed)
    for k in (1, 2):
        first = len(said) * k // 3
        said[first : first + 6400] = hush(0.4, seed)
    samples = np.concatenate([hush(0.6), said, hush(0.4)])
    return Sitting(name, f"{name}/{number}", samples)


SITTINGS = tuple(sitting(name, number) for name in BANDS for number in range(2))


def copied(of: Sitting, everybody: object, rng: np.random.Generator) -> Said:
    """The person's own words with a click now and then."""
    del everybody, rng
    samples = of.samples.copy()
    samples[::4_000] = 0.9
    return Said(of.subject, of.subject, of.name, "clicking", samples)


def joint(sittings: Sequence[Sitting], clicks: Clicks, tell: Tell) -> JointTrials:
    return JointTrials(sittings, FakeHub(), Countermeasure(clicks), 2, lambda done, total, what: None, tell)


@pytest.fixture(scope="module")
def heard() -> tuple[list[Joint], Clicks]:
    clicks, told = Clicks(), list[str]()
    trials = joint(SITTINGS, clicks, told.append).trials({"clicking": copied})
    assert told == []
    return trials, clicks


def test_nobody_is_tried_against_their_own_sitting_nor_a_spoof_against_a_stranger(
    heard: tuple[list[Joint], Clicks],
) -> None:
    """Of three people two sittings each, two windows of each: the other sitting is the target's, four are impostors'."""
    trials, _ = heard
    assert Counter(trial.kind for trial in trials) == {Trial.TARGET: 12, Trial.IMPOSTOR: 48, Trial.SPOOF: 12}
    assert all((t.subject == t.other) == (t.kind != Trial.IMPOSTOR) for t in trials)
    assert {t.generator for t in trials if t.kind == Trial.SPOOF} == {"clicking"}


def test_trials_of_one_window_share_its_name_and_the_countermeasures_score(
    heard: tuple[list[Joint], Clicks],
) -> None:
    trials, clicks = heard
    scores = {(trial.window, trial.spoof) for trial in trials}
    assert len({window for window, _ in scores}) == len(scores) == len(clicks.waves)


def test_the_encoder_tells_people_and_the_countermeasure_machines(heard: tuple[list[Joint], Clicks]) -> None:
    trials, _ = heard
    near = [t.impostor for t in trials if t.kind != Trial.IMPOSTOR]
    far = [t.impostor for t in trials if t.kind == Trial.IMPOSTOR]
    assert max(near) < min(far)
    fake, real = ([t.spoof for t in trials if (t.kind == Trial.SPOOF) is spoof] for spoof in (True, False))
    assert min(fake) > max(real)


def test_a_countermeasure_hears_whole_windows_at_one_level(heard: tuple[list[Joint], Clicks]) -> None:
    _, clicks = heard
    assert {wave.shape for wave in clicks.waves} == {(1, 64_512)}
    levels = [float(np.sqrt(np.mean(np.square(wave, dtype=np.float64)))) for wave in clicks.waves]
    assert levels == pytest.approx([0.05] * len(levels), rel=1e-3)


def test_greater_is_more_machine_like() -> None:
    measure = Countermeasure(Clicks())
    smooth = np.sin(np.arange(64_512) / 7).astype(np.float32)
    spiky = smooth.copy()
    spiky[::500] = 30.0
    assert measure.score(spiky) > measure.score(smooth)
    assert np.isfinite(measure.score(np.zeros(64_512, np.float32)))
    assert measure.name == "clicks@cccccccc"


def broken(of: Sitting, everybody: object, rng: np.random.Generator) -> Said:
    raise EvaluationError("the program is gone")


def silenced(of: Sitting, everybody: object, rng: np.random.Generator) -> Said:
    return Said(of.subject, of.subject, of.name, "silent", hush(8.0))


def test_whatever_is_left_out_is_told() -> None:
    """A sitting that is no reference, a generator that fails, and one of which nothing can be heard."""
    mute = Sitting("ada", "ada/0", hush(14.0))
    told: list[str] = []
    joint([mute, SITTINGS[1]], Clicks(), told.append).trials({"gone": broken, "silent": silenced})
    assert [each.partition(": ")[0] for each in told] == [
        "ada/0 is no reference",
        "gone made nothing of ada/0",
        "gone made nothing of ada/1",
        "gone",
        "silent",
    ]
    assert "No speech was found" in told[0]
    assert "the program is gone" in told[1]
