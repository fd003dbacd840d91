"""The applicant's side: the link, consent in parts, the call, and nothing of the analysis."""

from __future__ import annotations

from datetime import timedelta

import pytest

from interview.session import State
from interview.store.records import SessionRecord
from tests.interview.world import START
from tests.web.conftest import Site
from tests.web.fakes import Browser

YES = {"recording": True, "face": True, "voice": False, "behaviour": False}
OFFER = {"sdp": "v=0", "type": "offer"}


def opened(site: Site, session: SessionRecord) -> tuple[Browser, str]:
    """A browser that has opened the link, and the link's path."""
    browser, path = site.browser(), f"/api/join/{site.token(session)}"
    assert browser.get(path).status_code == 200
    return browser, path


def test_link_shows_what_the_page_needs_and_no_more(site: Site) -> None:
    answer = site.browser().get(f"/api/join/{site.token(site.interview())}")
    assert answer.json() == {
        "applicant_name": "王小明",
        "institution": "测试银行",
        "product_zh": "经营快贷",
        "product_en": "Working capital loan",
        "language": "zh-Hans",
        "state": "created",
        "consent": None,
        "asked": ["recording", "face", "voice", "behaviour"],
        "ice_servers": [{"urls": "turn:turn.test", "username": "u", "credential": "c"}],
    }


def test_nobody_is_asked_for_what_is_off_where_the_interview_takes_place(site: Site) -> None:
    session = site.world.interview_in("eu", site.officer)
    browser, path = opened(site, session)
    assert browser.get(path).json()["asked"] == ["recording", "face", "voice"]
    everything = {"recording": True, "face": True, "voice": True, "behaviour": True}
    given = browser.post(f"{path}/consent", everything).json()["consent"]
    assert {part: given[part] for part in everything} == {**everything, "behaviour": False}
    shown = site.as_(site.officer).get(f"/api/sessions/{session.id}").json()
    assert shown["asked"] == ["recording", "face", "voice"]
    (entry,) = [e for e in site.world.repository.audit.of_session(session.id) if e.action == "consent.given"]
    assert entry.detail == {"recording": True, "face": True, "voice": True}


def test_link_stays_with_the_browser_that_opened_it(site: Site) -> None:
    path = f"/api/join/{site.token(site.interview())}"
    first, second = site.browser(), site.browser()
    opened = first.get(path)
    cookie = opened.headers["set-cookie"].lower()
    assert "candor_join=" in cookie
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" in cookie
    assert f"path={path}".lower() in cookie
    assert "set-cookie" not in first.get(path).headers
    refused = second.get(path)
    assert (refused.status_code, refused.json()["code"]) == (410, "link_used")
    assert second.post(f"{path}/consent", YES).status_code == 410


@pytest.mark.parametrize("path", ["/consent", "/offer", "/leave", "/report"])
def test_link_is_opened_before_anything_is_done_with_it(site: Site, path: str) -> None:
    session = site.interview()
    body = {"/consent": YES, "/offer": OFFER, "/report": {"event": "x"}}.get(path)
    answer = site.browser().post(f"/api/join/{site.token(session)}{path}", body)
    assert (answer.status_code, answer.json()["code"]) == (410, "link_unopened")
    assert site.world.sessions.get(session.id) == session


@pytest.mark.parametrize("token", ["x", "a.b.c.d", "....", "%E4%BD%A0%E5%A5%BD", "a" * 300])
def test_link_that_we_did_not_make(site: Site, token: str) -> None:
    answer = site.browser().get(f"/api/join/{token}")
    assert (answer.status_code, answer.json()["code"]) == (410, "link_invalid")


def test_expired_link(site: Site) -> None:
    token = site.token(site.interview())
    site.world.clock.go_on(hours=24)
    answer = site.browser().get(f"/api/join/{token}")
    assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")
    assert answer.json()["message_zh"] == "链接已过期，请联系客户经理重新获取。"


def test_guessing_links_is_limited(site: Site) -> None:
    browser = site.browser()
    statuses = [browser.get("/api/join/x").status_code for _ in range(121)]
    assert statuses == [410] * 120 + [429]


