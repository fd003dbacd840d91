"""Fill the report's template."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import cv2
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment
from fraudmodel.llr import decibans, logit
from fraudmodel.signals import Reading, SignalKind
from interview.analysis.observer import Crop, Observer, Point, Summary
from interview.analysis.protocol import Fault
from interview.analysis.report import charts, words
from interview.analysis.report.explained import explained
from interview.analysis.report.grounds import asks, grounds, policy_named
from interview.analysis.report.numbers import percent
from interview.analysis.report.questions import last_of_each_question
from interview.analysis.showing import MovementShown

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class ModelUsed:
    """One model of the analysis, with its licence and what that allows."""

    name: str
    version: str
    sha256: str
    licence: str
    use: str


@dataclass(frozen=True, slots=True)
class ReportInput:
    """Everything that a report shows. ``title`` names the file or the applicant; ``video``, ``audio`` describe the tracks.

    ``made_at`` is an aware datetime. ``facts`` are further rows of the first table, with their words.
    """

    title: str
    made_at: datetime
    version: str
    duration_s: float
    video: str
    audio: str
    assessment: FraudAssessment
    history: Sequence[Point]
    readings: Mapping[SignalKind, Sequence[Reading]]
    faces: Sequence[Crop]
    summary: Summary | None
    faults: Sequence[Fault]
    models: Sequence[ModelUsed]
    damage: str = ""
    facts: Sequence[tuple[words.Words, words.Shown]] = ()
    speech: SpeechHeard | None = None
    movements: Sequence[MovementShown] = ()
    movements_left_out: int = 0


def observed(
    observer: Observer, *, title: str, made_at: datetime, version: str, duration_s: float, video: str, audio: str,
    models: Sequence[ModelUsed], damage: str = "", facts: Sequence[tuple[words.Words, words.Shown]] = (),
    faces: Sequence[Crop] | None = None, movements: Sequence[MovementShown] = (),
) -> ReportInput:  # fmt: skip
    """The input of a report about what an observer has watched to the end, or of a stored record's outputs with ``faces``."""
    if observer.last is None:
        raise ValueError("the observer has seen no assessment yet")
    return ReportInput(
        title, made_at, version, duration_s, video, audio, observer.last, observer.history(), observer.readings(),
        observer.faces() if faces is None else faces, observer.summary() if faces is None else None,
        observer.faults, models, damage, facts, observer.speech, movements, observer.movements_left_out,
    )  # fmt: skip


def render(report: ReportInput, language: Language = "en") -> str:
    """The page, beginning in ``language``; the reader can switch. The same input gives the same page."""
    environment = Environment(
        loader=PackageLoader("interview.analysis.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        clock=charts.clock, db=_decibans, log_odds=logit, percent=percent, face=_face, picture=_data_uri
    )
    end_s = max(report.duration_s, report.assessment.t)
    page: str = environment.get_template("report.html.j2").render(
        report=report,
        assessment=report.assessment,
        language=language,
        text=words.TEXT,
        compared=any(each.resembles for each in report.movements),
        words=words,
        history=_both(lambda lang: charts.history(report.history, end_s, words.TEXT["over_time"][lang])),
        behaviour=with_and_without(report.assessment),
        left_out=words.counted("movements_left_out", report.movements_left_out),
        explained=explained(report.assessment),
        grounds=grounds(report.assessment),
        asks=asks(report.assessment),
        policy=policy_named(report.assessment),
        bars=_both(lambda lang: _bars(report.assessment, lang)),
        lanes=[
            (words.signal(kind), _lane(kind, readings, end_s)) for kind, readings in report.readings.items()
        ],
    )
    return page


def with_and_without(assessment: FraudAssessment) -> words.Words | None:
    """Both probabilities and which of them the proposal rests on; None where behaviour does not count."""
    plain = assessment.without_behaviour
    if plain is None:
        return None
    both = percent(assessment.probability), percent(plain.probability)
    return words.Words(*(text.format(*both) for text in words.TEXT["behaviour"]))


def _lane(kind: SignalKind, readings: Sequence[Reading], end_s: float) -> Markup:
    shown = charts.lane(last_of_each_question(readings), end_s, " · ".join(words.signal(kind)))
    return Markup(shown)  # noqa: S704 - our own SVG


def _both(draw: Callable[[int], str]) -> words.Words:
    return words.Words(Markup(draw(0)), Markup(draw(1)))  # noqa: S704 - our own SVG, its texts escaped


def _bars(assessment: FraudAssessment, lang: int) -> str:
    names = [words.signal(each.kind)[lang] for each in assessment.contributions]
    return charts.bars(assessment.contributions, names, words.TEXT["contributions"][lang])


def _decibans(nats: float) -> str:
    return f"{decibans(nats):+.1f} dB"


def _face(crop: Crop) -> str:
    return _data_uri(crop.image)


def _data_uri(image: NDArray[np.uint8]) -> str:
    encoded, jpeg = cv2.imencode(".jpg", np.asarray(image), [cv2.IMWRITE_JPEG_QUALITY, 88])
    if not encoded:
        raise ValueError("a picture could not be written as JPEG")
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode()
