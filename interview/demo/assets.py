"""The two files that the demo is rendered from, taken out of pinned packages: a portrait and a reading.

The portrait is NASA's photo of astronaut Eileen Collins (public domain), as scikit-image ships it; the reading is a
recording that the moonshine-voice package (MIT) ships. They are fetched when the demo first runs, never committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from biometrics.facs.portraits import ASTRONAUT, fetched
from models.manifest import Part
from models.sources import Sources

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
    return Assets(*(fetched(part, folder, sources) for part in (ASTRONAUT, _SPEECH)))
