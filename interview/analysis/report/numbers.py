"""Numbers as a report and the terminal write them: to the digit as the console does (web/console/src/format.ts)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from fraudmodel.llr import decibans

MINUS = "\N{MINUS SIGN}"
_MOST_DIGITS = 8
_EXACT = 1e-6


def percent(share: float) -> str:
    """A probability for a person, with two significant digits towards either end. What is not certain is never written as 0 or 100 %."""
    value = share * 100
    if share > 0.0 and value < 0.01:
        return "<0.01%"
    if share < 1.0 and value > 99.99:
        return ">99.99%"
    return f"{_fixed(value, _digits(value))}%"


def compared(share: float, with_: float) -> tuple[str, str]:
    """Two probabilities that a sentence compares: with as many digits as it takes to see that they differ."""
    one, other = percent(share), percent(with_)
    digits = max(_digits(share * 100), _digits(with_ * 100))
    while one == other and share != with_ and digits < _MOST_DIGITS:
        digits += 1
        one, other = (f"{_fixed(value * 100, digits)}%" for value in (share, with_))
    return one, other


def signed_decibans(nats: float) -> str:
    """Evidence in decibans with its sign, e.g. ``+3.2``; what rounds to zero has none."""
    return signed(decibans(nats))


def compared_decibans(nats: float, with_: float) -> tuple[str, str]:
    """Two amounts of evidence that a sentence compares: with as many decimals as it takes to see that they differ."""
    one, other = signed_decibans(nats), signed_decibans(with_)
    digits = 1
    while one == other and nats != with_ and digits < _MOST_DIGITS:
        digits += 1
        one, other = (_with_sign(_fixed(abs(decibans(each)), digits), each) for each in (nats, with_))
    return one, other


def signed(value: float) -> str:
    """A number with its sign and one decimal."""
    return _written(_tenths(value))


def shifts(prior: float, parts: Sequence[float], whole: float) -> list[str]:
    """Contributions (nats) in decibans so that what is written adds up: the log-odds of the base rate, the parts, and their sum.

    Each is rounded to a tenth; where the rounded ones miss the rounded sum, those that were rounded the furthest the wrong way give the tenth
    that is missing. What is exactly 0 stays 0. Parts that do not add up exactly are written as they are: rounding must not hide that.
    """
    exact = [decibans(part) * 10.0 for part in parts]
    shown = [_tenths(decibans(part)) for part in parts]
    if abs(prior + sum(parts) - whole) > _EXACT:
        return [_written(tenths) for tenths in shown]
    missing = _tenths(decibans(whole)) - _tenths(decibans(prior)) - sum(shown)
    step = 1 if missing > 0 else -1
    moving = [place for place, part in enumerate(parts) if part != 0.0]
    moving.sort(key=lambda place: step * (shown[place] - exact[place]))
    for turn in range(abs(missing) if moving else 0):
        shown[moving[turn % len(moving)]] += step
    return [_written(tenths) for tenths in shown]


def _with_sign(size: str, value: float) -> str:
    return (MINUS if value < 0.0 else "+") + size


def _digits(value: float) -> int:
    to_edge = min(value, 100.0 - value)
    if to_edge == 0.0:
        return 0
    return 2 if to_edge < 1.0 else 1 if to_edge < 10.0 else 0


def _tenths(value: float) -> int:
    return int(Decimal(value).quantize(Decimal("0.1"), ROUND_HALF_UP) * 10)


def _written(tenths: int) -> str:
    if tenths == 0:
        return "0.0"
    whole, rest = divmod(abs(tenths), 10)
    return f"{MINUS if tenths < 0 else '+'}{whole}.{rest}"


def _fixed(value: float, digits: int) -> str:
    """As JavaScript's toFixed: of two that are as near, the larger one."""
    return str(Decimal(value).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))
