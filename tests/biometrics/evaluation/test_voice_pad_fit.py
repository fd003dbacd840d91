"""Calibration for generators that are new: generators and people are what counts, not windows."""

from __future__ import annotations

import numpy as np
import pytest

from biometrics.detectors.voice_pad import NETWORK
from biometrics.errors import EvaluationError
from biometrics.evaluation.calibrating import Calibration
from biometrics.evaluation.voice_pad_fit import CAP, alikeness, calibrate_voice_pad, table_of
from biometrics.evaluation.voice_pad_trials import PEOPLE, Heard, Source
from tests.biometrics.evaluation.test_voice_pad_trials import Hub, ignored
from tests.biometrics.voice.fakes import high_voice, low_voice


def heard(source: str, speaker: str, *scores: float) -> list[Heard]:
    return [Heard(source, speaker, score) for score in scores]


@pytest.fixture(scope="module")
def fitted() -> Calibration:
    people = Source(PEOPLE, {str(k): high_voice(9.5, seed=k) for k in range(5)})
    machines = [Source(f"machine {k}", {"a": low_voice(9.5, seed=k)}) for k in range(4)]
    return calibrate_voice_pad(people, machines, Hub(), "voices", "1", ignored)


def test_what_is_learnt_is_simulated_evidence_halved_and_capped(fitted: Calibration) -> None:
    found = fitted.parameters
    assert (found.kind, found.grade, found.discount, found.cap) == ("voice_pad", "simulated", 0.5, CAP)
    assert found.model == f"{NETWORK}@bbbbbbbb"
    assert "Opus 24 kbit/s, phone microphone" in found.data.name
    assert "4 generators that the network never learnt from" in found.data.name


def test_a_machine_has_a_positive_llr_and_a_person_a_negative_one(fitted: Calibration) -> None:
    table, calibrator = fitted.table, fitted.parameters.calibrator
    llrs = np.array([calibrator.llr(score, {}) for score in table.scores.tolist()])
    assert (llrs[table.attack] > 0.0).all()
    assert (llrs[~table.attack] < 0.0).all()


def test_few_generators_support_little_however_many_windows_they_say(fitted: Calibration) -> None:
    low, high = fitted.parameters.bounds
    assert fitted.parameters.data.attack >= 8
    assert -3.0 < low < 0.0 < high < 3.0


def test_a_generator_is_one_subject_whatever_its_voices_and_a_person_never_a_generator() -> None:
    both = [
        *heard(PEOPLE, "x", 0.0),
        *heard(PEOPLE, "y", 0.5),
        *heard("x", "v1", 1.0),
        *heard("x", "v2", 2.0),
    ]
    table = table_of(both, {"x": "x"}, "t")
    assert table.everybody == ("people/x", "people/y", "x")
    assert table.attack.tolist() == [False, False, True, True]
    assert table.species == ("", "", "x", "x")


def test_generators_that_share_a_way_are_one_subject() -> None:
    three = [*heard(PEOPLE, "p", 0.0), *heard("a", "v", 1.0), *heard("b", "v", 2.0), *heard("c", "v", 3.0)]
    table = table_of(three, {"a": "vocoder", "b": "vocoder", "c": "c"}, "t")
    assert table.subjects == ("people/p", "vocoder", "vocoder", "c")
    assert table.species == ("", "a", "b", "c")


def test_ways_that_were_learnt_do_not_make_up_for_generators_that_are_new() -> None:
    people = Source(PEOPLE, {"0": high_voice(9.5)})
    learnt = [Source(f"machine {k}", {"a": low_voice(9.5)}, learnt=True) for k in range(4)]
    new = [Source(f"new {k}", {"a": low_voice(9.5)}) for k in range(2)]
    with pytest.raises(EvaluationError, match="needs at least 3 to learn from, there are 2"):
        calibrate_voice_pad(people, [*learnt, *new], Hub(), "voices", "1", ignored)


def test_a_name_that_two_generators_have_is_one_sentence() -> None:
    """As where a generator of --spoof is called like one of --lab: it would be counted among what was learnt."""
    people = Source(PEOPLE, {"0": high_voice(9.5)})
    made = [Source(name, {"a": low_voice(9.5)}) for name in ("x", "y", "lpc_vocoder")]
    learnt = Source("lpc_vocoder", {"a": low_voice(9.5)}, "source_filter", learnt=True)
    with pytest.raises(EvaluationError, match="two generators are called lpc_vocoder"):
        calibrate_voice_pad(people, [*made, learnt], Hub(), "voices", "1", ignored)


def test_successive_windows_that_alternate_are_not_alike_and_those_that_drift_are() -> None:
    assert alikeness([heard("g", "a", 1.0, -1.0, 1.0, -1.0)]) == 0.0
    drifting = heard("g", "a", *np.linspace(0.0, 1.0, 50).tolist())
    assert alikeness([drifting]) > 0.9
    assert alikeness([heard("g", "a", 1.0), heard("g", "a", 5.0)]) == 0.0


def test_each_voice_is_compared_with_its_own_mean_only() -> None:
    apart = [*heard("g", "a", 1.0, -1.0, 1.0, -1.0), *heard("g", "b", 101.0, 99.0, 101.0, 99.0)]
    assert alikeness([apart]) == 0.0


def test_two_generators_are_too_few() -> None:
    people = Source(PEOPLE, {"a": high_voice(9.0)})
    machines = [Source(str(k), {"a": low_voice(9.0)}) for k in range(2)]
    with pytest.raises(EvaluationError, match="at least 3"):
        calibrate_voice_pad(people, machines, Hub(), "voices", "1", ignored)
