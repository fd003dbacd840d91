"""A channel that is off where the interview takes place does not run, and the analysis goes on as if it were not there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from biometrics.detector import DetectorContext, DetectorSpec
from biometrics.views import FaceView
from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import Absent, Observation, Reading, Reason, SignalKind, Span
from interview.analysis.panel import Panel
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import AnalysisSpec, Output
from tests.interview.analysis.fakes import SPEC, FakeHub, brightness_spec, loudness_spec, parts
from tests.interview.analysis.media import call

MANNER = SignalKind("behaviour")
HERE = replace(SPEC, consents=frozenset({"face", "voice", "behaviour"}))
EU = replace(HERE, channels_off=frozenset({"behaviour"}), jurisdiction="eu")


class Manner:
    """Reads every frame."""

    def observe(self, view: FaceView) -> Iterable[Reading]:
        yield Observation(MANNER, Span(view.t, view.t), 1.0, 1.0, "fake@abababab")

    def finish(self) -> Iterable[Reading]:
        return []


def manner(built: list[DetectorContext]) -> DetectorSpec[FaceView]:
    def build(context: DetectorContext) -> Manner:
        built.append(context)
        return Manner()

    return DetectorSpec(MANNER, FaceView, (), "behaviour", 0.0, build, also=("face",))


def analysed(spec: AnalysisSpec, *detectors: DetectorSpec[FaceView]) -> list[Output]:
    pipeline = Pipeline(spec, parts([brightness_spec(), loudness_spec(), *detectors]))
    return [output for packet in call(2.2) for output in pipeline.feed(packet)] + pipeline.finish()


def test_it_does_not_run_and_says_where() -> None:
    built: list[DetectorContext] = []
    outputs = analysed(EU, manner(built))
    assert not built
    assert not [each for each in outputs if isinstance(each, Observation) and each.kind == MANNER]
    panel = Panel(EU, FakeHub(), [manner(built)])
    assert panel.expected[MANNER] == Absent(Reason.CHANNEL_OFF, "jurisdiction eu")


def test_it_runs_where_nothing_is_off() -> None:
    outputs = analysed(HERE, manner([]))
    assert [each for each in outputs if isinstance(each, Observation) and each.kind == MANNER]


def test_where_it_is_off_nobody_is_said_to_have_refused() -> None:
    panel = Panel(replace(EU, consents=SPEC.consents), FakeHub(), [manner([])])
    expected = panel.expected[MANNER]
    assert isinstance(expected, Absent)
    assert expected.reason is Reason.CHANNEL_OFF


def test_everything_else_is_measured_to_the_bit_as_without_it() -> None:
    def bare(outputs: list[Output]) -> list[Output]:
        return [replace(e, absent=()) if isinstance(e, FraudAssessment) else e for e in outputs]

    assert bare(analysed(EU, manner([]))) == bare(analysed(EU))


def test_nothing_is_perceived_for_what_is_off() -> None:
    alone = Panel(replace(EU, consents=frozenset({"behaviour", "face"})), FakeHub(), [manner([])])
    assert not alone.watches(FaceView)
    assert not alone.may_watch(FaceView)
