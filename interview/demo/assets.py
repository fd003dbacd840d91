"""The two files that the demo is rendered from, taken out of pinned packages: a portrait and a reading.

The portrait is NASA's photo of astronaut Eileen Collins (public domain), as scikit-image ships it; the reading is a
recording that the moonshine-voice package (MIT) ships. They are fetched when the demo first runs, never committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.cache import write_atomically
from models.manifest import Part
from models.sources import Sources, read_member

_PORTRAIT = Part(
    name="portrait.png",
    kind="package",
    registry="pypi",
    package="scikit-image",
    version="0.26.0",
    file="scikit_image-0.26.0-cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64.whl",
    sha256="74aa5518ccea28121f57a95374581d3b979839adc25bb03f289b1bc9b99c58af",
    size=13_711_217,
    member="skimage/data/astronaut.png",
)
_SPEECH = Part(
    name="reading.wav",
    kind="package",
    registry="pypi",
    package="moonshine-voice",
    version="0.1.5",
    file="moonshine_voice-0.1.5-py3-none-manylinux_2_34_x86_64.whl",
    sha256="1ed9e0ccf94be4845d69e7fa862dcf4c8b5801a758796966494c694f48184496",
    size=19_897_307,
    member="moonshine_voice/assets/two_cities.wav",
)


@dataclass(frozen=True, slots=True)
class Assets:
    """Where the two files lie."""

    portrait: Path
    speech: Path


def fetch_assets(folder: Path, sources: Sources) -> Assets:
    """The two files in ``folder``, fetched if they are not there. Raises ModelError with a sentence."""
    return Assets(*(_fetched(part, folder, sources) for part in (_PORTRAIT, _SPEECH)))


def _fetched(part: Part, folder: Path, sources: Sources) -> Path:
    path = folder / part.name
    if not path.is_file():
        write_atomically(path, read_member(sources.file(part), part))
    return path
