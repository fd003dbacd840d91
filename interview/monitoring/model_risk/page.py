"""Fill the page's template. The same report gives the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import inf, isfinite
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from fraudmodel.drift_alerts import alerts
from fraudmodel.intervals import Estimate
from fraudmodel.llr import decibans
from fraudmodel.monitored import AbstentionDrift, Gap
from fraudmodel.phrases import Words
from fraudmodel.policy_words import described
from fraudmodel.signal_parameters import SignalParameters
from interview.monitoring.in_use import LEAST_OUTCOMES
from interview.monitoring.measuring import FIGURES
from interview.monitoring.model_risk import charts
from interview.monitoring.model_risk.content import Missing, Report
from interview.monitoring.model_risk.words import CATALOGUES, Catalogue, Language

_TICKS: Final = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2)
_SEEN: Final = 0.01
"""Abstentions below this share of interviews in both spans are left to `candor monitor`."""


def page(report: Report, language: Language = Language.EN) -> str:
    """The page, self-contained: no script, no font and no picture from elsewhere. Figures and identifiers are the same in every language."""
    words = CATALOGUES[language]
    environment = Environment(
        loader=PackageLoader("interview.monitoring.model_risk", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "figure": figure, "share": share, "db": _db, "limit": _limit, "number": _number, "times": _times,
    }  # fmt: skip
    # Macros see globals, not what is given to render.
    environment.globals |= {"t": _translator(words.page), "code": _code, "figure_names": FIGURES}
    signals = sorted(report.parameters.signals.values(), key=lambda each: each.kind)
    watched = report.watched
    text: str = environment.get_template("report.html.j2").render(
        report=report,
        language=language,
        signals=signals,
        chart=_chart(signals, words.page["calibrations.chart"]),
        families=_listed((family, f"{100 * prior:.3g} %") for family, prior in _families(report).items()),
        confirmed_families=_confirmed(report, words.page["outcomes.unnamed"]),
        found_calibrations=watched.drift.calibrations if watched else (),
        least_outcomes=LEAST_OUTCOMES,
        grades=sorted({each.grade for each in signals}),
        made=_made(report),
        missing=[_missing(each, words) for each in report.gaps],
        alerts=alerts(watched.drift, words.drift) if watched else (),
        abstentions=_abstentions(report),
        policy_in_words=described(report.policy, report.prior, words.policy),
    )
    return text


def _translator(words: Words) -> Callable[..., Markup]:
    def translated(key: str, **fields: object) -> Markup:
        # Ours, with the little markup it has; what is put into it is escaped.
        return Markup(words[key]).format(**fields)  # noqa: S704

    return translated


def _missing(gap: Missing, words: Catalogue) -> Markup:
    fields = {
        name: value.said(words.drift) if isinstance(value, Gap) else value
        for name, value in gap.fields.items()
    }
    return _translator(words.page)(f"missing.{gap.what}", **fields)


def _code(text: str) -> Markup:
    return Markup('<span class="code">{}</span>').format(text)


def _listed(pairs: Iterable[tuple[str, object]]) -> str:
    return ", ".join(f"{name} {value}" for name, value in pairs)


def _confirmed(report: Report, unnamed: str) -> str:
    if report.watched is None:
        return ""
    return _listed((family or unnamed, count) for family, count in report.watched.use.families)


def figure(estimate: Estimate | None) -> Markup:
    """``0.231`` and, small, ``[0.198, 0.266]``; a dash where there is none."""
    if estimate is None:
        return Markup("–")
    return _with_interval(*(_number(each) for each in (estimate.value, estimate.low, estimate.high)))


def share(estimate: Estimate | None) -> Markup:
    """``5.0 %`` and, small, ``[2.1, 9.9]``; a dash where there is none. An interval that is not known is all that a share can be."""
    if estimate is None:
        return Markup("–")
    shares = (estimate.value, max(estimate.low, 0.0), min(estimate.high, 1.0))
    value, low, high = (f"{100.0 * each:.1f}" for each in shares)
    return _with_interval(f"{value} %", low, high)


def _with_interval(value: str, low: str, high: str) -> Markup:
    return Markup('{} <span class="ci">[{}, {}]</span>').format(value, low, high)


def _number(value: float) -> str:
    if not isfinite(value):
        return "−∞" if value < 0.0 else "∞"
    text = f"{value:.3f}" if abs(value) < 100.0 else f"{value:.0f}"
    return text.replace("-", "−")


def _db(nats: float) -> str:
    return f"{decibans(nats):+.1f}".replace("-", "−")


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if isfinite(ratio) else "∞"


def _limit(nats: float) -> str:
    return "–" if nats == inf else f"±{decibans(nats):.1f} dB"


def _chart(signals: list[SignalParameters], label: str) -> Markup:
    rows = [(str(each.kind), each.measured["cllr"]) for each in signals if "cllr" in each.measured]
    drawn = charts.intervals(rows, _TICKS, label, mark=1.0) if rows else ""
    return Markup(drawn)  # noqa: S704 - our own SVG, its texts escaped


def _families(report: Report) -> dict[str, float]:
    shares: dict[str, float] = {}
    for component in report.parameters.fusion.components:
        shares[component.family] = shares.get(component.family, 0.0) + component.prior
    return shares


def _made(report: Report) -> list[tuple[str, str]]:
    """The first line of the table of interviews, as far as it is plain."""
    if report.table is None:
        return []
    made = report.table.table.made
    plain = {name: value for name, value in made.items() if isinstance(value, str | int | float)}
    lists = {
        name: ", ".join(map(str, value))
        for name, value in made.items()
        if isinstance(value, list) and all(isinstance(each, str | int | float) for each in value)
    }
    return [(name.replace("_", " "), str(value)) for name, value in sorted({**plain, **lists}.items())]


def _abstentions(report: Report) -> list[AbstentionDrift]:
    if report.watched is None:
        return []
    found = (each for each in report.watched.drift.abstentions if not each.device)
    return [each for each in found if max(each.before.value, each.now.value) >= _SEEN]
