"""Interviews over HTTP: create, list, invite, end, decide, and who may do which."""

from __future__ import annotations

from typing import Any

import pytest

from interview.problems import EnrolmentRefused
from interview.session import Outcome, State
from tests.interview.world import PNG, START, agreed, assessment
from tests.web.conftest import Site
from tests.web.fakes import Browser

REASON = "身份一致，资料齐全，同意放款。"
FIELDS = {"applicant_name": " 王小明 ", "product": "working-capital", "language": "zh-Hans"}


def create(browser: Browser, photo: bytes = PNG, voice: bytes | None = None, **fields: str) -> Any:  # noqa: ANN401
    files: dict[str, tuple[str, bytes, str]] = {"id_photo": ("id.png", photo, "text/html")}
    if voice is not None:
        files["voice_reference"] = ("voice.wav", voice, "audio/wav")
    return browser.request("POST", "/api/sessions", data=FIELDS | fields, files=files)


def test_officer_creates_an_interview(site: Site) -> None:
    browser = site.as_(site.officer)
    answer = create(browser, voice=b"RIFF1234WAVEfmt ")
    made = answer.json()
    assert answer.status_code == 201
    assert made["applicant_name"] == "王小明"
    assert (made["state"], made["officer"], made["has_voice_reference"]) == ("created", "Li", True)
    assert made["join_url"].startswith("https://candor.test/join/")
    assert made["join_expires_at"] == "2026-11-25T09:00:00Z"
    assert made["allowed"] == ["join_link", "offer", "end", "replace_voice", "revoke_face", "revoke_voice"]
    assert (made["probability"], made["band"], made["decision"], made["consent"]) == (None, None, None, None)
    assert browser.get(f"/api/sessions/{made['id']}").json() == made


def test_voice_reference_is_optional_and_an_empty_field_is_none(site: Site) -> None:
    browser = site.as_(site.officer)
    assert create(browser).json()["has_voice_reference"] is False
    assert create(browser, voice=b"").json()["has_voice_reference"] is False


def approved(site: Site) -> str:
    """An interview with the same applicant that was approved."""
    session = site.world.sealed(site.officer)
    return site.world.sessions.decide(session.id, Outcome.APPROVE, REASON, site.officer).id


def test_voice_can_come_from_an_earlier_interview(site: Site) -> None:
    browser, source = site.as_(site.officer), approved(site)
    made = create(browser, voice_from=source).json()
    assert ("voice of", source) in site.calls.heard
    assert made["has_voice_reference"] is True
    assert [
        (one["modality"], one["version"], one["taken_from"], one["used"]) for one in made["references"]
    ] == [
        ("face", 1, None, True),
        ("voice", 1, source, True),
    ]


def test_an_interview_that_cannot_give_the_voice_says_why(site: Site) -> None:
    browser = site.as_(site.officer)
    cases = (
        (site.world.sealed(site.officer).id, None, 422, "approved"),
        (site.world.sealed(site.colleague).id, None, 404, "no such interview"),
        ("ffff", None, 404, "no such interview"),
        (approved(site), b"RIFF1234WAVEfmt ", 422, "not both"),
    )
    for source, voice, status, said in cases:
        answer = create(browser, voice=voice, voice_from=source)
        assert (answer.status_code, said in answer.json()["message"]) == (status, True), answer.json()


def test_voice_is_replaced_before_the_interview_starts(site: Site) -> None:
    browser = site.as_(site.officer)
    path = f"/api/sessions/{create(browser).json()['id']}/references/voice"
    file = {"voice_reference": ("voice.wav", b"RIFF1234WAVEfmt ", "audio/wav")}
    assert browser.request("POST", path, files=file).json()["has_voice_reference"] is True
    again = browser.request("POST", path, data={"voice_from": approved(site)}).json()
    assert [(one["version"], one["used"]) for one in again["references"] if one["modality"] == "voice"] == [
        (1, False),
        (2, True),
    ]
    assert browser.request("POST", path, data={"voice_from": ""}).status_code == 422
    live = site.world.live(site.officer)
    assert browser.request("POST", f"/api/sessions/{live.id}/references/voice", files=file).status_code == 409
    assert "replace_voice" not in browser.get(f"/api/sessions/{live.id}").json()["allowed"]


