"""A measured figure in a terminal's table."""

from __future__ import annotations

from fraudmodel.intervals import Estimate


def with_interval(figure: Estimate | None, scale: float = 1.0) -> str:
    """``0.29 [0.01, 1.6]``, three digits; ``-`` where there is none."""
    if figure is None:
        return "-"
    value, low, high = (_digits(scale * number) for number in (figure.value, figure.low, figure.high))
    return f"{value} [{low}, {high}]"


def _digits(number: float) -> str:
    """Three digits, and what is large written out: 220000, where Python writes 2.2e+05."""
    text = f"{number:.3g}"
    return f"{float(text):.0f}" if "e+" in text else text


def per_cent(figure: Estimate | None) -> str:
    """The same in per cent: ``5 [1, 9]``."""
    return with_interval(figure, 100.0)
