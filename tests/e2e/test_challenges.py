"""Challenges over real pages and a real connection: displayed, signed, judged; and a refusal that stays a refusal."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from interview.demo.clip import DemoMedia
from tests.e2e.pages import (
    LONG_MS,
    Window,
    api,
    create_interview,
    join_as_applicant,
    plays,
    session_id,
    sign_in,
)
from tests.e2e.service import Service, errors_in

pytestmark = [pytest.mark.e2e, pytest.mark.models]
WHOLE_MS = 60_000
"""A light challenge that is shown to its end takes 19 seconds on an idle machine."""


def test_light_head_and_refusal(
    service: Service, officer_browser: Browser, applicant_browser: Browser, demo_media: DemoMedia
) -> None:
    officer = Window.open(officer_browser, service.url)
    sign_in(officer, "li")
    link = create_interview(officer, "Wang Xiaoming", demo_media)
    applicant = Window.open(applicant_browser, link, size=(360, 640))
    join_as_applicant(applicant)
    expect(applicant.page.get_by_text("Please wait")).to_be_visible(timeout=LONG_MS)
    officer.button("Join the call").click()
    plays(officer, "Applicant")

    ask(officer, applicant, "Light")
    applicant.button("I am ready").click()
    share = (
        "d => d.firstElementChild.clientHeight * d.firstElementChild.clientWidth / (innerWidth * innerHeight)"
    )
    expect(applicant.page.get_by_text("Look at the screen")).to_be_visible()
    assert 0.6 <= applicant.page.get_by_role("dialog").evaluate(share) <= 0.8
    over(officer, applicant, "Done", 1)

    ask(officer, applicant, "Head turn")
    applicant.button("I am ready").click()
    over(officer, applicant, "Done", 2)

    ask(officer, applicant, "Light")
    applicant.button("I would rather not").click()
    over(officer, applicant, "Declined", 1)
    expect(officer.page.get_by_text("A refusal is not fraud")).to_be_visible()

    challenges = f"/api/sessions/{session_id(officer)}/challenges"
    light, head, refused = api(officer, service, challenges)
    assert (refused["state"], refused["step"], refused["result"]) == ("refused", 0, None)
    assert (light["step"], head["step"]) == (light["steps"], head["steps"])
    decided = light["result"]["covariates"].get("decided", 0.0)
    assert decided == 0.0, "a played file cannot follow this light"
    well_paced(api(officer, service, f"{challenges}/{light['id']}/record")["acks"])
    assert applicant.wrong == []
    assert errors_in((service.folder / "serve.log").read_text()) == []


def ask(officer: Window, applicant: Window, kind: str) -> None:
    """Put a challenge as soon as that is possible, and see that the applicant is asked."""
    expect(officer.button(kind).first).to_be_enabled(timeout=LONG_MS)
    officer.button(kind).first.click()
    expect(applicant.page.get_by_role("dialog")).to_be_visible(timeout=LONG_MS)


def over(officer: Window, applicant: Window, word: str, count: int) -> None:
    """The challenge has ended on both pages."""
    ended = officer.page.get_by_text(word, exact=True)
    expect(ended).to_have_count(count, timeout=WHOLE_MS)
    expect(applicant.page.get_by_role("dialog")).to_have_count(0)


def well_paced(acks: list[dict[str, Any]]) -> None:
    """No colour stayed for less than half a second, and each was placed by the page's own clock."""
    shown = [ack["shown_at_ms"] for ack in acks]
    assert len(shown) == 34
    assert {ack["clock"] for ack in acks} == {"sender"}
    assert min(after - before for before, after in pairwise(shown)) > 499.5, (
        "whole frames, reported to 0.1 ms"
    )
