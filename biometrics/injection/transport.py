"""What the media edge's reports say, read with care: they come as plain JSON."""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

from biometrics.views import Fact
from fraudmodel.signals import Span

SILENT_AFTER_S: Final = 15.0
"""The edge reports every ten seconds: after this long without a report there is none."""
FULL_TICKS: Final = 200
"""Frames in a report from which on its statistics are as good as they get."""


def ticks_of(report: Fact) -> list[int]:
    """The increments of the frames' 90 kHz timestamps; none where the report has no such list."""
    ticks = report.values.get("video_ticks")
    if not isinstance(ticks, list):
        return []
    return [step for step in ticks if isinstance(step, int) and step > 0]


def span_of(report: Fact) -> Span:
    """The stretch of media that a report is about; a moment where it does not say."""
    length: Any = report.values.get("span_s")
    seconds = float(length) if isinstance(length, int | float) and isfinite(length) else 0.0
    return Span(max(0.0, report.t - max(0.0, seconds)), max(0.0, report.t))
