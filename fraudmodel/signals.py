"""Readings that detectors make and the signal scores that fusion sees.

Polarity is fixed once: a raw score is greater when the sample is more attack-like; an LLR (natural log) is
greater than 0 when it supports fraud. Times are seconds on the session's media clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite
from typing import Literal, NewType

SignalKind = NewType("SignalKind", str)
"""Name of one analytic, e.g. ``face_match``. Open: a new detector brings its own."""


class Reason(StrEnum):
    """Why something could not be measured. A closed taxonomy: the console has a sentence for each in every language."""

    NOT_YET = "not_yet"
    NO_CONSENT = "no_consent"
    NO_REFERENCE = "no_reference"
    MODEL_NOT_INSTALLED = "model_not_installed"
    NOT_CALIBRATED = "not_calibrated"
    DETECTOR_FAILED = "detector_failed"
    NO_VIDEO = "no_video"
    NO_AUDIO = "no_audio"
    NO_OFFICER_TRACK = "no_officer_track"
    NO_FACE = "no_face"
    SEVERAL_FACES = "several_faces"
    FACE_TOO_SMALL = "face_too_small"
    FACE_TURNED = "face_turned"
    FACE_CUT_OFF = "face_cut_off"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"
    LOW_FRAME_RATE = "low_frame_rate"
    MEDIA_LOST = "media_lost"
    NO_SPEECH = "no_speech"
    NOT_ENOUGH_SPEECH = "not_enough_speech"
    NOISY = "noisy"
    CLIPPED = "clipped"
    NARROWBAND = "narrowband"
    TOO_FEW_UTTERANCES = "too_few_utterances"
    SEVERAL_VOICES = "several_voices"
    LOW_BITRATE = "low_bitrate"
    STILL_SCENE = "still_scene"
    UNSTEADY = "unsteady"
    OCCLUDED = "occluded"
    FLICKER = "flicker"
    AMBIENT_LIGHT = "ambient_light"
    NO_PULSE = "no_pulse"
    NO_PAGE_REPORT = "no_page_report"
    NO_TRANSPORT_REPORT = "no_transport_report"
    NOT_CHALLENGED = "not_challenged"
    CHALLENGE_REFUSED = "challenge_refused"
    CHALLENGE_SPARED = "challenge_spared"
    CHALLENGE_UNSEEN = "challenge_unseen"
    CHANNEL_OFF = "channel_off"
    SHORT_BASELINE = "short_baseline"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A closed interval of media time in seconds. Raises ValueError unless 0 <= start <= end."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not (isfinite(self.start) and isfinite(self.end) and 0.0 <= self.start <= self.end):
            raise ValueError(f"a span needs 0 <= start <= end, got {self.start}..{self.end}")

    @property
    def duration_s(self) -> float:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start <= other.end and other.start <= self.end


@dataclass(frozen=True, slots=True)
class EvidenceRef:
    """Where a person can look or listen: a span of the recording and, for video, a box.

    ``box`` is (x, y, width, height) as fractions of the frame.
    """

    media: Literal["video", "audio"]
    span: Span
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One measurement by one detector. ``quality`` in 0..1; ``covariates`` are named floats (``net_speech_s``, ``snr_db``).

    ``model`` names the weights that made it, as ``name@sha256[:8]``.
    """

    kind: SignalKind
    span: Span
    score: float
    quality: float
    model: str
    evidence: tuple[EvidenceRef, ...] = ()
    covariates: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isfinite(self.score):
            raise ValueError(f"{self.kind}: a score must be finite, got {self.score}")
        if not 0.0 <= self.quality <= 1.0:
            raise ValueError(f"{self.kind}: quality must lie in 0..1, got {self.quality}")


@dataclass(frozen=True, slots=True)
class Abstention:
    """A span over which one detector looked and could not measure."""

    kind: SignalKind
    span: Span
    reason: Reason
    detail: str = ""


Reading = Observation | Abstention


@dataclass(frozen=True, slots=True)
class Absent:
    """A signal that says nothing. It moves the probability by exactly 0."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class SignalScore:
    """One signal's evidence so far: a bounded LLR (nats) or the reason why there is none.

    ``statistic`` is the pooled raw score, ``bounds`` the limits that the calibration data support (nats),
    ``observations`` how many measurements were pooled.
    """

    kind: SignalKind
    llr: float | Absent
    statistic: float | None = None
    bounds: tuple[float, float] | None = None
    observations: int = 0
    abstentions: int = 0
    evidence: tuple[EvidenceRef, ...] = ()
