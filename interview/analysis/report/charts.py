"""The report's charts as inline SVG. Pure: numbers in, markup out."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from fraudmodel.assessment import Contribution
from fraudmodel.llr import decibans
from fraudmodel.signals import Abstention, Observation, Reading
from interview.analysis.observer import Point

WIDTH = 880
_LEFT, _RIGHT, _TOP, _BOTTOM = 48, 20, 10, 26
_HISTORY_HEIGHT = 220
_LANE_HEIGHT = 60
_BAR_HEIGHT = 26


def clock(t: float) -> str:
    """Media time as ``m:ss`` or ``h:mm:ss``."""
    whole = int(t)
    hours, minutes, seconds = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def ticks(end_s: float) -> list[float]:
    """At most nine round instants from 0 to the end."""
    for step in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600):
        if end_s / step <= 8:
            return [float(i * step) for i in range(int(end_s / step) + 1)]
    return [0.0, end_s]


def history(points: Sequence[Point], end_s: float, label: str) -> str:
    """The probability with its interval, on a logarithmic axis: what matters lies between 0.01 % and 100 %."""
    if not points:
        return ""
    across = _Across(end_s)
    line = " ".join(f"{across.x(p.t):.1f},{_log_y(p.probability):.1f}" for p in points)
    upper = [f"{across.x(p.t):.1f},{_log_y(p.high):.1f}" for p in points]
    lower = [f"{across.x(p.t):.1f},{_log_y(p.low):.1f}" for p in reversed(points)]
    grid = "".join(
        _rule(_log_y(value)) + _text(_LEFT - 6, _log_y(value) + 4, text, "end")
        for value, text in ((1e-4, "0.01%"), (1e-3, "0.1%"), (1e-2, "1%"), (1e-1, "10%"), (1.0, "100%"))
    )
    last = points[-1]
    body = (
        f'{grid}{across.axis(_HISTORY_HEIGHT)}<polygon class="band" points="{" ".join(upper + lower)}"/>'
        f'<polyline class="line" points="{line}"/>'
        f'<circle class="dot" cx="{across.x(last.t):.1f}" cy="{_log_y(last.probability):.1f}" r="3.5"/>'
    )
    return _svg(_HISTORY_HEIGHT, body, label)


def bars(
    contributions: Sequence[Contribution], names: Sequence[str], shifts: Sequence[str], label: str
) -> str:
    """Contributions as signed bars about zero, right of it towards fraud, with their ``shifts`` (dB) as they are written."""
    if not contributions:
        return ""
    reach = max(1.0, *(abs(decibans(each.contribution)) for each in contributions))
    middle, half = WIDTH * 0.62, WIDTH * 0.30
    height = _BAR_HEIGHT * len(contributions) + 8
    body = f'<line class="axis" x1="{middle}" x2="{middle}" y1="0" y2="{height}"/>'
    for row, (each, name, shift) in enumerate(zip(contributions, names, shifts, strict=True)):
        value = decibans(each.contribution)
        length = abs(value) / reach * half
        left = middle if value >= 0 else middle - length
        y = 4 + row * _BAR_HEIGHT
        side = "fraud" if value >= 0 else "genuine"
        end = middle + length + 6 if value >= 0 else middle - length - 6
        body += (
            f"{_text(0, y + 16, name, 'start')}"
            f'<rect class="{side}" x="{left:.1f}" y="{y + 4}" width="{max(length, 1.0):.1f}" height="{_BAR_HEIGHT - 10}"/>'
            f"{_text(end, y + 16, shift, 'start' if value >= 0 else 'end')}"
        )
    return _svg(height, body, label)


def lane(readings: Sequence[Reading], end_s: float, label: str) -> str:
    """One signal's readings over time."""
    across = _Across(end_s)
    scores = [each.score for each in readings if isinstance(each, Observation)]
    low, high = (min(scores), max(scores)) if scores else (0.0, 1.0)
    body = across.axis(_LANE_HEIGHT)
    for each in readings:
        if isinstance(each, Abstention):
            left, right = across.x(each.span.start), across.x(each.span.end)
            body += f'<rect class="gap" x="{left:.1f}" y="{_LANE_HEIGHT - 30}" width="{max(right - left, 1.5):.1f}" height="6"/>'
        else:
            share = (each.score - low) / (high - low) if high > low else 0.5
            y = 6 + (1.0 - share) * (_LANE_HEIGHT - 40)
            middle = across.x((each.span.start + each.span.end) / 2)
            body += f'<circle class="dot" cx="{middle:.1f}" cy="{y:.1f}" r="2"/>'
    if scores:
        body += _text(_LEFT - 6, 12, f"{high:.2f}", "end")
        body += _text(_LEFT - 6, _LANE_HEIGHT - 32, f"{low:.2f}", "end") if high > low else ""
    return _svg(_LANE_HEIGHT, body, label)


class _Across:
    """The time axis."""

    def __init__(self, end_s: float) -> None:
        self._end_s = max(end_s, 0.5)

    def x(self, t: float) -> float:
        return _LEFT + min(max(t / self._end_s, 0.0), 1.0) * (WIDTH - _LEFT - _RIGHT)

    def axis(self, height: float) -> str:
        y = height - _BOTTOM + 4
        marks = "".join(_text(self.x(t), height - 7, clock(t), "middle") for t in ticks(self._end_s))
        return f'<line class="axis" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>{marks}'


def _log_y(probability: float) -> float:
    share = (log10(min(max(probability, 1e-4), 1.0)) + 4.0) / 4.0
    return _TOP + (1.0 - share) * (_HISTORY_HEIGHT - _TOP - _BOTTOM - 4)


def _rule(y: float) -> str:
    return f'<line class="rule" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{_escaped(text)}</text>'


def _svg(height: float, body: str, label: str) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{_escaped(label)}">{body}</svg>'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
