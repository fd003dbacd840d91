"""What is judged, by what, and the figures that come of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from fraudmodel.calibration import FloatArray
from fraudmodel.errors import FitError
from fraudmodel.fusion import LARGEST_GROUP, Component, Fusion, Group
from fraudmodel.fusion_figures import figures
from fraudmodel.fusion_fit import FitSettings
from fraudmodel.fusion_laws import check_laws, rise_of_a_duplicate
from fraudmodel.fusion_protocols import (
    CHALLENGER,
    EXPERT,
    FORCE,
    LINEAR,
    MIXTURE,
    NAIVE,
    UNGUARDED,
    HeldOut,
    Scale,
    Unseen,
    held_out,
    unseen_species,
)
from fraudmodel.fusion_rows import Dropout
from fraudmodel.fusion_signals import Evidence, Recipe
from fraudmodel.fusion_unseen import decide
from fraudmodel.interview_table import Measured
from fraudmodel.parameters import load_parameters
from fraudmodel.sessions import Sessions
from fraudmodel.signals import SignalKind
from tests.fraudmodel.builders import KINDS_OF_FOUR, fusion
from tests.fraudmodel.making import made_table
from tests.fraudmodel.toy import KINDS, toy

SHARES = {f"f{i}": 0.2 for i in range(5)}
SESSIONS = toy(300, people=40, seed=3)
SMALL = Scale(blocks=3, replicates=20, species=1, settings=FitSettings(dropout=Dropout(0), iterations=5))


def ideal(sessions: Sessions, separation: float = 3.0, seed: int = 0) -> FloatArray:
    """Calibrated shifts that tell fraud apart so well."""
    noise = np.random.default_rng(seed).standard_normal(len(sessions))
    return separation * (noise + separation * sessions.fraud) - separation**2 / 2.0


def judged(**ways: FloatArray) -> HeldOut:
    totals = dict.fromkeys((MIXTURE, FORCE, EXPERT, NAIVE, LINEAR, CHALLENGER), ideal(SESSIONS))
    return HeldOut(SESSIONS, {**totals, **ways}, {"one": ideal(SESSIONS)})


def unseen(mixture: FloatArray, challenger: FloatArray, sessions: Sessions = SESSIONS) -> Unseen:
    return Unseen(
        "s", "f0", sessions, {MIXTURE: mixture, UNGUARDED: mixture - sessions.fraud, CHALLENGER: challenger}
    )


def test_calibrated_shifts_cost_little_more_than_they_must_and_stretched_ones_more() -> None:
    good = figures(judged(), (), (), SHARES, replicates=50)
    stretched = figures(judged(**{MIXTURE: 4.0 * ideal(SESSIONS)}), (), (), SHARES, replicates=50)
    # Calibrated as it is, on 600 interviews it lies that far above what these very interviews would allow.
    assert good.by_chance.value == pytest.approx(0.03, abs=0.01)
    assert good.judged[0].excess.value < good.by_chance.value + 0.02
    assert stretched.judged[0].excess.value > good.by_chance.high + 0.1
    assert stretched.judged[0].cllr_min.value == pytest.approx(good.judged[0].cllr_min.value)
    assert good.decision is None


def test_a_rival_costs_more_where_it_is_worse_over_the_same_people() -> None:
    found = figures(judged(**{LINEAR: np.zeros(len(SESSIONS))}), (), (), SHARES, replicates=100)
    against = {row.rival: row.difference for row in found.against}
    assert against[LINEAR].low > 0.0
    assert against[CHALLENGER].value == against[CHALLENGER].high == 0.0


def test_another_prevalence_keeps_calibrated_probabilities_calibrated() -> None:
    found = figures(judged(), (), (), SHARES, replicates=20, prevalences=(0.5, 0.005))
    assert found.ece[0.005].value < 0.005
    assert sum(row.weight for row in found.bins) == pytest.approx(1.0)
    assert sum(row.weight * row.observed for row in found.bins) == pytest.approx(0.005, rel=1e-6)
    off = figures(judged(**{MIXTURE: ideal(SESSIONS) + 5.0}), (), (), SHARES, replicates=20)
    assert off.ece[0.005].value > 0.02
    weights = np.where(SESSIONS.fraud, 0.5, 0.5) / 300
    assert found.ece[0.5].value < float(weights @ np.abs(expit(ideal(SESSIONS)) - SESSIONS.fraud))


def test_the_challenger_is_adopted_only_where_its_gain_excludes_0() -> None:
    better = decide([unseen(ideal(SESSIONS, 1.0), ideal(SESSIONS, 3.0))], 100)
    same = decide([unseen(ideal(SESSIONS, seed=1), ideal(SESSIONS, seed=2))], 100)
    worse = decide([unseen(ideal(SESSIONS, 3.0), ideal(SESSIONS, 1.0))], 100)
    assert (better.adopt, same.adopt, worse.adopt) == (True, False, False)
    assert worse.gain.high < 0.0


def test_a_species_is_missed_where_it_looks_like_a_bona_fide_interview() -> None:
    blind = np.where(SESSIONS.fraud, -50.0, ideal(SESSIONS))
    found = figures(
        judged(),
        [unseen(blind, ideal(SESSIONS)), unseen(ideal(SESSIONS), ideal(SESSIONS))],
        (),
        SHARES,
        replicates=20,
    )
    assert [row.apcer.value for row in found.species] == sorted(
        (row.apcer.value for row in found.species), reverse=True
    )
    assert found.species[0].apcer.value == 1.0
    assert found.species[1].apcer.value < 0.2
    assert found.species[1].gain.value >= 0.0
    assert found.species[1].gain.n == found.species[1].apcer.n == 300


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return Evidence(made_table(144, people=12), load_parameters(), Recipe())


def test_everybody_is_judged_in_every_way(evidence: Evidence) -> None:
    found = held_out(evidence, SMALL, lambda *_: None)
    assert len(found.sessions) == 144
    assert all(np.isfinite(values).all() for values in (*found.totals.values(), *found.without.values()))
    assert found.totals[NAIVE] == pytest.approx(found.sessions.llrs.sum(axis=1))


def test_what_a_species_scored_among_the_training_people_changes_nothing_of_its_judgement(
    evidence: Evidence,
) -> None:
    name = next(unseen_species(evidence, SMALL, lambda *_: None)).species
    first = next(unseen_species(evidence, SMALL, lambda *_: None))
    flash = SignalKind("flash_challenge")
    spoilt = tuple(
        replace(row, measured={**row.measured, flash: Measured(50.0, 0.1, 5, {}, ("coloured-light-2",))})
        if row.species == name and row.split == "train"
        else row
        for row in evidence.table.rows
    )
    other = Evidence(replace(evidence.table, rows=spoilt), load_parameters(), Recipe())
    second = next(unseen_species(other, SMALL, lambda *_: None))
    honest = ~first.sessions.fraud
    assert set(np.array(first.sessions.species)[~honest]) == {name}
    for way in (MIXTURE, UNGUARDED, CHALLENGER):
        assert first.totals[way][honest] == pytest.approx(second.totals[way][honest], abs=1e-12)


def test_too_few_people_are_refused() -> None:
    few = Evidence(made_table(16, people=4), load_parameters(), Recipe())
    with pytest.raises(FitError):
        held_out(few, SMALL, lambda *_: None)


def test_a_law_that_is_broken_shows() -> None:
    llrs = np.random.default_rng(0).normal(0.0, 2.0, (30, 4))
    who = tuple(f"p{i}" for i in range(30))
    kinds = tuple(["bona_fide"] * 15 + ["impostor"] * 15)
    sessions = Sessions(KINDS_OF_FOUR, llrs, np.ones((30, 4), dtype=np.bool_), kinds, kinds, who, who)
    loose = fusion(correlation=0.0)
    assert check_laws(loose, sessions, 0.005).duplicate > 0.15
    assert check_laws(loose, sessions, 0.005).duplicated in KINDS_OF_FOUR
    assert check_laws(fusion(correlation=0.95), sessions, 0.005).duplicate < 0.15
    assert rise_of_a_duplicate(loose, KINDS[0], sessions) == 0.0


def test_a_group_that_is_full_has_its_law_tried_too() -> None:
    kinds = tuple(SignalKind(f"s{i}") for i in range(LARGEST_GROUP))
    llrs = np.random.default_rng(0).normal(0.0, 2.0, (30, len(kinds)))
    who = tuple(f"p{i}" for i in range(30))
    sorts = tuple(["bona_fide"] * 15 + ["presentation"] * 15)
    sessions = Sessions(kinds, llrs, np.ones(llrs.shape, dtype=np.bool_), sorts, sorts, who, who)
    mask = Component("presentation", "mask", 1.0, dict.fromkeys(kinds, 1.0))
    full = Fusion("test", "by hand", 20.0, (Group("all", kinds, 0.0),), (mask,))
    # Nothing depends on anything: what comes twice adds all that it moved.
    assert check_laws(full, sessions, 0.005).duplicate == pytest.approx(1.0)