def test_reference_is_revoked_by_its_officer_or_by_compliance(site: Site) -> None:
    made = create(site.as_(site.officer), voice=b"RIFF1234WAVEfmt ").json()
    path = f"/api/sessions/{made['id']}/references"
    assert site.as_(site.colleague).post(f"{path}/voice/revoke", {"reason": REASON}).status_code == 404
    assert site.as_(site.admin).post(f"{path}/voice/revoke", {"reason": REASON}).status_code == 403
    refused = site.as_(site.officer).post(f"{path}/voice/revoke", {"reason": "short"})
    assert (refused.status_code, refused.json()["code"]) == (422, "reason_too_short")
    revoked = site.as_(site.compliance).post(f"{path}/voice/revoke", {"reason": REASON}).json()
    assert revoked["has_voice_reference"] is False
    assert revoked["allowed"] == ["revoke_face"]
    assert [(one["used"], one["revoked_why"]) for one in revoked["references"]] == [
        (True, None),
        (False, REASON),
    ]
    assert site.as_(site.officer).post(f"{path}/iris/revoke", {"reason": REASON}).status_code == 422


def test_photo_that_cannot_be_enrolled_says_why_in_both_languages_and_stores_nothing(site: Site) -> None:
    site.calls.refuse = EnrolmentRefused("There is no face in the photo.", "照片中没有人脸。")
    browser = site.as_(site.officer)
    answer = create(browser)
    assert (answer.status_code, answer.json()) == (
        422,
        {
            "code": "enrolment_failed",
            "message": "There is no face in the photo.",
            "message_zh": "照片中没有人脸。",
            "field": "id_photo",
        },
    )
    assert browser.get("/api/sessions").json()["total"] == 0


@pytest.mark.parametrize(
    ("photo", "said"),
    [(b"", "empty"), (b"<svg onload=alert(1)>", "not a JPEG"), (PNG + bytes(10 << 20), "10 MB")],
)
def test_photo_is_judged_by_its_content(site: Site, photo: bytes, said: str) -> None:
    answer = create(site.as_(site.officer), photo=photo)
    assert (answer.status_code, answer.json()["field"]) == (422, "id_photo")
    assert said in answer.json()["message"]


def test_voice_too_large_names_its_field(site: Site) -> None:
    answer = create(site.as_(site.officer), voice=bytes((20 << 20) + 1))
    assert (answer.status_code, answer.json()["field"]) == (422, "voice_reference")


def test_replaced_voice_may_be_as_large_as_the_first(site: Site) -> None:
    browser = site.as_(site.officer)
    path = f"/api/sessions/{create(browser).json()['id']}/references/voice"
    for size, status in ((2 << 20, 200), ((20 << 20) + 1, 422), (40 << 20, 413)):
        answer = browser.request("POST", path, files={"voice_reference": ("v.wav", bytes(size), "audio/wav")})
        assert answer.status_code == status


def test_form_beyond_every_limit_is_cut_off(site: Site) -> None:
    answer = create(site.as_(site.officer), voice=bytes(40 << 20))
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_body_of_other_requests_is_bounded_too(site: Site) -> None:
    answer = site.browser().post("/api/auth/login", {"username": "li", "password": "x" * (2 << 20)})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "fields",
    [{"applicant_name": "  "}, {"applicant_name": "x" * 101}, {"language": "fr"}, {"product": "yacht"}],
)
def test_wrong_field_is_refused(site: Site, fields: dict[str, str]) -> None:
    answer = create(site.as_(site.officer), PNG, None, **fields)
    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "message", "message_zh", "field"}
    assert answer.json()["field"] in {*fields, None}


def test_missing_photo_names_its_field(site: Site) -> None:
    answer = site.as_(site.officer).request("POST", "/api/sessions", data=FIELDS)
    assert (answer.status_code, answer.json()["field"]) == (422, "id_photo")


