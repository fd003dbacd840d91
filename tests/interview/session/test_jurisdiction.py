"""What may not be analysed where an interview takes place, from its creation to its re-run."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from interview.consent import PARTS
from interview.errors import SessionError
from interview.jurisdiction import jurisdiction
from interview.live.specification import spec_of
from interview.settings import Settings
from tests.interview.world import World, agreed


def test_behaviour_is_off_in_the_eu_and_nothing_else() -> None:
    assert jurisdiction("default").channels_off == frozenset()
    assert jurisdiction("eu").channels_off == {"behaviour"}


def test_a_jurisdiction_that_is_not_known_is_never_guessed() -> None:
    with pytest.raises(SessionError, match='There is no jurisdiction "mars"'):
        jurisdiction("mars")


def test_the_setting_takes_those_that_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CANDOR_JURISDICTION", "eu")
    assert Settings(_env_file=None).jurisdiction == "eu"  # type: ignore[call-arg]
    monkeypatch.setenv("CANDOR_JURISDICTION", "mars")
    with pytest.raises(ValidationError, match="jurisdiction"):
        Settings(_env_file=None)  # type: ignore[call-arg]


def test_an_interview_keeps_the_jurisdiction_that_it_was_made_in(world: World) -> None:
    officer = world.person()
    there, here = world.interview_in("eu", officer), world.interview(officer)
    assert world.sessions.get(there.id).jurisdiction == "eu"
    assert world.sessions.get(here.id).jurisdiction == "default"
    spec = spec_of(world.sessions.get(there.id), {})
    assert (spec.channels_off, spec.jurisdiction) == (frozenset({"behaviour"}), "eu")
    assert spec_of(world.sessions.get(here.id), {}).channels_off == frozenset()


def test_what_is_off_cannot_be_agreed_to(world: World) -> None:
    session = world.interview_in("eu", world.person())
    world.sessions.consent(session.id, agreed(behaviour=True))
    consent = world.sessions.get(session.id).progress.consent
    assert consent is not None
    assert consent.parts == {"recording", "face", "voice"}
    # The page may send it again: the answers are still the same.
    world.sessions.applicant_joined(session.id)
    assert world.sessions.consent(session.id, agreed(behaviour=True)).progress.consent == consent


def test_parts_can_be_taken_out_of_a_consent() -> None:
    everything = agreed(behaviour=True)
    assert everything.parts == set(PARTS)
    assert everything.without(["behaviour", "face"]).parts == {"recording", "voice"}
    assert everything.without([]) == everything
