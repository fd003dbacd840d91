"""The lab's report as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from biometrics.evaluation.lab import charts
from biometrics.evaluation.lab.figures import Protocol, Rate
from biometrics.evaluation.lab.report import UNSEEN, LabReport
from fraudmodel.intervals import Estimate

TITLES = {
    "unseen": "People and renderers that no weights were trained on",
    "in_species": "Unseen people, the renderers that the weights were trained on",
    "renderer_disjoint": "Training people, renderers that no weights were trained on",
    "voice": "Another's voice, a machine's, or one too many, while the picture is the person's; renderers that no weights were trained on",
    "challenge": "The coloured-light challenge: faces that answer, prints, masks and screens before the camera, relighting software, recorded answers",
    "challenge_faint": "The same attacks against faces that the challenge's light hardly reaches: by a phone, in a bright room",
}


def page(report: LabReport, made_at: datetime, command: str, extra: Sequence[tuple[str, str]] = ()) -> str:
    """The page. ``extra`` are further sections, title and SVG or HTML that this product made itself."""
    environment = Environment(
        loader=PackageLoader("biometrics.evaluation.lab", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"rate": rate_text, "people": people_text, "estimate": estimate_text}
    unseen = report.protocols.get(UNSEEN)
    return environment.get_template("report.html.j2").render(
        report=report,
        titles=TITLES,
        unseen=unseen,
        worst=unseen.worst({"presentation"}) if unseen else None,
        made_at=made_at.isoformat(timespec="minutes"),
        command=command,
        det=Markup(_det(unseen) if unseen else ""),  # noqa: S704 - our own markup
        extra=[(title, Markup(body)) for title, body in extra],  # noqa: S704
    )


def _det(unseen: Protocol) -> str:
    curves = [charts.NamedCurve(one.species, one.curve) for one in unseen.species]
    return charts.det(curves, "DET curves by species", "BPCER", "Sim-APCER")


def rate_text(one: Rate) -> str:
    """``1.3 % [0.4, 3.0] N=300``, over renders."""
    estimate = one.estimate
    return (
        f"{100 * estimate.value:.1f} % [{100 * estimate.low:.1f}, {100 * estimate.high:.1f}] N={estimate.n}"
    )


def people_text(one: Rate) -> str:
    """The interval over independent trials."""
    return f"[{100 * one.people_low:.0f}, {100 * one.people_high:.0f}] over {one.effective:.0f}"


def estimate_text(one: Estimate) -> str:
    """A figure that is no rate."""
    return f"{one.value:.3f} [{one.low:.3f}, {one.high:.3f}] N={one.n}"
