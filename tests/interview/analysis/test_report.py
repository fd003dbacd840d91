"""The report: self-contained, in both languages, nothing of a stranger's text unescaped, and the charts true to scale."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.micro.movement import Movement
from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import Alternative, Band, Contribution, VoiceDecision
from fraudmodel.signals import Abstention, Observation, Reason, SignalKind, Span
from interview.analysis.observer import Observer, Point
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Fault
from interview.analysis.report import charts, words
from interview.analysis.report.render import ModelUsed, ReportInput, observed, render
from interview.analysis.showing import MovementShown
from interview.analysis.thinning import Thinned
from tests.interview.analysis.fakes import SPEC, brightness_spec, loudness_spec, parts
from tests.interview.analysis.media import call
from tests.interview.analysis.moving import movement

MADE = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def report() -> ReportInput:
    observer = Observer()
    pipeline = Pipeline(
        SPEC, parts([brightness_spec(), loudness_spec(needs_reference=True)]), watch=observer.view
    )
    for packet in call(3.0):
        observer.outputs(pipeline.feed(packet))
    observer.outputs(pipeline.finish())
    return observed(
        observer, title="call.mp4", made_at=MADE, version="0.1.0", duration_s=3.0, video="vp8 64x48", audio="",
        models=[ModelUsed("dlib_resnet", "1.7.15", "ab" * 32, "CC0-1.0", "commercial")],
    )  # fmt: skip


class Page(HTMLParser):
    """Collects what a page refers to, and checks that its tags nest."""

    VOID = frozenset({"meta", "input", "img", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.sources: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def parsed(text: str) -> Page:
    page = Page()
    page.feed(text)
    assert page.open == []
    return page


def test_it_stands_alone() -> None:
    page = parsed(render(report()))
    assert page.sources
    assert all(source.startswith("data:image/jpeg;base64,") for source in page.sources)
    assert "script" not in page.tags
    assert "link" not in page.tags


def test_it_shows_what_was_measured_and_what_was_not() -> None:
    page = render(report())
    for shown in (
        "call.mp4",
        "dlib_resnet 1.7.15",
        "CC0-1.0",
        "Brightness",
        words.REASONS[Reason.NO_REFERENCE].zh,
    ):
        assert shown in page
    assert page.count("<svg") == 2 * 2 + 1  # history and bars in both languages, one lane


def test_every_version_is_named() -> None:
    shown = report()
    page = render(replace(shown, assessment=replace(shown.assessment, taxonomy="t+1", checks="c+2")))
    assert f'{words.TEXT["reasons"].en}</span><span class="zh" lang="zh-Hans">原因</span> t+1' in page
    assert f'{words.TEXT["checks"].en}</span><span class="zh" lang="zh-Hans">核验项</span> c+2' in page


def test_both_probabilities_are_shown_where_behaviour_counts() -> None:
    given_report = report()
    told = Alternative(0.008, (0.004, 0.02), -4.8, Band.PROCEED, Band.STEP_UP)
    counts = replace(given_report.assessment, probability=0.0091, without_behaviour=told)
    page = render(replace(given_report, assessment=counts))
    assert "0.91% with behaviour, 0.80% without; the proposal rests on the second." in page
    assert "计入行为时为 0.91%，不计入时为 0.80%；策略建议以后者为准。" in page
    assert words.BANDS[Band.STEP_UP].en not in page
    assert "with behaviour" not in render(given_report)


def test_the_same_input_gives_the_same_page() -> None:
    assert render(report()) == render(report())


@pytest.mark.parametrize(("language", "checked"), [("en", "en"), ("zh", "zh")])
def test_it_begins_in_the_language_asked_for(language: str, checked: str) -> None:
    page = render(report(), language)  # type: ignore[arg-type]
    assert re.findall(r'id="(\w+)" checked', page) == [checked]


def test_names_and_details_are_escaped() -> None:
    hostile = '<img src=x onerror="alert(1)">'
    given_report = report()
    absent = tuple(replace(each, detail=hostile) for each in given_report.assessment.absent)
    page = render(
        replace(
            given_report,
            title=hostile,
            damage=hostile,
            assessment=replace(given_report.assessment, absent=absent),
            faults=[Fault(SignalKind("x"), 1.0, hostile)],
        )
    )
    assert "<img src=x" not in page
    assert "onerror=&#34;" in page


def test_the_voice_alone_is_told_where_it_was_measured() -> None:
    given_report = report()
    assert words.TEXT["voice"].en not in render(given_report)
    heard = replace(given_report.assessment, voice=VoiceDecision(1.0, -2.0, None))
    page = render(replace(given_report, assessment=heard))
    assert "+4.3 dB" in page
    assert "−8.7 dB" in page
    assert words.TEXT["unmeasured"].en in page


MOVED = MovementShown(
    Movement(
        61.25, 61.4, 61.55, 0.021, 6.5, -0.4, ("inner_brow_right", "new_region"), upper=True, brief=True
    ),
    7,
    {},
)


def test_movements_are_listed_with_their_question_and_never_say_why() -> None:
    still = np.zeros((256, 768, 3), np.uint8)
    pictured = replace(MOVED, still=still, factor=6.0)
    compared = replace(
        MOVED,
        question=None,
        resembles={"negative": 0.62, "surprise": 0.38},
        units=("AU4_left", "AU4_right", "AU9_left"),
    )
    page = render(replace(report(), movements=[pictured, compared]))
    for shown in (
        "1:01.2",
        "right inner eyebrow, new region",
        "右眉内侧、new region",
        "0.30 s",
        "2.1%",
        "6.5",
        "6×",
        "negative 62% · surprise 38%",
        "AU4, AU9 left",
        words.TEXT["movements_hint"].en,
    ):
        assert shown in unescape(page)
    assert page.count('class="still"') == 1
    assert len(parsed(page).sources) == 1 + len(parsed(render(report())).sources)
    without = render(replace(report(), movements=[MOVED]))
    assert words.TEXT["resembles"].en not in without
    assert words.TEXT["movements"].en not in render(report())


def test_no_word_of_a_report_says_that_somebody_lies() -> None:
    tables = (words.SIGNALS, words.REGIONS, words.CLASSES, words.TEXT)
    said = " ".join(text.en for table in tables for text in table.values())
    assert not re.search(r"\b(lie|lies|lying|deceive|suspicious|nervous)\b", said)


def test_observer_keeps_the_strongest_movements() -> None:
    observer = Observer(most_movements=3)
    observer.outputs(
        [
            *(movement(score) for score in (4.0, 9.0, 5.0, 7.0)),
            movement(movement=0.0),
            Fault(SignalKind("x"), 1.0, ""),
        ]
    )
    assert [each.score for each in observer.movements()] == [9.0, 5.0, 7.0]
    assert observer.movements_left_out == 1


def test_observer_leaves_longer_movements_out_before_brief_ones() -> None:
    observer = Observer(most_movements=2)
    longer = [replace(movement(score, brief=0.0), span=Span(0.8, 2.0)) for score in (20.0, 30.0, 25.0)]
    observer.outputs([movement(4.0), *longer, movement(5.0)])
    assert [each.score for each in observer.movements()] == [4.0, 5.0]
    assert observer.movements_left_out == 3


def test_a_report_says_how_many_movements_it_does_not_list() -> None:
    said = "Besides these 3 were found that are longer or weaker."
    shown = replace(report(), movements=[MOVED])
    assert said in unescape(render(replace(shown, movements_left_out=3)))
    assert "Besides these" not in unescape(render(shown))


def test_nothing_measured_is_said() -> None:
    bare = report()
    assessment = replace(bare.assessment, contributions=(), band=Band.INSUFFICIENT)
    page = render(replace(bare, assessment=assessment, faces=[], history=[], readings={}, summary=None))
    assert words.TEXT["no_contribution"].en in page
    assert words.TEXT["no_faces"].zh in page


def test_an_observer_without_an_assessment_has_no_report() -> None:
    with pytest.raises(ValueError, match="no assessment"):
        observed(Observer(), title="", made_at=MADE, version="", duration_s=0, video="", audio="", models=[])


def test_every_word_exists_in_both_languages() -> None:
    tables = [
        words.REGIONS,
        words.CLASSES,
        words.SIGNALS,
        words.REASONS,
        words.BANDS,
        words.FAMILIES,
        words.GRADES,
        words.TEXT,
    ]
    for each in (entry for table in tables for entry in table.values()):  # type: ignore[attr-defined]
        assert each.en
        assert each.zh
    assert set(words.REASONS) == set(Reason)
    assert set(words.BANDS) == set(Band)


def test_bars_point_away_from_zero_in_proportion() -> None:
    contributions = [
        Contribution(SignalKind("a"), 1.0, 1.0, (-2.0, 2.0), 0.0, 1, "measured"),
        Contribution(SignalKind("b"), -2.0, -2.0, (-2.0, 2.0), 0.0, 1, "measured"),
    ]
    svg = ElementTree.fromstring(charts.bars(contributions, ["a", "b & c"], ["+4.3", "−8.7"], "x"))  # noqa: S314 - our own
    towards, away = svg.findall("rect")
    zero = float(svg.findall("line")[0].attrib["x1"])
    assert float(towards.attrib["x"]) == pytest.approx(zero, abs=0.1)
    assert float(away.attrib["x"]) + float(away.attrib["width"]) == pytest.approx(zero, abs=0.1)
    assert [text.text for text in svg.findall("text")] == ["a", "+4.3", "b & c", "−8.7"]
    assert float(away.attrib["width"]) == pytest.approx(2 * float(towards.attrib["width"]), rel=0.01)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0, 7200), st.floats(0, 1)), max_size=30), st.floats(0, 7200))
def test_charts_are_well_formed_and_inside_their_frame(
    points: list[tuple[float, float]], end_s: float
) -> None:
    chart = charts.history(
        [Point(t, p, p / 2, (1 + p) / 2) for t, p in sorted(points)], end_s, 'a "label" & <more>'
    )
    readings = [
        Observation(SignalKind("x"), Span(t, t), p, 1.0, "m")
        if p < 0.5
        else Abstention(SignalKind("x"), Span(t, t + 1), Reason.NO_FACE)
        for t, p in points
    ]
    for svg in filter(None, [chart, charts.lane(readings, end_s, "x")]):
        root = ElementTree.fromstring(svg)  # noqa: S314 - our own
        height = float(root.attrib["viewBox"].split()[3])
        for circle in root.iter("circle"):
            assert 0 <= float(circle.attrib["cx"]) <= charts.WIDTH
            assert 0 <= float(circle.attrib["cy"]) <= height


@given(st.floats(0.0, 3e4))
def test_the_time_axis_has_few_round_marks(end_s: float) -> None:
    marks = charts.ticks(end_s)
    assert marks[0] == 0.0
    assert 1 <= len(marks) <= 9
    assert marks[-1] <= end_s


def test_clock() -> None:
    assert [charts.clock(t) for t in (0.0, 59.9, 61.0, 3661.0)] == ["0:00", "0:59", "1:01", "1:01:01"]


@given(st.integers(2, 50), st.integers(1, 500))
def test_thinning_keeps_the_ends_and_an_even_spread(capacity: int, count: int) -> None:
    thinned: Thinned[int] = Thinned(capacity)
    for number in range(count):
        thinned.add(number)
    kept = thinned.items()
    assert kept[0] == 0
    assert kept[-1] == count - 1
    assert len(kept) <= capacity + 1
    gaps = {after - before for before, after in pairwise(kept[:-1])}
    assert len(gaps) <= 1


def test_the_template_asks_for_nothing_from_outside() -> None:
    template = Path(charts.__file__).with_name("report.html.j2").read_text("utf-8")
    assert not re.search(r"https?://|@import|url\(", template)


def test_it_tells_the_seconds_of_usable_speech() -> None:
    short = SpeechHeard(9.0, 7.23, 2.12, 0.1, 22.5, 0.0, 6100.0, Reason.NOISY)
    page = render(replace(report(), speech=short))
    assert "2.1 s / 7.2 s" in page
    assert "Too much background noise" in page
    enough = render(replace(report(), speech=replace(short, usable_s=5.12)))
    assert "5.1 s / 7.2 s" in enough
    assert "Too much background noise" not in enough  # of the last seconds only
    assert "Speech for a comparison" not in render(replace(report(), speech=None))
