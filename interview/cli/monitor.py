"""``candor monitor``: has anything drifted between two spans of the service's own interviews?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import orjson
import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from fraudmodel.drift_alerts import Alert, alerts
from fraudmodel.drift_words import ENGLISH
from fraudmodel.intervals import Estimate
from fraudmodel.monitored import Drift, SignalDrift
from fraudmodel.parameters import load_parameters
from fraudmodel.phrases import Words, say
from fraudmodel.stability import Stability
from fraudmodel.touched import families_seen
from interview.cli.figures import per_cent, with_interval
from interview.cli.store import existing_store
from interview.cli.terminal import print_table
from interview.errors import SessionError
from interview.monitoring.model_risk.words import CATALOGUES, Catalogue, Language
from interview.monitoring.windows import Span, drift_between, spans_before
from interview.settings import Settings
from interview.storage import now

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Days = Annotated[float, typer.Option("--days", min=0.01, help="Length of the span that is looked at.")]
ReferenceDays = Annotated[
    float, typer.Option("--reference-days", min=0.01, help="Length of the reference before it.")
]
Until = Annotated[
    str,
    typer.Option("--until", help="End of the span, as 2026-11-28 or 2026-11-28T18:00, UTC; now by default."),
]


@app.command()
def monitor(
    days: Days = 7.0,
    reference_days: ReferenceDays = 90.0,
    until: Until = "",
    language: Annotated[
        Language, typer.Option("--language", help="Of the words; figures and identifiers stay.")
    ] = Language.EN,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Compare the last days with a reference: PSI and CUSUM by signal and device family, abstentions by reason, calibration on confirmed outcomes."""
    reference, recent = spans_before(wall_time(until), days, reference_days)
    settings = Settings()
    sees = families_seen(load_parameters(settings.parameters).fusion)
    with existing_store(settings) as repository:
        found = drift_between(repository, reference, recent, sees)
    words = CATALOGUES[language]
    said = alerts(found, words.drift)
    if as_json:
        report = drift_json(found, said, reference, recent, words.drift)
        typer.echo(orjson.dumps(report, option=orjson.OPT_SERIALIZE_NUMPY))
    else:
        _print(found, said, reference, recent, words)


