"""`candor evaluate behaviour`: what it shows."""

from __future__ import annotations

import json

import pytest

from biometrics.evaluation.behaviour_trials import BehaviourFigures, GazeRow, Row
from biometrics.evaluation.behaviour_voices import Voices
from fraudmodel.intervals import Estimate
from interview.cli.evaluate_behaviour import print_behaviour

HALF = Estimate(0.5, 0.4, 0.6, 60)
ROW = Row("one moved by 2 sd", 10, 4, 60, 0.01, 0.02, 0.16, HALF, HALF, HALF)
NULL = Row("null", 5, 5, 60, 0.01, 0.02, 0.16, HALF, None, HALF)
FIGURES = BehaviourFigures((NULL, ROW), (GazeRow("reads", 25.0, 1.0, HALF, 0.8),), 18.0)
VOICES = Voices((), {"pause_ratio": 0.07}, 42)


def test_people_read_tables(capsys: pytest.CaptureFixture[str]) -> None:
    print_behaviour(FIGURES, VOICES, as_json=False)
    shown = capsys.readouterr().out
    for part in ("one moved by 2 sd", "50 [40, 60]", "reads", "18 ms", "pause_ratio 0.07", "42 utterances"):
        assert part in shown


def test_programs_read_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    print_behaviour(FIGURES, VOICES, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["signal"] == "behaviour"
    assert found["rows"][0]["found"] is None
    assert found["rows"][1]["session_rate"] == {"value": 0.5, "low": 0.4, "high": 0.6, "n": 60}
    assert found["voices"] == {"people": 0, "answers": 0, "halves": {"pause_ratio": 0.07}, "pairs": 42}
