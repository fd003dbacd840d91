"""What every detector owes, whichever it is.

The catalogue's detectors are picked up as they appear, and so is the example of docs/adding-a-detector.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, get_args

import pytest

from biometrics.catalogue import Spec, detector_specs
from biometrics.detector import ConsentPart, Detector, DetectorContext, Learner
from biometrics.views import Fact, FarView, SpeechView
from fraudmodel.signals import Absent, Abstention, Observation, Reading, Reason
from tests.conformance.page import page_example
from tests.conformance.scenes import ABSENCES, SCENES, Scene, any_model, references

SPECS = tuple({spec.kind: spec for spec in (page_example(), *detector_specs())}.values())
VIEW_GAP_S = 0.52
"""Views come no more than this apart in the scenes: a reading may wait for the next one."""

every_detector = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec.kind))


def build(spec: Spec) -> Detector[Any]:
    models = {name: any_model(name) for name in spec.models}
    built = spec.build(DetectorContext(models, references(models)))
    assert not isinstance(built, Absent), (
        f"{spec.kind} is absent with every model and reference there: {built}"
    )
    return built


def scenes_for(spec: Spec) -> dict[str, Scene]:
    return {name: scene for name, scene in SCENES.items() if scene.view is spec.view}


def feed(spec: Spec, detector: Detector[Any], item: Any) -> list[Reading]:  # noqa: ANN401 - a view of any type, or a fact
    """Show a view, or tell a fact of the detector's topics, as the panel does; the officer's sound to those that declare it."""
    if isinstance(item, Fact) and item.topic not in spec.topics:
        return []
    if isinstance(item, FarView) and not spec.hears_far:
        return []
    return list(
        detector.learn(item)
        if isinstance(item, Fact) and isinstance(detector, Learner)
        else detector.observe(item)
    )


def play(spec: Spec, scene: Scene) -> list[tuple[float, Reading]]:
    """Every reading with the media time at which it was given."""
    detector, given = build(spec), []
    now = 0.0
    for view in scene.views():
        now = max(now, view.t)
        given += [(now, reading) for reading in feed(spec, detector, view)]
    return [*given, *((now, reading) for reading in detector.finish())]


@cache
def played(spec: Spec) -> Mapping[str, list[tuple[float, Reading]]]:
    """What a detector says of each scene. Playing is most of this suite's time."""
    return {name: play(spec, scene) for name, scene in scenes_for(spec).items()}


def of_every_scene(spec: Spec) -> list[tuple[float, Reading]]:
    return [item for given in played(spec).values() for item in given]


@every_detector
def test_it_says_which_consent_and_latency_it_needs(spec: Spec) -> None:
    assert spec.kind == spec.kind.lower().strip()
    if spec.view is not Fact or spec.consent is not None:
        assert spec.consent in get_args(ConsentPart), (
            "no applicant can agree to it: it would never run in a call"
        )
    assert spec.latency_s > 0


@every_detector
def test_only_what_hears_sound_with_consent_to_the_voice_may_have_the_officers(spec: Spec) -> None:
    if spec.hears_far:
        assert (spec.view, spec.consent) == (SpeechView, "voice")


@every_detector
def test_it_names_each_model_that_it_asks_for(spec: Spec) -> None:
    models = {name: any_model(name) for name in spec.models}
    asked: list[str] = []

    class Asked(dict[str, Any]):
        def __getitem__(self, name: str) -> Any:  # noqa: ANN401
            asked.append(name)
            return super().__getitem__(name)

    spec.build(DetectorContext(Asked(models), references(models)))
    assert set(asked) <= set(spec.models)


@every_detector
def test_two_instances_fed_the_same_views_read_the_same(spec: Spec) -> None:
    for name, scene in scenes_for(spec).items():
        assert play(spec, scene) == played(spec)[name], name


@every_detector
def test_interleaved_instances_do_not_disturb_each_other(spec: Spec) -> None:
    (name, one), (_, other) = (list(scenes_for(spec).items()) * 2)[:2]
    first, second = build(spec), build(spec)
    seen: list[Reading] = []
    strangers = iter(other.views())
    for view in one.views():
        seen += feed(spec, first, view)
        stranger = next(strangers, None)
        if stranger is not None:
            feed(spec, second, stranger)
    assert [*seen, *first.finish()] == [reading for _, reading in played(spec)[name]]


