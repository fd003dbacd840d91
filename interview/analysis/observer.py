"""What a person wants to know about a whole recording, collected while it is analysed, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray

from biometrics.views import Face, FaceView, SpeechView, View
from biometrics.voice.meter import SpeechHeard
from fraudmodel.assessment import FraudAssessment
from fraudmodel.signals import Abstention, Observation, Reading, SignalKind
from interview.analysis.movements import movement_of
from interview.analysis.protocol import Fault, Output
from interview.analysis.thinning import Thinned

SPEECH_AT = 0.5
"""Probability from which a 32 ms frame counts as speech in the summary."""

_VAD_FRAME_S = 0.032
_CROP_PX = 192
_MARGIN = 0.35


@dataclass(frozen=True, slots=True)
class Point:
    """The fraud probability at one instant: ``t`` s; probability and 90 % interval 0..1."""

    t: float
    probability: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Crop:
    """A face as it was seen. ``image`` (192, 192, 3) uint8 BGR."""

    t: float
    image: NDArray[np.uint8]
    merit: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts over the recording: frames analysed, frames with a face, seconds of speech and of sound heard."""

    frames: int = 0
    faces: int = 0
    speech_s: float = 0.0
    sound_s: float = 0.0

    @property
    def face_share(self) -> float | None:
        """Share of the analysed frames with a face, 0..1; None without frames."""
        return self.faces / self.frames if self.frames else None


@dataclass
class Observer:
    """Watches a pipeline: give it every view and every output."""

    points: int = 1200
    readings_a_signal: int = 600
    crops: int = 8
    faults: list[Fault] = field(default_factory=list)
    last: FraudAssessment | None = None
    speech: SpeechHeard | None = None
    models: set[str] = field(default_factory=set)
    most_movements: int = 200

    def __post_init__(self) -> None:
        self._summary = Summary()
        self._history: Thinned[Point] = Thinned(self.points)
        self._readings: dict[SignalKind, Thinned[Reading]] = {}
        self._album = _Album(self.crops)
        self._movements: list[tuple[tuple[bool, float], Observation]] = []
        self._moved_in_all = 0

    def view(self, view: View) -> None:
        """Take a view, as a pipeline's watch."""
        before = self._summary
        if isinstance(view, FaceView):
            found = view.face is not None
            self._summary = Summary(before.frames + 1, before.faces + found, before.speech_s, before.sound_s)
            if view.face is not None:
                self._album.consider(view, view.face)
        elif isinstance(view, SpeechView):
            speech_s = float(np.count_nonzero(view.speech >= SPEECH_AT)) * _VAD_FRAME_S
            self._summary = Summary(
                before.frames, before.faces, before.speech_s + speech_s, before.sound_s + view.span.duration_s
            )

    def outputs(self, outputs: Iterable[Output]) -> None:
        """Take what the pipeline gave."""
        for output in outputs:
            match output:
                case FraudAssessment():
                    self.last = output
                    self._history.add(Point(output.t, output.probability, *output.interval))
                case SpeechHeard():
                    self.speech = output
                case Fault():
                    self.faults.append(output)
                case Observation() | Abstention():
                    self._readings.setdefault(output.kind, Thinned(self.readings_a_signal)).add(output)
                    if isinstance(output, Observation):
                        self.models.add(output.model)
                        self._moved(output)

    def summary(self) -> Summary:
        return self._summary

    def history(self) -> list[Point]:
        """The probability over time."""
        return self._history.items()

    def readings(self) -> dict[SignalKind, list[Reading]]:
        """Readings by signal, thinned where there are very many."""
        return {kind: thinned.items() for kind, thinned in sorted(self._readings.items())}

    def movements(self) -> list[Observation]:
        """The readings of movements of the face; where there are very many, brief ones before longer ones, then the strongest."""
        return [reading for _, reading in self._movements]

    @property
    def movements_left_out(self) -> int:
        """How many movements there were besides."""
        return self._moved_in_all - len(self._movements)

    def _moved(self, reading: Observation) -> None:
        movement = movement_of(reading)
        if movement is None:
            return
        self._moved_in_all += 1
        self._movements.append(((movement.brief, movement.strength), reading))
        if len(self._movements) > self.most_movements:
            self._movements.remove(min(self._movements, key=lambda each: each[0]))

    def faces(self) -> list[Crop]:
        """A few good faces, spread over the recording."""
        return self._album.crops()


class _Album:
    """The best face of each stretch of media; the stretches double in length when they become too many."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._stretch_s = 1.0
        self._best: dict[int, Crop] = {}

    def consider(self, view: FaceView, face: Face) -> None:
        merit = _merit(face)
        stretch = int(view.t / self._stretch_s)
        best = self._best.get(stretch)
        if best is None or merit > best.merit:
            self._best[stretch] = Crop(view.t, _crop(view.frame.image, face.box), merit)
        while len(self._best) > self._capacity:
            self._double()

    def crops(self) -> list[Crop]:
        return [self._best[stretch] for stretch in sorted(self._best)]

    def _double(self) -> None:
        self._stretch_s *= 2.0
        merged: dict[int, Crop] = {}
        for crop in self.crops():
            stretch = int(crop.t / self._stretch_s)
            if stretch not in merged or crop.merit > merged[stretch].merit:
                merged[stretch] = crop
        self._best = merged


def _merit(face: Face) -> float:
    """Frontal, large and sharp is better; ten degrees cost as much as halving the sharpness."""
    turned = abs(face.pose.yaw_deg) + abs(face.pose.pitch_deg)
    return float(
        np.log2(1.0 + face.quality.sharpness) + np.log2(1.0 + face.quality.inter_ocular_px) - turned / 10.0
    )


def _crop(image: NDArray[np.uint8], box: tuple[float, float, float, float]) -> NDArray[np.uint8]:
    """A square around the box with some margin, from inside the frame."""
    x, y, width, height = box
    side = min(max(width, height) * (1.0 + 2.0 * _MARGIN), *image.shape[:2])
    left = round(min(max(x + width / 2 - side / 2, 0.0), image.shape[1] - side))
    top = round(min(max(y + height / 2 - side / 2, 0.0), image.shape[0] - side))
    square = image[top : top + max(1, round(side)), left : left + max(1, round(side))]
    return np.asarray(cv2.resize(square, (_CROP_PX, _CROP_PX), interpolation=cv2.INTER_AREA), dtype=np.uint8)
