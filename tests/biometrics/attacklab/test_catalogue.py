"""Which species there are, and what keeps one out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from biometrics.attacklab.catalogue import all_species, species_named
from biometrics.attacklab.species import FAMILIES, NEEDS
from biometrics.errors import CatalogueError

GOOD = "from biometrics.attacklab.species.bona_fide import SPECIES\n"


@pytest.fixture
def package(tmp_path: Path) -> Iterator[ModuleType]:
    """An empty package of species on disk."""
    module = ModuleType("planted_species")
    module.__path__ = [str(tmp_path)]
    sys.modules[module.__name__] = module
    yield module
    for name in [name for name in sys.modules if name.startswith("planted_species")]:
        del sys.modules[name]


def plant(package: ModuleType, name: str, source: str) -> None:
    Path(package.__path__[0], f"{name}.py").write_text(source, encoding="utf-8")


def test_every_family_has_a_species_and_bona_fide_comes_first() -> None:
    species = all_species()
    assert species[0].family == "bona_fide"
    assert {each.family for each in species} == set(FAMILIES)
    assert len({each.name for each in species}) == len(species)


def test_every_species_has_two_renderers_and_says_what_it_is() -> None:
    for each in all_species():
        assert len(set(each.renderers)) >= 2
        assert each.needs <= NEEDS
        assert each.description.endswith(".")
        assert species_named(each.name) == each


def test_a_new_file_is_all_it_takes(package: ModuleType) -> None:
    assert all_species(package) == ()
    plant(package, "one", GOOD)
    assert [each.name for each in all_species(package)] == ["bona_fide"]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("import no_such_module\n", "cannot be imported: No module named"),
        ("SPECIES = None\n", r"has no SPECIES = Species"),
        (
            GOOD + "from dataclasses import replace\nSPECIES = replace(SPECIES, family='x')\n",
            "unknown family",
        ),
        (
            GOOD + "from dataclasses import replace\nSPECIES = replace(SPECIES, renderers=('a',))\n",
            "fewer than two",
        ),
    ],
)
def test_what_is_no_species_is_fatal_and_named(package: ModuleType, source: str, sentence: str) -> None:
    plant(package, "odd", source)
    with pytest.raises(CatalogueError, match=sentence):
        all_species(package)


def test_two_of_a_name_are_fatal(package: ModuleType) -> None:
    plant(package, "one", GOOD)
    plant(package, "two", GOOD)
    with pytest.raises(CatalogueError, match="Two species are called bona_fide"):
        all_species(package)


def test_an_unknown_species_is_told_which_there_are() -> None:
    with pytest.raises(CatalogueError, match=r"no species 'hologram': the lab has .*bona_fide.*print"):
        species_named("hologram")