@every_detector
def test_its_readings_are_its_own_kind(spec: Spec) -> None:
    assert {reading.kind for _, reading in of_every_scene(spec)} <= {spec.kind}


@every_detector
def test_a_reading_ends_no_further_back_than_its_latency_and_not_ahead(spec: Spec) -> None:
    for now, reading in of_every_scene(spec):
        assert now - spec.latency_s - VIEW_GAP_S <= reading.span.end <= now + 1e-9, reading


@every_detector
def test_something_is_said_about_every_scene(spec: Spec) -> None:
    for name, given in played(spec).items():
        assert given, f"{spec.kind} said nothing about {name}"


@every_detector
def test_something_is_measured_in_some_scene(spec: Spec) -> None:
    """Otherwise the rules for observations were never tried: give the suite a scene that the detector can measure."""
    assert any(isinstance(reading, Observation) for _, reading in of_every_scene(spec))


@pytest.mark.parametrize(
    ("spec", "absence"),
    [(spec, absence) for spec in SPECS for absence in ABSENCES if SCENES[absence].view is spec.view],
    ids=str,
)
def test_where_nothing_can_be_measured_it_abstains(spec: Spec, absence: str) -> None:
    readings = [reading for _, reading in played(spec)[absence]]
    assert readings
    assert all(isinstance(reading, Abstention) for reading in readings)


@every_detector
def test_an_abstention_is_not_for_what_only_the_pipeline_can_know(spec: Spec) -> None:
    pipelines_own = {
        Reason.NO_CONSENT,
        Reason.MODEL_NOT_INSTALLED,
        Reason.NOT_CALIBRATED,
        Reason.DETECTOR_FAILED,
    }
    for _, reading in of_every_scene(spec):
        assert not (isinstance(reading, Abstention) and reading.reason in pipelines_own)


@every_detector
def test_each_observation_points_at_evidence_in_its_own_medium(spec: Spec) -> None:
    own = "audio" if spec.view is SpeechView else "video"
    heard_too = {"audio"} if "voice" in spec.also else set()
    for _, reading in of_every_scene(spec):
        if isinstance(reading, Observation):
            assert reading.evidence, reading
            assert reading.model
            assert any(where.media == own for where in reading.evidence), reading
            for where in reading.evidence:
                assert where.media in {own, *heard_too}
                assert reading.span.overlaps(where.span)
                assert where.box is None or _inside(where.box)


def _inside(box: tuple[float, float, float, float]) -> bool:
    x, y, width, height = box
    return min(box) >= 0.0 and x + width <= 1.0 + 1e-9 and y + height <= 1.0 + 1e-9


@every_detector
def test_finish_is_idempotent(spec: Spec) -> None:
    for name, scene in scenes_for(spec).items():
        detector = build(spec)
        for view in scene.views():
            feed(spec, detector, view)
        list(detector.finish())
        assert list(detector.finish()) == [], name


@every_detector
def test_a_session_without_media_has_no_readings(spec: Spec) -> None:
    assert list(build(spec).finish()) == []


@every_detector
def test_it_observes_when_called_not_when_its_readings_are_drawn(spec: Spec) -> None:
    """A lazy generator would see nothing where the caller does not look at the readings."""
    scene = next(iter(scenes_for(spec).values()))
    drawn, undrawn = build(spec), build(spec)
    for view in scene.views():
        list(drawn.observe(view))
        undrawn.observe(view)
    assert list(drawn.finish()) == list(undrawn.finish())


@every_detector
def test_without_references_it_is_absent_or_works(spec: Spec) -> None:
    built = spec.build(DetectorContext({name: any_model(name) for name in spec.models}))
    if isinstance(built, Absent):
        assert built.reason is Reason.NO_REFERENCE


def shuffled(scene: Scene, change: Callable[[Sequence[Any]], Sequence[Any]]) -> Scene:
    return Scene(scene.view, lambda: change(list(scene.views())))


@every_detector
def test_views_that_skip_ahead_are_borne(spec: Spec) -> None:
    for name, scene in scenes_for(spec).items():
        assert play(spec, shuffled(scene, lambda views: views[::7])), name
