"""`candor serve`: the server process."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from interview import bootstrap, logs
from interview.bootstrap import Application
from interview.demo.interview import Demo
from interview.errors import ServiceError
from interview.events import EventHub
from interview.settings import Settings
from web.app import create_app

log = logging.getLogger(__name__)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

STATIC = Path(__file__).parent / "static"
_LOCAL = ("127.0.0.1", "::1", "localhost")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [CANDOR_HOST]")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on. [CANDOR_PORT]", min=0, max=65535)
    ] = None,
    data: Annotated[Path | None, typer.Option(help="Folder for all data. [CANDOR_DATA_DIR]")] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Demo accounts and a simulated interview, labelled so.")
    ] = False,
) -> None:
    """Run the service: officer console, applicant pages, media edge and analysis."""
    given = {"host": host, "port": port, "data_dir": data}
    settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]
    check(settings, demo)
    listener = listen(settings)
    logs.configure()
    _run(settings, listener, demo)


def check(settings: Settings, demo: bool, static: Path = STATIC) -> None:
    """Refuse, with a sentence, to serve what must not be served or cannot work. Raises ServiceError."""
    if not (static / "index.html").is_file():
        raise ServiceError("the console's pages are not built: run `make console`")
    if demo and settings.host not in _LOCAL:
        raise ServiceError(
            "--demo has accounts with known passwords and serves only this machine: drop --host"
        )
    if settings.profile == "production" and not settings.secure and settings.host not in _LOCAL:
        raise ServiceError(
            "the production profile serves other machines over TLS only: set CANDOR_TLS_CERTIFICATE and CANDOR_TLS_KEY, "
            "or CANDOR_PUBLIC_URL to the https address of the proxy in front"
        )
    if settings.tls_certificate is not None:
        try:
            ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
                settings.tls_certificate, settings.tls_key
            )
        except OSError as error:
            raise ServiceError(
                f"{settings.tls_certificate} and {settings.tls_key} cannot be used as TLS certificate and key ({error.strerror})"
            ) from error


def listen(settings: Settings) -> socket.socket:
    """The bound socket. Raises ServiceError where the port or the address cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise ServiceError(
            f"port {settings.port} on {settings.host} cannot be used ({error.strerror}): "
            "stop what uses it, or choose another with --port"
        ) from error
    return listener


class Server(uvicorn.Server):
    """Lets whoever watches events go before it waits for connections to close: their streams never end by themselves."""

    def __init__(self, config: uvicorn.Config, events: EventHub) -> None:
        super().__init__(config)
        self._events = events

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        log.info("the service was asked to stop")
        self._events.close()
        await super().shutdown(sockets)


def _run(settings: Settings, listener: socket.socket, demo: bool) -> None:
    application = bootstrap.build(settings, STATIC, demo=demo)
    scheme = "https" if settings.tls_certificate else "http"
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    url = f"{scheme}://{shown}:{listener.getsockname()[1]}"
    config = uvicorn.Config(
        create_app(application.services, lambda: _running(application, url, demo)),
        log_level="warning",
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
        timeout_graceful_shutdown=3,
        server_header=False,
    )
    server = Server(config, application.services.events)
    # uvicorn stops in order and then raises the signal again, for whoever was there before it: to stop was all it asked.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    with suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    if not server.started:
        raise ServiceError("the service could not start: the reason is above")


@asynccontextmanager
async def _running(application: Application, url: str, demo: bool) -> AsyncIterator[None]:
    async with application.running():
        Console().print(f"Candor serves {url}", highlight=False, soft_wrap=True)
        showing = asyncio.create_task(Demo(application.services, url).run()) if demo else None
        try:
            yield
        finally:
            if showing is not None:
                showing.cancel()
                await asyncio.gather(showing, return_exceptions=True)
