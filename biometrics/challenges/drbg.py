"""HMAC_DRBG with SHA-256 (NIST SP 800-90A rev. 1, section 10.1.2): a challenge can be drawn again from its seed, and from nothing else."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")

_BLOCK: Final = 32
MOST_BYTES: Final = 65_536
"""The standard's limit for one request: 2^19 bits."""


class HmacDrbg:
    """A deterministic random bit generator. Security strength 256 bits where ``entropy`` has as many; never reseeds itself."""

    def __init__(self, entropy: bytes, nonce: bytes = b"", personalization: bytes = b"") -> None:
        if not entropy:
            raise ValueError("a generator needs a seed: the entropy is empty")
        self._key = bytes(_BLOCK)
        self._value = b"\x01" * _BLOCK
        self._update(entropy + nonce + personalization)

    def generate(self, count: int) -> bytes:
        """The next ``count`` bytes. Raises ValueError beyond `MOST_BYTES`."""
        if not 0 <= count <= MOST_BYTES:
            raise ValueError(f"one request gives 0 to {MOST_BYTES} bytes, {count} were asked for")
        drawn = b""
        while len(drawn) < count:
            self._value = _mac(self._key, self._value)
            drawn += self._value
        self._update(b"")
        return drawn[:count]

    def below(self, limit: int) -> int:
        """A whole number 0..limit-1, each as likely, by rejection. Raises ValueError unless 1 <= limit <= 65 536."""
        if not 1 <= limit <= 1 << 16:
            raise ValueError(f"a draw is below 1 to {1 << 16}, not {limit}")
        fair = (1 << 16) - (1 << 16) % limit
        while True:
            number = int.from_bytes(self.generate(2), "big")
            if number < fair:
                return number % limit

    def choose(self, items: Sequence[T]) -> T:
        """One of the items, each as likely."""
        return items[self.below(len(items))]

    def _update(self, provided: bytes) -> None:
        for separator in (b"\x00", b"\x01") if provided else (b"\x00",):
            self._key = _mac(self._key, self._value + separator + provided)
            self._value = _mac(self._key, self._value)


def challenge_drbg(seed: bytes, purpose: str) -> HmacDrbg:
    """The generator of one challenge: ``purpose`` keeps the draws of different plans of one seed apart."""
    return HmacDrbg(seed, personalization=f"candor-{purpose}".encode())


def _mac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")
