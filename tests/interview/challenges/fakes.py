"""A loop whose time is set by hand, a call without media, and a page that signs what it displays."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from interview.challenges.proof import Claim, signed_text
from interview.challenges.records import Begin, Challenge, ChallengeState, Cue, End, Show
from interview.media.journal import Told
from tests.interview.world import START

EPOCH_MS = START.timestamp() * 1000
FINGERPRINT = "sha-256 AB:CD"


@dataclass(eq=False)
class ManualHandle:
    when_s: float
    callback: Callable[[], object]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


@dataclass
class ManualTimer:
    """An event loop's clock that stands still until told to go on."""

    now_s: float = 1000.0
    handles: list[ManualHandle] = field(default_factory=list)

    def time(self) -> float:
        return self.now_s

    def call_at(self, when: float, callback: Callable[[], object], /) -> ManualHandle:
        self.handles.append(ManualHandle(when, callback))
        return self.handles[-1]

    @property
    def pending(self) -> list[ManualHandle]:
        return sorted((one for one in self.handles if not one.cancelled), key=lambda one: one.when_s)

    def go_on(self, seconds: float) -> None:
        """Let so much time pass; what is due happens at its own time."""
        end_s = self.now_s + seconds
        while self.pending and self.pending[0].when_s <= end_s:
            first = self.pending[0]
            self.handles.remove(first)
            self.now_s = max(self.now_s, first.when_s)
            first.callback()
        self.now_s = end_s


@dataclass
class FakeLine:
    """A call whose media time runs with the timer from 50 s on; the page's clock maps once ``synced``."""

    timer: ManualTimer
    id: str = "s"
    fingerprint: str = FINGERPRINT
    page_key: str | None = None
    reachable: bool = True
    analysed: bool = True
    synced: bool = True
    told: list[Told] = field(default_factory=list)

    def now_s(self) -> float:
        return self.timer.now_s - 950.0

    def page_time_s(self, unix_s: float) -> float | None:
        return unix_s - EPOCH_MS / 1000 - 950.0 if self.synced else None

    def tell(self, told: Told) -> None:
        self.told.append(told)

    def said(self) -> list[tuple[str, object]]:
        """What the analysis was told, in short."""
        return [(told.values["event"], told.values.get("k", told.values.get("how"))) for told in self.told]


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """A page's key, as WebCrypto makes and uses it."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(ec.SECP256R1())
        public = self._private.public_key()
        self.public = encoded(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def sign(self, text: str) -> str:
        r, s = decode_dss_signature(self._private.sign(text.encode(), ec.ECDSA(SHA256())))
        return encoded(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


@dataclass
class Page:
    """The applicant's page: keeps its cues, and acknowledges with its own clock, which is the timer's."""

    timer: ManualTimer
    key: Key = field(default_factory=Key)
    cues: list[Cue] = field(default_factory=list)

    @property
    def begun(self) -> Begin:
        return next(cue for cue in reversed(self.cues) if isinstance(cue, Begin))

    @property
    def shown(self) -> list[Show]:
        return [cue for cue in self.cues if isinstance(cue, Show)]

    @property
    def end(self) -> End | None:
        last = self.cues[-1] if self.cues else None
        return last if isinstance(last, End) else None

    def claim(self, k: int, **changes: object) -> Claim:
        """A signed claim that step ``k`` is displayed now."""
        shown_at_ms = EPOCH_MS + 1000 * self.timer.now_s
        claim = Claim(k, shown_at_ms, True, 1280, 720, "")
        claim = replace(claim, **changes)  # type: ignore[arg-type]
        return self.signed(claim)

    def signed(self, claim: Claim) -> Claim:
        return replace(claim, signature=self.key.sign(signed_text(self.begun.id, self.begun.nonce, claim)))


def challenge(**changes: object) -> Challenge:
    """A flash challenge that waits."""
    one = Challenge(
        id="c1",
        session_id="s",
        kind="flash",
        state=ChallengeState.WAITING,
        steps=32,
        issued_at=START,
        issued_by="li",
        nonce="ab" * 32,
        fingerprint=FINGERPRINT,
        page_key="",
        seed=b"seed of the challenge, 32 bytes.",
    )
    return replace(one, **changes)  # type: ignore[arg-type]
