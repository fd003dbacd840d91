"""Measurements of the analysis: every stage counted once, and nothing changed by being measured."""

from __future__ import annotations

from itertools import count

import pytest

from fraudmodel.signals import Observation
from interview.analysis.compare import compare
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import Output
from interview.analysis.recorded import run
from interview.analysis.stages import ASSESS, DECODE, Meter, measure_stages, metered
from interview.analysis.used import WitnessedHub
from interview.media.journal import FeedItem, Told
from models.errors import ModelNotInstalled
from models.manifest import Manifest
from tests.interview.analysis.fakes import BRIGHTNESS, LOUDNESS, SPEC, FakeHub, parts
from tests.interview.analysis.media import call, video
from tests.interview.analysis.test_facts import CHIPS, SPECS


def test_a_stage_inside_another_counts_for_itself_only() -> None:
    ticks = count()  # each look at the clock is one second later
    meter = Meter(lambda: float(next(ticks)))
    assert meter.call("outer", lambda: meter.call("inner", lambda: "done")) == "done"
    assert meter.spent_s == {"outer": 2.0, "inner": 1.0}


def test_what_raises_is_counted_and_still_raises() -> None:
    ticks = count()
    meter = Meter(lambda: float(next(ticks)))
    with pytest.raises(ZeroDivisionError):
        meter.call("a", lambda: 1 / 0)
    meter.call("b", lambda: None)
    assert meter.spent_s == {"a": 1.0, "b": 1.0}


def test_measuring_changes_no_output() -> None:
    pipeline = Pipeline(SPEC, metered(parts(), Meter()))
    outputs = [output for packet in call(3.0) for output in pipeline.feed(packet)] + pipeline.finish()
    assert compare(run(call(3.0), SPEC, parts()), outputs).equal


def test_measuring_tells_a_learner_its_facts_and_counts_what_they_cost() -> None:
    items: list[FeedItem] = [*video(10), Told("flash", 300, {}), Told("page", 300, {"score": 2.5})]

    def outputs(pipeline: Pipeline) -> list[Output]:
        return [output for item in items for output in pipeline.feed(item)] + pipeline.finish()

    ticks = count()
    meter = Meter(lambda: float(next(ticks)))
    plain = outputs(Pipeline(SPEC, parts(list(SPECS))))
    assert [o.score for o in plain if isinstance(o, Observation)] == [10.0, 2.5]
    assert outputs(Pipeline(SPEC, metered(parts(list(SPECS)), meter))) == plain
    assert meter.spent_s[CHIPS] >= 12.0, "ten frames, one fact and the end"


def test_a_report_names_every_stage() -> None:
    report = measure_stages(call(3.0), SPEC, parts())
    assert {each.stage for each in report.stages} == {
        DECODE, ASSESS, "face perception", "speech perception", BRIGHTNESS, LOUDNESS
    }  # fmt: skip
    assert all(each.ms_per_s >= 0.0 for each in report.stages)
    assert report.frames == 90
    assert report.media_s == pytest.approx(3.0, abs=0.05)
    assert report.peak_mib > 10.0


def test_a_witnessed_hub_remembers_what_it_gave_and_not_what_it_could_not() -> None:
    hub = WitnessedHub(FakeHub(frozenset({"campplus"})), Manifest.default())
    hub.get("dlib_resnet")
    hub.get("dlib_resnet")
    with pytest.raises(ModelNotInstalled):
        hub.get("campplus")
    assert [each.name for each in hub.used()] == ["dlib_resnet"]
