"""`candor evaluate voice-pad`: what it shows."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import soundfile

from biometrics.detectors.voice_pad import KIND, NETWORK
from biometrics.errors import EvaluationError
from biometrics.evaluation.voice_pad_trials import PadFigures, Row
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.intervals import Estimate, rate
from fraudmodel.parameters import Parameters
from fraudmodel.signal_parameters import SignalParameters
from interview.cli.evaluate_voice_pad import Network, everybody, judge_of, originals_of, print_voice_pad
from models.manifest import Manifest
from tests.biometrics.detectors.test_voice_pad import SpoofsAreLow
from tests.biometrics.voice.fakes import high_voice
from tests.fraudmodel.builders import signal

EER = Estimate(0.125, 0.05, 0.25, 40)
MATCHED = Estimate(0.375, 0.25, 0.5, 30)
FIGURES = PadFigures(
    rows=(Row("Opus 24 kbit/s", "machine", 20, 4, EER, MATCHED, rate(2, 20)),),
    bpcer={"Opus 24 kbit/s": rate(5, 20)},
    flagged={"Opus 24 kbit/s": rate(1, 20)},
    passed={"machine": rate(9, 20)},
    threshold=0.5,
    calibrated=True,
    trim_change_nats=(0.125, 0.25),
    trim_calls=4,
    abstained=3,
    ms_per_s=41.2,
    model="pad_voice@bbbbbbbb",
)


def shown(figures: PadFigures, capsys: pytest.CaptureFixture[str]) -> str:
    print_voice_pad(figures, as_json=False)
    return " ".join(capsys.readouterr().out.split())


def test_people_see_every_figure_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(FIGURES, capsys)
    for part in (
        "25 [8.66, 49.1] 5 [0.127, 24.9] 20",
        "machine 45 [23.1, 68.5] 20",
        "machine Opus 24 kbit/s 12.5 [5, 25] 37.5 [25, 50] 10 [1.23, 31.7] 20 4",
        "Threshold: score 0.50, where the LLR is 0.",
        "moves a call's LLR by 0.125 nats (median of 4), 0.250 at most. Refused windows: 3.",
    ):
        assert part in text, part


def test_a_score_without_a_calibration_is_called_no_llr(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(replace(FIGURES, calibrated=False, threshold=0.0), capsys)
    assert "Threshold: score 0.00, of the network as it is: there is no calibration." in text
    assert "moves a call's score by 0.125 nats" in text
    assert "LLR" not in text


def test_where_no_call_could_be_cut_there_is_no_figure(capsys: pytest.CaptureFixture[str]) -> None:
    text = shown(replace(FIGURES, trim_change_nats=None, trim_calls=0), capsys)
    assert (
        "No call was long enough to be judged with and without its leading silence. Refused windows: 3."
        in text
    )
    assert "nan" not in text


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_voice_pad(FIGURES, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["signal"], told["threshold"], told["calibrated"]) == ("voice_pad", 0.5, True)
    assert told["generators"][0]["apcer"]["n"] == 20
    assert told["generators"][0]["eer_matched"]["value"] == 0.375
    assert told["bpcer_set_on_others"]["Opus 24 kbit/s"]["value"] == 0.05
    assert told["apcer_at_5"]["machine"]["value"] == 0.45
    assert (told["abstained"], told["trim_calls"]) == (3, 4)


def test_originals_may_be_those_of_several_generators_and_of_none_that_is_not_there(tmp_path: Path) -> None:
    voice = tmp_path / "anna"
    voice.mkdir()
    soundfile.write(voice / "a.wav", high_voice(1.0), 16_000)
    found = originals_of([f"one={tmp_path}", f"two={tmp_path}"], {"one", "two"})
    assert found["one"] is found["two"]
    for given in ("three=x", "one", f"one={tmp_path}"):
        with pytest.raises(
            EvaluationError, match=r"is not NAME=FOLDER with the name of a generator .*: one, two"
        ):
            originals_of([f"one={tmp_path}", given], {"one", "two"})


def test_the_published_network_can_be_measured_instead_of_the_one_that_is_read() -> None:
    assert get_args(Network)[0] == NETWORK
    assert set(get_args(Network)) <= set(Manifest.default().entries)


def test_a_calibration_is_used_for_its_own_network_only() -> None:
    fitted = signal(KIND)
    own, others = (replace(fitted, model=model) for model in (str(SpoofsAreLow().id), "aasist_l@1510bd9b"))
    judge = judge_of(of(own), SpoofsAreLow())
    assert judge is not None
    assert judge(1.0) == own.in_force(own.calibrator.llr(1.0, {}))
    assert judge(1e6) == own.limits[1]
    assert judge_of(of(others), SpoofsAreLow()) is None
    assert judge_of(of(), SpoofsAreLow()) is None


def of(*signals: SignalParameters) -> Parameters:
    fusion = Fusion(
        "test",
        "by hand",
        1.0,
        (Group("voice", (KIND,), 0.5),),
        (Component("voice_attack", "c", 1.0, {KIND: 1.0}),),
    )
    return Parameters("test", {each.kind: each for each in signals}, fusion)


def test_further_people_keep_apart_from_those_of_the_same_name(tmp_path: Path) -> None:
    for folder in ("first", "more"):
        (tmp_path / folder / "anna").mkdir(parents=True)
        soundfile.write(tmp_path / folder / "anna" / "a.wav", high_voice(1.0), 16_000)
    found = everybody(tmp_path / "first", [f"more={tmp_path / 'more'}"])
    assert set(found.speakers) == {"anna", "more/anna"}
    with pytest.raises(EvaluationError, match="'more' is not NAME=FOLDER: a name for whose speech it is"):
        everybody(tmp_path / "first", ["more"])
