"""Every refusal as JSON: ``{"code", "message", "message_zh", "field"}``, with the status that fits its class."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from interview.problems import (
    ConsentNeeded,
    EnrolmentRefused,
    IllegalStep,
    LinkRefused,
    NotAllowed,
    NotFound,
    Problem,
    Rejected,
    SignInFailed,
    Unavailable,
)
from web import schemas

log = logging.getLogger(__name__)

_HTTP: Final[Mapping[int, tuple[str, str, str]]] = {
    404: ("not_found", "There is nothing at this address.", "此地址没有内容。"),
    405: ("method_not_allowed", "This address does not take that method.", "此地址不支持该操作。"),
    413: (
        "too_large",
        "What was sent is too large: a photo may have 10 MB, a voice recording 20 MB.",
        "上传内容过大：照片不超过10 MB，录音不超过20 MB。",
    ),
}


class SignInNeeded(Problem):
    """Nobody is signed in, or no longer."""

    code = "sign_in_needed"


class TooManyRequests(Problem):
    """More than the limit. ``retry_after_s`` says when to try again."""

    code = "too_many_requests"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(
            f"Too many attempts. Try again in {retry_after_s} seconds.",
            f"操作过于频繁，请{retry_after_s}秒后再试。",
        )
        self.retry_after_s = retry_after_s


class ForgedRequest(Problem):
    """A change that our own page did not ask for."""

    code = "csrf"


_STATUS: Final[Mapping[type[Problem], int]] = {
    SignInFailed: 401,
    SignInNeeded: 401,
    ForgedRequest: 403,
    NotAllowed: 403,
    NotFound: 404,
    IllegalStep: 409,
    LinkRefused: 410,
    ConsentNeeded: 422,
    EnrolmentRefused: 422,
    Rejected: 422,
    TooManyRequests: 429,
    Unavailable: 503,
}


def status_of(problem: Problem) -> int:
    """The HTTP status of a refusal."""
    return next((status for kind, status in _STATUS.items() if isinstance(problem, kind)), 400)


def answer(problem: Problem) -> JSONResponse:
    """The refusal as a response."""
    headers = {"Retry-After": str(problem.retry_after_s)} if isinstance(problem, TooManyRequests) else None
    field = problem.field if isinstance(problem, EnrolmentRefused) else None
    return _json(status_of(problem), problem.code, problem.message, problem.message_zh, field, headers)


def too_large() -> JSONResponse:
    """The refusal of a body beyond its limit."""
    return _json(413, *_HTTP[413])


def install(app: FastAPI) -> None:
    """Make every error of the application one of ours."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(StarletteHTTPException, _on_http)
    app.add_exception_handler(Exception, _on_unexpected)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route declares for these statuses, for OpenAPI."""
    return {status: {"model": schemas.Problem} for status in statuses}


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Problem):
        raise error
    return answer(error)


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"][1:]) or None
    what = f"{field}: {first['msg']}" if field else str(first["msg"])
    return _json(
        422, "invalid", f"The request is not valid. {what}.", f"请求内容有误（{field or '正文'}）。", field
    )


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException | StarletteHTTPException):
        raise error
    said = str(error.detail)
    code, message, message_zh = _HTTP.get(error.status_code, ("http_error", said, said))
    return _json(error.status_code, code, message, message_zh, None, error.headers)


async def _on_unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("%s %s failed", request.method, request.scope.get("path"), exc_info=error)
    return _json(
        500,
        "unexpected",
        "The service failed in a way that it did not expect; it is in the log. Try again.",
        "服务出现意外错误，已记录日志，请重试。",
    )


def _json(
    status: int,
    code: str,
    message: str,
    message_zh: str,
    field: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body = schemas.Problem(code=code, message=message, message_zh=message_zh, field=field)
    return JSONResponse(body.model_dump(), status, headers=dict(headers or {}))
