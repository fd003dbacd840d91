"""DET curves and a curve over bitrates as inline SVG. Pure: numbers in, markup out."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import numpy as np
from scipy.special import ndtri

from biometrics.evaluation.lab.figures import SpeciesFigures
from fraudmodel.metrics import Det

SIZE = 520
_EDGE = 56
_SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.4)
_LOWEST, _HIGHEST = 0.005, 0.6
_HUES = (212, 12, 140, 45, 285, 180, 330, 95, 240, 70, 0, 160, 265, 20, 115)


def det(species: Sequence[SpeciesFigures]) -> str:
    """Sim-APCER of each species against BPCER on probit axes (Martin et al. 1997)."""
    return det_curves([(one.species, one.curve) for one in species], "BPCER", "Sim-APCER")


def det_curves(curves: Sequence[tuple[str, Det]], across: str, up: str) -> str:
    """Named trade-offs: the rate of refused bona fide ``across``, of passed attacks ``up``, on probit axes."""
    grid = "".join(_grid(share) for share in _SHARES)
    lines = legend = ""
    for row, (name, curve) in enumerate(curves):
        colour = f"hsl({_HUES[row % len(_HUES)]} 55% 42%)"
        points = " ".join(
            f"{_place(bpcer):.1f},{_height(apcer):.1f}"
            for bpcer, apcer in zip(curve.bpcer, curve.apcer, strict=True)
        )
        lines += f'<polyline fill="none" stroke="{colour}" stroke-width="1.6" points="{points}"/>'
        y = 20 + 18 * row
        legend += (
            f'<line x1="{SIZE + 8}" x2="{SIZE + 28}" y1="{y}" y2="{y}" stroke="{colour}" stroke-width="2"/>'
            f'<text x="{SIZE + 34}" y="{y + 4}">{name}</text>'
        )
    height = max(SIZE, 30 + 18 * len(curves))
    return (
        f'<svg viewBox="0 0 {SIZE + 190} {height}" role="img" aria-label="DET curves">'
        f"{grid}{lines}{legend}"
        f'<text x="{SIZE / 2}" y="{SIZE - 8}" text-anchor="middle">{across}</text>'
        f'<text x="14" y="{SIZE / 2}" text-anchor="middle" transform="rotate(-90 14 {SIZE / 2})">{up}</text></svg>'
    )


def over_bitrate(points: Sequence[tuple[float, float]], unit: str, label: str) -> str:
    """A figure over the bitrate (kbit/s, logarithmic)."""
    low, high = min(y for _, y in points), max(y for _, y in points)
    first, last = log10(min(x for x, _ in points)), log10(max(x for x, _ in points))

    def x(kbps: float) -> float:
        return _EDGE + (log10(kbps) - first) / max(last - first, 1e-9) * (SIZE - 2 * _EDGE)

    def y(value: float) -> float:
        return 200 - (value - low) / max(high - low, 1e-9) * 160

    line = " ".join(f"{x(kbps):.1f},{y(value):.1f}" for kbps, value in points)
    marks = "".join(
        f'<circle cx="{x(kbps):.1f}" cy="{y(value):.1f}" r="3"/>'
        f'<text x="{x(kbps):.1f}" y="{y(value) - 8:.1f}" text-anchor="middle">{value:.1f}</text>'
        f'<text x="{x(kbps):.1f}" y="228" text-anchor="middle">{kbps:g}</text>'
        for kbps, value in points
    )
    return (
        f'<svg viewBox="0 0 {SIZE} 250" role="img" aria-label="{label}">'
        f'<polyline fill="none" stroke="currentColor" stroke-width="1.6" points="{line}"/>{marks}'
        f'<text x="{SIZE / 2}" y="246" text-anchor="middle">kbit/s</text><text x="8" y="16">{unit}</text></svg>'
    )


def _grid(share: float) -> str:
    text = f"{100 * share:g} %"
    x, y = _place(share), _height(share)
    return (
        f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{_EDGE}" y2="{SIZE - _EDGE}"/>'
        f'<line class="rule" x1="{_EDGE}" x2="{SIZE - _EDGE}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{x:.1f}" y="{SIZE - _EDGE + 16}" text-anchor="middle">{text}</text>'
        f'<text x="{_EDGE - 6}" y="{y + 4:.1f}" text-anchor="end">{text}</text>'
    )


def _share(rate: float) -> float:
    ends = ndtri(_LOWEST), ndtri(_HIGHEST)
    return float((ndtri(np.clip(rate, _LOWEST, _HIGHEST)) - ends[0]) / (ends[1] - ends[0]))


def _place(rate: float) -> float:
    return _EDGE + _share(rate) * (SIZE - 2 * _EDGE)


def _height(rate: float) -> float:
    return SIZE - _EDGE - _share(rate) * (SIZE - 2 * _EDGE)
