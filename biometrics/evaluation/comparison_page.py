"""A comparison's error rates as one self-contained HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from biometrics.evaluation.figures import Figures
from biometrics.evaluation.lab import charts
from fraudmodel.intervals import Estimate


def page(rows: Sequence[Figures], title: str, data: str, made_at: datetime, command: str) -> str:
    """The page: one row and one DET curve for each condition."""
    environment = Environment(
        loader=PackageLoader("biometrics.evaluation", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent_text, "bits": bits_text}
    curves = [charts.NamedCurve(row.condition, row.curve) for row in rows]
    return environment.get_template("comparison_page.html.j2").render(
        rows=rows,
        title=title,
        data=data,
        made_at=made_at.isoformat(timespec="minutes"),
        command=command,
        det=Markup(charts.det(curves, "DET curves by condition", "FNMR", "FMR")),  # noqa: S704 - our own markup
    )


def percent_text(figure: Estimate) -> str:
    """``0.11 [0.00, 13.0]``, in percent."""
    return _interval(figure, 100.0, 2)


def bits_text(figure: Estimate) -> str:
    """``0.184 [0.180, 0.189]``."""
    return _interval(figure, 1.0, 3)


def _interval(figure: Estimate, scale: float, digits: int) -> str:
    value, low, high = (f"{scale * one:.{digits}f}" for one in (figure.value, figure.low, figure.high))
    return f"{value} [{low}, {high}]"
