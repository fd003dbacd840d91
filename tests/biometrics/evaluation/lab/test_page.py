"""The page says what was measured, and stands alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from biometrics.evaluation.lab.charts import over_bitrate
from biometrics.evaluation.lab.page import page
from biometrics.evaluation.lab.report import report_on
from fraudmodel.parameters import load_parameters
from tests.biometrics.evaluation.lab.trials import lab


def shown() -> str:
    report = report_on(lab(), load_parameters().fusion, ["minifasnet@1<2"])
    curve = over_bitrate([(250, -3.0), (1000, 2.0), (2500, 6.0)], "dB", "pulse")
    return page(
        report, datetime(2026, 1, 2, tzinfo=UTC), "candor lab evaluate", [("Pulse by bitrate", curve)]
    )


def test_the_worst_species_is_the_headline() -> None:
    headline = re.search(r'class="headline">(.*?)</p>', shown(), re.DOTALL)
    assert headline is not None
    assert "<strong>hard</strong>" in headline[1]
    assert "N=120" in headline[1]


def test_everything_is_inside_and_escaped() -> None:
    text = shown()
    assert not re.search(r"(src|href)=", text)
    assert "minifasnet@1&lt;2" in text
    assert text.count("<svg") == 2
    assert "Pulse by bitrate" in text
