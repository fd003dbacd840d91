"""Signing in and out."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from interview.problems import SignInFailed
from web import auth, schemas, views
from web.deps import Caller, LimitsDep, ServicesDep
from web.errors import responses

router = APIRouter(prefix="/api/auth", tags=["auth"])


@router.post("/login", responses=responses(401, 422, 429))
def login(
    body: schemas.Login,
    request: Request,
    response: Response,
    services: ServicesDep,
    limits: LimitsDep,
    address: Caller,
) -> schemas.SignedIn:
    """Sign in: sets the session cookie and the CSRF cookie."""
    limits.login.take(address)
    limits.login_name.take(body.username.lower())
    try:
        sign_in = services.accounts.sign_in(body.username, body.password)
    except SignInFailed:
        services.audit.write("anonymous", "sign_in.failed", address=address)
        raise
    auth.begin(request, response, services, sign_in)
    services.audit.write(sign_in.user.id, "sign_in.succeeded", address=address)
    return schemas.SignedIn(user=views.user(sign_in.user))


@router.post("/logout", status_code=204, responses=responses(401, 403))
def logout(user: auth.SignedIn, request: Request, response: Response, services: ServicesDep) -> None:
    """Sign out: the sign-in ends on the server too."""
    services.accounts.sign_out(request.cookies[auth.SESSION_COOKIE])
    auth.finish(request, response, services)
    services.audit.write(user.id, "signed_out")


@router.get("/me", responses=responses(401))
def get_me(user: auth.SignedIn) -> schemas.SignedIn:
    """Who is signed in; 401 when nobody is."""
    return schemas.SignedIn(user=views.user(user))
