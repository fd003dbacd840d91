from __future__ import annotations

import json

import pytest

from biometrics.challenges.wcag import Flashes
from biometrics.evaluation.flash_trials import STAGES, FlashFigures, Row
from fraudmodel.intervals import rate
from interview.cli.evaluate_flash import print_flash

FIGURES = FlashFigures(
    rows=(
        Row(
            -5.0,
            20,
            {n: rate(1, 20) for n in STAGES},
            {n: rate(3, 4000) for n in STAGES},
            rate(2, 20),
            rate(4, 4000),
            23.5,
            rate(9, 18),
        ),
        Row(None, 10, {}, {n: rate(1, 2000) for n in STAGES}, None, rate(1, 2000), None, None),
    ),
    flashing_codes=0,
    codes=100,
    worst=Flashes(1, 0),
    frame_ms=0.09,
    decision_ms=(21.0, 40.0),
)


def test_people_see_every_figure_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    print_flash(FIGURES, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    for part in (
        "10 [1.23, 31.7]",
        "0.075 [0.0155, 0.219]",
        "23.5",
        "of those that pass, 50 [26, 74] %",
        "unlit",
        "0 of 100 codes flash",
        "0.090 ms a frame",
    ):
        assert part in shown


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_flash(FIGURES, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["signal"] == "flash_challenge"
    assert told["grade"] == "simulated"
    assert told["rows"][0]["frr_sequential"]["value"] == 0.1
    assert told["rows"][1]["frr_sequential"] is None
    assert told["rows"][0]["far"]["32"]["n"] == 4000
