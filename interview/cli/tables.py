"""An assessment as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from fraudmodel.assessment import Band, FraudAssessment
from fraudmodel.llr import decibans
from fraudmodel.signals import Reason
from interview.analysis.observer import Summary
from interview.analysis.recorded import Analysis
from interview.analysis.report import words
from interview.analysis.report.render import percent, with_and_without
from interview.media.recording import MediaInfo

_COLOURS = {
    Band.INSUFFICIENT: "yellow",
    Band.PROCEED: "green",
    Band.STEP_UP: "dark_orange",
    Band.REFER: "red",
}


def assessment_tables(
    analysis: Analysis, info: MediaInfo, name: str, folder: Path | None
) -> Iterator[RenderableType]:
    """Headline, contributions, what could not be measured, and where the files are."""
    last = analysis.observer.last
    if last is None:
        return
    yield _headline(last)
    if (both := with_and_without(last)) is not None:
        yield Text(f"{both.en} {both.zh}")
    yield perceived(analysis.observer.summary(), info, name, analysis.duration_s)
    if analysis.damage:
        yield Text(analysis.damage, style="yellow")
    if last.contributions:
        yield _contributions(last)
    if last.absent:
        yield _absent(last)
    for fault in analysis.observer.faults:
        yield Text(f"{fault.kind} failed at {fault.t:.1f} s: {fault.message}", style="red")
    if folder is not None:
        yield Text(f"Written: {folder / 'report.html'}, assessment.json, observations.jsonl")


def _headline(last: FraudAssessment) -> Text:
    low, high = last.interval
    band = words.BANDS[last.band]
    return Text.assemble(
        "Fraud probability ",
        (percent(last.probability), "bold"),
        f"  (90% interval {percent(low)} to {percent(high)})  ",
        (f"{band.en} · {band.zh}", _COLOURS[last.band]),
        f"  coverage {percent(last.coverage)}",
    )


def perceived(summary: Summary, info: MediaInfo, name: str, duration_s: float) -> Text:
    """One line: how long the recording is, and in how much of it a face and speech were found."""
    share = summary.face_share
    face = "no frame analysed" if info.video else "no video"
    if share is not None:
        face = f"face in {percent(share)} of {summary.frames} frames"
    speech = "no sound analysed" if info.audio else "no sound"
    if summary.sound_s:
        speech = f"speech {summary.speech_s:.1f} s of {summary.sound_s:.1f} s"
    return Text(f"{name}: {duration_s:.1f} s, {face}, {speech}", style="dim")


def _contributions(last: FraudAssessment) -> Table:
    table = Table(box=SIMPLE_HEAD, title="What moves it", title_justify="left")
    table.add_column("Signal")
    for heading in ("Shift dB", "Own dB", "Limits dB", "Raw", "n"):
        table.add_column(heading, justify="right")
    table.add_column("Calibration")
    for each in last.contributions:
        low, high = (decibans(value) for value in each.bounds)
        shift = decibans(each.contribution)
        table.add_row(
            _name(each.kind),
            Text(f"{shift:+.1f}", "red" if shift > 0 else "green"),
            f"{decibans(each.llr):+.1f}",
            f"{low:+.1f} … {high:+.1f}",
            f"{each.statistic:.3f}",
            str(each.observations),
            each.grade,
        )
    return table


def _absent(last: FraudAssessment) -> Table:
    table = Table(box=SIMPLE_HEAD, title="Not measured, or adds nothing", title_justify="left")
    for heading in ("Signal", "Reason", "Detail"):
        table.add_column(heading)
    table.add_column("Raw", justify="right")
    table.add_column("n", justify="right")
    for each in last.absent:
        table.add_row(
            _name(each.kind),
            words.REASONS[Reason(each.reason)].en,
            escape(each.detail),
            "" if each.statistic is None else f"{each.statistic:.3f}",
            str(each.observations or ""),
        )
    return table


def _name(kind: str) -> str:
    return f"{kind} [dim]{escape(words.signal(kind).zh)}[/dim]"
