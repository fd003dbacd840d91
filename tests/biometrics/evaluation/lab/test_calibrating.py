"""Calibrations from the lab say that they are simulated, and are held back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from biometrics.errors import EvaluationError
from biometrics.evaluation.lab.calibrating import calibrate_from_lab
from biometrics.evaluation.lab.report import touched_by
from fraudmodel.parameters import load_parameters
from fraudmodel.signal_parameters import parse_signal, signal_document
from fraudmodel.signals import SignalKind
from tests.biometrics.evaluation.lab.trials import batch, lab

KIND = SignalKind("face_pad")
TOUCHED = touched_by(load_parameters().fusion)


def test_simulated_evidence_counts_half_and_is_capped() -> None:
    fitted = calibrate_from_lab(lab(), KIND, TOUCHED, name="made up", version="1").parameters
    assert (fitted.grade, fitted.discount, fitted.cap) == ("simulated", 0.5, 2.5)
    assert (fitted.model, fitted.data.subjects) == ("m@1", 4)
    assert parse_signal(signal_document(fitted), "face_pad.json") == fitted


def test_people_whom_the_weights_saw_and_other_families_do_not_count() -> None:
    rest = [
        *batch("bona_fide", "bona_fide", np.full(40, 9.0), split="train"),
        *batch("loop", "replay", np.full(40, -9.0)),
    ]
    with_rest = calibrate_from_lab([*lab(), *rest], KIND, TOUCHED, name="x", version="1")
    without = calibrate_from_lab(lab(), KIND, TOUCHED, name="x", version="1")
    assert with_rest.parameters == without.parameters


def test_a_network_that_others_trained_is_calibrated_on_everybody() -> None:
    """Theirs are eight people: the four of the test split, and four whom our own weights were fitted on."""
    kind = SignalKind("face_continuity")
    tested = [
        *batch("bona_fide", "bona_fide", np.linspace(0.1, 0.3, 40), kind=kind),
        *batch("person_switch", "impostor", np.linspace(0.5, 0.7, 40), kind=kind),
    ]
    trained = [
        replace(one, split="train", subject=f"{one.subject} too", other=f"{one.other} too") for one in tested
    ]
    few, many = (
        calibrate_from_lab(trials, kind, TOUCHED, name="x", version="1").parameters
        for trials in (tested, tested + trained)
    )
    assert (few.data.subjects, many.data.subjects) == (4, 8)
    assert many.bounds[1] > few.bounds[1]


def test_scores_of_two_models_are_not_mixed() -> None:
    other = [replace(trial, models={"face_pad": "m@2"}) if i % 2 else trial for i, trial in enumerate(lab())]
    with pytest.raises(EvaluationError, match="one model"):
        calibrate_from_lab(other, KIND, TOUCHED, name="x", version="1")
