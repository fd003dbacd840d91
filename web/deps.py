"""What routes ask for: the services, and the interview that they are about."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from interview.services import Services
from web.ratelimit import Limits


def get_services(request: Request) -> Services:
    """The services that the application was created with."""
    services: Services = request.app.state.services
    return services


def get_limits(request: Request) -> Limits:
    """The application's rate limits."""
    limits: Limits = request.app.state.limits
    return limits


def caller(request: Request) -> str:
    """The address that a request comes from; "" where the server does not know it."""
    return request.client.host if request.client else ""


ServicesDep = Annotated[Services, Depends(get_services)]
LimitsDep = Annotated[Limits, Depends(get_limits)]
Caller = Annotated[str, Depends(caller)]
