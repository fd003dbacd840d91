"""Public-domain portraits that movements are planted on, taken out of pinned packages. They are fetched when first needed, never committed.

NASA's photo of astronaut Eileen Collins, as scikit-image ships it, and the US Navy's of Grace Hopper, as matplotlib ships it: works of the
United States government. Further faces come from a folder of pictures: `faces.read_faces`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from models.cache import write_atomically
from models.manifest import Part
from models.sources import Sources, read_member

ASTRONAUT: Final = Part(
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
HOPPER: Final = Part(
    name="hopper.jpg",
    kind="package",
    registry="pypi",
    package="matplotlib",
    version="3.10.8",
    file="matplotlib-3.10.8-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    sha256="efb30e3baaea72ce5928e32bab719ab4770099079d66726a62b11b1ef7273be4",
    size=8_712_614,
    member="matplotlib/mpl-data/sample_data/grace_hopper.jpg",
)
PORTRAITS: Final = (ASTRONAUT, HOPPER)


def fetched(part: Part, folder: Path, sources: Sources) -> Path:
    """One of them in ``folder``, fetched if it is not there. Raises ModelError with a sentence."""
    path = folder / part.name
    if not path.is_file():
        write_atomically(path, read_member(sources.file(part), part))
    return path


def fetch_portraits(folder: Path, sources: Sources) -> tuple[Path, ...]:
    """All of them. Raises ModelError with a sentence."""
    return tuple(fetched(part, folder, sources) for part in PORTRAITS)
