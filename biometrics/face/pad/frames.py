"""Every cue of a single frame."""

from __future__ import annotations

from dataclasses import dataclass

from biometrics.face.boxes import Image
from biometrics.face.pad.colour import Colours, measure_colours
from biometrics.face.pad.edges import BezelAnalyser
from biometrics.face.pad.spectrum import Spectrum, SpectrumAnalyser, face_patch
from biometrics.face.pad.texture import Histogram, TextureAnalyser


@dataclass(frozen=True, slots=True)
class FrameCues:
    """What one frame shows; None for what could not be measured in it. ``bezel`` as `edges.BezelAnalyser` says."""

    spectrum: Spectrum | None
    colours: Colours | None
    texture: Histogram | None
    bezel: float


class FrameAnalyser:
    """Measures frames, of any session."""

    def __init__(self) -> None:
        self._spectrum = SpectrumAnalyser()
        self._texture = TextureAnalyser()
        self._bezel = BezelAnalyser()

    def __call__(self, image: Image, box: tuple[float, float, float, float]) -> FrameCues:
        """Measure the face in ``box`` (x, y, width, height) of a BGR frame."""
        patch = face_patch(image, box)
        return FrameCues(
            spectrum=None if patch is None else self._spectrum(patch),
            colours=measure_colours(image, box),
            texture=self._texture(image, box),
            bezel=self._bezel(image, box),
        )
