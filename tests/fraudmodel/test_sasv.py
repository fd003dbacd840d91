"""Three classes in one LLR, by hand and by law."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fraudmodel import metrics
from fraudmodel.calibration import FloatArray
from fraudmodel.sasv import Classes, Costs, Trial, joint_llr, min_a_dcf, sasv_eer, spf_eer, sv_eer

LLR = st.floats(-30.0, 30.0)


@st.composite
def trials(draw: st.DrawFn) -> tuple[FloatArray, Classes]:
    """LLRs with ties, at least one of each class."""
    size = draw(st.integers(3, 40))
    llrs = draw(hnp.arrays(np.float64, size, elements=st.integers(-6, 6).map(float)))
    rest = draw(hnp.arrays(np.int_, size - 3, elements=st.integers(0, 2)))
    return llrs, np.concatenate([np.arange(3), rest])


@given(LLR, LLR, st.floats(0.01, 0.99))
def test_the_joint_llr_lies_between_both(impostor: float, spoof: float, share: float) -> None:
    joint = float(joint_llr(np.array([impostor]), np.array([spoof]), share)[0])
    assert min(impostor, spoof) - 1e-9 <= joint <= max(impostor, spoof) + 1e-9
    odds = (1 - share) * np.exp(impostor) + share * np.exp(spoof)
    assert joint == pytest.approx(np.log(odds), abs=1e-9)


@given(LLR, LLR, st.floats(0.0, 5.0))
def test_more_evidence_of_either_never_clears(impostor: float, spoof: float, more: float) -> None:
    before, worse, fake = (
        float(joint_llr(np.array([a]), np.array([b]))[0])
        for a, b in ((impostor, spoof), (impostor + more, spoof), (impostor, spoof + more))
    )
    assert worse >= before - 1e-12
    assert fake >= before - 1e-12


def test_a_share_that_leaves_one_class_out_is_refused() -> None:
    for share in (0.0, 1.0):
        with pytest.raises(ValueError, match="share"):
            joint_llr(np.zeros(1), np.zeros(1), share)


def test_costs_by_hand() -> None:
    """Targets -2, -1, 3; impostors 0, 4; spoofs -1.5, 5. Rejecting from 0 on: a third missed, no impostor and half the spoofs pass."""
    llrs = np.array([-2.0, -1.0, 3.0, 0.0, 4.0, -1.5, 5.0])
    classes = np.array([0, 0, 0, 1, 1, 2, 2])
    costs = Costs(impostor=0.2, spoof=0.3, miss=2.0, accept_impostor=3.0, accept_spoof=4.0)
    by_threshold = {
        "all": 1.0 / 1.0,
        "-1.5": (1.0 * 2 / 3) / 1.0,
        "-1": (1.0 * 2 / 3 + 1.2 / 2) / 1.0,
        "0": (1.0 / 3 + 1.2 / 2) / 1.0,
        "3": (1.0 / 3 + 0.6 / 2 + 1.2 / 2) / 1.0,
    }
    assert min_a_dcf(llrs, classes, np.ones(7), costs) == pytest.approx(min(by_threshold.values()))
    assert min(by_threshold, key=by_threshold.__getitem__) == "-1.5"


def test_the_trivial_system_costs_one() -> None:
    assert min_a_dcf(np.zeros(3), np.arange(3), np.ones(3)) == pytest.approx(1.0)
    assert min_a_dcf(np.array([-1.0, 1.0, 2.0]), np.arange(3), np.ones(3)) == 0.0


@given(trials())
def test_a_dcf_lies_between_nothing_and_the_trivial_system_and_knows_only_the_order(
    data: tuple[FloatArray, Classes],
) -> None:
    llrs, classes = data
    ones = np.ones(len(llrs))
    cost = min_a_dcf(llrs, classes, ones)
    assert 0.0 <= cost <= 1.0 + 1e-12
    assert min_a_dcf(llrs**3 + 1.0, classes, ones) == pytest.approx(cost)


@given(trials())
def test_a_dcf_is_the_usual_detection_cost_where_spoofs_are_like_impostors(
    data: tuple[FloatArray, Classes],
) -> None:
    """With both classes merged, the detection cost of NIST's evaluations, from an independent trade-off curve."""
    llrs, classes = data
    both, kinds = (
        np.concatenate([llrs, llrs[classes != 0]]),
        np.concatenate([np.minimum(classes, 1), 2 * np.minimum(classes, 1)[classes != 0]]),
    )
    costs = Costs(impostor=0.02, spoof=0.03)
    curve = metrics.det(llrs, classes != 0)
    usual = (0.95 * curve.bpcer + 0.5 * curve.apcer) / 0.5
    assert min_a_dcf(both, kinds, np.ones(len(both)), costs) == pytest.approx(usual.min())


@given(trials())
def test_eers_are_those_of_their_classes(data: tuple[FloatArray, Classes]) -> None:
    llrs, classes = data
    ones = np.ones(len(llrs))
    assert sasv_eer(llrs, classes, ones) == metrics.eer(llrs, classes != Trial.TARGET, ones)
    for metric, fraud in ((sv_eer, Trial.IMPOSTOR), (spf_eer, Trial.SPOOF)):
        kept = classes != (Trial.SPOOF if fraud is Trial.IMPOSTOR else Trial.IMPOSTOR)
        expected = metrics.eer(llrs[kept], classes[kept] == fraud, ones[kept])
        assert metric(llrs, classes, ones) == expected


def test_a_class_without_trials_has_no_cost() -> None:
    assert np.isnan(min_a_dcf(np.array([1.0, 2.0]), np.array([0, 1]), np.ones(2)))


def test_priors_that_leave_nothing_for_the_target_are_refused() -> None:
    with pytest.raises(ValueError, match="target"):
        Costs(impostor=0.6, spoof=0.4)
