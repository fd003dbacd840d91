"""Machine-made speech against people's, with a network whose answers are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from biometrics.detectors.voice_pad import NETWORK
from biometrics.errors import EvaluationError
from biometrics.evaluation.voice_pad_trials import (
    PEOPLE,
    Heard,
    Source,
    even_odds,
    read_source,
    set_on_others,
    voice_pad_figures,
)
from models.hub import Model
from tests.biometrics.detectors.test_voice_pad import SpoofsAreLow
from tests.biometrics.voice.fakes import FakeHub, high_voice, hush, low_voice


def identity(score: float) -> float:
    return score


@dataclass
class Hub(FakeHub):
    network: SpoofsAreLow = field(default_factory=SpoofsAreLow)

    def get(self, name: str) -> Model:
        return self.network if name == NETWORK else super().get(name)


def ignored(done: int, total: int, what: str) -> None:
    assert done <= total, what


def test_a_generator_that_sounds_low_is_told_from_people_who_sound_high() -> None:
    people = Source(PEOPLE, {str(k): high_voice(14.0, seed=k) for k in range(4)})
    machine = Source("machine", {str(k): low_voice(14.0, seed=k) for k in range(4)})
    hidden = Source("hidden", {str(k): high_voice(14.0, seed=10 + k) for k in range(4)})
    found = voice_pad_figures(people, [machine, hidden], Hub(), identity, ignored, quick=True)
    (channel,) = found.bpcer
    assert found.bpcer[channel].value == 0.0
    told = {row.generator: row for row in found.rows}
    assert told["machine"].eer.value == 0.0
    assert told["machine"].eer.high > 0.1  # four voices say little
    assert told["machine"].apcer.value == 0.0
    assert told["hidden"].apcer.value == 1.0
    assert told["machine"].voices == 4
    assert told["machine"].windows >= 8
    assert found.trim_calls == 4
    assert found.trim_change_nats is not None
    assert found.trim_change_nats[1] < 0.5
    assert found.threshold == pytest.approx(0.0, abs=1e-6)
    assert found.as_json()["generators"][0]["eer"]["value"] == 0.0


def test_a_threshold_is_set_on_everybody_but_who_is_judged() -> None:
    """Nine people score 0 and one 1: set on the others one's whole speech is flagged, set on all of them half of it would not be."""
    calm = [Heard(PEOPLE, str(k), 0.01 * j) for k in range(9) for j in range(10)]
    loud = [Heard(PEOPLE, "loud", 1.0 + 0.01 * j) for j in range(10)]
    found = set_on_others({"quiet": [*calm, *loud], "noisy": calm})
    assert found["quiet"].value == pytest.approx((10 + 0) / 100)
    assert found["noisy"].value == 0.0
    assert set_on_others({"quiet": loud}) == {}


def test_a_generator_is_measured_against_its_originals_too() -> None:
    people = Source(PEOPLE, {"a": high_voice(9.0, seed=1), "b": high_voice(9.0, seed=2)})
    machine = Source("machine", {"c": low_voice(9.0, seed=1), "d": low_voice(9.0, seed=3)})
    own = Source("original", {"c": low_voice(9.0, seed=5), "d": low_voice(9.0, seed=7)})
    found = voice_pad_figures(people, [machine], Hub(), None, ignored, originals={"machine": own}, quick=True)
    (row,) = found.rows
    assert row.eer.value == 0.0
    assert row.matched is not None
    assert row.matched.value > 0.2  # it told low voices, not machines
    (flagged,) = found.bpcer.values()
    assert flagged.n > row.windows
    assert flagged.value == pytest.approx(0.5, abs=0.1)


def test_only_windows_that_were_refused_are_counted_and_each_once() -> None:
    rng = np.random.default_rng(1)
    noise = (0.015 * rng.standard_normal(14 * 16_000)).astype(np.float32)
    speech = high_voice(14.0, seed=9)
    noisy = np.asarray(speech * (0.02 / np.sqrt(np.mean(speech**2))) + noise, np.float32)
    quiet = np.concatenate([hush(12.0), high_voice(14.0, seed=1)])
    network = SpoofsAreLow()
    clean = Source(PEOPLE, {"a": quiet, "b": quiet})
    found = voice_pad_figures(clean, [], Hub(network=network), None, ignored, quick=True)
    assert found.abstained == 0  # 12 s of silence are no window
    with_noise = Source(PEOPLE, {"a": quiet, "b": noisy})
    found = voice_pad_figures(with_noise, [], Hub(), None, ignored, quick=True)
    assert found.abstained == 3


def test_without_a_calibration_the_score_is_the_threshold() -> None:
    people = Source(PEOPLE, {"a": high_voice(9.0, seed=1), "b": high_voice(9.0, seed=2)})
    machine = Source("machine", {"a": low_voice(9.0, seed=1)})
    raw = voice_pad_figures(people, [machine], Hub(), None, ignored, quick=True)
    fitted = voice_pad_figures(
        people, [machine], Hub(), lambda score: 2.0 * (score - 0.5), ignored, quick=True
    )
    assert not raw.calibrated
    assert raw.threshold == pytest.approx(0.0, abs=1e-6)
    assert fitted.calibrated
    assert fitted.threshold == pytest.approx(0.5)
    assert raw.as_json()["calibrated"] is False


def test_people_who_cannot_be_judged_are_an_error() -> None:
    silent = Source(PEOPLE, {"a": np.zeros(16_000, np.float32)})
    with pytest.raises(EvaluationError, match="no window of the people's speech"):
        voice_pad_figures(silent, [], Hub(), identity, ignored, quick=True)


@given(st.floats(-5.0, 5.0), st.floats(0.1, 3.0))
def test_even_odds_is_where_the_llr_is_0(centre: float, slope: float) -> None:
    assert even_odds(lambda score: slope * (score - centre)) == pytest.approx(centre, abs=1e-6)


def test_a_folder_is_read_by_voice(tmp_path: Path) -> None:
    for voice in ("a", "b"):
        (tmp_path / voice).mkdir()
        for k in range(2):
            soundfile.write(tmp_path / voice / f"{k}.wav", 0.5 * high_voice(2.0, seed=k), 16_000)
    source = read_source("machine", tmp_path)
    assert sorted(source.speakers) == ["a", "b"]
    assert len(source.speakers["a"]) == pytest.approx(16_000 * (4.0 + 3 * 0.4), abs=2)
    assert len(read_source("machine", tmp_path, most_s=1.0).speakers["a"]) < 16_000 * 3.0


def test_a_missing_folder_is_said_to_be_none(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="is not a folder: give one"):
        read_source("machine", tmp_path / "missing")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="holds no audio files"):
        read_source("machine", tmp_path)
