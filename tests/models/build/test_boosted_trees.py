from __future__ import annotations

import numpy as np
import onnxruntime
import pytest

from fraudmodel.challenger import Challenger, challenger_document, fit_challenger
from fraudmodel.sessions import Sessions
from models.build.boosted_trees import build
from tests.fraudmodel.toy import KINDS, toy


@pytest.fixture(scope="module")
def challenger() -> Challenger:
    return fit_challenger(toy(150), {}, blocks=2)


def test_onnx_gives_what_scikit_learn_gives_of_random_vectors_and_of_nothing_at_all(
    challenger: Challenger,
) -> None:
    rng = np.random.default_rng(3)
    llrs = rng.normal(0.0, 4.0, (1000, len(KINDS))).astype(np.float32)
    llrs[rng.random(llrs.shape) < 0.3] = np.nan
    llrs[0] = np.nan
    session = onnxruntime.InferenceSession(build({"fit": challenger_document(challenger).encode()}))
    (shift,) = session.run(None, {"llrs": llrs})
    expected = (
        challenger.slope * challenger.trees.decision_function(llrs.astype(np.float64)) + challenger.intercept
    )
    assert np.abs(shift[:, 0] - expected).max() < 1e-4
    assert np.unique(shift).size > 100


def test_the_same_fit_gives_the_same_bytes(challenger: Challenger) -> None:
    fit = {"fit": challenger_document(challenger).encode()}
    assert build(fit) == build(fit)


def test_raising_a_signal_never_lowers_it_and_nothing_measured_is_nothing(challenger: Challenger) -> None:
    sessions = toy(100, seed=4)
    before = challenger.evidence(sessions)
    for column in range(len(KINDS)):
        raised = sessions.llrs.copy()
        raised[:, column] += np.where(sessions.present[:, column], 1.5, 0.0)
        assert (challenger.evidence(_with(sessions, raised)) >= before - 1e-9).all()
    assert (challenger.evidence(sessions.without(frozenset(KINDS))) == 0.0).all()


def _with(sessions: Sessions, llrs: np.ndarray) -> Sessions:
    return Sessions(
        sessions.kinds,
        llrs,
        sessions.present,
        sessions.families,
        sessions.species,
        sessions.subjects,
        sessions.others,
    )
