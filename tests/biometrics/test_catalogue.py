from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from biometrics.catalogue import detector_specs, ordered
from biometrics.detectors.face_match import DETECTOR
from biometrics.errors import CatalogueError
from fraudmodel.behaviour import BEHAVIOUR
from fraudmodel.signals import SignalKind

GOOD = "from biometrics.detectors.face_match import DETECTOR\n"


@pytest.fixture
def package(tmp_path: Path) -> Iterator[ModuleType]:
    """An empty package of detectors on disk."""
    module = ModuleType("planted_detectors")
    module.__path__ = [str(tmp_path)]
    sys.modules[module.__name__] = module
    yield module
    for name in [name for name in sys.modules if name.startswith("planted_detectors")]:
        del sys.modules[name]


def plant(package: ModuleType, name: str, source: str) -> None:
    Path(package.__path__[0], f"{name}.py").write_text(source, encoding="utf-8")


def test_the_products_own_detectors_are_found_in_order() -> None:
    kinds = [spec.kind for spec in detector_specs()]
    assert kinds == sorted(kinds)
    assert {"face_match", "face_continuity", "face_pad", "voice_match"} <= set(kinds)


def test_a_new_file_is_all_it_takes(package: ModuleType) -> None:
    assert detector_specs(package) == ()
    plant(package, "one", GOOD)
    assert [spec.kind for spec in detector_specs(package)] == ["face_match"]


def test_a_module_that_cannot_be_imported_is_fatal_and_named(package: ModuleType) -> None:
    plant(package, "broken", "import no_such_module_anywhere\n")
    with pytest.raises(
        CatalogueError, match=r"planted_detectors\.broken cannot be imported: No module named"
    ):
        detector_specs(package)


def test_a_module_without_a_spec_is_fatal(package: ModuleType) -> None:
    plant(package, "helper", "DETECTOR = None\n")
    with pytest.raises(CatalogueError, match=r"planted_detectors\.helper has no DETECTOR"):
        detector_specs(package)


def test_two_of_a_kind_are_fatal(package: ModuleType) -> None:
    plant(package, "one", GOOD)
    plant(package, "two", GOOD)
    with pytest.raises(CatalogueError, match=r"Two detectors are called face_match: .*one and .*two"):
        detector_specs(package)


def test_specs_are_sorted_by_kind() -> None:
    specs = [("a", replace(DETECTOR, kind=SignalKind("z"))), ("b", replace(DETECTOR, kind=SignalKind("m")))]
    assert [spec.kind for spec in ordered(specs)] == ["m", "z"]


@pytest.mark.parametrize(
    "change",
    [
        {"kind": SignalKind("manner"), "consent": "behaviour"},
        {"kind": SignalKind("manner"), "consent": "face", "also": ("behaviour",)},
        {"kind": SignalKind("micro_expression"), "consent": "behaviour"},
        {"kind": SignalKind("behaviour"), "consent": "behaviour", "also": ("face", "voice")},
    ],
)
def test_a_detector_of_behaviour_that_hears_the_officer_is_refused(change: dict[str, Any]) -> None:
    allowed = replace(DETECTOR, **change)
    assert ordered([("manner", allowed)]) == (allowed,)
    with pytest.raises(
        CatalogueError,
        match=r"module manner reads behaviour and hears the officer: the officer is never analysed",
    ):
        ordered([("manner", replace(allowed, hears_far=True))])


@pytest.mark.parametrize("kind", sorted(BEHAVIOUR))
def test_behaviour_cannot_be_read_without_its_own_consent(kind: SignalKind) -> None:
    with pytest.raises(CatalogueError, match=rf'reads {kind} without the consent part "behaviour"'):
        ordered([("manner", replace(DETECTOR, kind=kind, consent="face"))])