def test_creating_is_limited(site: Site) -> None:
    browser = site.as_(site.officer)
    assert [create(browser).status_code for _ in range(31)] == [201] * 30 + [429]


def test_photo_comes_back_typed_by_its_content(site: Site) -> None:
    browser = site.as_(site.officer)
    answer = browser.get(f"/api/sessions/{create(browser).json()['id']}/id-photo")
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")


def test_list_shows_an_officer_their_own_and_compliance_everything(site: Site) -> None:
    mine, other = site.interview(), site.world.interview(site.colleague, "陈大文")
    assert [one["id"] for one in site.as_(site.officer).get("/api/sessions").json()["items"]] == [mine.id]
    assert {one["id"] for one in site.as_(site.compliance).get("/api/sessions").json()["items"]} == {
        mine.id,
        other.id,
    }
    assert site.as_(site.admin).get("/api/sessions", q="大文").json()["total"] == 1


def test_list_is_filtered_and_paged(site: Site) -> None:
    sealed = site.world.sealed(site.officer)
    for _ in range(25):
        site.interview()
    browser = site.as_(site.officer)
    second = browser.get("/api/sessions", page=2).json()
    assert (len(second["items"]), second["total"], second["page"], second["page_size"]) == (1, 26, 2, 25)
    found = browser.get("/api/sessions", state="sealed").json()
    assert [one["id"] for one in found["items"]] == [sealed.id]
    assert browser.get("/api/sessions", state=["sealed", "created"]).json()["total"] == 26
    assert browser.get("/api/sessions", state="asleep").status_code == 422
    assert browser.get("/api/sessions", page=0).status_code == 422


def test_list_carries_the_latest_probability(site: Site) -> None:
    session = site.world.live(site.officer)
    site.world.record(session.id, [assessment(4.0, 0.25)])
    item = site.as_(site.officer).get("/api/sessions").json()["items"][0]
    assert (item["probability"], item["band"], item["duration_s"], item["state"]) == (
        0.25,
        "proceed",
        4.0,
        "live",
    )


PRIVATE = [
    ("GET", ""),
    ("POST", "/join-link"),
    ("GET", "/join-qr.svg"),
    ("GET", "/id-photo"),
    ("POST", "/offer"),
    ("POST", "/leave"),
    ("POST", "/end"),
    ("POST", "/decision"),
    ("GET", "/events"),
    ("GET", "/assessments"),
    ("GET", "/readings"),
    ("GET", "/recording"),
    ("GET", "/officer-recording"),
    ("GET", "/audit"),
    ("POST", "/rerun"),
    ("GET", "/report.html"),
]
ACTS = {"/join-link", "/join-qr.svg", "/offer", "/leave", "/end", "/decision"}
BODIES = {"/offer": {"sdp": "v=0", "type": "offer"}, "/decision": {"outcome": "approve", "reason": REASON}}


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_nobody_reads_anything_without_signing_in(site: Site, method: str, path: str) -> None:
    answer = site.browser().request(
        method, f"/api/sessions/{site.interview().id}{path}", json=BODIES.get(path)
    )
    assert answer.status_code == 401


@pytest.mark.parametrize(("method", "path"), PRIVATE)
def test_to_another_officer_it_does_not_exist(site: Site, method: str, path: str) -> None:
    answer = site.as_(site.colleague).request(
        method, f"/api/sessions/{site.interview().id}{path}", json=BODIES.get(path)
    )
    assert (answer.status_code, answer.json()["message"]) == (404, "There is no such interview.")


@pytest.mark.parametrize(("method", "path"), [one for one in PRIVATE if one[1] in ACTS])
def test_compliance_reads_but_does_not_act(site: Site, method: str, path: str) -> None:
    browser = site.as_(site.compliance)
    session = site.interview()
    answer = browser.request(method, f"/api/sessions/{session.id}{path}", json=BODIES.get(path))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    seen = browser.get(f"/api/sessions/{session.id}").json()
    assert (seen["allowed"], seen["join_url"], seen["join_expires_at"]) == (
        ["revoke_face", "revoke_voice"],
        None,
        None,
    )
    assert create(browser).status_code == 403


