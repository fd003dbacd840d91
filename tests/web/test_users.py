"""Accounts over HTTP, for administrators only."""

from __future__ import annotations

import pytest

from tests.web.conftest import Site

NEW = {"username": "Chen", "display_name": "陈经理", "role": "officer", "password": "a long password"}


def test_administrator_creates_changes_and_lists(site: Site) -> None:
    browser = site.as_(site.admin)
    made = browser.post("/api/users", NEW)
    assert (made.status_code, made.json()["username"], made.json()["active"]) == (201, "chen", True)
    fresh = site.browser()
    assert fresh.sign_in("chen", NEW["password"]).status_code == 200
    changed = browser.patch(f"/api/users/{made.json()['id']}", {"active": False})
    assert changed.json() == made.json() | {"active": False}
    assert fresh.get("/api/auth/me").status_code == 401
    names = [user["username"] for user in browser.get("/api/users").json()["items"]]
    assert names == ["chen", "li", "root", "wang", "zhao"]


def test_every_change_is_audited_without_passwords(site: Site) -> None:
    browser = site.as_(site.admin)
    made = browser.post("/api/users", NEW).json()
    browser.patch(f"/api/users/{made['id']}", {"password": "another long password"})
    log = site.world.repository.audit.everything()[-2:]
    assert [entry.action for entry in log] == ["account.created", "account.changed"]
    assert log[1].detail["password_changed"] is True
    assert "long password" not in repr(log)


@pytest.mark.parametrize("who", ["officer", "compliance"])
def test_nobody_else_manages_accounts(site: Site, who: str) -> None:
    browser = site.as_(getattr(site, who))
    assert browser.get("/api/users").status_code == 403
    assert browser.post("/api/users", NEW).status_code == 403
    assert browser.patch(f"/api/users/{site.officer.id}", {"role": "admin"}).status_code == 403
    assert site.browser().get("/api/users").status_code == 401


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"username": "li"}, "username_taken"),
        ({"username": "a b"}, "invalid"),
        ({"password": "short"}, "password_too_short"),
        ({"role": "god"}, "invalid"),
    ],
)
def test_wrong_account_is_refused(site: Site, change: dict[str, str], code: str) -> None:
    answer = site.as_(site.admin).post("/api/users", NEW | change)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_last_administrator_and_unknown_accounts(site: Site) -> None:
    browser = site.as_(site.admin)
    assert browser.patch(f"/api/users/{site.admin.id}", {"active": False}).json()["code"] == "last_admin"
    assert browser.patch("/api/users/nobody", {"active": False}).status_code == 404
