"""One whole interview in two real browsers: invitation, consent, call, assessment, decision, playback, re-run."""

from __future__ import annotations

import re

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


def test_consent_to_decision(
    service: Service, officer_browser: Browser, applicant_browser: Browser, demo_media: DemoMedia
) -> None:
    officer = Window.open(officer_browser, service.url)
    sign_in(officer, "li")
    link = create_interview(officer, "Wang Xiaoming", demo_media)

    applicant = Window.open(applicant_browser, link, size=(390, 844))
    join_as_applicant(applicant)
    expect(applicant.page.get_by_text("Please wait")).to_be_visible(timeout=LONG_MS)

    officer.button("Join the call").click()
    plays(officer, "Applicant")
    plays(applicant, "Your customer manager")

    session = session_id(officer)
    seen = assessments_change(officer)
    assert len(seen) > 1, seen
    expect(officer.page.get_by_text("Face against ID photo").first).to_be_visible(timeout=LONG_MS)
    question_is_marked(officer)

    officer.button("End interview").click()
    officer.button("End and seal").click()
    expect(applicant.page.get_by_text("The interview has ended")).to_be_visible(timeout=LONG_MS)

    officer.button("Decide").first.click()
    officer.page.get_by_label("Refer", exact=True).check()
    officer.button("Record the decision").click()
    expect(officer.page.get_by_text("Give a reason of at least")).to_be_visible()
    officer.page.get_by_label("Reason").fill("Face and voice match; income to be checked on site.")
    officer.button("Record the decision").click()
    expect(officer.page.get_by_text("income to be checked on site").first).to_be_visible()

    detail = api(officer, service, f"/api/sessions/{session}")
    assert detail["state"] == "decided"
    assert detail["decision"]["outcome"] == "refer"
    last = api(officer, service, f"/api/sessions/{session}/assessments")[-1]
    assert {"face_match", "voice_match"} <= {part["kind"] for part in last["contributions"]}
    assert "model_not_installed" not in {each["reason"] for each in last["absent"]}

    reviewer = Window.open(officer_browser, f"{service.url}/#/sessions/{session}")
    sign_in(reviewer, "zhao")
    recording_plays(reviewer)
    review_narrows(reviewer)
    reviewer.page.get_by_role("tab", name="Questions").click()
    expect(reviewer.page.get_by_role("button", name="Go to the answer at").first).to_be_visible()
    reviewer.page.get_by_role("tab", name="Record").click()
    reviewer.button("Re-run the analysis").click()
    expect(reviewer.page.get_by_text(re.compile("equal", re.IGNORECASE)).first).to_be_visible(timeout=120_000)
    again = service.candor("rerun", session, "--json")
    assert '"equal": true' in again.stdout

    for window in (officer, applicant, reviewer):
        assert window.wrong == []
    assert errors_in((service.folder / "serve.log").read_text()) == []


def assessments_change(officer: Window) -> set[str]:
    """The distinct probabilities that the officer's page shows over twelve seconds of call."""
    panel = officer.page.get_by_label("Assessment", exact=True)
    seen: set[str] = set()
    for _ in range(12):
        officer.page.wait_for_timeout(1000)
        seen.update(re.findall(r"^([\d.]+%)$", panel.inner_text(), re.MULTILINE)[:1])
    return seen


def question_is_marked(officer: Window) -> None:
    """The first question, by the keyboard alone: asked, then answered."""
    officer.page.keyboard.press("q")
    for said in ("Asked", "Answered"):
        mark = officer.page.get_by_role("button", name=f"{said}: question 1", exact=True)
        expect(mark).to_be_focused(timeout=LONG_MS)
        officer.page.keyboard.press("Enter")
    again = officer.page.get_by_role("button", name="Ask again: question 1", exact=True)
    expect(again).to_be_visible(timeout=LONG_MS)


def review_narrows(reviewer: Window) -> None:
    """Charts that were drawn wide follow a window that narrows: nothing is wider than a phone's page."""
    before = reviewer.page.viewport_size
    assert before is not None
    reviewer.page.set_viewport_size({"width": 390, "height": 844})
    reviewer.page.wait_for_function("() => document.documentElement.scrollWidth <= 390")
    reviewer.page.set_viewport_size(before)


def recording_plays(reviewer: Window) -> None:
    """The recording has a duration, plays, and can be sought."""
    video = reviewer.page.get_by_label("Recording of the applicant", exact=True)
    expect(video).to_be_visible(timeout=LONG_MS)
    length = video.evaluate(
        "v => new Promise(r => v.readyState ? r(v.duration) : v.onloadedmetadata = () => r(v.duration))"
    )
    assert 10 < length < 300, length
    video.evaluate("v => { v.muted = true; return v.play(); }")
    reviewer.page.wait_for_function("v => v.currentTime > 1", arg=video.element_handle())
    video.evaluate("(v, t) => { v.currentTime = t; }", length / 2)
    reviewer.page.wait_for_function(
        "([v, t]) => Math.abs(v.currentTime - t) < 2 && !v.seeking", arg=[video.element_handle(), length / 2]
    )