def test_change_needs_the_csrf_token(site: Site) -> None:
    browser = site.as_(site.officer)
    session = site.world.sealed(site.officer)
    answer = browser.post(
        f"/api/sessions/{session.id}/decision", BODIES["/decision"], headers={"X-CSRF-Token": "no"}
    )
    assert answer.status_code == 403
    assert site.world.sessions.get(session.id).progress.state is State.SEALED


def test_link_is_renewed_and_drawn(site: Site) -> None:
    session = site.interview()
    site.world.clock.go_on(hours=23)
    browser = site.as_(site.officer)
    link = browser.post(f"/api/sessions/{session.id}/join-link").json()
    assert link["expires_at"] == "2026-11-26T08:00:00Z"
    assert browser.get(f"/api/sessions/{session.id}").json()["join_url"] == link["join_url"]
    drawing = browser.get(f"/api/sessions/{session.id}/join-qr.svg")
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert drawing.content.startswith(b"<?xml")


def test_expired_link_is_not_shown(site: Site) -> None:
    session = site.interview()
    site.world.clock.go_on(hours=24)
    browser = site.as_(site.officer)
    assert browser.get(f"/api/sessions/{session.id}").json()["join_url"] is None
    assert browser.get(f"/api/sessions/{session.id}/join-qr.svg").status_code == 404


def test_call_from_offer_to_decision(site: Site) -> None:
    browser = site.as_(site.officer)
    session = site.interview()
    site.world.sessions.consent(session.id, agreed())
    site.world.sessions.applicant_joined(session.id)
    path = f"/api/sessions/{session.id}"
    assert browser.post(f"{path}/offer", BODIES["/offer"]).json() == {
        "sdp": "answer to v=0",
        "type": "answer",
    }
    assert browser.get(path).json()["state"] == "live"
    assert browser.post(f"{path}/leave").status_code == 204
    assert browser.get(path).json()["state"] == "live"
    ended = browser.post(f"{path}/end").json()
    assert (ended["state"], ended["sealed_at"], ended["allowed"], ended["join_url"]) == (
        "sealed",
        "2026-11-24T09:00:00Z",
        ["decide", "revoke_face", "revoke_voice"],
        None,
    )
    decided = browser.post(f"{path}/decision", BODIES["/decision"]).json()
    assert (decided["state"], decided["allowed"]) == ("decided", ["revoke_face", "revoke_voice"])
    assert decided["decision"] == {
        "outcome": "approve",
        "reason": REASON,
        "by": "Li",
        "at": START.isoformat().replace("+00:00", "Z"),
    }
    assert browser.get("/api/sessions").json()["items"][0]["decision"] == "approve"


def test_sealed_interview_takes_no_offer_and_is_not_ended_twice(site: Site) -> None:
    browser = site.as_(site.officer)
    path = f"/api/sessions/{site.world.sealed(site.officer).id}"
    for action in ("/offer", "/end", "/join-link"):
        answer = browser.post(path + action, BODIES.get(action))
        assert (answer.status_code, answer.json()["code"]) == (409, "illegal_step")
    assert site.calls.heard == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"outcome": "approve", "reason": "short"}, 422),
        ({"outcome": "approve"}, 422),
        ({"outcome": "maybe", "reason": REASON}, 422),
        ({"outcome": "approve", "reason": REASON, "by": "somebody else"}, 422),
    ],
)
def test_decision_needs_an_outcome_and_a_reason_and_nothing_more(
    site: Site, body: dict[str, str], status: int
) -> None:
    session = site.world.sealed(site.officer)
    assert site.as_(site.officer).post(f"/api/sessions/{session.id}/decision", body).status_code == status
    assert site.world.sessions.get(session.id).progress.decision is None


def test_unknown_interview_is_404(site: Site) -> None:
    assert site.as_(site.officer).get("/api/sessions/nothing").json()["code"] == "not_found"
