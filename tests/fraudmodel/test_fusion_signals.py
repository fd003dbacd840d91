"""Signals calibrated from a table of interviews."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fraudmodel.fusion_signals import Evidence, Recipe, all_of
from fraudmodel.interview_columns import column, llrs_of
from fraudmodel.interview_table import InterviewTable, Measured
from fraudmodel.parameters import load_parameters
from fraudmodel.pooling import Pooling
from fraudmodel.scoring import Scorer
from fraudmodel.signals import Absent, Observation, SignalKind, Span
from fraudmodel.touched import touched_by
from tests.fraudmodel.builders import MODEL, signal
from tests.fraudmodel.making import made_table

TABLE = made_table(240)
SHIPPED = load_parameters()
PAD, FACE = SignalKind("face_pad"), SignalKind("face_match")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence(TABLE, SHIPPED, Recipe())


@pytest.mark.parametrize("windows", [1.0, 2.0, 9.0])
def test_a_column_says_what_a_session_says(windows: float) -> None:
    """Mean and worst window alike, through the session's own scorer."""
    pooled = signal(PAD, pooling=Pooling("peak-hold", trim=0.0, window_s=1.0), bounds=(-50.0, 50.0))
    parameters = replace(pooled, windows=windows)
    scorer = Scorer(PAD, parameters, None)
    for second, score in enumerate([-1.0, 0.5, 4.0, -2.0]):
        scorer.add(Observation(PAD, Span(second, second + 0.5), score, 1.0, MODEL))
    said = scorer.score()
    measured = Measured(float(said.statistic or 0.0), 0.1, 4, {}, (MODEL,), 4.0, 4)
    row = replace(TABLE.rows[0], measured={PAD: measured}, absent={})
    llrs, told = llrs_of(parameters.calibrator, column(InterviewTable("t", {}, (row,)), PAD), windows)
    assert told.all()
    assert not isinstance(said.llr, Absent)
    assert llrs[0] == pytest.approx(said.llr, abs=1e-12)


def test_another_models_measurements_are_not_told() -> None:
    odd = replace(
        TABLE.rows[0], measured={PAD: Measured(9.0, 0.1, 4, {}, ("other@1",))}, absent={}, name="odd"
    )
    found = column(InterviewTable("t", {}, (*TABLE.rows, odd)), PAD)
    assert found.model == "pad@1"
    assert not found.seen[-1]


def test_measured_calibrations_stay_and_simulated_ones_are_learnt(evidence: Evidence) -> None:
    lines = evidence.lines(all_of(evidence))
    assert lines[FACE].shown is lines[FACE].cautious is SHIPPED.signals[FACE].calibrator
    assert lines[PAD].cautious is not SHIPPED.signals[PAD].calibrator
    assert lines[PAD].discount == 0.5
    assert lines[FACE].discount == 1.0


def test_what_would_be_in_force_is_discounted_and_bounded(evidence: Evidence) -> None:
    lines = evidence.lines(all_of(evidence))
    shown, force = evidence.sessions(lines), evidence.sessions(lines, in_force=True)
    place = shown.kinds.index(PAD)
    low, high = lines[PAD].limits
    as_sessions = replace(lines[PAD], shown=lines[PAD].cautious, discount=1.0, limits=(-9.0, 9.0))
    raw = evidence.sessions({**lines, PAD: as_sessions}, in_force=True).llrs[:, place]
    assert force.llrs[:, place] == pytest.approx(np.clip(0.5 * raw, low, high))
    assert (shown.present == force.present).all()
    assert (shown.llrs[~shown.present] == 0.0).all()


def test_a_calibration_sees_only_the_chosen_people(evidence: Evidence) -> None:
    some = np.array([row.split == "train" for row in TABLE.rows])
    one = evidence.lines(some)[PAD].shown
    spoilt = tuple(
        row
        if row.split == "train"
        else replace(row, measured={**row.measured, PAD: Measured(99.0, 0.1, 4, {}, ("pad@1",))})
        for row in TABLE.rows
    )
    other = Evidence(replace(TABLE, rows=spoilt), SHIPPED, Recipe()).lines(some)[PAD].shown
    assert one == other


def test_a_signal_learns_from_the_attacks_that_it_is_meant_to_see() -> None:
    species = frozenset(row.species for row in TABLE.rows)
    touched = touched_by(SHIPPED.fusion, species)
    seen = {
        kind: {row.species for row in TABLE.rows if row.fraud and touched(SignalKind(kind), row)}
        for kind in ("face_pad", "flash_challenge", "face_continuity", "voice_pad")
    }
    assert seen["face_pad"] == {"print", "lcd_replay", "phone_replay"}
    assert "print" not in seen["flash_challenge"]
    assert {"lcd_replay", "face_swap", "looped_video"} <= seen["flash_challenge"]
    assert seen["face_continuity"] == {"person_switch"}
    assert seen["voice_pad"] == {"voice_tts", "voice_vocoder"}
    elsewhere = touched_by(SHIPPED.fusion, frozenset({"a bank's own"}))
    assert elsewhere(
        SignalKind("face_continuity"), replace(TABLE.rows[2], family="impostor", species="a bank's own")
    )


def test_parameters_are_fitted_kept_or_refused_with_the_reason(evidence: Evidence) -> None:
    fitted, refused = evidence.parameters("7", "by hand")
    assert fitted[FACE] is SHIPPED.signals[FACE]
    assert (fitted[PAD].grade, fitted[PAD].discount, fitted[PAD].cap) == ("simulated", 0.5, 2.5)
    assert fitted[PAD].pooling == SHIPPED.signals[PAD].pooling
    assert not refused.keys() & fitted.keys()
    uncalibrated = replace(SHIPPED, signals={k: v for k, v in SHIPPED.signals.items() if k != "av_sync"})
    few = Evidence(replace(TABLE, rows=TABLE.rows[:24]), uncalibrated, Recipe()).parameters("7", "by hand")
    assert "and 4 of each are needed" in few[1][SignalKind("av_sync")]
    assert PAD not in few[1]


def test_a_calibration_that_rests_on_more_trials_than_the_table_has_stays() -> None:
    old = SHIPPED.signals[PAD]
    same = replace(old, model="pad@1")
    for trials, stays in ((1e6, True), (1.0, False)):
        base = replace(same, data=replace(old.data, bona_fide_effective=trials, attack_effective=trials))
        at_hand = replace(SHIPPED, signals={**SHIPPED.signals, PAD: base})
        fitted, _ = Evidence(TABLE, at_hand, Recipe()).parameters("7", "by hand")
        assert (fitted[PAD] is base) is stays
