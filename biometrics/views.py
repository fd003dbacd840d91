"""Shared perception: computed once for each frame or stretch of audio, read by every detector."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from biometrics.media import Frame
from fraudmodel.signals import Reason, Span


@dataclass(frozen=True, slots=True)
class HeadPose:
    """Degrees; 0, 0, 0 looks into the camera. ``yaw`` > 0 turns to the person's left, ``pitch`` > 0 up, ``roll`` > 0 clockwise in the image."""

    yaw_deg: float
    pitch_deg: float
    roll_deg: float


@dataclass(frozen=True, slots=True)
class FaceQuality:
    """What an analytic needs to know before it trusts a face.

    ``inter_ocular_px`` distance of the eye centres; ``luma`` mean 0..255 of the face; ``sharpness`` variance of the
    Laplacian of the face scaled to a fixed size; ``inside`` share of the face that lies in the frame, 0..1.
    """

    inter_ocular_px: float
    luma: float
    sharpness: float
    inside: float


@dataclass(frozen=True, slots=True)
class Face:
    """One located face.

    ``box`` (x, y, width, height) px; ``landmarks`` (478, 3) float32, x and y in px of the frame, z in the same scale
    (MediaPipe face mesh order, irises last); ``track`` counts up whenever the face was lost and found again.
    """

    box: tuple[float, float, float, float]
    landmarks: NDArray[np.float32]
    pose: HeadPose
    quality: FaceQuality
    track: int


@dataclass(frozen=True, slots=True)
class FaceView:
    """One analysed frame: the applicant's face, or the reason why there is none.

    ``fps`` is the effective frame rate over the last second of media; ``others`` counts further faces in the frame;
    ``derived`` is where functions of the view that several detectors ask for keep what they gave, by their names.
    """

    frame: Frame
    face: Face | None
    reason: Reason | None
    others: int
    fps: float
    derived: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def t(self) -> float:
        return self.frame.t


@dataclass(frozen=True, slots=True)
class SpeechView:
    """One hop of audio with its speech activity.

    ``samples`` (n,) float32 mono at 16 kHz; ``speech`` (n / 512,) float32, the probability of speech in each 32 ms;
    ``lost_s`` media lost just before it. Hops follow each other without overlap. ``derived`` as in `FaceView`.
    """

    span: Span
    samples: NDArray[np.float32]
    speech: NDArray[np.float32]
    lost_s: float
    derived: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def t(self) -> float:
        return self.span.end


@dataclass(frozen=True, slots=True)
class FarView:
    """Some of the officer's own sound, as it was sent to the applicant: shown only to detectors that declare it.

    It is there for one purpose: to find its echo in the applicant's track, and leave that out. The officer is never analysed: no
    voiceprint is made of ``samples``, nothing is compared with them but the applicant's track, and no reading is about them.
    ``samples`` (n,) float32 mono at 16 kHz; ``lost_s`` media lost just before it. It may come somewhat later, or earlier, than the
    applicant's sound of the same time.
    """

    span: Span
    samples: NDArray[np.float32]
    lost_s: float

    @property
    def t(self) -> float:
        return self.span.end


Topic = Literal[
    "page",
    "transport",
    "past",
    "flash",
    "pose",
    "digits",
    "question",
    "speech",
    "mouth",
    "prosody",
    "movement",
]
"""What a fact is about: the applicant's browser, the network's packets, an earlier interview, one of the three challenges, a question
that the officer asked, or what the pipeline itself tells of what it perceived: when and how loudly somebody was heard speaking
(`voice.perception.heard`), how far the mouth was open (`av.mouth.seen`), how high the voice was, and which brief movements of the
face were found. The pipeline's own are not in the journal: a re-run makes the same ones."""


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that is not media, on the media clock: a report of the page, of the media edge, or of a challenge.

    ``values`` is plain JSON with text keys. It is kept in the session's journal, so that a re-run is told the same; what was spoken follows from the sound and needs no line there.
    Facts come when they are known, which may be seconds after ``t``: a detector that compares them with frames keeps
    its own memory of those.
    """

    t: float
    topic: Topic
    values: Mapping[str, Any]


View = FaceView | SpeechView
