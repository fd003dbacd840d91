from __future__ import annotations

import numpy as np
import pytest

from biometrics.errors import EvaluationError
from biometrics.evaluation.figures import IMPOSTOR, figures, score_table
from biometrics.evaluation.trials import Experiment, Trial


def trial(reference: str, probe: str, statistic: float = 0.0) -> Trial:
    """Samples are named ``person:number``."""
    return Trial(reference[0], probe[0], reference, probe, statistic, 1, {})


def experiment(*trials: Trial) -> Experiment:
    return Experiment("campplus@aaaaaaaa", "test", trials, 20, 1, 100, 2)


def separated(people: str = "abcdef", samples: int = 3) -> Experiment:
    """Everybody against everybody; mated trials score 0.1 to 0.3, non-mated ones 0.7 to 0.9."""
    rng = np.random.default_rng(2)
    names = [f"{person}:{number}" for person in people for number in range(samples)]
    pairs = [(one, other) for one in names for other in names if one != other]
    return experiment(*(trial(r, p, 0.6 * (r[0] != p[0]) + rng.uniform(0.1, 0.3)) for r, p in pairs))


def test_a_score_table_labels_non_mated_trials_as_attacks() -> None:
    table = score_table(experiment(trial("a:1", "a:2", 0.2), trial("a:1", "b:1", 0.8)), "data")
    assert list(table.attack) == [False, True]
    assert list(table.scores) == [0.2, 0.8]
    assert table.subjects == ("a", "a")
    assert table.others == ("a", "b")
    assert table.species == ("", IMPOSTOR)


def test_a_table_of_one_class_is_refused() -> None:
    with pytest.raises(EvaluationError, match="1 mated and 0 non-mated"):
        score_table(experiment(trial("a:1", "a:2")), "data")


def test_figures_say_what_they_were_measured_on() -> None:
    result = figures(separated(), "data")
    assert (result.subjects, result.mated, result.non_mated) == (6, 36, 270)
    assert result.fte.value == 0.05
    assert result.fta.value == 0.02
    assert result.cllr_min.value == 0.0 < result.cllr.value < 1.0
    assert 1.0 < result.independent <= 36.0
    document = result.as_json()
    assert document["eer"] == {"value": 0.0, "low": 0.0, "high": result.eer.high, "n": 306}
