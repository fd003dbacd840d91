"""Which models an analysis used, for its report."""

from __future__ import annotations

from pathlib import Path

from models.hub import Model, ModelHub
from models.manifest import Manifest, ModelEntry


class WitnessedHub:
    """A hub in front of a hub; remembers what it handed out."""

    def __init__(self, hub: ModelHub, manifest: Manifest | None = None) -> None:
        self._hub = hub
        self._manifest = manifest or Manifest.default()
        self._handed_out: set[str] = set()

    def get(self, name: str) -> Model:
        """As the hub behind it."""
        model = self._hub.get(name)
        self._handed_out.add(name)
        return model

    def file(self, name: str) -> Path:
        """As the hub behind it."""
        path = self._hub.file(name)
        self._handed_out.add(name)
        return path

    def used(self) -> list[ModelEntry]:
        """The manifest's entries of what was handed out, by name."""
        return [self._manifest.entry(name) for name in sorted(self._handed_out)]
