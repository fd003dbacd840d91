"""The rest of the service: configuration, health, pages, errors, limits and the OpenAPI document."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import interview.problems
from interview.problems import Problem
from tests.interview.world import Clock
from tests.web.conftest import Site
from tests.web.fakes import Browser
from web import errors, openapi
from web.app import create_app
from web.ratelimit import Limit, RateLimiter

COMMITTED = Path(openapi.__file__).parent / "console" / "openapi.json"


def test_configuration_needs_no_sign_in(site: Site) -> None:
    shown = site.browser().get("/api/config").json()
    assert (shown["demo"], shown["version"], shown["institution"]) == (False, "0.1.0", "测试银行")
    assert shown["languages"] == ["zh-Hans", "zh-Hant", "en"]
    assert shown["ice_servers"] == [{"urls": "turn:turn.test", "username": "u", "credential": "c"}]
    assert shown["products"][0] == {
        "id": "working-capital",
        "name_zh": "经营快贷",
        "name_en": "Working capital loan",
    }
    assert (shown["min_reason_characters"], shown["min_password_characters"]) == (10, 10)


def test_health_and_readiness(site: Site) -> None:
    browser = site.browser()
    assert browser.get("/api/health").json() == {"status": "ok", "version": "0.1.0"}
    assert browser.get("/api/ready").json() == {"ready": True, "obstacles": []}
    site.calls.in_the_way.append("the analysis worker is starting")
    answer = browser.get("/api/ready")
    assert (answer.status_code, answer.json()["obstacles"]) == (503, ["the analysis worker is starting"])


@pytest.mark.parametrize("path", ["/", "/join/abc", "/sessions/abc"])
def test_console_that_is_not_built_says_so(site: Site, path: str) -> None:
    answer = site.browser().get(path)
    assert (answer.status_code, "make console" in answer.text) == (503, True)


@pytest.fixture
def built(site: Site) -> Browser:
    static = site.services.static
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("console")
    (static / "join.html").write_text("applicant")
    (static / "favicon.svg").write_text("<svg/>")
    (static / "assets" / "index-4f2a.js").write_text("1")
    (static.parent / "secret.txt").write_text("secret")
    return site.browser()


@pytest.mark.parametrize(
    ("path", "text", "caching"),
    [
        ("/", "console", "no-cache"),
        ("/sessions/abc", "console", "no-cache"),
        ("/join/any.token.at-all_", "applicant", "no-cache"),
        ("/favicon.svg", "<svg/>", "no-cache"),
        ("/assets/index-4f2a.js", "1", "public, max-age=31536000, immutable"),
    ],
)
def test_pages(built: Browser, path: str, text: str, caching: str) -> None:
    answer = built.get(path)
    assert (answer.status_code, answer.text, answer.headers["cache-control"]) == (200, text, caching)


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/gone.js"]
)
def test_nothing_outside_the_build_is_served(built: Browser, path: str) -> None:
    answer = built.get(path)
    assert (answer.status_code, "secret" in answer.text) == (404, False)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/nothing", "/api/sessions/a/b/c"])
def test_unknown_address_of_the_api_is_json(built: Browser, path: str) -> None:
    answer = built.get(path)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_wrong_method_is_json(site: Site) -> None:
    answer = site.browser().patch("/api/health", {})
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_unexpected_failure_is_a_sentence_and_no_traceback(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    @site.app.get("/api/boom")
    def boom() -> None:
        raise ZeroDivisionError("the secret of the failure")

    site.app.router.routes.insert(0, site.app.router.routes.pop())
    answer = site.browser().get("/api/boom")
    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert "secret" not in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_every_problem_has_a_status_of_its_own_kind() -> None:
    kinds = [
        kind
        for kind in vars(interview.problems).values()
        if isinstance(kind, type) and issubclass(kind, Problem)
    ]
    assert len(kinds) > 8
    for kind in kinds:
        status = errors.status_of(kind("a", "一"))
        assert status == 400 if kind is Problem else 401 <= status <= 503


def test_committed_document_is_the_present_one() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == openapi.text(), "run `make types`"


def test_document_is_written_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert openapi.main([str(tmp_path / "openapi.json")]) == 0
    assert (tmp_path / "openapi.json").read_text(encoding="utf-8") == openapi.text()
    assert openapi.main([]) == 0
    assert capsys.readouterr().out == openapi.text()
    assert openapi.main(["a", "b"]) == 2


def test_every_operation_declares_its_answers() -> None:
    described = openapi.document()
    operations = [(path, one) for path, methods in described["paths"].items() for one in methods.values()]
    assert len({one["operationId"] for _, one in operations}) == len(operations)
    for path, one in operations:
        for status, answer in one["responses"].items():
            if status.startswith(("4", "5")) and path != "/api/ready":
                assert answer["content"]["application/json"]["schema"] == {
                    "$ref": "#/components/schemas/Problem"
                }
        if path.startswith(("/api/sessions", "/api/users")):
            assert "401" in one["responses"], path
    events = described["paths"]["/api/sessions/{session_id}/events"]["get"]["responses"]["200"]["content"]
    assert set(events["text/event-stream"]["schema"]["discriminator"]["mapping"]) == {
        "state",
        "assessment",
        "reading",
        "call",
        "challenge",
        "speech",
        "questions",
    }
    assert "HTTPValidationError" not in json.dumps(described)


@given(st.integers(1, 20), st.floats(0.5, 100.0), st.lists(st.floats(0.0, 30.0), min_size=1, max_size=200))
def test_limiter_never_lets_more_through_than_its_bucket_holds(
    burst: int, per_s: float, waits: list[float]
) -> None:
    clock = Clock()
    limiter = RateLimiter(Limit(burst, per_s), clock.monotonic)
    allowed = 0
    for wait in waits:
        clock.go_on(seconds=wait)
        with suppress(errors.TooManyRequests):
            limiter.take("one")
            allowed += 1
    assert 1 <= allowed <= burst + clock.monotonic() * burst / per_s + 1e-6


def test_limiter_lets_through_after_the_wait_that_it_names() -> None:
    clock = Clock()
    limiter = RateLimiter(Limit(2, 60.0), clock.monotonic)
    limiter.take("one")
    limiter.take("one")
    limiter.take("other")
    with pytest.raises(errors.TooManyRequests) as refused:
        limiter.take("one")
    assert refused.value.retry_after_s == 30
    clock.go_on(seconds=29)
    with pytest.raises(errors.TooManyRequests, match="Try again in 1 seconds"):
        limiter.take("one")
    clock.go_on(seconds=1)
    limiter.take("one")


def test_application_runs_what_it_is_given_and_lets_watchers_go(site: Site) -> None:
    steps: list[str] = []

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        steps.append("up")
        yield
        steps.append("down")

    app = create_app(site.services, running)
    watcher = site.world.events.watch("s", lambda: steps.append("woken"))

    async def serve() -> None:
        async with app.router.lifespan_context(app):
            steps.append("serving")

    asyncio.run(serve())
    assert steps == ["up", "serving", "down", "woken"]
    assert watcher.closed
