from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from fraudmodel.calibration import FloatArray
from fraudmodel.dependence import dependent_sum
from fraudmodel.fusion import Component, Fusion, Group
from fraudmodel.metrics import cllr
from fraudmodel.parameters import load_parameters
from fraudmodel.signals import SignalKind
from fraudmodel.weighing import Weighing
from tests.fraudmodel.builders import FACE, PAD, SWITCH, VOICE, fusion

KINDS = (FACE, SWITCH, PAD, VOICE)
Value = Callable[[FloatArray], FloatArray]
LLRS = st.floats(-6.0, 6.0)
FOUR = hnp.arrays(np.float64, 4, elements=LLRS)


def mixed(share: float, llr: float) -> float:
    """The LLR of frauds of which this share disturbs the signal."""
    return float(np.log1p(share * np.expm1(llr)))


@st.composite
def fusions(draw: st.DrawFn) -> tuple[Fusion, tuple[SignalKind, ...]]:
    """A fusion over 1 to 6 signals in random groups, and its kinds."""
    kinds = tuple(SignalKind(f"s{i}") for i in range(draw(st.integers(1, 6))))
    place = [draw(st.integers(0, 3)) for _ in kinds]
    groups = tuple(
        Group(
            f"g{g}",
            tuple(k for k, at in zip(kinds, place, strict=True) if at == g),
            draw(st.floats(0.0, 1.0)),
        )
        for g in sorted(set(place))
    )
    shares = draw(st.lists(st.integers(1, 9), min_size=1, max_size=5))
    weighing = draw(st.sampled_from(Weighing))
    weights = st.floats(0.0, 1.0 if weighing is Weighing.MIXED else 1.5)
    components = tuple(
        Component(f"f{i % 3}", f"c{i}", share / sum(shares), {k: draw(weights) for k in kinds})
        for i, share in enumerate(shares)
    )
    return Fusion("1", "drawn", 50.0, groups, components, weighing=weighing), kinds


def brute_force_owen(value: Value, llrs: FloatArray, unions: Sequence[Sequence[int]]) -> FloatArray:
    """The mean gain of each signal over every order that keeps unions together."""
    orders = [
        [player for union in arrangement for player in union]
        for order in permutations(unions)
        for arrangement in product(*(permutations(union) for union in order))
    ]
    total = np.zeros(len(llrs))
    for order in orders:
        coalition = np.zeros(len(llrs))
        for player in order:
            before = value(coalition)
            coalition[player] = llrs[player]
            total[player] += value(coalition) - before
    return total / len(orders)


@settings(max_examples=40)
@given(FOUR)
def test_the_explanation_is_the_mean_gain_over_all_admissible_orders(llrs: FloatArray) -> None:
    mixture = fusion().over(KINDS)
    expected = brute_force_owen(mixture.evidence, llrs, [(0, 1), (2,), (3,)])
    assert mixture.contributions(llrs) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=40)
@given(FOUR)
def test_over_groups_of_one_it_is_the_shapley_value(llrs: FloatArray) -> None:
    singles = replace(fusion(), groups=tuple(Group(kind, (kind,), 0.9) for kind in KINDS))
    mixture = singles.over(KINDS)
    shapley = brute_force_owen(mixture.evidence, llrs, [(0, 1, 2, 3)])
    assert mixture.contributions(llrs) == pytest.approx(shapley, abs=1e-9)


@given(fusions(), st.data())
def test_contributions_sum_to_the_evidence(
    case: tuple[Fusion, tuple[SignalKind, ...]], data: st.DataObject
) -> None:
    drawn, kinds = case
    llrs = data.draw(hnp.arrays(np.float64, len(kinds), elements=LLRS))
    mixture = drawn.over(kinds)
    assert abs(mixture.contributions(llrs).sum() - float(mixture.evidence(llrs))) < 1e-9


@given(fusions(), st.data())
def test_the_order_of_signals_does_not_matter(
    case: tuple[Fusion, tuple[SignalKind, ...]], data: st.DataObject
) -> None:
    drawn, kinds = case
    llrs = dict(zip(kinds, data.draw(hnp.arrays(np.float64, len(kinds), elements=LLRS)), strict=True))
    order = data.draw(st.permutations(kinds))
    one, other = drawn.over(kinds), drawn.over(order)
    a, b = np.array([llrs[k] for k in kinds]), np.array([llrs[k] for k in order])
    assert float(one.evidence(a)) == pytest.approx(float(other.evidence(b)), abs=1e-9)
    parts = dict(zip(kinds, one.contributions(a), strict=True))
    assert [parts[k] for k in order] == pytest.approx(other.contributions(b).tolist(), abs=1e-9)


