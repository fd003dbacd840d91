from __future__ import annotations

import json
from dataclasses import replace

import numpy as np

from fraudmodel.intervals import Estimate
from fraudmodel.metrics import apcer, threshold_at_bpcer
from fraudmodel.report import Figure, as_json, as_text, calibration, discrimination
from tests.fraudmodel.builders import gaussian_table, signal

FIGURES = (
    Figure("EER", "voices", Estimate(0.0125, 0.001, 0.05, 400)),
    Figure("cllr", "v", Estimate(0.2, 0.1, 0.3, 9), "bit"),
)


def test_a_text_table_lines_up_and_tells_interval_and_trials() -> None:
    assert as_text(FIGURES).splitlines() == [
        "figure  on      value       95 % interval     N",
        "EER     voices  0.0125      0.0010 .. 0.0500  400",
        "cllr    v       0.2000 bit  0.1000 .. 0.3000  9",
    ]


def test_the_json_table_says_the_same() -> None:
    assert json.loads(json.dumps(as_json(FIGURES)))[0] == {
        "figure": "EER",
        "on": "voices",
        "value": 0.0125,
        "low": 0.001,
        "high": 0.05,
        "n": 400,
        "unit": "",
    }


def test_discrimination_tells_the_worst_species_first() -> None:
    table = gaussian_table(200, 2)
    print_scores = np.where(table.attack & (np.arange(len(table)) % 2 == 0), table.scores + 3.0, table.scores)
    species = tuple(
        "" if not a else ("screen" if i % 2 == 0 else "print") for i, a in enumerate(table.attack)
    )
    mixed = replace(table, scores=print_scores, species=species)
    rows = discrimination(mixed)
    assert [(row.name, row.on) for row in rows[:3]] == [
        ("EER", "gaussian"),
        ("APCER at BPCER 1%", "print"),
        ("APCER at BPCER 1%", "screen"),
    ]
    threshold = threshold_at_bpcer(mixed.scores[~mixed.attack], 0.01)
    prints = mixed.scores[np.array([s == "print" for s in species])]
    assert rows[1].estimate.value == apcer(prints, threshold).value
    assert rows[1].estimate.n == 200


def test_rates_of_few_people_have_wide_intervals_however_many_trials() -> None:
    many, few = gaussian_table(400, 1), gaussian_table(10, 40, person_sd=2.0)
    widths = []
    for table in (many, few):
        measured = discrimination(table)[-1].estimate
        widths.append(measured.high - measured.low)
    assert widths[1] > 2.0 * widths[0]


def test_a_calibration_is_told_with_its_data_and_units() -> None:
    measured = replace(
        signal(), measured={"eer": Estimate(0.1, 0.0, 0.2, 5), "cllr": Estimate(0.3, 0.2, 0.4, 5)}
    )
    assert [(row.name, row.on, row.unit) for row in calibration(measured)] == [
        ("eer", "by hand", ""),
        ("cllr", "by hand", "bit"),
    ]
