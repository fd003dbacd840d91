"""What ``candor evaluate av`` measured, as one self-contained HTML page with DET curves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from biometrics.evaluation.av_rates import RateRow
from biometrics.evaluation.av_still import StillFigures
from biometrics.evaluation.av_trials import SHIFTS_MS, SWAPPED, AvFigures
from biometrics.evaluation.lab import charts
from fraudmodel.intervals import Estimate

_STYLE = (
    "body{max-width:1000px;margin:32px auto;padding:0 20px;font:14px/1.5 system-ui,sans-serif;color:#1c2430}"
    "table{border-collapse:collapse}th,td{text-align:left;padding:4px 14px 4px 0;border-bottom:1px solid #dfe4ea}"
    "svg{max-width:100%;height:auto;font-size:11px}svg .rule{stroke:#e3e8ee}svg text{fill:#3c495c}"
)
LIMITS = (
    "Every trial is judged by weights that never saw its people; how they are learnt was chosen on the same eight clips. 16 s of speech are "
    "joined from clips of several people; shifts and swapped sound are made by moving and exchanging what was heard. Intervals are over people."
)


def page(
    figures: AvFigures, still: StillFigures, rates: Sequence[RateRow], made_at: datetime, command: str
) -> str:
    """The page."""
    curves = [
        charts.NamedCurve(f"{row.duration_s:g} s", row.curve) for row in figures.eers if row.kind == SWAPPED
    ]
    parts = [
        f"<p>{made_at.isoformat(timespec='minutes')} · <code>{escape(command)}</code></p><p>{LIMITS}</p>",
        "<h2>Swapped sound: DET curves by seconds of speech</h2>"
        + charts.det(curves, "DET curves", "FRR", "FAR"),
        "<h2>Equal error rates</h2>"
        + _table(
            ("speech s", "attack", "genuine", "attacks", "EER %"),
            [
                (f"{r.duration_s:g}", r.kind, str(r.genuine), str(r.attacks), per_cent(r.eer))
                for r in figures.eers
            ],
        ),
        "<h2>Shifted sound: read within 40 ms, from 16 s of speech</h2>"
        + _table(("shift ms", "within %"), [(f"{s:+d}", per_cent(figures.within(s))) for s in SHIFTS_MS]),
        "<h2>A voice over a still face</h2>"
        + _table(
            ("", "%"),
            [
                ("flagged within 3 s of its first speech", per_cent(still.noticed)),
                ("talking looks of 1 s taken for still", per_cent(still.false)),
            ],
        ),
    ]
    if rates:
        rows = [(str(r.kbps), f"{100 * r.seen:.0f}", f"{r.z:.1f}", per_cent(r.eer.eer)) for r in rates]
        heads = ("VP8 kbit/s", "mouth seen %", "median z", "EER % at the longest")
        parts.append("<h2>By bit rate, Opus at 24 kbit/s</h2>" + _table(heads, rows))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Mouth and sound</title>'
        f"<style>{_STYLE}</style></head><body><h1>Mouth and sound</h1>{''.join(parts)}</body></html>\n"
    )


def per_cent(figure: Estimate | None) -> str:
    """``5.0 [1.0, 9.0] N=20``; ``-`` where there is none."""
    if figure is None:
        return "-"
    value, low, high = (f"{100 * number:.1f}" for number in (figure.value, figure.low, figure.high))
    return f"{value} [{low}, {high}] N={figure.n}"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(each)}</th>" for each in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
