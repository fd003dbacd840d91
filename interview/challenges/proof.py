"""What binds a challenge to one page and one connection: its seed, the commitment to it, and the page's signatures."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from interview.problems import Rejected

_HALF: Final = 32
_FINGERPRINT: Final = re.compile(r"^a=fingerprint:(\S+) ([0-9A-Fa-f:]+)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Claim:
    """What the page says it displayed: step, its clock (ms since the Unix epoch), whether it was visible, its size (CSS px)."""

    k: int
    shown_at_ms: float
    visible: bool
    width: int
    height: int
    signature: str


def derive_key(signing_key: bytes) -> bytes:
    """The key of challenge seeds, apart from what else the service signs with."""
    return hmac.digest(signing_key, b"candor-challenge-seeds-1", "sha256")


def seed_of(key: bytes, session_id: str, challenge_id: str, issued_at: datetime, fingerprint: str) -> bytes:
    """The secret of one challenge, 32 bytes: nobody without ``key`` can tell it, and it fits no other connection."""
    message = f"{session_id}|{challenge_id}|{issued_at.isoformat()}|{fingerprint}"
    return hmac.digest(key, message.encode(), "sha256")


def nonce_of(seed: bytes) -> str:
    """The commitment that the page signs with: hex SHA-256. It tells nothing of the plan, and fits this seed alone."""
    return hashlib.sha256(seed).hexdigest()


def fingerprint_of(sdp: str) -> str:
    """The DTLS certificate fingerprints that an offer names (RFC 8122), sorted; "" where it names none."""
    found = {f"{hash_name.lower()} {value.upper()}" for hash_name, value in _FINGERPRINT.findall(sdp)}
    return ", ".join(sorted(found))


def signed_text(challenge_id: str, nonce: str, claim: Claim) -> str:
    """What the page signs."""
    visible = "true" if claim.visible else "false"
    return (
        f"candor-challenge-1|{challenge_id}|{nonce}|{claim.k}|{json_number(claim.shown_at_ms)}"
        f"|{visible}|{claim.width}x{claim.height}"
    )


def json_number(value: float) -> str:
    """A number as JavaScript writes it: the same digits as Python's below 1e16, but without the ``.0`` of a whole one."""
    return str(int(value)) if value.is_integer() else repr(value)


def page_key(text: str) -> str:
    """``text`` itself. Raises Rejected unless it is an ECDSA P-256 public key (SPKI, base64url)."""
    _public_key(text)
    return text


def genuine(key: str, challenge_id: str, nonce: str, claim: Claim) -> bool:
    """Whether the holder of the page's ``key`` signed this claim. Never raises for a bad signature."""
    try:
        raw = _decoded(claim.signature)
    except ValueError:
        return False
    if len(raw) != 2 * _HALF:
        return False
    r, s = int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big")
    message = signed_text(challenge_id, nonce, claim).encode()
    try:
        _public_key(key).verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    try:
        key = load_der_public_key(_decoded(text))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _no_key() from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise _no_key()
    return key


def _decoded(text: str) -> bytes:
    """Base64url without padding. Raises ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error


def _no_key() -> Rejected:
    return Rejected(
        "The page's key is no ECDSA P-256 public key: reload the page and try again.",
        "页面密钥无效，请刷新页面后重试。",
        code="bad_page_key",
    )
