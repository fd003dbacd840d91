"""`candor serve`: what it refuses with a sentence, and that it stops in order while browsers still watch."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn

from interview.errors import ServiceError
from interview.settings import Settings
from tests.web.conftest import Site
from web.app import create_app
from web.serve import STATIC, Server, check, listen


def settings(**given: object) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type, call-arg]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("console")
    return tmp_path


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for localhost that nobody vouches for. Skips where there is no openssl to make it."""
    folder = tmp_path_factory.mktemp("tls")
    made = folder / "certificate.pem", folder / "key.pem"
    ask = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    try:
        subprocess.run(
            [*ask, "-subj", "/CN=localhost", "-out", str(made[0]), "-keyout", str(made[1])],
            check=True,
            capture_output=True,
        )
    except FileNotFoundError:
        pytest.skip("needs openssl to make a certificate")
    return made


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"host": "::1"},
        {"host": "0.0.0.0"},  # noqa: S104 - a development deployment may serve its network
        {"profile": "production"},
        {"profile": "production", "host": "10.0.0.1", "public_url": "https://candor.test"},
    ],
)
def test_what_may_be_served(pages: Path, given: dict[str, object]) -> None:
    check(settings(**given), demo=False, static=pages)


def test_demo_serves_only_this_machine(pages: Path) -> None:
    check(settings(), demo=True, static=pages)
    with pytest.raises(ServiceError, match="only this machine: drop --host"):
        check(settings(host="10.0.0.1"), demo=True, static=pages)


def test_production_beyond_this_machine_needs_tls(pages: Path) -> None:
    with pytest.raises(ServiceError, match="over TLS only: set CANDOR_TLS_CERTIFICATE"):
        check(settings(profile="production", host="10.0.0.1"), demo=False, static=pages)


def test_pages_that_are_not_built(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="run `make console`"):
        check(settings(), demo=False, static=tmp_path)
    assert STATIC.name == "static"


def test_certificate_that_cannot_be_used(pages: Path, certificate: tuple[Path, Path], tmp_path: Path) -> None:
    good, key = certificate
    check(settings(tls_certificate=good, tls_key=key), demo=False, static=pages)
    wrong = tmp_path / "wrong.pem"
    wrong.write_text("no certificate")
    for unusable in (wrong, tmp_path / "gone.pem"):
        with pytest.raises(ServiceError, match=f"{unusable.name} and .* cannot be used as TLS"):
            check(settings(tls_certificate=unusable, tls_key=key), demo=False, static=pages)


def test_a_free_port_is_bound(pages: Path) -> None:
    with listen(settings(port=0)) as listener:
        assert listener.getsockname()[1] > 0


def test_port_that_is_taken_and_address_that_is_not_ours() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServiceError, match=rf"port {port} on 127\.0\.0\.1 .*in use.*--port"):
            listen(settings(port=port))
    with pytest.raises(ServiceError, match=r"192\.0\.2\.1 cannot be used \(Cannot assign"):
        listen(settings(host="192.0.2.1", port=0))
    with pytest.raises(ServiceError, match=r"no-such-host\.invalid cannot be used"):
        listen(settings(host="no-such-host.invalid", port=0))


def test_service_stops_in_order_while_a_browser_watches(site: Site) -> None:
    session, steps = site.interview(), []
    browser = site.as_(site.officer)
    cookies = dict(browser.cookies)

    @asynccontextmanager
    async def running() -> AsyncIterator[None]:
        yield
        steps.append("calls were hung up")

    async def watch(url: str, watching: asyncio.Event) -> None:
        async with (
            httpx.AsyncClient(base_url=url, cookies=cookies) as web,
            web.stream("GET", f"/api/sessions/{session.id}/events") as answer,
        ):
            async for line in answer.aiter_lines():
                if line.startswith("event: call"):
                    watching.set()
        steps.append("the stream ended")

    async def test() -> None:
        listener = listen(settings(port=0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        config = uvicorn.Config(
            create_app(site.services, running), log_level="error", timeout_graceful_shutdown=60
        )
        server, watching = Server(config, site.services.events), asyncio.Event()
        served = asyncio.create_task(server.serve(sockets=[listener]))
        watched = asyncio.create_task(watch(url, watching))
        await watching.wait()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.gather(served, watched)

    before = signal.signal(signal.SIGTERM, lambda number, frame: steps.append("asked to stop"))
    try:
        asyncio.run(test())
    finally:
        signal.signal(signal.SIGTERM, before)
    assert steps == ["the stream ended", "calls were hung up", "asked to stop"]
