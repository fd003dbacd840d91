from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics.evaluation.change_scene import Part, join
from biometrics.evaluation.change_trials import (
    CONDITIONS,
    QUICK,
    an_hour,
    change_figures,
    quantile,
    read_sexes,
    scene,
)
from biometrics.evaluation.room_scene import Plan
from tests.biometrics.voice.fakes import FakeHub, voice
from tests.biometrics.voices.signals import murmur

RATE = 16_000
BANDS = ((200, 800), (1000, 1800), (2000, 3000), (3500, 5000))
SEXES = "; id | sex\n0 | F | x\n1 | M | x\n2 | F | x\n3 | M | x\n"


def folder(path: Path, takes: int = 10) -> Path:
    """Speakers that `ShapeOfSpectrum` tells apart."""
    for number, band in enumerate(BANDS):
        (path / str(number)).mkdir(parents=True)
        for take in range(takes):
            samples = voice(4.0, *band, seed=10 * number + take)
            soundfile.write(path / str(number) / f"{take}.flac", samples, RATE)
    (path / "SPEAKERS.TXT").write_text(SEXES, "utf-8")
    return path


def test_parts_follow_each_other_and_the_turn_is_known() -> None:
    one, two, officer = ([murmur(4.0, seed)] for seed in (1, 2, 3))
    joined = join([Part(one, Plan()), Part(two * 2, Plan(kbps=12))], officer, officer, seed=4)
    (turn_s,) = joined.turns_s
    assert [span.duration_s for span in joined.call.applicant] == pytest.approx([4.0] * 3)
    assert joined.call.applicant[0].end < turn_s == joined.call.applicant[1].start
    assert len(joined.call.near) == len(joined.call.far)
    assert joined.call.applicant[-1].end < len(joined.call.near) / RATE
    loud = np.abs(joined.call.near[round(turn_s * RATE) : round((turn_s + 3.0) * RATE)])
    assert loud.max() > 0.05


def test_who_takes_over_is_of_the_sex_that_the_condition_says(tmp_path: Path) -> None:
    sexes = read_sexes(folder(tmp_path, takes=2))
    assert sexes == {"0": "F", "1": "M", "2": "F", "3": "M"}
    assert read_sexes(tmp_path / "0") == {}
    speakers = {name: [murmur(2.0, 7 * k + int(name)) for k in range(2)] for name in sexes}
    for condition, changes in (("one voice", 0), ("to another, same sex", 1), ("to another and back", 2)):
        assert len(scene(speakers, sexes, "0", condition).turns_s) == changes


def test_quantiles_have_the_interval_of_order_statistics() -> None:
    values = [float(k) for k in range(1, 21)]
    middle = quantile(values, 0.5)
    assert (middle.value, middle.low, middle.high, middle.n) == (10.0, 6.0, 15.0, 20)
    most = quantile(values, 0.9)
    assert (most.value, most.high) == (18.0, 20.0)
    assert quantile([2.0], 0.9).high == 2.0


def test_alarms_an_hour_have_garwoods_interval() -> None:
    none = an_hour(0, 2.0)
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(3.689 / 2, abs=0.001)
    five = an_hour(5, 1.0)
    assert five.low == pytest.approx(1.624, abs=0.001)
    assert five.high == pytest.approx(11.668, abs=0.001)
    with pytest.raises(ValueError, match="needs some time"):
        an_hour(0, 0.0)


@pytest.mark.slow
def test_quick_figures_of_synthetic_speakers(tmp_path: Path) -> None:
    figures = change_figures(folder(tmp_path), FakeHub(), lambda at, total, what: None, quick=True)
    assert [row.condition for row in figures.rows] == list(QUICK)
    alone, echo, back = figures.rows_at_alarm
    assert (alone.alarms, echo.alarms, figures.false_alarms_at_alarm.n) == (0, 0, 0)
    assert back.found is not None
    assert back.found.value == 1.0
    assert back.delay_speech_s is not None
    assert 4.0 < back.delay_speech_s[0].value < 12.0
    assert back.missed_by_s is not None
    assert back.missed_by_s[0].value < 2.0
    assert all(0.0 < threshold <= figures.alarm for threshold in figures.thresholds)
    assert set(CONDITIONS) >= {row.condition for row in figures.rows}
