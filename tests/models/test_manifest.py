"""The manifest that ships, and what a wrong one is answered with."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import UnknownModel
from models.manifest import Manifest, ManifestError, TensorSpec

SHA = "0" * 64
ARCHIVE = f"""
[archive.a]
kind = "upstream"
url = "https://models.example/a.bin"
file = "a.bin"
sha256 = "{SHA}"
"""
MODEL = f"""
[model.toy]
version = "1"
role = "test"
format = "onnx"
licence = "MIT"
use = "commercial"
attribution = "nobody"
sha256 = "{SHA}"
recipe = "none"
build = "verbatim"
inputs = [{{ name = "x", shape = [-1, 2], dtype = "float32" }}]
parts = [{{ name = "weights", archive = "a" }}]
"""


def test_a_correct_manifest_is_read() -> None:
    entry = Manifest.parse(ARCHIVE + MODEL).entry("toy")
    assert entry.inputs == (TensorSpec("x", (-1, 2), "float32", (1, 2)),)
    assert entry.parts[0].url == "https://models.example/a.bin"
    assert entry.file_name == "toy-1-00000000.onnx"
    assert not entry.optional


def test_a_model_without_a_hash_is_known_by_what_it_is_made_from() -> None:
    unpinned = MODEL.replace(f'sha256 = "{SHA}"\n', "")
    entry = Manifest.parse(ARCHIVE + unpinned).entry("toy")
    assert not entry.pinned
    assert entry.sha256 == Manifest.parse(ARCHIVE + unpinned).entry("toy").sha256
    others = (
        Manifest.parse(ARCHIVE.replace(SHA, "1" * 64) + unpinned),
        Manifest.parse(ARCHIVE + unpinned.replace('"verbatim"', '"other"')),
        Manifest.parse(ARCHIVE + unpinned.replace('version = "1"', 'version = "2"')),
    )
    assert len({entry.sha256, *(other.entry("toy").sha256 for other in others)}) == 4
    with pytest.raises(ManifestError, match="without sha256 it needs parts"):
        Manifest.parse(unpinned.partition("parts = ")[0])


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ('version = "1"', "", "toy: version must be a text"),
        ('use = "commercial"', 'use = "free"', "toy: use must be one of commercial, research-only, unclear"),
        ('format = "onnx"', 'format = "pt"', "toy: format must be one of"),
        (f'sha256 = "{SHA}"\nrecipe', 'sha256 = "abc"\nrecipe', "toy: sha256 must be 64"),
        ("[-1, 2]", "[1, 2]", "toy.inputs: shape must start with -1"),
        ("[-1, 2]", "[-1, -1]", "toy.inputs: warm_up must give every axis"),
        ('archive = "a"', 'archive = "b"', "toy.parts: there is no [archive.b]"),
        ('kind = "upstream"', 'kind = "ftp"', "archive a: kind must be one of"),
        ('url = "https://models.example/a.bin"', "", "archive a: url must be a text"),
        ("[model.toy]", "[model.toy", "not valid TOML"),
    ],
)
def test_a_wrong_manifest_names_the_place(before: str, after: str, says: str) -> None:
    text = ARCHIVE + MODEL
    assert before in text
    with pytest.raises(ManifestError) as caught:
        Manifest.parse(text.replace(before, after, 1))
    assert says in str(caught.value)


def test_an_unknown_model_is_answered_with_the_known_ones() -> None:
    with pytest.raises(UnknownModel, match=r"'yolo'.*face_landmarker"):
        Manifest.default().entry("yolo")


def test_the_shipped_manifest_has_the_models_that_detectors_name() -> None:
    assert set(Manifest.default().entries) == {
        "face_landmarker",
        "face_detector_short_range",
        "dlib_resnet",
        "campplus",
        "ecapa",
        "silero_vad",
        "minifasnet_v2",
        "minifasnet_v1se",
        "aasist_l",
        "pad_v2",
        "pad_v1se",
        "pad_window",
        "pad_voice",
        "micro_expression",
    }


@pytest.mark.parametrize("name", list(Manifest.default().entries))
def test_every_shipped_model_can_be_built_described_and_used(name: str) -> None:
    entry = Manifest.default().entry(name)
    assert callable(importlib.import_module(f"models.build.{entry.build}").build)
    assert entry.parts
    assert all(part.size > 0 for part in entry.parts)
    assert bool(entry.inputs) == bool(entry.outputs) == (entry.format == "onnx")
    assert entry.use == "commercial"
    cards = Path(importlib.import_module("models").__file__ or "").parent / "cards"
    card = (cards / f"{name}.md").read_text("utf-8")
    assert entry.licence in card
    notice = (cards.parents[1] / "NOTICE").read_text("utf-8")
    assert name in notice


@given(st.lists(st.integers(1, 5), max_size=4), st.data())
def test_a_spec_accepts_exactly_the_shapes_that_agree_on_fixed_axes(
    sizes: list[int], data: st.DataObject
) -> None:
    spec = TensorSpec("x", (-1, *sizes), "float32", (1, *sizes))
    rows = data.draw(st.integers(1, 9))
    assert spec.accepts((rows, *sizes))
    assert not spec.accepts((rows, *sizes, 1))
    if sizes:
        axis = data.draw(st.integers(0, len(sizes) - 1))
        other = [size + (index == axis) for index, size in enumerate(sizes)]
        assert not spec.accepts((rows, *other))
