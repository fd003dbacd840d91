"""Which species there are: every module of `biometrics.attacklab.species` that has a ``SPECIES``."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

import biometrics.attacklab.species
from biometrics.attacklab.species import FAMILIES, NEEDS, Species
from biometrics.errors import CatalogueError


def all_species(package: ModuleType = biometrics.attacklab.species) -> tuple[Species, ...]:
    """Every species, bona fide first, then by family and name. Raises CatalogueError for a module that is none."""
    modules = sorted(f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__))
    owners: dict[str, str] = {}
    found = []
    for module in modules:
        species = _species(module)
        if species.name in owners:
            raise CatalogueError(
                f"Two species are called {species.name}: {owners[species.name]} and {module}."
            )
        owners[species.name] = module
        found.append(species)
    return tuple(sorted(found, key=lambda each: (FAMILIES.index(each.family), each.name)))


def species_named(name: str) -> Species:
    """The species of this name. Raises CatalogueError, which lists those there are."""
    known = {species.name: species for species in all_species()}
    if name not in known:
        raise CatalogueError(f"There is no species {name!r}: the lab has {', '.join(sorted(known))}.")
    return known[name]


def _species(module: str) -> Species:
    try:
        species = getattr(importlib.import_module(module), "SPECIES", None)
    except Exception as error:
        raise CatalogueError(f"The species module {module} cannot be imported: {error}") from error
    if not isinstance(species, Species):
        raise CatalogueError(f"The species module {module} has no SPECIES = Species(...).")
    if species.family not in FAMILIES or not species.needs <= NEEDS or len(species.renderers) < 2:
        raise CatalogueError(
            f"The species {species.name} has an unknown family or need, or fewer than two renderers."
        )
    return species
