from __future__ import annotations

import json

import pytest

from biometrics.evaluation.digits_trials import DigitsFigures, Row, Understood
from fraudmodel.intervals import rate
from interview.cli.evaluate_digits import print_digits

FIGURES = DigitsFigures(
    rows=(
        Row(
            "reads",
            "en",
            rate(9, 10),
            rate(10, 10),
            rate(0, 10),
            rate(1, 11),
            (-6.0, -5.0, -1.0),
            (0.1, 0.2, 0.3),
        ),
        Row("silent", "en", None, None, None, rate(4, 4), (), ()),
    ),
    understood=(Understood("somebody", "en", recorded=True, right=rate(70, 80)),),
    decision_ms=263.0,
)


def test_people_see_every_figure_with_its_interval(capsys: pytest.CaptureFixture[str]) -> None:
    print_digits(FIGURES, as_json=False)
    shown = " ".join(capsys.readouterr().out.split())
    for part in ("90 [55.5, 99.7]", "silent", "100 [39.8, 100]", "87.5 [78.2, 93.8]", "recorded", "263 ms"):
        assert part in shown


def test_programs_get_the_same_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    print_digits(FIGURES, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert (told["signal"], told["grade"]) == ("digits_challenge", "simulated")
    assert told["rows"][0]["followed"]["n"] == 10
    assert told["rows"][1]["followed"] is None
    assert told["understood"][0]["right"]["value"] == 0.875