def wall_time(text: str) -> datetime:
    """A day or an instant in UTC; now where the text is empty. Raises SessionError for any other text."""
    if not text:
        return now()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise SessionError(
            f'An instant is written as 2026-11-28 or 2026-11-28T18:00, not "{text}".'
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def drift_json(
    found: Drift, said: tuple[Alert, ...], reference: Span, recent: Span, words: Words = ENGLISH
) -> dict[str, Any]:
    """The whole report as one plain object; the charts without their sums."""
    report = {**asdict(found), "gaps": [each.said(words) for each in found.gaps]}
    for each in report["signals"]:
        if each["chart"] is not None:
            chart = each["chart"]["found"]
            each["chart"] = {
                "n": each["chart"]["n"],
                "first": each["chart"]["first"],
                **{name: chart[name] for name in ("threshold", "crossed", "since", "rising", "shift")},
                "highest": max([0.0, *chart["up"].tolist()]),
                "lowest": -max([0.0, *chart["down"].tolist()]),
            }
    spans = {name: asdict(span) for name, span in (("reference", reference), ("recent", recent))}
    return {"spans": spans, "alerts": [asdict(each) for each in said], **report}


def _print(found: Drift, said: tuple[Alert, ...], reference: Span, recent: Span, words: Catalogue) -> None:
    console, page = Console(highlight=False), words.page
    counts = {
        "recent": found.recent,
        "recent_people": found.people[1],
        "recent_span": recent,
        "reference": found.reference,
        "reference_people": found.people[0],
        "reference_span": reference,
        "fraud": found.outcomes[0],
        "bona_fide": found.outcomes[1],
        "k": f"{found.allowance:g}",
        "h": f"{found.threshold:.2f}",
        "every": f"{found.false_alarm_every:.0f}",
    }
    console.print(say(page, "drift.what", counts), markup=False)
    for table in (each(found, page) for each in (_signals, _abstentions, _bands, _calibrations)):
        if table.row_count:
            print_table(table)
    for gap in found.gaps:
        console.print(say(page, "drift.gap", {"gap": gap.said(words.drift)}), style="dim", markup=False)
    for each in said:
        console.print(f"! {each.sentence}", style="yellow", markup=False)
    if not said and any(each.statistic for each in found.signals):
        console.print(page["drift.calm"], style="green", markup=False)


def _table(title: str, words: Sequence[str], figures: Sequence[str]) -> Table:
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left")
    for heading in words:
        table.add_column(heading)
    for heading in figures:
        table.add_column(heading, justify="right")
    return table


def _signals(found: Drift, page: Words) -> Table:
    table = _table(
        page["drift.statistics"],
        (page["signal"], page["devices"]),
        (
            page["then"], page["now"], "PSI [95 %]", page["drift.chance"], "p", page["drift.moved"], page["drift.quality"], "p", "CUSUM +", "CUSUM -",
        ),
    )  # fmt: skip
    for each in found.signals:
        up, down = _sums(each)
        table.add_row(
            each.kind or page["whole"], each.device or page["all"], str(each.reference), str(each.recent),
            *_psi(each.statistic, each.statistic_p), moved(each),
            with_interval(each.quality.psi) if each.quality else "-", f"{each.quality_p:.2g}" if each.quality else "-", up, down,
        )  # fmt: skip
    return table


def moved(drift: SignalDrift) -> str:
    """By how many standard deviations; ``-`` of what was never measured in one of the spans."""
    return f"{drift.moved:+.2f}" if drift.recent and drift.reference else "-"


def _psi(found: Stability | None, p: float) -> Iterator[str]:
    if found is None:
        yield from ("-", "-", "-")
    else:
        yield from (with_interval(found.psi), f"{found.by_chance:.2f}", f"{p:.2g}")


def _sums(each: SignalDrift) -> tuple[str, str]:
    if each.chart is None:
        return "-", "-"
    up, down = (float(sums.max()) for sums in (each.chart.found.up, each.chart.found.down))
    threshold = each.chart.found.threshold
    first, second = (f"{value:.1f}{'!' if value > threshold else ''}" for value in (up, down))
    return first, second


def _abstentions(found: Drift, page: Words) -> Table:
    table = _table(
        page["drift.absent"],
        (page["signal"], page["devices"], page["reason"]),
        (f"{page['then']}, %", f"{page['now']}, %", "p"),
    )
    for each in found.abstentions:
        if not each.device or each.p < 0.05:
            device = each.device or page["all"]
            table.add_row(each.kind, device, each.reason, _of(each.before), _of(each.now), f"{each.p:.2g}")
    return table


def _bands(found: Drift, page: Words) -> Table:
    table = _table(
        page["drift.bands"],
        (page["proposal"], page["devices"]),
        (f"{page['then']}, %", f"{page['now']}, %", "p"),
    )
    for each in found.bands:
        device = each.device or page["all"]
        table.add_row(each.band, device, _of(each.before), _of(each.now), f"{each.p:.2g}")
    return table


def _of(share: Estimate) -> str:
    return f"{per_cent(share)} N={share.n}"


def _calibrations(found: Drift, page: Words) -> Table:
    table = _table(
        page["drift.calibration"],
        (page["signal"], page["devices"]),
        (page["fraud"], page["bona_fide"], page["slope"], page["intercept"]),
    )
    for each in found.calibrations:
        line = each.found
        table.add_row(
            each.kind or page["whole"], each.device or page["all"], str(line.fraud), str(line.bona_fide),
            with_interval(line.slope), with_interval(line.intercept),
        )  # fmt: skip
    return table
