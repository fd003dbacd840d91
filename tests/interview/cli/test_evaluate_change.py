from __future__ import annotations

import json
from dataclasses import replace

import pytest

from biometrics.evaluation.change_trials import ChangeFigures, Row, an_hour, quantile
from fraudmodel.intervals import rate
from interview.cli.evaluate_change import print_change

ALONE = Row("one voice", 10, 0.4, 1, an_hour(1, 0.4), 1.25, None, None, None, None, None, 500, 60)
SECONDS = [3.0, 3.2, 4.0, 6.5]
DELAYS = (quantile(SECONDS, 0.5), quantile(SECONDS, 0.9))
CHANGED = Row(
    "to another", 4, 0.1, 0, an_hour(0, 0.1), 0.0, rate(4, 4), DELAYS, DELAYS, DELAYS, rate(3, 4), 200, 30
)
FIGURES = ChangeFigures(
    rows=(ALONE, CHANGED),
    rows_at_alarm=(replace(ALONE, alarms=0), CHANGED),
    thresholds=(1.4, 2.65),
    alarm=5.0,
    speakers=10,
    hours=0.4,
    false_alarms=an_hour(1, 0.4),
    false_alarms_at_alarm=an_hour(0, 0.4),
    found=rate(4, 4),
    delay_speech_s=DELAYS,
    cost_ms=16.53,
    model="campplus@12345678",
)


def test_people_see_every_figure_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    print_change(FIGURES, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    for part in (
        "10 real speakers",
        "1.40 and 2.65",
        "1 in 0.40 h",
        "100 [39.8, 100] 4",
        "3.2 [3, 6.5] 6.5 [3.2, 6.5]",
        "75 [19.4, 99.4]",
        "1, 2.5 [0.0633, 13.9] an hour, at the fitted thresholds, and 0, 0 [0, 9.22], at the detector's own",
        "at the detector's own threshold: found 100 [39.8, 100] %, N = 4, after 3.2 [3, 6.5] s of the other's speech (median; 90 %: 6.5 [3.2, 6.5]).",
        "16.5 ms of one core",
    ):
        assert part in shown, part


def test_what_was_never_found_has_no_delay(capsys: pytest.CaptureFixture[str]) -> None:
    print_change(replace(FIGURES, found=rate(0, 4), delay_speech_s=None), as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    assert "found 0 [0, 60.2] %, N = 4. False alarms" in shown


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_change(FIGURES, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["signal"], told["grade"]) == ("voice_continuity", "simulated")
    assert told["rows"][1]["delay_speech_s"][0]["value"] == 3.2
    assert told["false_alarms"]["n"] == 1
    assert (told["found"]["n"], told["delay_speech_s"][1]["value"]) == (4, 6.5)
    assert told["rows"][0]["found"] is None
