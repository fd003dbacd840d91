"""What a drift report asks somebody to look at, as sentences. Each says what changed, by how much, on how many, and where to look first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from fraudmodel.drift_words import ENGLISH
from fraudmodel.intervals import Estimate
from fraudmodel.monitored import (
    FALSE_ALARMS,
    AbstentionDrift,
    BandDrift,
    CalibrationFound,
    Drift,
    ModelChange,
    SignalDrift,
    where,
)
from fraudmodel.phrases import Words, say
from fraudmodel.stability import Stability

PSI_ALERT: Final = 0.2
_LEAST_MORE: Final = 0.05
"""By how much a share of interviews must grow or fall to be worth somebody's time."""

What = Literal["model", "statistic", "quality", "chart", "abstention", "band", "calibration"]


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


def alerts(found: Drift, words: Words = ENGLISH) -> tuple[Alert, ...]:
    """Everything that chance does not explain, changed weights first: they explain the rest."""
    every = [
        *(_model(each, words) for each in found.models),
        *(alert for each in found.signals for alert in _signal(each, words)),
        *(_abstention(each, words) for each in found.abstentions if _changed(each)),
        *(_band(each, words) for each in found.bands if _changed(each)),
        *(_calibration(each, words) for each in found.calibrations if each.found.verdicts(each.significance)),
    ]
    return tuple(_folded(every, words))


def _folded(every: Sequence[Alert], words: Words) -> Iterator[Alert]:
    """What holds of all devices together is said once, with the families that show it by themselves."""
    by_device: dict[tuple[str, str, str], list[Alert]] = {}
    for each in every:
        by_device.setdefault(each.about, []).append(each)
    for alerts_of in by_device.values():
        if alerts_of[0].device:
            yield from alerts_of
        else:
            families = "; ".join(each.device for each in alerts_of[1:])
            by_itself = say(words, "families", {"families": families}) if families else ""
            yield replace(alerts_of[0], sentence=alerts_of[0].sentence + by_itself)


def _model(each: ModelChange, words: Words) -> Alert:
    listed = {
        "new": words["list"].join(sorted(set(each.now) - set(each.before))),
        "before": words["list"].join(each.before),
    }
    return Alert("model", each.kind, "", say(words, "model", {"signal": each.kind, **listed}))


def _signal(each: SignalDrift, words: Words) -> Iterator[Alert]:
    place = _where(each, words)
    if each.statistic and _unlike(each.statistic, each.statistic_p):
        fields = {
            "where": place,
            "by": f"{abs(each.moved):.1f}",
            "psi": _psi(each.statistic, each.statistic_p, words),
        }
        sentence = say(words, f"statistic.{_direction(each.moved)}", fields)
        yield Alert("statistic", each.kind, each.device, sentence)
    if each.quality and _unlike(each.quality, each.quality_p):
        fields = {"where": place, "psi": _psi(each.quality, each.quality_p, words)}
        how = "worse" if each.quality_moved < 0.0 else "better"
        yield Alert("quality", each.kind, each.device, say(words, f"quality.{how}", fields))
    yield from _crossed(each, place, words)


def _crossed(each: SignalDrift, place: str, words: Words) -> Iterator[Alert]:
    chart = each.chart
    if chart is None or chart.first is None or chart.found.since is None:
        return
    towards = "attack" if chart.found.rising else "genuine"
    name, at = chart.first
    fields = {
        "where": place,
        "day": f"{at:%Y-%m-%d}",
        "name": name,
        "by": f"{abs(chart.found.shift):.1f}",
        "n": chart.n - chart.found.since,
    }
    yield Alert("chart", each.kind, each.device, say(words, f"chart.{towards}", fields), towards)


def _abstention(each: AbstentionDrift, words: Words) -> Alert:
    fields = {"where": _where(each, words), "reason": each.reason, **_shares(each, words)}
    sentence = say(words, f"abstention.{_more(each)}", fields)
    return Alert("abstention", each.kind, each.device, sentence, each.reason)


def _band(each: BandDrift, words: Words) -> Alert:
    fields = {"band": each.band, "on_device": _on(each.device, words), **_shares(each, words)}
    return Alert("band", "", each.device, say(words, f"band.{_more(each)}", fields), each.band)


def _calibration(each: CalibrationFound, words: Words) -> Alert:
    found = each.found
    verdicts = (words[f"verdict.{verdict}"] for verdict in found.verdicts(each.significance))
    fields = {
        "fraud": found.fraud,
        "bona_fide": found.bona_fide,
        "on_device": _on(each.device, words),
        "what": say(words, "calibration.signal", {"signal": each.kind}) if each.kind else words["whole"],
        "slope": _figure(found.slope, words),
        "intercept": _figure(found.intercept, words),
        "verdict": words["and"].join(verdicts),
    }
    return Alert("calibration", each.kind, each.device, say(words, "calibration", fields))


def _unlike(found: Stability, p: float) -> bool:
    return found.psi.value > PSI_ALERT and p < FALSE_ALARMS


def _changed(each: AbstentionDrift | BandDrift) -> bool:
    return each.p < FALSE_ALARMS and abs(each.now.value - each.before.value) >= _LEAST_MORE


def _more(each: AbstentionDrift | BandDrift) -> str:
    return "more" if each.now.value > each.before.value else "less"


def _where(each: SignalDrift | AbstentionDrift, words: Words) -> str:
    return where({"signal": each.kind, "device": each.device}, words)


def _on(device: str, words: Words) -> str:
    return say(words, "on_device", {"device": device}) if device else ""


def _direction(moved: float) -> str:
    if abs(moved) < 0.1:
        return "other"
    return "attack" if moved > 0.0 else "genuine"


def _psi(found: Stability, p: float, words: Words) -> str:
    fields = {
        "psi": _figure(found.psi, words),
        "chance": f"{found.by_chance:.2f}",
        "p": f"{p:.2g}",
        "reference": found.reference,
        "recent": found.recent,
    }
    return say(words, "psi", fields)


def _figure(figure: Estimate, words: Words) -> str:
    value, low, high = (f"{number:.2f}" for number in (figure.value, figure.low, figure.high))
    return say(words, "figure", {"value": value, "low": low, "high": high})


def _shares(each: AbstentionDrift | BandDrift, words: Words) -> dict[str, str]:
    return {"now": _share(each.now, words), "before": _share(each.before, words)}


def _share(figure: Estimate, words: Words) -> str:
    value, low, high = (f"{100 * number:.0f}" for number in (figure.value, figure.low, figure.high))
    return say(words, "share", {"value": value, "low": low, "high": high, "n": figure.n})