@given(fusions(), st.data(), st.floats(0.0, 6.0))
def test_raising_any_llr_never_lowers_the_evidence(
    case: tuple[Fusion, tuple[SignalKind, ...]], data: st.DataObject, rise: float
) -> None:
    drawn, kinds = case
    llrs = data.draw(hnp.arrays(np.float64, len(kinds), elements=LLRS))
    raised = llrs.copy()
    raised[data.draw(st.integers(0, len(kinds) - 1))] += rise
    mixture = drawn.over(kinds)
    assert float(mixture.evidence(raised)) >= float(mixture.evidence(llrs)) - 1e-12


@given(fusions(), st.data())
def test_an_absent_signal_is_the_same_as_one_that_says_nothing(
    case: tuple[Fusion, tuple[SignalKind, ...]], data: st.DataObject
) -> None:
    drawn, kinds = case
    llrs = data.draw(hnp.arrays(np.float64, len(kinds), elements=LLRS))
    silent = data.draw(st.integers(0, len(kinds) - 1))
    llrs[silent] = 0.0
    rest = [i for i in range(len(kinds)) if i != silent]
    whole = drawn.over(kinds)
    without = drawn.over([kinds[i] for i in rest])
    assert float(whole.evidence(llrs)) == pytest.approx(float(without.evidence(llrs[rest])), abs=1e-12)
    assert whole.contributions(llrs)[silent] == 0.0


@given(fusions())
def test_all_silent_is_exactly_nothing(case: tuple[Fusion, tuple[SignalKind, ...]]) -> None:
    drawn, kinds = case
    mixture = drawn.over(kinds)
    assert float(mixture.evidence(np.zeros(len(kinds)))) == 0.0
    assert float(drawn.over(()).evidence(np.zeros(0))) == 0.0
    assert mixture.verdict(np.zeros(len(kinds))).family == "none"


def with_twin(original: Fusion, kind: SignalKind, twin: SignalKind) -> Fusion:
    """The same fusion with a second signal that its group and every component treat as ``kind``."""
    groups = tuple(
        Group(g.name, (*g.kinds, twin) if kind in g.kinds else g.kinds, g.correlation)
        for g in original.groups
    )
    components = tuple(
        Component(c.family, c.name, c.prior, {**c.weights, twin: c.weights.get(kind, 0.0)})
        for c in original.components
    )
    return replace(original, groups=groups, components=components, fitted=None)


@given(hnp.arrays(np.float64, 4, elements=st.floats(-5.0, 5.0)), st.sampled_from(range(4)))
def test_a_duplicated_signal_raises_the_shipped_total_by_less_than_15_percent(
    llrs: FloatArray, which: int
) -> None:
    shipped, twin = load_parameters().fusion, SignalKind("twin")
    others = np.where(np.arange(4) == which, 0.0, llrs)
    once = float(shipped.over(KINDS).evidence(llrs))
    twice = float(
        with_twin(shipped, KINDS[which], twin).over([*KINDS, twin]).evidence(np.append(llrs, llrs[which]))
    )
    without = float(shipped.over(KINDS).evidence(others))
    # Where signals cancel to a total near 0, the share is of what the signal itself moved.
    assert abs(twice - once) <= 0.15 * max(abs(once), abs(once - without)) + 1e-12


@given(st.floats(0.0, 0.95), st.floats(0.0, 3.0))
def test_two_equal_readings_of_correlated_gaussians_have_their_exact_llr(
    correlation: float, score: float
) -> None:
    separation, covariance = 2.0, np.array([[1.0, correlation], [correlation, 1.0]])
    fraud = multivariate_normal([separation, separation], covariance)
    bona_fide = multivariate_normal([0.0, 0.0], covariance)
    at = separation / 2.0 + score
    exact = fraud.logpdf([at, at]) - bona_fide.logpdf([at, at])
    single = separation * at - separation**2 / 2.0
    assert float(dependent_sum(np.array([single, single]), correlation)) == pytest.approx(exact, abs=1e-6)


