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
from fraudmodel.fusion import NO_FAMILY
from fraudmodel.signals import Reason
from interview.analysis.observer import Summary
from interview.analysis.recorded import Analysis
from interview.analysis.report import words
from interview.analysis.report.explained import Explained, explained
from interview.analysis.report.grounds import asks, grounds, policy_named
from interview.analysis.report.numbers import percent, signed_decibans
from interview.analysis.report.render import with_and_without
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
    shown = explained(last)
    yield _headline(last, shown)
    yield from _guidance(last, shown)
    yield perceived(analysis.observer.summary(), info, name, analysis.duration_s)
    if analysis.damage:
        yield Text(analysis.damage, style="yellow")
    yield from _evidence(last, shown)
    yield Text(f"{words.TEXT['policy'].en} {policy_named(last).en}", style="dim")
    for fault in analysis.observer.faults:
        yield Text(f"{fault.kind} failed at {fault.t:.1f} s: {fault.message}", style="red")
    if folder is not None:
        yield Text(f"Written: {folder / 'report.html'}, assessment.json, observations.jsonl")


def _evidence(last: FraudAssessment, shown: Explained) -> Iterator[Table]:
    if last.contributions:
        yield _contributions(last, shown)
    if shown.reasons:
        yield _reasons(shown)
    if last.absent:
        yield _absent(last, shown)


def _headline(last: FraudAssessment, shown: Explained) -> Text:
    band = words.BANDS[last.band]
    return Text.assemble(
        "Fraud probability ",
        (percent(last.probability), "bold"),
        f"  ({shown.interval.en})  ",
        (f"{band.en} · {band.zh}", _COLOURS[last.band]),
        f"  coverage {percent(last.coverage)}",
    )


def _guidance(last: FraudAssessment, shown: Explained) -> Iterator[Text]:
    """One line each: what counts without behaviour, kinds of fraud, the test in time, what to ask for next."""
    yield from _proposed(last)
    if last.family != NO_FAMILY:
        label, name = shown.kind
        yield Text(f"{label.en}: {name.en}")
    if shown.families:
        shares = " · ".join(f"{name.en} {percent(share)}" for name, share in shown.families)
        yield Text(f"{words.TEXT['families'].en}: {shares}")
    if shown.sequential is not None:
        yield Text(f"{words.TEXT['sequential'].en}: {shown.sequential.en}")
    if shown.next_check is not None:
        yield Text(f"{words.TEXT['next_check'].en}: {shown.next_check.en}")


def _proposed(last: FraudAssessment) -> Iterator[Text]:
    if (both := with_and_without(last)) is not None:
        yield Text(f"{both.en} {both.zh}")
    if last.band is Band.INSUFFICIENT:
        yield Text(words.TEXT["insufficient"].en, style="yellow")
    for why in grounds(last):
        yield Text(f"{words.TEXT['because'].en}: {why.en}")
    if (asked := asks(last)) is not None:
        yield Text(asked.en)


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


def _contributions(last: FraudAssessment, shown: Explained) -> Table:
    table = Table(box=SIMPLE_HEAD, title="What moves it", title_justify="left")
    table.add_column("Signal")
    for heading in ("Shift dB", "Own dB", "Limits dB", "Raw", "n"):
        table.add_column(heading, justify="right")
    table.add_column("Calibration")
    table.add_row(f"{words.TEXT['prior'].en} {percent(last.prior)}", shown.base)
    for each in last.contributions:
        low, high = (signed_decibans(value) for value in each.bounds)
        table.add_row(
            _name(each.kind),
            Text(shown.shifts[each.kind], "red" if each.contribution > 0.0 else "green"),
            signed_decibans(each.llr),
            f"{low} … {high}",
            f"{each.statistic:.3f}",
            str(each.observations),
            each.grade,
        )
    table.add_row(f"{words.TEXT['together'].en} {percent(last.probability)}", shown.together)
    return table


def _reasons(shown: Explained) -> Table:
    table = Table(box=SIMPLE_HEAD, title="Reasons", title_justify="left", show_header=False)
    for _ in range(2):
        table.add_column()
    table.add_column(justify="right")
    for each in shown.reasons:
        table.add_row(
            each.code,
            f"{escape(each.sentence.en)} [dim]{escape(each.sentence.zh)}[/dim]",
            each.shift,
        )
    return table


def _absent(last: FraudAssessment, shown: Explained) -> Table:
    table = Table(box=SIMPLE_HEAD, title="Not measured, or adds nothing", title_justify="left")
    for heading in ("Signal", "Reason", "Code", "Detail"):
        table.add_column(heading)
    table.add_column("Raw", justify="right")
    table.add_column("n", justify="right")
    for each in last.absent:
        table.add_row(
            _name(each.kind),
            words.REASONS[Reason(each.reason)].en,
            shown.codes.get(each.kind, ""),
            escape(each.detail),
            "" if each.statistic is None else f"{each.statistic:.3f}",
            str(each.observations or ""),
        )
    return table


def _name(kind: str) -> str:
    return f"{kind} [dim]{escape(words.signal(kind).zh)}[/dim]"
