"""A model that is missing, damaged, garbage or mad: its signals say why they are absent, everything else goes on."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import takewhile
from pathlib import Path

import numpy as np
import pytest

from biometrics.catalogue import detector_specs
from biometrics.face.perception import FINDER, LANDMARKER, FacePerception
from biometrics.template import Template
from biometrics.views import FaceView
from biometrics.voice.perception import SpeechPerception
from fraudmodel.assessment import AbsentSignal, FraudAssessment
from fraudmodel.signals import Abstention, Observation, Reason
from interview.analysis.pipeline import Pipeline
from interview.analysis.protocol import AnalysisSpec, Fault, Output
from interview.analysis.senses import Parts, consents_of
from interview.analysis.stack import assessor
from interview.demo.prepare import prepare
from interview.media.journal import Level, Told
from interview.media.recording import read_packets
from interview.settings import Settings
from models.cache import ModelCache, default_cache_dir
from models.errors import ModelCorrupt, ModelError
from models.hub import Model, ModelHub, ModelId, Rows
from models.local_hub import LocalHub
from models.manifest import Manifest
from tests.biometrics import hardships

pytestmark = pytest.mark.models

SECONDS = 6.5
SLOW = "micro_expression"
"""It first learns a face's rest for longer than these seconds, and asks its network then: its own tests break that."""
SPECS = tuple(
    spec
    for spec in detector_specs()
    if spec.view is FaceView and spec.kind != SLOW and hardships.installed(spec.models)
)
MODELS = frozenset(name for spec in SPECS for name in spec.models)
NEEDY = frozenset(spec.kind for spec in SPECS if spec.models)
"""Detectors that need a model."""
REFUSAL = Told("flash", 6400, {"event": "end", "challenge": "c", "how": "refused", "detail": ""})
"""What a detector without a model has an answer to."""
GARBAGE = b"This is no model. " * 100


@dataclass(frozen=True, slots=True)
class Mad:
    """A model whose answers after the first few are what ``answer`` makes of the true ones."""

    model: Model
    answer: Callable[[Rows], Rows]
    sane: int
    calls: list[None] = field(default_factory=list)

    @property
    def id(self) -> ModelId:
        return self.model.id

    def __call__(self, *inputs: Rows) -> tuple[Rows, ...]:
        self.calls.append(None)
        rows = self.model(*inputs)
        return rows if len(self.calls) <= self.sane else tuple(self.answer(each) for each in rows)


@dataclass(frozen=True, slots=True)
class Broken:
    """A hub some of whose models are exchanged as they are handed out."""

    hub: ModelHub
    names: frozenset[str]
    change: Callable[[Model], Model]

    def get(self, name: str) -> Model:
        """The model, changed where it is one of those."""
        return self.change(self.hub.get(name)) if name in self.names else self.hub.get(name)

    def file(self, name: str) -> Path:
        """Files are whole."""
        return self.hub.file(name)


def gone(model: Model) -> Model:
    raise ModelError(f"The model {model.id.name} cannot be opened.")


def unknowing(rows: Rows) -> Rows:
    return np.full_like(rows, np.nan)


def failing(rows: Rows) -> Rows:
    raise RuntimeError("out of memory")


def cache_of(folder: Path, contents: Mapping[str, bytes], manifest: Manifest | None = None) -> LocalHub:
    """A hub over a cache of its own in which some files hold other bytes."""
    manifest = manifest or Manifest.default()
    source, copy = ModelCache(default_cache_dir()), ModelCache(folder)
    for name, entry in Manifest.default().entries.items():
        target = copy.path(manifest.entry(name))
        target.parent.mkdir(exist_ok=True)
        if name in contents:
            target.write_bytes(contents[name])
        elif source.has(entry):
            target.symlink_to(source.path(entry))
    return LocalHub(manifest, folder)


def vouching_for_garbage(names: Collection[str]) -> Manifest:
    """A manifest with the garbage's own hash for these models."""
    hashed = sha256(GARBAGE).hexdigest()
    entries = Manifest.default().entries
    return Manifest(
        {name: replace(entries[name], sha256=hashed) if name in names else entries[name] for name in entries}
    )


@pytest.fixture(scope="module")
def reference(hub: ModelHub) -> Template:
    """The face of nobody."""
    return Template("face", np.full(128, 128**-0.5, np.float32), str(hub.get("dlib_resnet").id))


def analysed(hub: ModelHub, reference: Template) -> list[Output]:
    """The first seconds of the demo's clip, 15 frames of each, through a whole pipeline, and a challenge that is refused."""
    parts = Parts(hub, SPECS, FacePerception, SpeechPerception, assessor)
    pipeline = Pipeline(AnalysisSpec("broken", {"face": reference}, consents_of(SPECS)), parts)
    outputs: list[Output] = pipeline.feed(Level(1))
    for packet in takewhile(lambda packet: packet.t < SECONDS, read_packets(prepare(Settings()).clip)):
        if packet.kind == "video":
            outputs += pipeline.feed(packet)
    return [*outputs, *pipeline.feed(REFUSAL), *pipeline.finish()]