def test_consent_in_parts_is_stored_with_its_time(site: Site) -> None:
    session = site.interview()
    browser, path = opened(site, session)
    answer = browser.post(f"{path}/consent", YES)
    assert answer.status_code == 200
    assert answer.json()["consent"] == YES | {"given_at": "2026-11-24T09:00:00Z"}
    assert answer.json()["state"] == "consented"
    kept = site.world.sessions.get(session.id).progress.consent
    assert kept is not None
    assert (kept.parts, kept.given_at) == (frozenset({"recording", "face"}), START)


def test_refusing_the_recording_says_what_to_do_and_loses_nothing(site: Site) -> None:
    session = site.interview()
    browser, path = opened(site, session)
    refused = browser.post(f"{path}/consent", YES | {"recording": False})
    assert (refused.status_code, refused.json()["code"]) == (422, "consent_needed")
    assert "branch" in refused.json()["message"]
    assert "网点" in refused.json()["message_zh"]
    assert browser.get(path).json()["state"] == "created"
    assert browser.post(f"{path}/consent", YES).status_code == 200


@pytest.mark.parametrize("part", sorted(YES))
def test_no_part_is_agreed_to_by_leaving_it_out(site: Site, part: str) -> None:
    some = {name: value for name, value in YES.items() if name != part}
    browser, path = opened(site, site.interview())
    answer = browser.post(f"{path}/consent", some)
    assert (answer.status_code, answer.json()["field"]) == (422, part)


def test_no_media_before_consent(site: Site) -> None:
    browser, path = opened(site, site.interview())
    answer = browser.post(f"{path}/offer", OFFER)
    assert (answer.status_code, answer.json()["code"]) == (422, "consent_needed")
    assert site.calls.heard == []


def test_joins_leaves_and_comes_back_with_the_same_link(site: Site) -> None:
    session = site.interview()
    browser, path = opened(site, session)
    browser.post(f"{path}/consent", YES)
    assert browser.post(f"{path}/offer", OFFER).json() == {"sdp": "answer to v=0", "type": "answer"}
    assert browser.get(path).json()["state"] == "waiting"
    site.world.sessions.officer_joined(session.id)
    assert browser.post(f"{path}/leave").status_code == 204
    assert browser.get(path).json()["state"] == "interrupted"
    assert browser.post(f"{path}/offer", OFFER).status_code == 200
    assert browser.get(path).json()["state"] == "live"


def test_call_that_outlasts_the_link_can_be_rejoined(site: Site) -> None:
    session = site.interview()
    site.world.clock.go_on(hours=23, minutes=59)
    browser, path = opened(site, session)
    browser.post(f"{path}/consent", YES)
    browser.post(f"{path}/offer", OFFER)
    site.world.clock.at += timedelta(minutes=30)
    assert browser.post(f"{path}/offer", OFFER).status_code == 200


def test_after_the_end_the_page_still_learns_that_it_ended(site: Site) -> None:
    session = site.interview()
    browser, path = opened(site, session)
    browser.post(f"{path}/consent", YES)
    site.world.sessions.seal(session.id, site.officer.id)
    assert browser.get(path).json()["state"] == "sealed"
    refused = browser.post(f"{path}/offer", OFFER)
    assert (refused.status_code, refused.json()["code"]) == (409, "illegal_step")


def test_problem_in_the_browser_reaches_the_audit_log(site: Site) -> None:
    session = site.interview()
    browser, path = opened(site, session)
    assert (
        browser.post(f"{path}/report", {"event": "camera_refused", "detail": "NotAllowedError"}).status_code
        == 204
    )
    entry = site.world.repository.audit.of_session(session.id)[-1]
    assert (entry.actor, entry.action, dict(entry.detail)) == (
        "applicant",
        "browser.camera_refused",
        {"detail": "NotAllowedError"},
    )
    assert browser.post(f"{path}/report", {"event": "Camera Refused!"}).status_code == 422
    assert browser.post(f"{path}/report", {"event": "x", "detail": "y" * 301}).status_code == 422


def test_reports_are_limited(site: Site) -> None:
    browser, path = opened(site, site.interview())
    statuses = [browser.post(f"{path}/report", {"event": "x"}).status_code for _ in range(31)]
    assert statuses == [204] * 30 + [429]


def test_officers_cookie_does_not_open_the_applicants_side(site: Site) -> None:
    session = site.interview()
    site.browser().get(f"/api/join/{site.token(session)}")
    assert site.as_(site.officer).get(f"/api/join/{site.token(session)}").status_code == 410
    assert site.world.sessions.get(session.id).progress.state is State.CREATED
