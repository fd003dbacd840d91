from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from biometrics.evaluation.change_scene import Joined, Part, join
from biometrics.evaluation.change_trials import (
    CONDITIONS,
    QUICK,
    Heard,
    an_hour,
    change_figures,
    figures_of,
    quantile,
    read_sexes,
    scene,
)
from biometrics.evaluation.room_scene import Plan
from biometrics.voice.features import Samples
from biometrics.voice.vad import FRAME_S
from biometrics.voices.change import ALARM, MOST, SHARE
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


HERTZ = {"0": 400, "1": 900, "2": 1700, "3": 3100}


def tone(name: str) -> Samples:
    """2 s of a speaker who is one tone."""
    t = np.arange(2 * RATE) / RATE
    return np.asarray(0.1 * np.sin(2 * np.pi * HERTZ[name] * t), np.float32)


def heard_after(joined: Joined, turn_s: float) -> str:
    """Whose tone is the strongest in the second after the turn."""
    piece = joined.call.near[round((turn_s + 0.5) * RATE) : round((turn_s + 1.5) * RATE)]
    loudest = float(np.argmax(np.abs(np.fft.rfft(piece))))  # a bin is 1 Hz
    return min(HERTZ, key=lambda name: abs(HERTZ[name] - loudest))


@pytest.mark.parametrize("name", list(HERTZ))
def test_who_takes_over_is_of_the_sex_that_the_condition_says(name: str) -> None:
    sexes = {"0": "F", "1": "M", "2": "F", "3": "M"}
    speakers = {one: [tone(one)] * 2 for one in sexes}
    for condition, alike in (("to another, same sex", True), ("to another, other sex", False)):
        joined = scene(speakers, sexes, name, condition)
        (turn_s,) = joined.turns_s
        second = heard_after(joined, turn_s)
        assert second != name
        assert (sexes[second] == sexes[name]) is alike
    joined = scene(speakers, sexes, name, "to another and back")
    other, again = (heard_after(joined, turn_s) for turn_s in joined.turns_s)
    assert other != again == name


def test_sexes_are_read_and_turns_are_those_of_the_condition(tmp_path: Path) -> None:
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


NAMES = ("a", "b", "c", "d")
ALONE, TO_ANOTHER, BACK = "one voice", "to another, same sex", "to another and back"


def call(
    speaker: str,
    condition: str,
    turns_s: tuple[float, ...],
    scores: Mapping[float, float],
    told_s: float = -1.0,
) -> Heard:
    """A call of 100 s with speech in every frame; ``scores`` by the end of their window, each given 2 s later."""
    return Heard(
        speaker,
        condition,
        turns_s,
        tuple((end, end + 2.0, score) for end, score in scores.items()),
        () if told_s < 0.0 else (told_s,),
        tuple(k * FRAME_S for k in range(3125)),
        100.0,
        abstained=1,
    )


def alone(a: float, b: float, c: float, d: float) -> list[Heard]:
    """Calls without a change, by what they reach at most."""
    return [call(name, ALONE, (), {10.0: most}) for name, most in zip(NAMES, (a, b, c, d), strict=True)]


def test_a_half_is_tried_at_the_threshold_of_the_other() -> None:
    found = figures_of(alone(0.5, 1.2, 0.1, 0.0), NAMES, [ALONE], 1.0, "m")
    assert found.thresholds == pytest.approx((1.2 + SHARE * MOST, 0.5 + SHARE * MOST))
    tried = [
        call("a", TO_ANOTHER, (50.0,), {60.0: 2.0, 70.0: 2.0}),
        call("b", TO_ANOTHER, (50.0,), {60.0: 2.0, 70.0: 2.0}),
    ]
    _, row = figures_of([*alone(0.5, 1.2, 0.1, 0.0), *tried], NAMES, [ALONE, TO_ANOTHER], 1.0, "m").rows
    assert row.found is not None
    assert (row.found.value, row.found.n) == (0.5, 2)  # 2.0 lies between the thresholds of the halves


def test_a_threshold_is_never_above_the_detectors_own() -> None:
    assert figures_of(alone(4.9, 4.9, 0.0, 0.0), NAMES, [ALONE], 1.0, "m").thresholds == (ALARM, ALARM)


