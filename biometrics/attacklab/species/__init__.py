"""What a species of presentation is. Adding one is adding one file to this folder, with ``SPECIES = Species(...)``.

A species renders what the applicant's camera, or a virtual camera in its place, delivers before WebRTC's codec.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np

from biometrics.attacklab.camera import Camera
from biometrics.attacklab.clip import Clip, Frames, Samples
from biometrics.attacklab.optics import Floats

Family = Literal["bona_fide", "presentation", "injected", "replay", "impostor", "challenge", "voice_attack"]
FAMILIES: tuple[Family, ...] = (
    "bona_fide", "presentation", "injected", "replay", "impostor", "challenge", "voice_attack",
)  # fmt: skip
OTHER, PHOTO, SPEECH = "other", "photo", "speech"
"""What a species may need beside its clip: a take of another person, which is then ``others[0]``; a photo of a third,
which is then ``others[-1]``; that everybody in the takes speaks for long enough."""
NEEDS = frozenset({OTHER, PHOTO, SPEECH})
SHORTEST: Final = 0.6
"""Of the longest that a species may be asked for, the share that a plan asks for at least."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is to be rendered.

    ``clip`` the person whom the interview is with; ``others`` takes and photos of other people of the same split;
    ``rng`` the only source of chance; ``renderer`` one of the species' families of implementation; ``fps`` what the
    camera is meant to run at; ``duration_s``; ``camera`` the honest one of this room, which presentations pass through and
    injected media bypass; ``size`` (height, width) px of the picture.
    """

    clip: Clip
    others: tuple[Clip, ...]
    rng: np.random.Generator
    renderer: str
    fps: float
    duration_s: float
    camera: Camera
    size: tuple[int, int] = (480, 360)


@dataclass(frozen=True, slots=True)
class Rendered:
    """What came out of the camera. ``frames`` (n, H, W, 3) uint8 BGR at ``t`` (n,) s, rising from 0.

    ``audio`` (m,) float32 mono in -1..1 from the first frame on, or None. ``truth`` is plain JSON: spans, parameters; ``other``
    names the subject of whoever else was shown.
    """

    frames: Frames
    t: Floats
    audio: Samples | None
    sample_rate: int
    truth: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Species:
    """One kind of presentation. ``name`` as in reports; ``description`` one sentence.

    ``renderers`` at least two physically different implementations, the first for training, the last for testing;
    ``needs`` of `NEEDS`; ``longest_s`` how long a render may be asked for; ``lacks`` says in a sentence what a renderer misses on
    this machine, None where nothing; ``revision`` counts up whenever the same seed renders
    something else, so that what an older one made is made again.
    """

    name: str
    family: Family
    description: str
    renderers: tuple[str, ...]
    needs: frozenset[str]
    render: Callable[[Scene], Rendered]
    longest_s: float = 4.0
    revision: int = 1
    lacks: Callable[[str], str | None] = field(default=lambda renderer: None)