def test_evidence_for_and_against_is_ranked_apart() -> None:
    decay = (1.0 - 0.75) / (1.0 + 0.75)
    assert float(dependent_sum(np.array([-1.0, 4.0, 2.0]), 0.75)) == pytest.approx(4.0 + 2.0 * decay - 1.0)
    assert float(dependent_sum(np.array([4.0, 0.0]), 0.75)) == 4.0


@given(FOUR)
def test_evidence_is_the_log_of_the_weighted_mean_of_the_families_likelihood_ratios(llrs: FloatArray) -> None:
    face, switch, pad, voice = llrs
    both = float(dependent_sum(np.array([face, mixed(0.7, switch)]), 0.75))
    strengths = [pad + mixed(0.2, face), both + mixed(0.9, voice), voice]
    expected = logsumexp(strengths, b=[0.5, 0.3, 0.2])
    assert float(fusion().over(KINDS).evidence(llrs)) == pytest.approx(expected, abs=1e-9)


@given(FOUR)
def test_scaled_weights_mean_what_they_meant_in_documents_of_before(llrs: FloatArray) -> None:
    face, switch, pad, voice = llrs
    both = float(dependent_sum(np.array([face, 0.7 * switch]), 0.75))
    strengths = [pad + 0.2 * face, both + 0.9 * voice, voice]
    expected = logsumexp(strengths, b=[0.5, 0.3, 0.2])
    before = replace(fusion(), weighing=Weighing.SCALED)
    assert float(before.over(KINDS).evidence(llrs)) == pytest.approx(expected, abs=1e-9)


@given(fusions(), st.data())
def test_evidence_under_the_priors_themselves_is_the_evidence(
    case: tuple[Fusion, tuple[SignalKind, ...]], data: st.DataObject
) -> None:
    drawn, kinds = case
    llrs = data.draw(hnp.arrays(np.float64, (3, len(kinds)), elements=LLRS))
    mixture = drawn.over(kinds)
    priors = np.tile(np.exp(mixture.log_prior), (3, 1))
    assert mixture.evidence_under(priors, llrs) == pytest.approx(mixture.evidence(llrs), abs=1e-9)


def test_priors_are_as_uncertain_as_their_cases_leave_them() -> None:
    drawn = fusion(equivalent_cases=20.0).drawn_priors(4000)
    assert drawn.sum(axis=1) == pytest.approx(np.ones(4000))
    assert drawn.mean(axis=0) == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    # A share p that n cases tell has variance p (1 - p) / (n + 1).
    assert drawn.var(axis=0) == pytest.approx(np.array([0.25, 0.21, 0.16]) / 21.0, rel=0.1)
    assert np.array_equal(drawn, fusion(equivalent_cases=20.0).drawn_priors(4000))


def test_six_clean_signals_do_not_wash_out_one_that_a_family_disturbs() -> None:
    clean = np.array([-4.0, -4.0, -4.0, 4.0])
    assert float(fusion().over(KINDS).evidence(clean)) > 2.0
    assert clean.sum() < 0.0


def test_the_family_named_is_the_most_probable_of_those_that_evidence_supports() -> None:
    mixture = fusion().over(KINDS)
    assert mixture.verdict(np.array([0.0, 0.0, 3.0, 0.0])).family == "presentation"
    assert mixture.verdict(np.array([3.0, 3.0, -3.0, 3.0])).family == "impostor"
    assert mixture.verdict(np.array([-3.0, -3.0, -3.0, 3.0])).family == "voice_attack"
    assert mixture.verdict(np.full(4, -3.0)).family == "none"


def correlated_sessions(n: int) -> tuple[FloatArray, np.ndarray]:
    """LLRs of four signals that share a nuisance; each attack disturbs only what its family touches."""
    rng = np.random.default_rng(5)
    separation, rho = 2.2, 0.35
    noise = np.sqrt(1 - rho) * rng.standard_normal((2 * n, 4)) + np.sqrt(rho) * rng.standard_normal(
        (2 * n, 1)
    )
    llrs = -(separation**2) / 2 + separation * noise
    touched = np.array([[0, 0, 1, 0], [1, 1, 0, 1], [0, 0, 0, 1]])[rng.choice(3, n, p=[0.5, 0.3, 0.2])]
    llrs[n:] += separation**2 * touched
    return llrs, np.repeat([False, True], n)


