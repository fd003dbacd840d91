"""A fitted fusion as a document, and in a session."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from fraudmodel.assessor import Assessor
from fraudmodel.errors import ParametersError
from fraudmodel.fitted import Fitted
from fraudmodel.fusion import Fusion
from fraudmodel.fusion_document import fusion_document
from fraudmodel.fusion_rows import expert_of, with_unknown
from fraudmodel.intervals import Estimate
from fraudmodel.parameters import Parameters, load_parameters, parse_fusion
from tests.fraudmodel.builders import FACE, KINDS_OF_FOUR, PAD, fusion, observation, policy, signal

SIZE = len(fusion().learnable)


def fitted(refits: np.ndarray) -> Fusion:
    measured = {"cllr": Estimate(0.6, 0.5, 0.7, 480)}
    weights = tuple(w for c in fusion().components for w in c.weights.values())
    told = Fitted(
        "interviews.jsonl.gz", "0123456789ab", 240, 240, 16, weights, (0.75, 0.75, 0.75), measured, refits
    )
    return replace(fusion(), fitted=told)


def own_weights() -> np.ndarray:
    return np.array([[w for c in fusion().components for w in c.weights.values()]])


def test_a_fusion_is_read_back_as_it_was_written() -> None:
    refits = np.random.default_rng(0).uniform(0.0, 1.0, (5, SIZE)).round(3)
    written = fusion_document(fitted(refits))
    read = parse_fusion(written)
    assert read == fitted(refits)
    assert read.fitted is not None
    assert np.array_equal(read.fitted.refits, refits)
    assert read.fitted.interviews == 480
    assert fusion_document(read) == written


def test_the_shipped_fusion_survives_too() -> None:
    shipped = load_parameters().fusion
    assert parse_fusion(fusion_document(shipped)) == shipped


def test_a_fusion_that_was_not_fitted_says_nothing_of_a_fit() -> None:
    assert "fitted" not in json.loads(fusion_document(fusion()))
    assert parse_fusion(fusion_document(fusion())).fitted is None


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "      [0.25",
            "      [-0.25",
            r"fusion\.json, line 26: fitted\.refits\[0\]\[0\] must lie in 0\.\.1; it is -0\.25",
        ),
        (
            "      [0.25,",
            "      [",
            r"line 26: fitted\.refits\[0\] must hold 6 numbers, as the fusion above has",
        ),
        ("      [0.25", "      [11", r"fitted\.refits\[0\]\[0\] must lie in 0\.\.1; it is 11"),
        ('"people": 16', '"people": "many"', r"line 21: fitted\.people must be a whole number"),
        ('"digest": "0123456789ab",', "", r"fitted lacks the field \"digest\""),
    ],
)
def test_a_wrong_fit_is_refused_with_its_line(old: str, new: str, what: str) -> None:
    text = fusion_document(fitted(np.full((2, SIZE), 0.25)))
    assert old in text
    with pytest.raises(ParametersError, match=what):
        parse_fusion(text.replace(old, new, 1))


def test_refits_of_other_weights_are_refused() -> None:
    with pytest.raises(ValueError, match="one weight for each weight of the components"):
        fitted(np.ones((3, SIZE + 1)))


def test_refits_that_are_the_weights_themselves_change_nothing() -> None:
    llrs = np.random.default_rng(1).normal(0.0, 2.0, (200, 4))
    plain, same = fusion().over(KINDS_OF_FOUR), fitted(own_weights()).over(KINDS_OF_FOUR)
    priors = np.tile(np.exp(plain.log_prior), (200, 1))
    assert same.evidence_under(priors, llrs) == pytest.approx(plain.evidence_under(priors, llrs), abs=1e-12)


def test_each_draw_has_its_own_weights_over_any_signals() -> None:
    """Refit b of D draws is that of a fusion whose weights it is."""
    refits = np.random.default_rng(2).uniform(0.0, 1.0, (3, SIZE))
    kinds = (PAD, FACE)
    llrs = np.random.default_rng(3).normal(0.0, 2.0, (7, 2))
    mixture = fitted(refits).over(kinds)
    priors = np.tile(np.exp(mixture.log_prior), (7, 1))
    drawn = mixture.evidence_under(priors, llrs)
    for row in range(7):
        weights = iter(refits[row % 3].tolist())
        components = tuple(
            replace(c, weights={kind: next(weights) for kind in c.weights}) for c in fusion().components
        )
        one = replace(fusion(), components=components).over(kinds)
        assert drawn[row] == pytest.approx(float(one.evidence(llrs[row])), abs=1e-9)


def test_weights_that_people_disagree_about_widen_the_interval_and_move_nothing_else() -> None:
    readings = [observation(PAD, 2.0), observation(FACE, 1.0)]
    spread = own_weights() * np.linspace(0.4, 1.0, 200)[:, None]

    def assessed(used: Fusion) -> tuple[float, float]:
        parameters = Parameters("test", {PAD: signal(PAD), FACE: signal(FACE)}, used)
        session = Assessor(parameters, policy(), 0.005, {})
        for reading in readings:
            session.add(reading)
        found = session.assess(1.0)
        return found.probability, found.interval[1] - found.interval[0]

    sure, unsure = assessed(fitted(own_weights())), assessed(fitted(spread))
    assert sure[0] == unsure[0] == assessed(fusion())[0]
    assert unsure[1] > 1.3 * sure[1]


def test_the_next_fit_begins_from_the_expert_again() -> None:
    fit = with_unknown(fusion(), KINDS_OF_FOUR)
    learnt = tuple(replace(c, weights=dict.fromkeys(c.weights, 0.123)) for c in fit.components)
    weights = tuple(w for c in fit.components for w in c.weights.values())
    told = Fitted("t", "d", 1, 1, 4, weights, tuple(g.correlation for g in fit.groups))
    groups = tuple(replace(group, correlation=0.95) for group in fit.groups)
    back = expert_of(replace(fit, groups=groups, components=learnt, fitted=told))
    assert [c.weights for c in back.components] == [c.weights for c in fusion().components]
    assert [c.prior for c in back.components] == pytest.approx([c.prior for c in fusion().components])
    assert back.groups == fusion().groups
    assert expert_of(fusion()) == fusion()
