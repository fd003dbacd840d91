"""Numbers as a report writes them."""

from __future__ import annotations


def percent(share: float) -> str:
    """A probability for a person: more digits where it is small."""
    value = 100.0 * share
    digits = 0 if value >= 99.95 or value == 0.0 else 1 if value >= 1.0 else 2 if value >= 0.1 else 3
    return f"{value:.{digits}f}%"
