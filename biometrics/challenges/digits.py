"""The spoken-digit challenge: digits that appear one by one and are read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from biometrics.challenges.drbg import challenge_drbg

DIGITS: Final = 8
"""10 x 9^7 orders, 25.5 bits."""


@dataclass(frozen=True, slots=True)
class DigitsPlan:
    """``digits``, one for each ``period_s``."""

    digits: str
    period_s: float = 0.9

    @property
    def duration_s(self) -> float:
        return len(self.digits) * self.period_s


def digits_plan(seed: bytes) -> DigitsPlan:
    """The plan of a challenge. Raises ValueError for an empty seed.

    No digit comes twice running: nobody could see that it changed.
    """
    drbg = challenge_drbg(seed, "digits-1")
    digits = drbg.choose("0123456789")
    while len(digits) < DIGITS:
        digits += drbg.choose([digit for digit in "0123456789" if digit != digits[-1]])
    return DigitsPlan(digits)