def absences(outputs: list[Output]) -> dict[str, AbsentSignal]:
    """Why each signal says nothing in the last assessment, which everybody reads."""
    last = outputs[-1]
    assert isinstance(last, FraudAssessment)
    assert 0.0 < last.probability < 1.0
    return {str(each.kind): each for each in last.absent}


def measured(outputs: list[Output]) -> set[str]:
    return {str(each.kind) for each in outputs if isinstance(each, Observation)}


def goes_on(outputs: list[Output]) -> bool:
    """Whether the detectors that need no model were there to the end."""
    return Reason.CHALLENGE_REFUSED in {each.reason for each in outputs if isinstance(each, Abstention)}


def test_with_whole_models_all_of_them_measure(hub: ModelHub, reference: Template) -> None:
    """Otherwise nothing below would be about the models."""
    outputs = analysed(hub, reference)
    assert measured(outputs) >= NEEDY
    assert goes_on(outputs)


@pytest.mark.parametrize("way", ["not to be opened", "damaged", "garbage with the right hash"])
def test_a_model_that_cannot_be_used_is_named_as_missing(
    way: str, hub: ModelHub, reference: Template, tmp_path: Path
) -> None:
    bytes_of = dict.fromkeys(MODELS, GARBAGE)
    hubs: Mapping[str, Callable[[], ModelHub]] = {
        "not to be opened": lambda: Broken(hub, MODELS, gone),
        "damaged": lambda: cache_of(tmp_path, bytes_of),
        "garbage with the right hash": lambda: cache_of(tmp_path, bytes_of, vouching_for_garbage(MODELS)),
    }
    outputs = analysed(hubs[way](), reference)
    absent = absences(outputs)
    for kind in NEEDY:
        assert absent[kind].reason is Reason.MODEL_NOT_INSTALLED
        assert any(name in absent[kind].detail for name in MODELS), "the sentence names no model"
        assert absent[kind].statistic is None
    assert not measured(outputs) & NEEDY
    assert goes_on(outputs)


@pytest.mark.parametrize("answer", [unknowing, failing])
def test_a_model_that_gives_no_number_makes_its_signals_absent(
    answer: Callable[[Rows], Rows], hub: ModelHub, reference: Template
) -> None:
    outputs = analysed(Broken(hub, MODELS, lambda model: Mad(model, answer, sane=0)), reference)
    absent = absences(outputs)
    assert not measured(outputs) & NEEDY
    for kind in NEEDY:
        assert absent[kind].reason is Reason.DETECTOR_FAILED
    assert {each.kind for each in outputs if isinstance(each, Fault)} == NEEDY
    assert goes_on(outputs)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_model_that_fails_in_mid_call_takes_only_its_own_signals_with_it(
    name: str, hub: ModelHub, reference: Template
) -> None:
    """What they had measured is withdrawn; the others measure on."""
    outputs = analysed(Broken(hub, frozenset({name}), lambda model: Mad(model, failing, sane=1)), reference)
    absent = absences(outputs)
    for spec in SPECS:
        if name in spec.models:
            assert absent[spec.kind].reason is Reason.DETECTOR_FAILED
        elif spec.models:
            assert spec.kind in measured(outputs)
            assert spec.kind not in absent or absent[spec.kind].reason is not Reason.DETECTOR_FAILED
    assert goes_on(outputs)


@pytest.mark.parametrize("name", [FINDER, LANDMARKER])
@pytest.mark.parametrize("vouched", [False, True], ids=["damaged", "garbage with the right hash"])
def test_without_eyes_every_signal_of_faces_says_so(
    name: str, vouched: bool, reference: Template, tmp_path: Path
) -> None:
    manifest = vouching_for_garbage([name]) if vouched else None
    with cache_of(tmp_path, {name: GARBAGE}, manifest) as hub:
        outputs = analysed(hub, reference)
    reason = Reason.DETECTOR_FAILED if vouched else Reason.MODEL_NOT_INSTALLED
    absent = absences(outputs)
    assert {absent[spec.kind].reason for spec in SPECS} == {reason}
    assert not measured(outputs)


def test_eyes_that_cannot_be_opened_leave_nothing_open(tmp_path: Path) -> None:
    """What the garbage collector has to close can freeze the process: MediaPipe's threads end when it is closed."""
    with cache_of(tmp_path, {LANDMARKER: GARBAGE}) as hub:
        before = threading.enumerate()
        with pytest.raises(ModelCorrupt) as kept_alive:
            FacePerception(hub)
        assert set(threading.enumerate()) <= set(before)  # an earlier test's may end meanwhile
    assert kept_alive.value
