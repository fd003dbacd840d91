"""How much a request may carry: counted as it arrives, whatever its headers say."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.errors import too_large
from web.uploads import MAX_FORM

MAX_BODY: Final = 1024 * 1024
"""For everything but the forms with an ID photo or a voice reference."""
_FORMS: Final = re.compile(r"/api/sessions(/[^/]+/references/voice)?")


def limit_of(scope: Scope) -> int:
    """The limit in bytes for this request."""
    is_form = scope["method"] == "POST" and _FORMS.fullmatch(scope["path"]) is not None
    return MAX_FORM if is_form else MAX_BODY


class BodyLimit:
    """ASGI middleware. A declared length beyond the limit is answered at once; an undeclared one when it is reached."""

    def __init__(self, app: ASGIApp, limit: Callable[[Scope], int] = limit_of) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)
        declared = Headers(scope=scope).get("content-length", "")
        if declared.isdigit() and int(declared) > limit:
            await too_large()(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    taken = 0

    async def receive_some() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > limit:
            raise HTTPException(413)
        return message

    return receive_some