def test_the_mixture_is_better_than_the_naive_sum_and_than_the_best_single_signal() -> None:
    llrs, attack = correlated_sessions(4000)
    ones = np.ones(len(attack))
    fused = cllr(fusion().over(KINDS).evidence(llrs), attack, ones)
    assert fused < cllr(llrs.sum(axis=1), attack, ones) - 0.5
    assert fused < min(cllr(llrs[:, i], attack, ones) for i in range(4)) - 0.1


@pytest.mark.parametrize(
    ("groups", "components", "what"),
    [
        ((Group("g", (FACE,), 0.5),), (Component("f", "c", 0.9, {FACE: 1.0}),), "must sum to 1"),
        ((Group("g", (FACE,), 0.5),), (Component("f", "c", 1.0, {FACE: -1.0}),), "below 0"),
        ((Group("g", (FACE,), 0.5),), (Component("f", "c", 1.0, {FACE: 1.1}),), "none exceeds 1"),
        ((Group("g", (FACE,), 0.5),), (Component("f", "c", 1.0, {VOICE: 1.0}),), "belongs to no group"),
        (
            (Group("g", (FACE,), 0.5), Group("h", (FACE,), 0.5)),
            (Component("f", "c", 1.0, {FACE: 1.0}),),
            "one group only",
        ),
        (
            tuple(Group(f"g{i}", (SignalKind(f"s{i}"),), 0.5) for i in range(11)),
            (Component("f", "c", 1.0, {}),),
            "at most 10 groups",
        ),
    ],
)
def test_an_inconsistent_fusion_is_refused(
    groups: tuple[Group, ...], components: tuple[Component, ...], what: str
) -> None:
    with pytest.raises(ValueError, match=what):
        Fusion("1", "test", 50.0, groups, components)


def test_only_signals_with_a_weight_can_move_the_probability() -> None:
    groups = (Group("g", (FACE, PAD), 0.5),)
    assert Fusion("1", "t", 50.0, groups, (Component("f", "c", 1.0, {FACE: 1.0, PAD: 0.0}),)).kinds == {FACE}


@given(fusions(), st.data())
def test_shares_of_families_are_their_posterior_given_fraud(
    case: tuple[Fusion, tuple[SignalKind, ...]], data: st.DataObject
) -> None:
    drawn, kinds = case
    llrs = data.draw(hnp.arrays(np.float64, len(kinds), elements=LLRS))
    mixture = drawn.over(kinds)
    verdict = mixture.verdict(llrs)
    shares = verdict.shares
    assert verdict.shift == pytest.approx(float(mixture.evidence(llrs)), abs=1e-9)
    assert verdict.parts == pytest.approx(mixture.contributions(llrs))
    assert sum(shares.values()) == pytest.approx(1.0, abs=1e-9)
    joint = np.exp(mixture.log_prior + mixture.strengths(llrs))
    for family in set(mixture.families):
        mass = sum(joint[i] for i, name in enumerate(mixture.families) if name == family)
        assert shares[family] == pytest.approx(mass / joint.sum(), abs=1e-9)


@pytest.mark.parametrize("size", [900.0, -900.0])
def test_evidence_beyond_all_bounds_still_has_shares(size: float) -> None:
    verdict = fusion().over(KINDS).verdict(np.array([0.0, 0.0, size, 0.0]))
    assert sum(verdict.shares.values()) == pytest.approx(1.0)
    assert all(0.0 <= share <= 1.0 for share in verdict.shares.values())
    assert (verdict.family == "none") == (size < 0.0)


def test_without_evidence_the_shares_are_the_families_own() -> None:
    shares = fusion().over(KINDS).verdict(np.zeros(4)).shares
    assert shares == pytest.approx({"presentation": 0.5, "impostor": 0.3, "voice_attack": 0.2})


@given(fusions(), st.data())
def test_evidence_with_some_signals_replaced_is_that_of_the_whole(
    case: tuple[Fusion, tuple[SignalKind, ...]], data: st.DataObject
) -> None:
    drawn, kinds = case
    llrs = data.draw(hnp.arrays(np.float64, len(kinds), elements=LLRS))
    columns = tuple(sorted(data.draw(st.sets(st.integers(0, len(kinds) - 1), min_size=1))))
    values = data.draw(hnp.arrays(np.float64, (3, len(columns)), elements=LLRS))
    mixture = drawn.over(kinds)
    whole = np.tile(llrs, (3, 1))
    whole[:, list(columns)] = values
    assert mixture.replaced(llrs, columns, values) == pytest.approx(mixture.evidence(whole), abs=1e-9)
