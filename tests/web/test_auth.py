"""Signing in, CSRF, and what cookies and headers say."""

from __future__ import annotations

from http.cookies import SimpleCookie

import httpx
import pytest

from tests.interview.world import PASSWORD
from tests.web.conftest import Site


def cookies_set(response: httpx.Response) -> dict[str, dict[str, str]]:
    jar: dict[str, dict[str, str]] = {}
    for line in response.headers.get_list("set-cookie"):
        for name, morsel in SimpleCookie(line).items():
            jar[name] = {key: str(value) for key, value in morsel.items() if value} | {"value": morsel.value}
    return jar


def test_nobody_is_signed_in_at_first(site: Site) -> None:
    answer = site.browser().get("/api/auth/me")
    assert answer.status_code == 401
    assert answer.json() == {
        "code": "sign_in_needed",
        "message": "Sign in to go on.",
        "message_zh": "请先登录。",
        "field": None,
    }


def test_signs_in_and_out(site: Site) -> None:
    browser = site.browser()
    answer = browser.sign_in("li")
    me = {
        "user": {
            "id": site.officer.id,
            "username": "li",
            "role": "officer",
            "display_name": "Li",
            "active": True,
        }
    }
    assert (answer.status_code, answer.json()) == (200, me)
    assert browser.get("/api/auth/me").json() == me
    kept = browser.cookies.get("candor_session")
    assert browser.post("/api/auth/logout").status_code == 204
    assert browser.get("/api/auth/me").status_code == 401
    assert site.browser().get("/api/auth/me", headers={"Cookie": f"candor_session={kept}"}).status_code == 401


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(site: Site) -> None:
    jar = cookies_set(site.browser().sign_in("li"))
    session, csrf = jar["candor_session"], jar["candor_csrf"]
    assert session["httponly"]
    assert "httponly" not in csrf
    for cookie in (session, csrf):
        assert (cookie["samesite"], cookie["secure"], cookie["path"]) == ("strict", "True", "/")


def test_over_plain_http_cookies_still_work(site: Site) -> None:
    browser = site.browser(base_url="http://127.0.0.1:8700")
    answer = browser.sign_in("li")
    assert "secure" not in cookies_set(answer)["candor_session"]
    assert browser.get("/api/auth/me").status_code == 200


@pytest.mark.parametrize(("username", "password"), [("li", "not the password"), ("nobody", PASSWORD)])
def test_wrong_name_or_password(site: Site, username: str, password: str) -> None:
    answer = site.browser().sign_in(username, password)
    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_failed")


def test_guessing_is_slowed_by_name_from_wherever_it_comes(site: Site) -> None:
    for n in range(10):
        assert site.browser(address=f"10.0.0.{n}").sign_in("li", "guess").status_code == 401
    refused = site.browser(address="10.0.0.99").sign_in("li", PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert refused.headers["retry-after"] == "30"
    site.world.clock.go_on(seconds=30)
    assert site.browser().sign_in("li").status_code == 200


def test_guessing_is_slowed_by_address_whatever_the_name(site: Site) -> None:
    browser = site.browser()
    answers = [browser.sign_in(f"name{n}", "guess").status_code for n in range(31)]
    assert answers == [401] * 30 + [429]
    assert site.browser(address="10.0.0.2").sign_in("li").status_code == 200


@pytest.mark.parametrize("token", ["", "forged", "x" * 43])
def test_change_without_our_own_token_is_refused(site: Site, token: str) -> None:
    browser = site.as_(site.officer)
    answer = browser.post("/api/auth/logout", headers={"X-CSRF-Token": token})
    assert (answer.status_code, answer.json()["code"]) == (403, "csrf")
    assert browser.get("/api/auth/me").status_code == 200


def test_token_of_another_sign_in_is_refused_even_when_cookie_and_header_agree(site: Site) -> None:
    browser, other = site.as_(site.officer), site.as_(site.colleague)
    token = str(other.cookies.get("candor_csrf"))
    browser.cookies.set("candor_csrf", token, domain="candor.test", path="/")
    assert browser.post("/api/auth/logout", headers={"X-CSRF-Token": token}).status_code == 403


def test_cookie_alone_is_not_enough(site: Site) -> None:
    browser = site.as_(site.officer)
    browser.cookies.delete("candor_csrf")
    assert browser.post("/api/auth/logout").status_code == 403


def test_sign_in_is_not_taken_from_a_form_of_another_site(site: Site) -> None:
    form = {
        "content": f'{{"username":"li","password":"{PASSWORD}"}}',
        "headers": {"Content-Type": "text/plain"},
    }
    assert site.browser().request("POST", "/api/auth/login", **form).status_code == 422


def test_every_answer_carries_the_security_headers(site: Site) -> None:
    browser = site.browser()
    for path in ("/", "/api/health", "/api/nothing", "/api/auth/me", "/join/abc"):
        headers = browser.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "camera=(self), microphone=(self)" in headers["permissions-policy"]
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self';" in policy
        assert "unsafe-inline" not in policy
    assert browser.get("/api/health").headers["cache-control"] == "no-store"


def test_sign_ins_are_audited_without_password_or_name(site: Site) -> None:
    site.browser().sign_in("li", "my secret guess")
    site.as_(site.officer)
    log = site.world.repository.audit.everything()
    assert [(entry.actor, entry.action) for entry in log][-2:] == [
        ("anonymous", "sign_in.failed"),
        (site.officer.id, "sign_in.succeeded"),
    ]
    assert "secret guess" not in repr(log)
    assert PASSWORD not in repr(log)
