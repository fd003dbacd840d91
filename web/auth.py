"""Who asks, and whether they may: sign-in cookies, the double-submitted CSRF token, and rights over interviews.

Changes need the header ``X-CSRF-Token`` to equal the cookie ``candor_csrf``, and both to be the token that belongs to the
sign-in. An applicant's requests need none: the token in their path is a secret that another site does not know.
"""

from __future__ import annotations

import hmac
from typing import Annotated, Final

from fastapi import Depends, Request, Response

from interview.accounts import LONGEST, SignIn
from interview.problems import NotAllowed
from interview.services import Services
from interview.store.interviews import no_session
from interview.store.records import Role, SessionRecord, User
from web.deps import ServicesDep
from web.errors import ForgedRequest, SignInNeeded

SESSION_COOKIE: Final = "candor_session"
CSRF_COOKIE: Final = "candor_csrf"
CSRF_HEADER: Final = "X-CSRF-Token"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def is_secure(request: Request, services: Services) -> bool:
    """Whether cookies may be restricted to https."""
    return services.settings.secure or request.url.scheme == "https"


def begin(request: Request, response: Response, services: Services, sign_in: SignIn) -> None:
    """Set the cookies of a new sign-in."""
    secure, longest = is_secure(request, services), int(LONGEST.total_seconds())
    token = services.signer.csrf(sign_in.secret)
    response.set_cookie(
        SESSION_COOKIE, sign_in.secret, max_age=longest, httponly=True, secure=secure, samesite="strict"
    )
    response.set_cookie(CSRF_COOKIE, token, max_age=longest, httponly=False, secure=secure, samesite="strict")


def finish(request: Request, response: Response, services: Services) -> None:
    """Take the cookies of a sign-in away."""
    secure = is_secure(request, services)
    response.delete_cookie(SESSION_COOKIE, httponly=True, secure=secure, samesite="strict")
    response.delete_cookie(CSRF_COOKIE, secure=secure, samesite="strict")


def signed_in(request: Request, services: ServicesDep) -> User:
    """Who is signed in. Raises SignInNeeded, or ForgedRequest for a change without the CSRF token."""
    secret = request.cookies.get(SESSION_COOKIE, "")
    user = services.accounts.user_of(secret) if secret else None
    if user is None:
        raise SignInNeeded("Sign in to go on.", "请先登录。")
    if request.method not in _SAFE:
        _check_csrf(request, services.signer.csrf(secret))
    return user


def _check_csrf(request: Request, expected: str) -> None:
    sent = (request.cookies.get(CSRF_COOKIE, ""), request.headers.get(CSRF_HEADER, ""))
    if not all(hmac.compare_digest(one.encode(), expected.encode()) for one in sent):
        raise ForgedRequest(
            "This change did not come from Candor's own page. Reload the page and try again.",
            "该操作并非来自本系统页面，请刷新后重试。",
        )


SignedIn = Annotated[User, Depends(signed_in)]


def admin(user: SignedIn) -> User:
    """A signed-in administrator. Raises NotAllowed."""
    if user.role is not Role.ADMIN:
        raise NotAllowed("Only an administrator manages accounts.", "仅管理员可管理账号。")
    return user


def holds_interviews(user: SignedIn) -> User:
    """Somebody who may hold interviews. Raises NotAllowed for compliance, who review them."""
    if user.role is Role.COMPLIANCE:
        raise NotAllowed(
            "Compliance reviews interviews; an officer holds them.",
            "合规人员仅审阅面谈，面谈由客户经理进行。",
        )
    return user


def may_read(user: User, session: SessionRecord) -> bool:
    """Officers read their own interviews; compliance and administrators read all."""
    return session.officer_id == user.id or user.role is not Role.OFFICER


def may_act(user: User, session: SessionRecord) -> bool:
    """An interview is held and decided by its own officer and nobody else."""
    return session.officer_id == user.id and user.role is not Role.COMPLIANCE


def may_revoke(user: User, session: SessionRecord) -> bool:
    """A reference is taken back by the interview's own officer, or by compliance, whom its owner may have written to."""
    return may_act(user, session) or user.role is Role.COMPLIANCE


def reviewed(session_id: str, user: SignedIn, services: ServicesDep) -> SessionRecord:
    """The interview, for compliance and administrators. Raises NotAllowed for officers."""
    if user.role is Role.OFFICER:
        raise NotAllowed("Only compliance and administrators read that.", "仅合规人员和管理员可查看。")
    return services.sessions.get(session_id)


def readable(session_id: str, user: SignedIn, services: ServicesDep) -> SessionRecord:
    """The interview, for somebody who may read it. To anybody else it does not exist."""
    session = services.sessions.get(session_id)
    if not may_read(user, session):
        raise no_session()
    return session


def own(session: Annotated[SessionRecord, Depends(readable)], user: SignedIn) -> SessionRecord:
    """The interview, for the officer whose it is. Raises NotAllowed for those who may only read it."""
    if not may_act(user, session):
        raise NotAllowed(
            "Only the officer of this interview can do that.", "仅该面谈的客户经理可执行此操作。"
        )
    return session


Admin = Annotated[User, Depends(admin)]
Holder = Annotated[User, Depends(holds_interviews)]
Readable = Annotated[SessionRecord, Depends(readable)]
Reviewed = Annotated[SessionRecord, Depends(reviewed)]
Own = Annotated[SessionRecord, Depends(own)]
