"""The HTTP application: routes over the services, and nothing that decides anything."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from fastapi.routing import APIRoute

from interview.services import Services
from web import errors
from web.bodylimit import BodyLimit
from web.headers import SecurityHeaders
from web.ratelimit import Limits
from web.routes import auth, challenges, config, join, pages, questions, review, sessions, signalling, users

Running = Callable[[], AbstractAsyncContextManager[None]]


def create_app(services: Services, running: Running | None = None) -> FastAPI:
    """The application. ``running`` is entered when the server starts and left when it stops: live media lives in it."""
    app = FastAPI(
        title="Candor",
        version=services.version,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        generate_unique_id_function=operation_id,
        lifespan=_lifespan(services, running),
    )
    app.state.services = services
    app.state.limits = Limits.with_clock(services.monotonic)
    include_routes(app)
    errors.install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(SecurityHeaders, secure=services.settings.secure)
    return app


def include_routes(app: FastAPI) -> None:
    """Add every route; the pages last, because they take what is left."""
    for module in (config, auth, users, sessions, signalling, challenges, questions, review, join, pages):
        app.include_router(module.router, responses=errors.responses(422))


def operation_id(route: APIRoute) -> str:
    """The name of an operation in OpenAPI: the route's function."""
    return route.name


def _lifespan(
    services: Services, running: Running | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if running is None:
            yield
        else:
            async with running():
                yield
        services.events.close()

    return lifespan