def test_what_is_found_has_its_delays_of_speech_and_media() -> None:
    calls = [call("a", TO_ANOTHER, (50.0,), {40.0: 0.0, 58.0: ALARM, 66.0: ALARM}, told_s=51.5)]
    found = figures_of([*alone(0, 0, 0, 0), *calls], NAMES, [ALONE, TO_ANOTHER], 1.0, "m")
    row = found.rows_at_alarm[1]
    assert row.delay_speech_s is not None
    assert row.delay_speech_s[0].value == pytest.approx(8.0, abs=FRAME_S)
    assert row.delay_media_s is not None
    assert row.delay_media_s[0].value == pytest.approx(10.0)
    assert row.missed_by_s is not None
    assert row.missed_by_s[0].value == pytest.approx(1.5)
    assert row.alarms == 0
    assert row.hours == pytest.approx(50 / 3600)
    assert (row.readings, row.abstained) == (4, 1)
    assert found.false_alarms_at_alarm.n == 0
    assert found.hours == pytest.approx(400 / 3600)


def test_an_alarm_before_the_change_is_false_and_finds_nothing() -> None:
    calls = [call("a", TO_ANOTHER, (50.0,), {40.0: ALARM, 58.0: ALARM})]
    row = figures_of([*alone(0, 0, 0, 0), *calls], NAMES, [ALONE, TO_ANOTHER], 1.0, "m").rows_at_alarm[1]
    assert row.found is not None
    assert (row.found.value, row.alarms, row.delay_speech_s) == (0.0, 1, None)


def test_nobody_comes_back_from_a_change_that_was_not_found() -> None:
    missed = [call("a", BACK, (50.0, 75.0), {60.0: 1.0, 90.0: 0.0}), call("b", BACK, (50.0, 75.0), {})]
    row = figures_of([*alone(0, 0, 0, 0), *missed], NAMES, [ALONE, BACK], 1.0, "m").rows_at_alarm[1]
    assert row.found is not None
    assert (row.found.value, row.found.n, row.back) == (0.0, 2, None)
    found = [
        call("c", BACK, (50.0, 75.0), {60.0: ALARM, 90.0: 0.0}),
        call("d", BACK, (50.0, 75.0), {60.0: ALARM, 90.0: ALARM}),
    ]
    row = figures_of([*alone(0, 0, 0, 0), *missed, *found], NAMES, [ALONE, BACK], 1.0, "m").rows_at_alarm[1]
    assert row.back is not None
    assert (row.back.value, row.back.n) == (0.5, 2)


def test_an_alarm_after_the_return_finds_nothing() -> None:
    late = [call("a", BACK, (50.0, 75.0), {60.0: 1.0, 76.0: ALARM})]
    row = figures_of([*alone(0, 0, 0, 0), *late], NAMES, [ALONE, BACK], 1.0, "m").rows_at_alarm[1]
    assert row.found is not None
    assert (row.found.value, row.back) == (0.0, None)


def test_all_changes_are_pooled_at_the_detectors_own_threshold() -> None:
    calls = [
        call("a", TO_ANOTHER, (50.0,), {54.0: ALARM}),
        call("b", TO_ANOTHER, (50.0,), {58.0: 4.0}),
        call("a", BACK, (50.0, 75.0), {62.0: ALARM, 90.0: 0.0}),
    ]
    found = figures_of([*alone(0, 0, 0, 0), *calls], NAMES, [ALONE, TO_ANOTHER, BACK], 1.0, "m")
    assert found.found is not None
    assert found.found.value == pytest.approx(2 / 3)
    assert found.found.n == 3
    assert found.delay_speech_s is not None
    middle, most = found.delay_speech_s
    assert middle.value == pytest.approx(4.0, abs=FRAME_S)
    assert most.value == pytest.approx(12.0, abs=FRAME_S)
    assert most.n == 2
    alone_only = figures_of(alone(0, 0, 0, 0), NAMES, [ALONE], 1.0, "m")
    assert (alone_only.found, alone_only.delay_speech_s) == (None, None)


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
