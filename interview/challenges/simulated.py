"""The applicant's page without a browser: it answers challenges and signs what it displays, on a screen that nobody sees."""

from __future__ import annotations

import asyncio
import base64
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from interview.challenges.proof import Claim, signed_text
from interview.challenges.records import Answer
from interview.errors import ServiceError

_log = logging.getLogger(__name__)

_SIZE: Final = (390, 844)
"""CSS px of the screen that the page claims to fill: a phone's."""
_READS_S: Final = 2.0
"""How long it takes to answer."""
_AGAIN_S: Final = 2.0
"""A stream of events that broke is opened again after so long."""

Cue = Mapping[str, Any]
"""What the service tells the page: ``begin``, ``show`` or ``end``, as JSON."""


class Service(Protocol):
    """What the page needs of the join API. Each raises ServiceError."""

    def cues(self) -> AsyncIterator[Cue]:
        """What the page is told of challenges, until the stream ends."""
        ...

    async def answer(self, challenge_id: str, answer: Answer) -> None:
        """The applicant's answer."""
        ...

    async def shown(self, challenge_id: str, claim: Mapping[str, object]) -> None:
        """A step was displayed: the fields of `Claim`."""
        ...


class PageKey:
    """A page's signing key, as WebCrypto makes one: ECDSA P-256 with SHA-256. ``public`` is its SPKI, base64url."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        public = self._private.public_key()
        self.public = _encoded(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def sign(self, text: str) -> str:
        """Base64url of r||s."""
        r, s = decode_dss_signature(self._private.sign(text.encode(), ec.ECDSA(SHA256())))
        return _encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


@dataclass(slots=True)
class _Run:
    """The challenge that is going on."""

    id: str
    nonce: str
    shown_s: float = 0.0


@dataclass(slots=True)
class SimulatedPage:
    """Displays every challenge, or declines it where ``takes`` says no; ``show`` is given each colour, and None after the last.

    ``now_s`` is the machine's clock (Unix), ``wait`` passes time on it.
    """

    service: Service
    takes: Callable[[str], bool] = lambda kind: True
    show: Callable[[str | None], object] = lambda colour: None
    now_s: Callable[[], float] = lambda: datetime.now(UTC).timestamp()
    wait: Callable[[float], Awaitable[object]] = asyncio.sleep
    key: PageKey = field(default_factory=PageKey)
    _run: _Run | None = None

    @property
    def public_key(self) -> str:
        """Goes along with the offer."""
        return self.key.public

    async def follow(self) -> None:
        """Do what the service asks until cancelled."""
        while True:
            try:
                async for cue in self.service.cues():
                    await self._receive(cue)
            except ServiceError as error:
                # The call says itself when the service is gone for good.
                _log.warning("challenges cannot be heard of now: %s", error)
            self._over()
            await self.wait(_AGAIN_S)

    async def _receive(self, cue: Cue) -> None:
        try:
            match cue["event"]:
                case "begin":
                    await self._begin(cue)
                case "show" if self._run is not None and self._run.id == cue["id"]:
                    await self._display(self._run, cue)
                case "end":
                    self._over()
        except ServiceError as error:
            # Not believed, or over by now: the end is told separately.
            _log.warning("a challenge was not answered: %s", error)

    async def _begin(self, cue: Cue) -> None:
        await self.wait(_READS_S)
        if not self.takes(cue["kind"]):
            await self.service.answer(cue["id"], "refused")
            return
        self._run = _Run(cue["id"], cue["nonce"])
        await self.service.answer(cue["id"], "ready")

    async def _display(self, run: _Run, cue: Cue) -> None:
        await self.wait(max(0.0, run.shown_s + cue["after_ms"] / 1000 - self.now_s()))
        run.shown_s = self.now_s()
        if cue["colour"] is not None:
            self.show(cue["colour"])
        claim = Claim(cue["k"], round(run.shown_s * 1000, 1), True, *_SIZE, signature="")
        signature = self.key.sign(signed_text(run.id, run.nonce, claim))
        await self.service.shown(run.id, asdict(claim) | {"signature": signature})

    def _over(self) -> None:
        self._run = None
        self.show(None)


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
