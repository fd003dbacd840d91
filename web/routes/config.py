"""What anybody may ask: the configuration, and whether the service runs."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from interview.accounts import MIN_PASSWORD_CHARACTERS
from interview.errors import ServiceError
from interview.services import Services
from interview.session import MIN_REASON_CHARACTERS
from web import schemas, views
from web.deps import ServicesDep

router = APIRouter(prefix="/api", tags=["service"])


@router.get("/config")
def get_config(services: ServicesDep) -> schemas.Config:
    """What the console needs before anybody signs in."""
    settings = services.settings
    return schemas.Config(
        demo=services.demo,
        institution=settings.institution,
        languages=["zh-Hans", "zh-Hant", "en"],
        version=services.version,
        ice_servers=[views.ice_server(server) for server in settings.ice_servers],
        products=[
            schemas.Product(id=one.id, name_zh=one.name_zh, name_en=one.name_en) for one in settings.products
        ],
        min_reason_characters=MIN_REASON_CHARACTERS,
        min_password_characters=MIN_PASSWORD_CHARACTERS,
    )


@router.get("/health")
def get_health(services: ServicesDep) -> schemas.Health:
    """The service runs."""
    return schemas.Health(status="ok", version=services.version)


@router.get("/ready", responses={503: {"model": schemas.Ready}})
async def get_ready(services: ServicesDep, response: Response) -> schemas.Ready:
    """Whether the service can take calls; 503 with what is in the way when it cannot."""
    obstacles = await run_in_threadpool(_obstacles, services)
    response.status_code = 503 if obstacles else 200
    return schemas.Ready(ready=not obstacles, obstacles=obstacles)


def _obstacles(services: Services) -> list[str]:
    try:
        services.sessions.repository.ping()
    except ServiceError as error:
        return [str(error)]
    return list(services.calls.obstacles())
