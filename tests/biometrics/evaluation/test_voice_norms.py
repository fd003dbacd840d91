from __future__ import annotations

import numpy as np
import pytest
import soundfile

from biometrics.evaluation.trials import Experiment, Trial, merged
from biometrics.evaluation.voice_norms import HOME, d_prime, norm_rows, normalisations
from biometrics.evaluation.voice_pairs import Condition, VoiceTrials, read_sittings
from biometrics.voice.cohort import Cohort
from biometrics.voice.embed import unit
from tests.biometrics.evaluation.test_voice_pairs import BANDS, RATE, silent, utterance
from tests.biometrics.voice.fakes import FakeHub

NOISY = Condition(3.0, 24, snr_db=20.0)


def cohort(size: int = 80) -> Cohort:
    rows = np.abs(np.random.default_rng(4).standard_normal((60, size)))
    return Cohort(np.stack([unit(row.astype(np.float32)) for row in rows]), "campplus@aaaaaaaa")


@pytest.fixture(scope="module")
def trials(tmp_path_factory: pytest.TempPathFactory) -> VoiceTrials:
    folder = tmp_path_factory.mktemp("speakers")
    for name in BANDS:
        (folder / name).mkdir()
        for number in range(3):
            soundfile.write(folder / name / f"{number}.flac", utterance(name, number), RATE)
    return VoiceTrials(read_sittings(folder), FakeHub(), silent)


def test_each_normalisation_has_a_row_for_each_condition(trials: VoiceTrials) -> None:
    rows = norm_rows(trials, cohort(), "synthetic", (NOISY,))
    names = ["none", "Z", "T", "S", "AS, nearest 20", "AS, nearest 50"]
    assert [(row.normalisation, row.condition) for row in rows] == [
        (name, str(condition)) for name in names for condition in (HOME, NOISY)
    ]
    assert len({row.mated for row in rows if row.condition == str(HOME)}) == 1
    for row in rows:
        assert 0.0 <= row.fmr_moved.low <= row.fmr_moved.value <= row.fmr_moved.high <= 1.0
        assert 0.0 <= row.fnmr_moved.low <= row.fnmr_moved.value <= row.fnmr_moved.high <= 1.0
    home = [row for row in rows if row.condition == str(HOME)]
    assert all(row.fmr_moved.value == pytest.approx(0.01, abs=0.01) for row in home)
    assert home[0].cllr_moved.value == pytest.approx(home[0].cllr.value, abs=0.01)
    assert home[0].as_json()["d_prime"] == {
        "value": home[0].d_prime.value,
        "low": home[0].d_prime.low,
        "high": home[0].d_prime.high,
        "n": home[0].mated + home[0].non_mated,
    }


def test_none_is_what_a_call_reads(trials: VoiceTrials) -> None:
    plain, again = (trials.experiment(HOME, each) for each in (None, normalisations(cohort())["none"]))
    assert plain == again
    moved = trials.experiment(HOME, normalisations(cohort())["S"])
    assert [trial.probe for trial in moved.trials] == [trial.probe for trial in plain.trials]
    assert [trial.statistic for trial in moved.trials] != [trial.statistic for trial in plain.trials]


def test_d_prime_of_two_normal_laws() -> None:
    rng = np.random.default_rng(0)
    attack = np.arange(40_000) >= 20_000
    scores = rng.standard_normal(40_000) * np.where(attack, 2.0, 1.0) + np.where(attack, 3.0, 0.0)
    assert d_prime(scores, attack, np.ones(40_000)) == pytest.approx(3.0 / np.sqrt(2.5), rel=0.02)


def test_merged_conditions_keep_every_trial_and_count_references_once() -> None:
    trial = Trial("a", "b", "a/0", "b/0@1", 0.5, 1, {"snr_db": 20.0})
    one = Experiment(
        "m", "quiet", (trial,), references=3, failed_enrolments=1, probes=5, failed_acquisitions=0
    )
    two = Experiment(
        "m", "noisy", (trial, trial), references=3, failed_enrolments=1, probes=5, failed_acquisitions=2
    )
    both = merged([one, two], "all")
    assert (len(both.trials), both.references, both.failed_enrolments) == (3, 3, 1)
    assert (both.probes, both.failed_acquisitions, both.condition) == (10, 2, "all")
