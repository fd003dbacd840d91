"""What a service's interviews came to: proposals against outcomes and decisions, counted as the store has them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from fraudmodel.assessment import Band
from fraudmodel.confirmed import parse_confirmed
from fraudmodel.policy import load_policy
from fraudmodel.rescoring import Candidate
from fraudmodel.signals import Observation, Reading, Span
from interview.monitoring.in_use import InUse, in_use
from interview.monitoring.windows import Span as Wall
from interview.outcomes import import_outcomes
from interview.session import Outcome
from interview.store.records import Role
from tests.fraudmodel.builders import MODEL
from tests.interview.monitoring.making import FACE, PHONE, TABLET, VOICE, ended, parameters_in
from tests.interview.world import START, World, open_world

ALWAYS = Wall(START - timedelta(days=1), START + timedelta(days=365))
GENUINE, FRAUD = -1.5, 3.5


@pytest.fixture
def world(tmp_path: Path) -> World:
    return open_world(tmp_path)


def held(world: World, folder: Path, scores: list[float], confirmed: list[str]) -> InUse:
    """One interview a score, every second on a tablet, confirmed as the words say ("" for not); the first is approved, the last referred."""
    parameters, officer = parameters_in(folder / "par"), world.person()
    records = [
        ended(world, officer, parameters, readings(score), (PHONE, TABLET)[n % 2], name=f"applicant {n}")
        for n, score in enumerate(scores)
    ]
    world.sessions.decide(records[0].id, Outcome.APPROVE, "everything was in order", officer)
    world.sessions.decide(records[-1].id, Outcome.REFER, "another pair of eyes", officer)
    rows = [
        f"{record.id},{word},{'impostor' if word == 'fraud' else ''},{START.date()},Risk,case"
        for record, word in zip(records, confirmed, strict=True)
        if word
    ]
    text = "\n".join(["interview,outcome,family,confirmed_on,by,source", *rows])
    day = START + timedelta(days=30)
    lines = parse_confirmed(text, "o.csv", day.date())
    import_outcomes(world.repository, lines, world.person("chen", Role.COMPLIANCE), day)
    return in_use(world.repository, ALWAYS, Candidate("par", parameters, load_policy()))


def readings(score: float) -> list[Reading]:
    return [
        Observation(kind, Span(t, t + 1.0), score, 0.8, MODEL, covariates={"kbps": 400.0 + 100.0 * score})
        for kind in (FACE, VOICE)
        for t in (1.0, 2.0)
    ]


def test_proposals_are_counted_by_outcome_and_decision(world: World, tmp_path: Path) -> None:
    found = held(world, tmp_path, [GENUINE, GENUINE, GENUINE, FRAUD], ["bona_fide", "fraud", "", "fraud"])
    by_band = {each.band: each for each in found.proposals}
    assert set(by_band) == {Band.PROCEED, Band.REFER}
    proceed, refer = by_band[Band.PROCEED], by_band[Band.REFER]
    assert (proceed.interviews, proceed.fraud, proceed.bona_fide) == (3, 1, 1)
    assert (refer.interviews, refer.fraud, refer.bona_fide) == (1, 1, 0)
    assert proceed.decided == {Outcome.APPROVE: 1, None: 2}
    assert refer.decided == {Outcome.REFER: 1}
    assert (found.fraud, found.bona_fide, found.people) == (2, 1, 3)
    assert found.missed is not None
    assert (found.missed.value, found.missed.n) == (0.5, 2)
    assert found.bothered is not None
    assert (found.bothered.value, found.bothered.n) == (0.0, 1)
    assert found.families == [("impostor", 2)]
    assert found.figures == {}  # below ten of either


def test_slices_take_as_bona_fide_whom_nobody_confirmed_as_fraud(world: World, tmp_path: Path) -> None:
    found = held(world, tmp_path, [GENUINE, -1.0, -0.5, FRAUD], ["", "", "bona_fide", "fraud"])
    slices = {each.condition: each for each in found.slices}
    assert set(slices) == {"device", "browser", "kbps"}  # one language and one product sort nothing
    assert [(one.value, one.bpcer.n) for one in slices["device"].slices] == [("Android", 2), ("iOS", 1)]
    assert [one.value for one in slices["browser"].slices] == ["Chromium", "WebKit"]
    assert [one.value for one in slices["kbps"].slices] == ["250", "300", "350"]


def test_a_span_without_interviews_is_empty(world: World, tmp_path: Path) -> None:
    parameters = parameters_in(tmp_path / "par")
    found = in_use(world.repository, ALWAYS, Candidate("par", parameters, load_policy()))
    assert (found.proposals, found.slices, found.missed, found.figures) == ([], (), None, {})
