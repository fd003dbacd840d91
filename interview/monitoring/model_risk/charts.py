"""Figures with their intervals as inline SVG. Pure: numbers in, markup out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fraudmodel.intervals import Estimate

_LEFT, _WIDTH, _ROW, _TOP = 190, 760, 24, 26


def intervals(
    rows: Sequence[tuple[str, Estimate]], ticks: Sequence[float], label: str, mark: float | None = None
) -> str:
    """A point and its 95 % interval a row, over an axis from the first to the last tick; ``mark`` is a line to compare with."""
    low, high = ticks[0], ticks[-1]
    end = _TOP + _ROW * len(rows)

    def x(value: float) -> float:
        inside = min(max(value, low), high)
        return _LEFT + (inside - low) / (high - low) * (_WIDTH - _LEFT - 20)

    grid = "".join(
        f'<line class="rule" x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{_TOP - 6}" y2="{end}"/>'
        f'<text x="{x(tick):.1f}" y="{_TOP - 12}" text-anchor="middle">{tick:g}</text>'
        for tick in ticks
    )
    marked = (
        ""
        if mark is None
        else f'<line class="mark" x1="{x(mark):.1f}" x2="{x(mark):.1f}" y1="{_TOP - 6}" y2="{end}"/>'
    )
    body = ""
    for place, (name, figure) in enumerate(rows):
        y = _TOP + _ROW * place + _ROW / 2
        body += (
            f'<text class="name" x="{_LEFT - 12}" y="{y + 4:.1f}" text-anchor="end">{escape(name)}</text>'
            f'<line class="span" x1="{x(figure.low):.1f}" x2="{x(figure.high):.1f}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<circle class="dot" cx="{x(figure.value):.1f}" cy="{y:.1f}" r="4"/>'
        )
    return f'<svg viewBox="0 0 {_WIDTH} {end + 8}" role="img" aria-label="{escape(label)}">{grid}{marked}{body}</svg>'
