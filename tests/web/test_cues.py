"""The console has words for every cue that a detector can name: cueNames.json is held to both sides."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import biometrics
import web
from biometrics.av.still import look_at
from biometrics.av.sync import Sync
from biometrics.av.timeline import Rows
from biometrics.av.window import Worst
from biometrics.behaviour.features import NAMES
from biometrics.detectors import av_sync, voice_continuity, voice_over
from biometrics.detectors.face_pad import explain
from biometrics.face.pad.window import CUES, DISTANCES
from biometrics.injection.points import Tally
from biometrics.voice.quality import SpeechQuality
from biometrics.voice.segments import SpeechWindow
from fraudmodel.signals import Span

WORDS = Path(web.__file__).parent / "console" / "src" / "assessment" / "cueNames.json"
"""Covariates by name, which the console's own test holds to its messages."""
MISSING = f"a cue needs words in web/console/src/messages/*/cues.ts, and its name in {WORDS.name}"


def known() -> dict[str, list[str]]:
    names: dict[str, list[str]] = json.loads(WORDS.read_text("utf-8"))
    return names


def test_every_part_of_the_presentation_score_has_words() -> None:
    count = len(CUES) + len(DISTANCES)
    covariates = explain([0.0] * count, [0.0] * count, [True] * count)
    assert sorted(known()["face_pad"]) == sorted(set(covariates) - {*CUES, *DISTANCES}), MISSING


def test_what_mouth_and_sound_show_has_words() -> None:
    span, rows = Span(0.0, 16.0), look_at(Rows(np.zeros(1), np.ones((1, 2)), np.zeros((1, 6)), np.ones(1)))
    sync = av_sync.interpret(span, Sync(1.0, 1.0, 0.0, 0.5, 2.0, 40), Worst(span, 0.1), [], None, 16.0, 60.0)
    over = voice_over.interpret(rows)
    for kind, reading in (("av_sync", sync), ("voice_over", over)):
        parts = [name for name in reading.covariates if name.endswith("_part")]
        assert known()[kind] == parts, MISSING
        assert sum(reading.covariates[name] for name in parts) == pytest.approx(reading.score)


def test_what_a_voice_shows_has_words() -> None:
    span = Span(0.0, 3.0)
    window = SpeechWindow(span, np.zeros(0, np.float32), (span,), None, 0.0)
    quality = SpeechQuality(3.0, 30.0, 0.0, 7000.0)
    reading = voice_continuity.interpret(window, quality, 2.5, (span,), "campplus", {"distance": 0.8})
    parts = [name for name in reading.covariates if name.endswith("_part")]
    assert known()["voice_continuity"] == parts, MISSING
    assert sum(reading.covariates[name] for name in parts) == reading.score


def test_every_feature_of_an_answer_has_words() -> None:
    names: list[str] = json.loads((WORDS.parent / "deviationNames.json").read_text("utf-8"))
    assert sorted(names) == sorted(f"z_{name}" for name in NAMES), "words in messages/*/behaviour.ts"


def test_every_cue_of_a_tally_has_words() -> None:
    tally = Tally()
    for module in tallying():
        for name in added(module):
            cue = name.value if isinstance(name, ast.Constant) else None
            assert isinstance(cue, str), f"{module.__name__}: a cue whose name only a run can tell"
            tally.add(cue, 0.0)
    assert sorted(known()["injection"]) == sorted(tally.covariates()), MISSING


def tallying() -> Iterator[ModuleType]:
    """Every module of the detectors and of the injection layer that knows what a tally is."""
    for found in pkgutil.walk_packages(biometrics.__path__, "biometrics."):
        if not found.name.startswith(("biometrics.detectors", "biometrics.injection")):
            continue
        module = importlib.import_module(found.name)
        if getattr(module, "Tally", None) is Tally:
            yield module


def added(module: ModuleType) -> Iterator[ast.expr]:
    """The first argument of each ``tally.add(name, points)``; a set's ``add`` takes one."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Attribute(attr="add")) if len(node.args) + len(node.keywords) == 2:
                yield node.args[0]
