"""One-time signed links for applicants.

A link's token is ``session id . expiry . nonce . HMAC-SHA256`` in URL-safe text. The signature says that we made it, the
expiry until when it holds, the nonce that it is the session's present link. The first browser to open it is given a
secret, which it keeps in a cookie; from then on the link opens in that browser only.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from interview.problems import LinkRefused
from interview.store.records import Link

KEY_BYTES: Final = 32
GRACE: Final = timedelta(hours=12)
"""How long after its expiry a link still brings back the browser that opened it in time: a call may outlast it."""
_MAX_TOKEN: Final = 512


@dataclass(frozen=True, slots=True)
class Claims:
    """What a genuine token says."""

    session_id: str
    expires_at: datetime
    nonce: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A link that this browser may use. ``secret`` is what the browser has to keep; ``first`` whether it is new."""

    link: Link
    secret: str
    first: bool


class LinkSigner:
    """Makes and reads tokens under one key of at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ValueError(f"a signing key needs at least {KEY_BYTES} bytes, got {len(key)}")
        self._key = key

    def token(self, session_id: str, link: Link) -> str:
        """The text that goes into the applicant's URL. The same link always gives the same token."""
        body = f"{session_id}.{int(link.expires_at.timestamp())}.{link.nonce}"
        return f"{body}.{self._signature(body)}"

    def read(self, token: str) -> Claims:
        """What the token says. Raises LinkRefused when it is forged or cut short. Expiry is `open_link`'s to judge."""
        body, _, signature = token[:_MAX_TOKEN].rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._signature(body).encode()):
            raise invalid()
        session_id, expiry, nonce = body.split(".")
        return Claims(session_id, datetime.fromtimestamp(int(expiry), UTC), nonce)

    def csrf(self, secret: str) -> str:
        """A token that proves a request comes from our own page, bound to the sign-in ``secret``."""
        return self._signature(f"csrf:{secret}")

    def _signature(self, body: str) -> str:
        digest = hmac.new(self._key, body.encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def new_link(now: datetime, valid: timedelta) -> Link:
    """A fresh link, opened by nobody yet. Whole seconds, because the token carries them."""
    return Link(nonce=secrets.token_urlsafe(12), expires_at=(now + valid).replace(microsecond=0))


def open_link(link: Link, claims: Claims, secret: str | None, now: datetime, *, bind: bool = True) -> Opened:
    """Bind the link to this browser, or find that it is the one.

    Raises LinkRefused when the link is replaced, expired, was opened elsewhere or, without ``bind``, by nobody yet.
    """
    if not hmac.compare_digest(link.nonce.encode(), claims.nonce.encode()):
        raise _replaced()
    if link.browser is None:
        _require_unexpired(claims, now)
        if not bind:
            raise _unopened()
        fresh = secrets.token_urlsafe(24)
        return Opened(replace(link, browser=fingerprint(fresh)), fresh, first=True)
    if secret is None or not hmac.compare_digest(fingerprint(secret), link.browser):
        raise _used()
    _require_unexpired(claims, now - GRACE)
    return Opened(link, secret, first=False)


def fingerprint(secret: str) -> str:
    """SHA-256 of a random secret, in hex: what is stored in its place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def invalid() -> LinkRefused:
    """The refusal for a link that we did not make, or that names nothing."""
    return LinkRefused(
        "This link is not valid. Open it exactly as you received it, or ask your customer manager for a new one.",
        "链接无效。请使用收到的完整链接，或联系客户经理重新获取。",
    )


def _require_unexpired(claims: Claims, now: datetime) -> None:
    if now >= claims.expires_at:
        raise LinkRefused(
            "This link has expired. Ask your customer manager for a new one.",
            "链接已过期，请联系客户经理重新获取。",
            code="link_expired",
        )


def _unopened() -> LinkRefused:
    return LinkRefused(
        "Open the link first, then go on from its page.", "请先打开链接，再从页面继续。", code="link_unopened"
    )


def _used() -> LinkRefused:
    return LinkRefused(
        "This link was already opened in another browser. Go on there, or ask your customer manager for a new link.",
        "该链接已在另一浏览器中打开。请回到原浏览器继续，或联系客户经理重新获取链接。",
        code="link_used",
    )


def _replaced() -> LinkRefused:
    return LinkRefused(
        "This link was replaced by a newer one. Use the latest link that you received.",
        "该链接已被新链接取代，请使用最新收到的链接。",
        code="link_replaced",
    )
