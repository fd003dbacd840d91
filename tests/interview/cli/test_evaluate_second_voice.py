from __future__ import annotations

import json

import pytest

from biometrics.evaluation.second_voice_trials import Row, SecondVoiceFigures
from fraudmodel.intervals import rate
from interview.cli.evaluate_second_voice import print_second_voice

FIGURES = SecondVoiceFigures(
    rows=(
        Row("alone", rate(1, 40), rate(1, 10), 20.0, 50, 10),
        Row("another voice -10 dB", rate(18, 20), rate(10, 10), 21.5, 44, 4),
    ),
    thresholds=(0.6, 0.61),
    speakers=10,
    alarms=1,
    minutes=20.0,
    cost_ms=11.23,
    model="campplus@12345678",
)


def test_people_see_every_figure_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    print_second_voice(FIGURES, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    for part in (
        "90 [68.3, 98.8] 20",
        "100 [69.2, 100] 10",
        "4 of 44",
        "False alarms: 1 in 20 minutes, 0.50 in ten minutes",
        "0.600 and 0.610",
        "11.2 ms of one core",
        "10 real speakers",
    ):
        assert part in shown


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_second_voice(FIGURES, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["signal"], told["grade"]) == ("second_voice", "simulated")
    assert told["alarms_in_ten_minutes"] == 0.5
    assert told["rows"][1]["found"]["n"] == 20
