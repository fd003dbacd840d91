"""What a drift report asks somebody to look at, as sentences. Each says what changed, by how much, on how many, and where to look first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from fraudmodel.intervals import Estimate
from fraudmodel.monitored import (
    FALSE_ALARMS,
    AbstentionDrift,
    CalibrationFound,
    Drift,
    ModelChange,
    SignalDrift,
)
from fraudmodel.stability import Stability

PSI_ALERT: Final = 0.2
_LEAST_MORE: Final = 0.05
"""By how much a share of interviews must grow or fall to be worth somebody's time."""

What = Literal["model", "statistic", "quality", "chart", "abstention", "calibration"]


@dataclass(frozen=True, slots=True)
class Alert:
    """One sentence for a person; ``device`` "" for all of them."""

    what: What
    signal: str
    device: str
    sentence: str
    detail: str = ""
    """The reason of an abstention, which way a chart crossed: what is said once, and what is another thing."""

    @property
    def about(self) -> tuple[str, str, str]:
        """What it says something about, on whichever devices."""
        return self.what, self.signal, self.detail


def alerts(found: Drift) -> tuple[Alert, ...]:
    """Everything that chance does not explain, changed weights first: they explain the rest."""
    every = [
        *(_model(each) for each in found.models),
        *(alert for each in found.signals for alert in _signal(each)),
        *(_abstention(each) for each in found.abstentions if _changed(each)),
        *(_calibration(each) for each in found.calibrations if each.found.verdict(each.significance)),
    ]
    return tuple(_folded(every))


def _folded(every: Sequence[Alert]) -> Iterator[Alert]:
    """What holds of all devices together is said once, with the families that show it by themselves."""
    by_device: dict[tuple[str, str, str], list[Alert]] = {}
    for each in every:
        by_device.setdefault(each.about, []).append(each)
    for alerts_of in by_device.values():
        if alerts_of[0].device:
            yield from alerts_of
        else:
            families = "; ".join(each.device for each in alerts_of[1:])
            by_itself = f" By themselves show it: {families}." if families else ""
            yield replace(alerts_of[0], sentence=alerts_of[0].sentence + by_itself)


def _model(each: ModelChange) -> Alert:
    new = ", ".join(sorted(set(each.now) - set(each.before)))
    return Alert(
        "model",
        each.kind,
        "",
        f"{each.kind} is measured by {new}, which the reference does not know (it was {', '.join(each.before)}): run the canary recordings, and begin "
        "the reference anew with this model.",
    )


def _signal(each: SignalDrift) -> Iterator[Alert]:
    where = _where(each.kind, each.device)
    if each.statistic and _unlike(each.statistic, each.statistic_p):
        yield Alert(
            "statistic",
            each.kind,
            each.device,
            f"{where} reads {_direction(each.moved)} than in the reference ({_psi(each.statistic, each.statistic_p)}): look at recordings of both "
            "windows and at what changed in between (devices, page, models, who applies) before its LLR is trusted further.",
        )
    if each.quality and _unlike(each.quality, each.quality_p):
        worse = "worse" if each.quality_moved < 0.0 else "better"
        yield Alert(
            "quality",
            each.kind,
            each.device,
            f"{where}: the quality of what it measures is {worse} than in the reference ({_psi(each.quality, each.quality_p)}): look at network, light "
            "and cameras of these interviews.",
        )
    yield from _crossed(each, where)


def _crossed(each: SignalDrift, where: str) -> Iterator[Alert]:
    chart = each.chart
    if chart is None or chart.first is None or chart.found.since is None:
        return
    towards = "more attack-like" if chart.found.rising else "more genuine"
    look = (
        "look first at these interviews' devices and light, then at whether they are attacks"
        if chart.found.rising
        else "look whether a device or model changed, and whether attacks have come that it does not see"
    )
    name, at = chart.first
    yield Alert(
        "chart",
        each.kind,
        each.device,
        f"{where} has read {towards} since about {at:%Y-%m-%d} (interview {name}), by {abs(chart.found.shift):.1f} standard deviations over "
        f"{chart.n - chart.found.since} interviews that nobody confirmed as fraud: {look}.",
        towards,
    )


def _abstention(each: AbstentionDrift) -> Alert:
    more = "more" if each.now.value > each.before.value else "less"
    return Alert(
        "abstention",
        each.kind,
        each.device,
        f"{_where(each.kind, each.device)} says nothing for the reason {each.reason} {more} often than in the reference: "
        f"{_share(each.now)} against {_share(each.before)}; look at what these interviews share.",
        each.reason,
    )


def _calibration(each: CalibrationFound) -> Alert:
    whole = "the assessment's L" if not each.kind else f"the LLR of {each.kind}"
    on = f" on {each.device}" if each.device else ""
    found = each.found
    return Alert(
        "calibration",
        each.kind,
        each.device,
        f"On {found.fraud} confirmed frauds and {found.bona_fide} bona fide interviews{on}, {whole} has slope {_figure(found.slope)} and intercept "
        f"{_figure(found.intercept)} nats: {found.verdict(each.significance)}; fit it again on these outcomes, and compare before anything is adopted.",
    )


def _unlike(found: Stability, p: float) -> bool:
    return found.psi.value > PSI_ALERT and p < FALSE_ALARMS


def _changed(each: AbstentionDrift) -> bool:
    return each.p < FALSE_ALARMS and abs(each.now.value - each.before.value) >= _LEAST_MORE


def _where(kind: str, device: str) -> str:
    return f"{kind} on {device}" if device else kind


def _direction(moved: float) -> str:
    if abs(moved) < 0.1:
        return "otherwise, not higher or lower,"
    return (
        f"{'more attack-like' if moved > 0.0 else 'more genuine'} (by {abs(moved):.1f} standard deviations)"
    )


def _psi(found: Stability, p: float) -> str:
    return (
        f"PSI {_figure(found.psi)}, {found.by_chance:.2f} by chance alone, p {p:.2g} after all that was looked at; {found.reference} and "
        f"{found.recent} people"
    )


def _figure(figure: Estimate) -> str:
    return f"{figure.value:.2f} [{figure.low:.2f}, {figure.high:.2f}]"


def _share(figure: Estimate) -> str:
    return f"{100 * figure.value:.0f} % [{100 * figure.low:.0f}, {100 * figure.high:.0f}] of {figure.n}"
