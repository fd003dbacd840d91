"""Addresses that the service hands out."""

from __future__ import annotations

from fastapi import Request

from interview.services import Services
from interview.session import OPEN
from interview.store.records import SessionRecord


def join_url(request: Request, services: Services, session: SessionRecord) -> str | None:
    """The applicant's link while it can be used: under the public address where one is set, else under the one asked."""
    if session.progress.state not in OPEN or services.now() >= session.link.expires_at:
        return None
    base = services.settings.public_url or str(request.base_url)
    return f"{base.rstrip('/')}/join/{services.sessions.token(session)}"
