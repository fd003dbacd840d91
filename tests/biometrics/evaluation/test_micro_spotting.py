"""What counts the published figures, on hand-made plans and readings."""

from __future__ import annotations

import pytest

from biometrics.evaluation.micro_clips import ClipRow
from biometrics.evaluation.micro_planted import DURATION_S, LEARNT_S, Condition, Found, Said
from biometrics.evaluation.micro_spotting import SpottingFigures, Trial, row_of
from biometrics.facs.plan import Blink, ClipPlan, PlantedMovement, Utterance
from fraudmodel.signals import Reason

UPPER, LOWER = {"AU1": 1.0}, {"AU12": 1.0}
CONDITION = Condition(1500)


def planted(onset_s: float, units: dict[str, float]) -> PlantedMovement:
    return PlantedMovement(onset_s, onset_s + 0.1, onset_s + 0.3, units, 0.02)


def found(
    onset_s: float,
    offset_s: float,
    *,
    upper: bool = True,
    brief: bool = True,
    amplitude: float = 0.02,
) -> Found:
    return Found(onset_s, offset_s, (onset_s + offset_s) / 2, brief, upper, 12.0, amplitude)


PLAN = ClipPlan(
    seed=1,
    duration_s=DURATION_S,
    movements=(
        planted(18.0, UPPER),
        planted(22.0, UPPER),
        planted(24.0, UPPER),
        planted(26.0, UPPER),
        planted(28.0, LOWER),
        planted(30.0, LOWER),
        planted(32.0, LOWER),
    ),
    blinks=(Blink(26.1),),
    speech=(Utterance(29.9, 30.5),),
)
SPOTTED = (
    found(18.0, 18.3),  # before rest counts as known, as is what was planted there
    found(19.0, 19.3),
    found(22.0, 22.33, amplitude=0.016),
    found(24.25, 24.6),  # overlaps what was planted at 24 s by too little: a miss, and a false one
    found(26.0, 26.3, amplitude=0.014),  # in a blink, and found all the same
    found(28.0, 28.3, upper=False, amplitude=0.018),
    found(33.0, 33.9, brief=False),  # not brief: neither a hit nor false
    found(35.0, 35.3, upper=False),  # below the eyes: no false one of the upper face
)


def test_each_figure_of_a_row_counts_what_it_says() -> None:
    row = row_of(CONDITION, [Trial(PLAN, Said(SPOTTED, 0), Said(SPOTTED, 1))])
    figures = {
        name: None if each is None else (each.value, each.n)
        for name, each in {
            "recall": row.recall, "all": row.recall_all, "lower": row.recall_lower, "precision": row.precision,
            "abstains": row.abstains,
        }.items()
    }  # fmt: skip
    assert figures == {
        "recall": (pytest.approx(1 / 2), 2),
        "all": (pytest.approx(2 / 3), 3),
        "lower": (pytest.approx(1 / 2), 2),
        "precision": (pytest.approx(2 / 3), 3),
        "abstains": (0.0, 1),
    }
    assert row.f1 == pytest.approx(2 / 3)
    assert row.false_a_minute.value == pytest.approx(60.0 / (DURATION_S - LEARNT_S))
    assert row.false_a_minute.n == 1
    assert row.amplitude_ratio == pytest.approx(0.8)
    assert (row.faces, row.why) == (1, "")


def test_nothing_spotted_is_no_precision_and_no_recall() -> None:
    row = row_of(CONDITION, [Trial(PLAN, Said((), 1), Said((), 1))])
    assert row.recall is not None
    assert (row.recall.value, row.precision, row.f1, row.amplitude_ratio) == (0.0, None, 0.0, None)
    assert row.false_a_minute.value == 0.0


def test_the_product_abstains_where_it_neither_finds_nor_says_that_there_was_none() -> None:
    silent = Said((), 0, {Reason.LOW_BITRATE: "300 kbit/s", Reason.NOT_YET: ""})
    trials = [Trial(PLAN, Said(SPOTTED, 0), each) for each in (silent, Said((), 1), Said(SPOTTED, 0), silent)]
    row = row_of(CONDITION, trials)
    assert row.abstains is not None
    assert (row.abstains.value, row.abstains.n, row.why) == (0.5, 4, "low_bitrate: 300 kbit/s; not_yet")
    assert row.recall is not None
    assert row.recall.n == 8


def test_false_events_of_real_clips_are_brief_ones_a_minute() -> None:
    lively = ClipRow("a", 0.5, 0.4, (found(151.0, 151.3), found(152.0, 153.0, brief=False)), "")
    still = ClipRow("b", 1.5, 0.8, (), "")
    figures = SpottingFigures((), (lively, still), None, ())
    assert (lively.as_json()["brief_upper"], lively.as_json()["longer_upper"]) == (1, 1)
    assert figures.false_events is not None
    assert figures.false_events.value == pytest.approx(0.5)
    assert figures.false_events.n == 1
    assert figures.false_events_seen is not None
    assert figures.false_events_seen.value == pytest.approx(1 / 1.4)
    unseen = SpottingFigures((), (ClipRow("c", 0.5, 0.0, (), ""),), None, ())
    assert unseen.false_events_seen is None
